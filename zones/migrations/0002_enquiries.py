"""Enquiries about land: rows, their replies, the series of their numbers."""

import django.db.models.deletion
import django.utils.timezone
import uuid
import zones.enquiry_models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('zones', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EnquirySeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True, verbose_name='dãy số')),
                ('last', models.PositiveIntegerField(default=0, verbose_name='số cuối')),
            ],
            options={
                'verbose_name': 'dãy số yêu cầu',
                'verbose_name_plural': 'dãy số yêu cầu',
            },
        ),
        migrations.CreateModel(
            name='Enquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_sample', models.BooleanField(db_index=True, default=False, editable=False, verbose_name='dữ liệu mẫu')),
                ('reference', models.CharField(max_length=30, unique=True, verbose_name='mã yêu cầu')),
                ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='khóa của biểu mẫu')),
                ('link_hash', models.CharField(editable=False, max_length=64, unique=True, verbose_name='mã băm của liên kết')),
                ('origin', models.CharField(choices=[('plot', 'Từ trang một lô'), ('zone', 'Từ trang một khu'), ('search', 'Từ một lần tìm'), ('need', 'Từ một nhu cầu')], default='need', max_length=10, verbose_name='hỏi từ đâu')),
                ('status', models.CharField(choices=[('new', 'Mới'), ('said', 'Người hỏi viết thêm, chờ Ban'), ('answered', 'Ban đã trả lời, chờ người hỏi'), ('closed', 'Đã đóng')], db_index=True, default='new', max_length=10, verbose_name='trạng thái')),
                ('language', models.CharField(default='vi', max_length=10, verbose_name='ngôn ngữ')),
                ('name', models.CharField(blank=True, max_length=150, verbose_name='họ và tên')),
                ('organisation', models.CharField(blank=True, max_length=200, verbose_name='tổ chức, doanh nghiệp')),
                ('country', models.CharField(blank=True, max_length=100, verbose_name='nước, vùng lãnh thổ')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='thư điện tử')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='điện thoại')),
                ('consented_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='đồng ý lúc')),
                ('kind', models.CharField(blank=True, choices=zones.enquiry_models.kinds, max_length=20, verbose_name='loại mặt bằng')),
                ('area_from', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='diện tích từ')),
                ('area_to', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='diện tích đến')),
                ('area_unit', models.CharField(choices=[('ha', 'ha'), ('m2', 'm²')], default='ha', max_length=5, verbose_name='đơn vị diện tích')),
                ('needed_on', models.DateField(blank=True, null=True, verbose_name='cần mặt bằng từ ngày')),
                ('power_kva', models.DecimalField(blank=True, decimal_places=1, max_digits=12, null=True, verbose_name='điện, kVA')),
                ('water_m3_day', models.DecimalField(blank=True, decimal_places=1, max_digits=12, null=True, verbose_name='nước, m³/ngày')),
                ('wastewater_m3_day', models.DecimalField(blank=True, decimal_places=1, max_digits=12, null=True, verbose_name='nước thải, m³/ngày')),
                ('clear_height_m', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True, verbose_name='chiều cao thông thủy, m')),
                ('note', models.TextField(blank=True, verbose_name='nội dung hỏi')),
                ('seen', models.JSONField(blank=True, default=dict, verbose_name='điều đã thấy khi hỏi')),
                ('asked_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='hỏi lúc')),
                ('due_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='hạn trả lời')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='trả lời lần đầu lúc')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='đóng lúc')),
                ('outcome', models.CharField(blank=True, choices=[('met', 'Đáp ứng được'), ('not_met', 'Chưa có quỹ đất đáp ứng'), ('no_answer', 'Người hỏi không trả lời')], max_length=10, verbose_name='kết quả')),
                ('closing_note', models.TextField(blank=True, verbose_name='lý do đóng')),
                ('erased_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='xóa dữ liệu cá nhân lúc')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người đóng')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người phụ trách')),
                ('plot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='enquiries', to='zones.plot', verbose_name='lô')),
                ('zone', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='enquiries', to='zones.zone', verbose_name='khu công nghiệp')),
            ],
            options={
                'verbose_name': 'yêu cầu, câu hỏi về đất',
                'verbose_name_plural': 'yêu cầu, câu hỏi về đất',
                'ordering': ['-asked_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='UnmetNeed',
            fields=[
            ],
            options={
                'verbose_name': 'nhu cầu chưa đáp ứng',
                'verbose_name_plural': 'nhu cầu chưa đáp ứng',
                'ordering': ['kind', 'zone', '-closed_at'],
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('zones.enquiry',),
        ),
        migrations.CreateModel(
            name='EnquiryReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_sample', models.BooleanField(db_index=True, default=False, editable=False, verbose_name='dữ liệu mẫu')),
                ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='khóa của biểu mẫu')),
                ('is_from_board', models.BooleanField(default=False, verbose_name='của Ban')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='lúc')),
                ('text', models.TextField(verbose_name='nội dung')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người viết')),
                ('enquiry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='zones.enquiry', verbose_name='yêu cầu')),
            ],
            options={
                'verbose_name': 'trao đổi về yêu cầu',
                'verbose_name_plural': 'trao đổi về yêu cầu',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='enquiry',
            constraint=models.CheckConstraint(condition=models.Q(('area_from__isnull', True), ('area_to__isnull', True), ('area_to__gte', models.F('area_from')), _connector='OR'), name='enquiry_areas_in_order', violation_error_message='Diện tích đến phải lớn hơn hoặc bằng diện tích từ.'),
        ),
        migrations.AddConstraint(
            model_name='enquiry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('status', 'closed'), models.Q(('outcome', ''), _negated=True)), models.Q(models.Q(('status', 'closed'), _negated=True), ('closed_at__isnull', True), ('outcome', '')), _connector='OR'), name='enquiry_closed_with_outcome', violation_error_message='Yêu cầu đã đóng phải có kết quả và ngày đóng.'),
        ),
    ]
