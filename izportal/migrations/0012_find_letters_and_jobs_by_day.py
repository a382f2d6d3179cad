"""The lists of letters and jobs are read in their order, and narrowed by day, through an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("izportal", "0011_hide_second_factors")]
    operations = [
        migrations.AddIndex("job", models.Index(fields=["-created_at", "-id"], name="job_latest")),
        migrations.AddIndex("notice", models.Index(fields=["-created_at", "-id"], name="notice_latest")),
    ]
