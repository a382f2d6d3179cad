"""Staff keep a wording for the decision that corrects a result, beside those that grant and refuse."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("onestop", "0019_done_dossiers_found_at_once")]
    operations = [
        migrations.AlterField(
            "decisiontemplate", "decision",
            models.CharField(
                "quyết định", max_length=10,
                choices=[
                    ("granted", "Đồng ý cấp"), ("refused", "Từ chối"), ("corrected", "Đính chính kết quả đã cấp"),
                ],
            ),
        ),
    ]  # fmt: skip
