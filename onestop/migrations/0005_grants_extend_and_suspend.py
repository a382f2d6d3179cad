"""A grant may extend the term of a project, or note that it pauses."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("onestop", "0004_count_what_the_counter_shows"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicalprocedure",
            name="effect",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Không tác động sổ dự án"),
                    ("register_project", "Ghi dự án mới, giao lô đất"),
                    ("adjust_capital", "Điều chỉnh vốn của dự án"),
                    ("extend_term", "Điều chỉnh thời hạn của dự án"),
                    ("suspend", "Ghi dự án tạm ngừng"),
                    ("terminate", "Chấm dứt dự án, trả lô đất"),
                ],
                default="",
                max_length=30,
                verbose_name="tác động khi cấp",
            ),
        ),
        migrations.AlterField(
            model_name="procedure",
            name="effect",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Không tác động sổ dự án"),
                    ("register_project", "Ghi dự án mới, giao lô đất"),
                    ("adjust_capital", "Điều chỉnh vốn của dự án"),
                    ("extend_term", "Điều chỉnh thời hạn của dự án"),
                    ("suspend", "Ghi dự án tạm ngừng"),
                    ("terminate", "Chấm dứt dự án, trả lô đất"),
                ],
                default="",
                max_length=30,
                verbose_name="tác động khi cấp",
            ),
        ),
    ]
