"""The database counts the writes to what the desk, the worklist and the record show: pages of the counter rest on it."""

from django.db import migrations, models

from onestop.version import counted


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("izportal", "0003_published_figures"),
        ("onestop", "0003_languages_by_the_settings"),
        ("projects", "0005_classed_in_time"),
        ("zones", "0003_count_words_and_networks"),
    ]
    operations = [
        migrations.CreateModel(
            name="CounterChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name": "lần thay đổi của hồ sơ",
                "verbose_name_plural": "lần thay đổi của hồ sơ",
                "default_permissions": (),
            },
        ),
        counted(),
    ]
