"""What was published and when, the calendar of releases, and breaks in the series; what was published stands."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from izportal.appendonly import guard


class Migration(migrations.Migration):

    dependencies = [
        ('izportal', '0002_cache_table'),
    ]

    operations = [
        migrations.CreateModel(
            name='SeriesBreak',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True, verbose_name='mã')),
                ('on', models.DateField(verbose_name='từ ngày')),
                ('title', models.CharField(max_length=200, verbose_name='tên')),
                ('title_vi', models.CharField(max_length=200, null=True, verbose_name='tên')),
                ('title_en', models.CharField(max_length=200, null=True, verbose_name='tên')),
                ('text', models.TextField(verbose_name='giải thích')),
                ('text_vi', models.TextField(null=True, verbose_name='giải thích')),
                ('text_en', models.TextField(null=True, verbose_name='giải thích')),
                ('source', models.CharField(max_length=500, verbose_name='nguồn')),
                ('source_vi', models.CharField(max_length=500, null=True, verbose_name='nguồn')),
                ('source_en', models.CharField(max_length=500, null=True, verbose_name='nguồn')),
                ('indicators', models.JSONField(blank=True, default=list, verbose_name='chỉ tiêu')),
                ('zone', models.CharField(blank=True, max_length=60, verbose_name='khu')),
                ('is_verified', models.BooleanField(default=False, verbose_name='đã đối chiếu nhiều nguồn')),
            ],
            options={
                'verbose_name': 'điểm gãy của chuỗi số liệu',
                'verbose_name_plural': 'điểm gãy của chuỗi số liệu',
                'ordering': ['on', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('planned_on', models.DateField(verbose_name='ngày dự kiến công bố')),
                ('title', models.CharField(max_length=200, verbose_name='nội dung công bố')),
                ('title_vi', models.CharField(max_length=200, null=True, verbose_name='nội dung công bố')),
                ('title_en', models.CharField(max_length=200, null=True, verbose_name='nội dung công bố')),
                ('since', models.DateField(blank=True, null=True, verbose_name='kỳ từ ngày')),
                ('as_of', models.DateField(verbose_name='số liệu tính đến ngày')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='ghi chú')),
                ('note_vi', models.CharField(blank=True, max_length=300, null=True, verbose_name='ghi chú')),
                ('note_en', models.CharField(blank=True, max_length=300, null=True, verbose_name='ghi chú')),
            ],
            options={
                'verbose_name': 'lịch công bố số liệu',
                'verbose_name_plural': 'lịch công bố số liệu',
                'ordering': ['planned_on', 'id'],
                'constraints': [models.UniqueConstraint(fields=('planned_on', 'as_of'), name='release_planned_once'), models.CheckConstraint(condition=models.Q(('as_of__lte', models.F('planned_on'))), name='release_after_its_day', violation_error_message='Ngày công bố không được trước ngày tính số liệu.'), models.CheckConstraint(condition=models.Q(('since__isnull', True), ('since__lte', models.F('as_of')), _connector='OR'), name='release_period_in_order', violation_error_message='Kỳ phải bắt đầu không muộn hơn ngày tính số liệu.')],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField(verbose_name='tính đến ngày')),
                ('since', models.DateField(verbose_name='kỳ từ ngày')),
                ('known_at', models.DateTimeField(verbose_name='theo sổ đã ghi đến')),
                ('released_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='công bố lúc')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='ghi chú')),
                ('is_sample', models.BooleanField(db_index=True, default=False, editable=False, verbose_name='dữ liệu mẫu')),
                ('released_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người công bố')),
                ('release', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='izportal.release', verbose_name='theo lịch')),
            ],
            options={
                'verbose_name': 'lần công bố số liệu',
                'verbose_name_plural': 'lần công bố số liệu',
                'ordering': ['-released_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PublishedFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.SlugField(max_length=60, verbose_name='chỉ tiêu')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='phiên bản định nghĩa')),
                ('zone', models.CharField(blank=True, max_length=60, verbose_name='khu')),
                ('value', models.DecimalField(decimal_places=6, max_digits=30, null=True, verbose_name='giá trị')),
                ('is_sample', models.BooleanField(db_index=True, default=False, editable=False, verbose_name='dữ liệu mẫu')),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='izportal.publication', verbose_name='lần công bố')),
            ],
            options={
                'verbose_name': 'số liệu đã công bố trong lần công bố',
                'verbose_name_plural': 'số liệu đã công bố trong lần công bố',
                'ordering': ['publication', 'id'],
                'constraints': [models.UniqueConstraint(fields=('publication', 'indicator', 'zone'), name='figure_published_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.CheckConstraint(condition=models.Q(('since__lte', models.F('as_of'))), name='publication_period_in_order'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.CheckConstraint(condition=models.Q(('known_at__lte', models.F('released_at'))), name='publication_knows_no_future'),
        ),
        guard('izportal_publication'),
        guard('izportal_publishedfigure'),
    ]
