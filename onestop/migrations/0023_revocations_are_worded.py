"""Staff keep a wording for the decision that revokes a result, and that decision is a paper of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("onestop", "0022_register_read_in_order")]
    operations = [
        migrations.AlterField(
            "decisiontemplate", "decision",
            models.CharField(
                "quyết định", max_length=10,
                choices=[
                    ("granted", "Đồng ý cấp"), ("refused", "Từ chối"), ("corrected", "Đính chính kết quả đã cấp"),
                    ("revoked", "Thu hồi kết quả đã cấp"),
                ],
            ),
        ),
        migrations.AlterField(
            "slip", "form",
            models.CharField(
                "mẫu", max_length=2,
                choices=[
                    ("00", "Xác nhận đã nộp hồ sơ trực tuyến"),
                    ("01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
                    ("02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
                    ("03", "Phiếu từ chối tiếp nhận giải quyết hồ sơ"),
                    ("04", "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết"),
                    ("05", "Thông báo dừng giải quyết hồ sơ"),
                    ("kq", "Kết quả giải quyết thủ tục hành chính"),
                    ("th", "Quyết định thu hồi kết quả"),
                ],
            ),
        ),
    ]  # fmt: skip
