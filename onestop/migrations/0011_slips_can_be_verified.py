"""Each paper issued before gets a verification code, and a revoked one says on which ground."""

import secrets

from django.db import migrations, models

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def give_codes(apps, schema_editor):
    Slip = apps.get_model("onestop", "Slip")
    for pk in list(Slip.objects.filter(code=None).values_list("pk", flat=True)):
        Slip.objects.filter(pk=pk).update(code="".join(secrets.choice(ALPHABET) for _place in range(12)))


class Migration(migrations.Migration):
    dependencies = [("onestop", "0010_opinions_surveys_and_seals")]
    operations = [
        migrations.AddField(
            model_name="slip",
            name="revocation_ground",
            field=models.CharField(
                blank=True, choices=[("", "Chưa thu hồi"), ("mistake", "Nội dung có sai sót"), ("undue", "Cấp không đúng quy định"), ("request", "Theo đề nghị của tổ chức, cá nhân"), ("order", "Theo quyết định của cơ quan có thẩm quyền"), ("other", "Lý do khác")],
                default="", editable=False, max_length=10, verbose_name="loại lý do thu hồi",
            ),
        ),
        migrations.RunPython(give_codes, migrations.RunPython.noop),
    ]
