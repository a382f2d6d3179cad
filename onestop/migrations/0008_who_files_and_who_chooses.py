"""Procedures say who may file and whether the board has confirmed the channel; cases say who chooses them."""

from django.db import migrations, models

APPLICANTS = {
    "blank": True, "max_length": 400, "verbose_name": "ai được nộp",
    "help_text": "Chỉ ghi điều chắc chắn; để trống là chờ xác nhận.",
}  # fmt: skip
CHOSEN_BY = {
    "choices": [
        ("applicant", "người nộp chọn khi nộp"),
        ("officer", "cán bộ xác định khi tiếp nhận"),
        ("outcome", "tùy kết quả giải quyết"),
    ],
    "default": "applicant", "max_length": 20, "verbose_name": "do ai chọn",
}  # fmt: skip
CONFIRMED = {
    "default": False, "verbose_name": "Ban đã xác nhận kênh nộp",
    "help_text": "Từ 1/7/2025 nộp trực tuyến qua Cổng Dịch vụ công quốc gia; cổng này nhận hay không do Ban.",
}  # fmt: skip


def added(model, name, field):
    return migrations.AddField(model_name=model, name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [("onestop", "0007_sections_remember_their_saves")]
    operations = [
        operation
        for history in ("", "historical")
        for operation in (
            added(f"{history}procedureversion", "applicants", models.CharField(**APPLICANTS)),
            added(f"{history}procedureversion", "applicants_vi", models.CharField(**APPLICANTS, null=True)),
            added(f"{history}procedureversion", "applicants_en", models.CharField(**APPLICANTS, null=True)),
            added(f"{history}procedureversion", "is_channel_confirmed", models.BooleanField(**CONFIRMED)),
            added(f"{history}procedurecase", "chosen_by", models.CharField(**CHOSEN_BY)),
        )
    ]
