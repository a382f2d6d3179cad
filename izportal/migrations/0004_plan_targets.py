"""The targets of a year's plan, against which the leadership reads the figures of the register."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('izportal', '0003_published_figures'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlanTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1990), django.core.validators.MaxValueValidator(2100)], verbose_name='năm kế hoạch')),
                ('indicator', models.SlugField(max_length=60, verbose_name='chỉ tiêu')),
                ('value', models.DecimalField(decimal_places=2, max_digits=24, validators=[django.core.validators.MinValueValidator(1)], verbose_name='giá trị')),
                ('source', models.CharField(max_length=500, verbose_name='nguồn')),
                ('source_vi', models.CharField(max_length=500, null=True, verbose_name='nguồn')),
                ('source_en', models.CharField(max_length=500, null=True, verbose_name='nguồn')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='ghi chú')),
                ('note_vi', models.CharField(blank=True, max_length=300, null=True, verbose_name='ghi chú')),
                ('note_en', models.CharField(blank=True, max_length=300, null=True, verbose_name='ghi chú')),
                ('is_verified', models.BooleanField(default=False, verbose_name='đã đối chiếu nhiều nguồn')),
            ],
            options={
                'verbose_name': 'chỉ tiêu kế hoạch năm',
                'verbose_name_plural': 'chỉ tiêu kế hoạch năm',
                'ordering': ['-year', 'id'],
                'constraints': [models.UniqueConstraint(fields=('year', 'indicator'), name='target_set_once', violation_error_message='Năm này đã có chỉ tiêu kế hoạch cho số liệu này.'), models.CheckConstraint(condition=models.Q(('value__gt', 0)), name='target_above_zero', violation_error_message='Chỉ tiêu kế hoạch phải lớn hơn 0.')],
            },
        ),
    ]
