from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('onestop', '0021_legs_of_a_project'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(fields=['received_at', 'code'], name='dossier_received'),
        ),
    ]
