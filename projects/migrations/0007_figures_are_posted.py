"""What each project adds to the figures gets a table, and so do the sums by month."""

from django.db import migrations, models
from django.db.models.deletion import DO_NOTHING

from projects.version import noted


def key():
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def points(to, **options):
    return models.ForeignKey(to, DO_NOTHING, db_constraint=False, related_name="+", **options)


def amount():
    return models.DecimalField(decimal_places=2, default=0, max_digits=26)


def measured():
    return [
        key(),
        ("is_sample", models.BooleanField(default=False, editable=False, verbose_name="dữ liệu mẫu")),
        ("zone", points("zones.zone", db_index=False)),
        ("sector", points("projects.sector", db_index=False)),
        ("origin", models.CharField(max_length=3)),
        ("country", models.CharField(blank=True, default="", max_length=2)),
        ("stands_as", models.CharField(max_length=20)),
        ("side", models.SmallIntegerField()),
        ("is_own", models.BooleanField()),
        *(
            (name, models.BigIntegerField(default=0))
            for name in ("one", "life", "born", "paused", "unowned", "unrated")
        ),
        *((name, amount()) for name in ("usd", "vnd", "area", "dollars")),
    ]  # fmt: skip


def named(words):
    return {"verbose_name": words, "verbose_name_plural": words, "default_permissions": ()}


class Migration(migrations.Migration):
    dependencies = [("projects", "0006_schedules_and_papers"), ("zones", "0002_guards_and_indexes")]
    operations = [
        migrations.CreateModel(
            name="Posting",
            fields=[
                *measured(),
                ("project", points("projects.project")),
                ("day", models.DateField(db_index=True)),
                ("known_at", models.DateTimeField(db_index=True)),
            ],
            options=named("phần của dự án trong số liệu"),
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[*measured(), ("month", models.DateField())],
            options={
                **named("số cộng theo tháng"),
                "indexes": [models.Index(fields=["country", "zone"], name="tally_by_place")],
            },
        ),
        migrations.CreateModel(
            name="Unposted",
            fields=[key(), ("project_id", models.BigIntegerField(db_index=True))],
            options=named("dự án chờ tính lại"),
        ),
        migrations.AddIndex("change", models.Index(fields=["effective_on", "id"], name="change_by_day")),
        noted(),
    ]
