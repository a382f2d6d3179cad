"""What a request asked for becomes rows, each with its kind; a text that named a paper keeps its place."""

from django.db import migrations, models

RULES = [("officer", "Cán bộ xem xét dừng giải quyết"), ("stop", "Tự dừng giải quyết khi hết hạn")]


def to_rows(apps, schema_editor):
    supplements, lines = apps.get_model("onestop", "Supplement"), apps.get_model("onestop", "SupplementItem")
    for row in supplements.objects.select_related("dossier").iterator():
        named = _names(apps, row.dossier.version_id)
        made = [_line(lines, row, number, str(text), named) for number, text in enumerate(row.items, 1)]
        lines.objects.bulk_create(made)


def _names(apps, version):
    found = apps.get_model("onestop", "Component").objects.filter(version=version)
    return {name: part for part in found for name in (part.name, part.name_vi, part.name_en) if name}


def _line(lines, row, number, text, named):
    same = {"supplement": row, "position": number, "is_sample": row.is_sample}
    for name, component in named.items():
        if text == name or text.startswith(f"{name}:"):
            wrong = text.removeprefix(name).removeprefix(":").strip()
            return lines(kind="paper", component=component, label=name[:600], wrong=wrong, **same)
    # A longer text than a label holds is told in full as what is wanted.
    label, wrong = (text, "") if len(text) <= 600 else (text[:590] + "…", text)
    return lines(kind="other", label=label, wrong=wrong, **same)


def to_texts(apps, schema_editor):
    supplements, lines = apps.get_model("onestop", "Supplement"), apps.get_model("onestop", "SupplementItem")
    for row in supplements.objects.iterator():
        told = lines.objects.filter(supplement=row).order_by("position")
        row.items = [f"{line.label}: {line.wrong}" if line.wrong else line.label for line in told]
        row.save(update_fields=["items"])
    lines.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("onestop", "0015_calendar_changes")]
    operations = [
        migrations.AddField(
            "supplement", "typed",
            models.JSONField(blank=True, default=dict, editable=False, verbose_name="đang trả lời dở"),
        ),
        migrations.AddField(
            "supplement", "no_answer",
            models.CharField(
                choices=RULES, default="officer", max_length=10, verbose_name="khi không bổ sung đúng hạn"
            ),
        ),
        migrations.AddField(
            "supplement", "no_answer_ground",
            models.CharField(blank=True, max_length=300, verbose_name="căn cứ khi không bổ sung"),
        ),
        migrations.RunPython(to_rows, to_texts),
    ]  # fmt: skip
