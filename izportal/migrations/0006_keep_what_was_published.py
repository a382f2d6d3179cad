"""Each row of the open data as the public has seen it, and what came, changed and went when."""

import django.db.models.deletion
from django.db import migrations, models

from izportal.appendonly import guard


class Migration(migrations.Migration):

    dependencies = [
        ('izportal', '0005_sealed_days'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublishedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resource', models.CharField(max_length=20, verbose_name='tập dữ liệu')),
                ('key', models.CharField(max_length=80, verbose_name='mã bản ghi')),
                ('digest', models.CharField(max_length=32, verbose_name='băm nội dung')),
                ('first_seen_at', models.DateTimeField(verbose_name='công bố từ')),
                ('changed_at', models.DateTimeField(verbose_name='thay đổi lần cuối')),
                ('gone_at', models.DateTimeField(blank=True, null=True, verbose_name='thôi công bố lúc')),
                ('reason', models.CharField(blank=True, choices=[('removed', 'Không còn trong sổ'), ('withdrawn', 'Ban ngừng công bố'), ('incomplete', 'Đang chờ bổ sung thông tin bắt buộc'), ('corrected', 'Đã được hiệu đính'), ('replaced', 'Không còn phiên bản đang áp dụng'), ('sample', 'Dữ liệu minh họa, thôi công bố khi có dữ liệu thật')], max_length=12, verbose_name='lý do thôi công bố')),
                ('is_sample', models.BooleanField(db_index=True, default=False, editable=False, verbose_name='dữ liệu mẫu')),
            ],
            options={
                'verbose_name': 'bản ghi đã công bố',
                'verbose_name_plural': 'bản ghi đã công bố',
                'ordering': ['resource', 'key'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['resource', 'changed_at'], name='published_row_changed')],
                'constraints': [models.UniqueConstraint(fields=('resource', 'key'), name='published_row_once')],
            },
        ),
        migrations.CreateModel(
            name='PublishedDeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deed', models.CharField(choices=[('added', 'được thêm'), ('changed', 'được sửa'), ('removed', 'được gỡ')], max_length=10, verbose_name='việc')),
                ('at', models.DateTimeField(db_index=True, verbose_name='lúc')),
                ('is_sample', models.BooleanField(db_index=True, default=False, editable=False, verbose_name='dữ liệu mẫu')),
                ('row', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='deeds', to='izportal.publishedrow', verbose_name='bản ghi')),
            ],
            options={
                'verbose_name': 'thay đổi của dữ liệu mở',
                'verbose_name_plural': 'thay đổi của dữ liệu mở',
                'ordering': ['at', 'id'],
                'default_permissions': (),
            },
        ),
        guard("izportal_publisheddeed"),
    ]
