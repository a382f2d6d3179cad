"""The sums by month are also kept by year, and once more without zone and sector."""

from django.db import migrations, models
from django.db.models.deletion import DO_NOTHING

PLACE = ("zone_id", "sector_id")
CLASS = ("is_sample", "origin", "country", "stands_as", "side", "is_own")
MEASURES = ("one", "life", "born", "paused", "unowned", "unrated", "usd", "vnd", "area", "dollars")
YEAR_OF = {"sqlite": "DATE(month, 'start of year')", "postgresql": "DATE_TRUNC('year', month)::date"}


def points(to):
    return models.ForeignKey(to, DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+")


def worded():
    words = "số cộng theo tháng, theo năm"
    return {"verbose_name": words, "verbose_name_plural": words, "default_permissions": ()}


def sum_up(apps, schema_editor):
    """First the months without place, then all years."""
    year = YEAR_OF[schema_editor.connection.vendor]
    for place, month, is_year in ((("NULL", "NULL"), "month", "FALSE"), (PLACE, year, "TRUE")):
        by = [name for name in (*CLASS, *place, month) if name != "NULL"]
        sums = [f"SUM({name})" for name in MEASURES]
        schema_editor.execute(
            f"INSERT INTO projects_tally ({', '.join((*CLASS, *PLACE, 'month', 'is_year', *MEASURES))}) "
            f"SELECT {', '.join((*CLASS, *place, month, is_year, *sums))} FROM projects_tally WHERE NOT is_year "
            f"GROUP BY {', '.join(by)}",
            params=None,
        )


def take_away(apps, schema_editor):
    schema_editor.execute("DELETE FROM projects_tally WHERE is_year OR zone_id IS NULL", params=None)


class Migration(migrations.Migration):
    dependencies = [("projects", "0011_find_states_by_index")]
    operations = [
        migrations.AlterField("tally", "zone", points("zones.zone")),
        migrations.AlterField("tally", "sector", points("projects.sector")),
        migrations.AddField("tally", "is_year", models.BooleanField(default=False)),
        migrations.RemoveIndex("tally", "tally_by_place"),
        migrations.AddIndex("tally", models.Index(fields=["is_year", "month", "zone"], name="tally_by_time")),
        migrations.AlterModelOptions("tally", worded()),
        migrations.RunPython(sum_up, take_away),
    ]
