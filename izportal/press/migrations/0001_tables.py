"""The tables of the content: items, their editions in each language, pictures, files, documents."""

import django.db.models.deletion
import django.utils.timezone
import izportal.folding
import izportal.languages
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('izportal', '0004_plan_targets'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='đường dẫn')),
                ('name', models.CharField(max_length=100, verbose_name='tên chuyên mục')),
                ('name_vi', models.CharField(max_length=100, null=True, verbose_name='tên chuyên mục')),
                ('name_en', models.CharField(max_length=100, null=True, verbose_name='tên chuyên mục')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='thứ tự')),
            ],
            options={
                'verbose_name': 'chuyên mục',
                'verbose_name_plural': 'chuyên mục',
                'ordering': ['position', 'slug'],
            },
        ),
        migrations.CreateModel(
            name='PressChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'lần thay đổi của nội dung',
                'verbose_name_plural': 'lần thay đổi của nội dung',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, max_length=100, verbose_name='số, ký hiệu')),
                ('issuer', models.CharField(blank=True, max_length=200, verbose_name='cơ quan ban hành')),
                ('issuer_vi', models.CharField(blank=True, max_length=200, null=True, verbose_name='cơ quan ban hành')),
                ('issuer_en', models.CharField(blank=True, max_length=200, null=True, verbose_name='cơ quan ban hành')),
                ('issued_on', models.DateField(blank=True, null=True, verbose_name='ngày ban hành')),
                ('in_force_from', models.DateField(blank=True, null=True, verbose_name='hiệu lực từ')),
                ('in_force_to', models.DateField(blank=True, null=True, verbose_name='hiệu lực đến hết')),
                ('replaced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replaces', to='press.document', verbose_name='được thay bằng')),
            ],
            options={
                'verbose_name': 'văn bản',
                'verbose_name_plural': 'văn bản',
                'ordering': [models.OrderBy(models.F('issued_on'), descending=True, nulls_last=True), 'number'],
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=izportal.languages.choices, default='vi', max_length=10, verbose_name='ngôn ngữ')),
                ('number', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='lần')),
                ('title', models.CharField(max_length=200, verbose_name='tiêu đề')),
                ('summary', models.TextField(blank=True, help_text='Một, hai câu; hiện trong danh sách và khi chia sẻ.', max_length=500, verbose_name='tóm tắt')),
                ('body', models.TextField(blank=True, verbose_name='nội dung')),
                ('sources', models.TextField(blank=True, help_text='Mỗi nguồn một dòng; hiện ở cuối trang.', verbose_name='nguồn')),
                ('status', models.CharField(choices=[('draft', 'Bản nháp'), ('submitted', 'Chờ duyệt'), ('reviewed', 'Đã duyệt'), ('published', 'Đang công bố'), ('expired', 'Đã hết công bố')], default='draft', editable=False, max_length=10, verbose_name='tình trạng')),
                ('publish_at', models.DateTimeField(blank=True, help_text='Để trống thì công bố bằng tay sau khi duyệt.', null=True, verbose_name='công bố lúc')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='hết công bố lúc')),
                ('reviewed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='duyệt lúc')),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='đã công bố lúc')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='thôi công bố lúc')),
                ('note', models.CharField(blank=True, editable=False, max_length=500, verbose_name='lý do trả lại hoặc gỡ')),
                ('folded', izportal.folding.FoldedField(sources=('title', 'summary', 'words'))),
                ('original', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='translations', to='press.edition', verbose_name='dịch từ')),
                ('reviewed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người duyệt')),
                ('written_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người viết')),
            ],
            options={
                'verbose_name': 'bài viết',
                'verbose_name_plural': 'bài viết',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalPicture',
            fields=[
                ('is_sample', models.BooleanField(db_index=True, default=False, editable=False, verbose_name='dữ liệu mẫu')),
                ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('name', models.CharField(max_length=200, verbose_name='tên ảnh')),
                ('alt', models.CharField(blank=True, help_text='Ảnh cho thấy gì, dành cho người không nhìn thấy ảnh. Bắt buộc với mỗi ngôn ngữ có dùng ảnh.', max_length=300, verbose_name='lời tả ảnh')),
                ('alt_vi', models.CharField(blank=True, help_text='Ảnh cho thấy gì, dành cho người không nhìn thấy ảnh. Bắt buộc với mỗi ngôn ngữ có dùng ảnh.', max_length=300, null=True, verbose_name='lời tả ảnh')),
                ('alt_en', models.CharField(blank=True, help_text='Ảnh cho thấy gì, dành cho người không nhìn thấy ảnh. Bắt buộc với mỗi ngôn ngữ có dùng ảnh.', max_length=300, null=True, verbose_name='lời tả ảnh')),
                ('credit', models.CharField(blank=True, max_length=200, verbose_name='tác giả, nguồn ảnh')),
                ('width', models.PositiveIntegerField(editable=False, verbose_name='rộng, điểm ảnh')),
                ('height', models.PositiveIntegerField(editable=False, verbose_name='cao, điểm ảnh')),
                ('widths', models.JSONField(default=list, editable=False, verbose_name='các cỡ')),
                ('extension', models.CharField(editable=False, max_length=5)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='tải lên lúc')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('uploaded_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người tải lên')),
            ],
            options={
                'verbose_name': 'historical ảnh',
                'verbose_name_plural': 'historical ảnh',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_sample', models.BooleanField(db_index=True, default=False, editable=False, verbose_name='dữ liệu mẫu')),
                ('kind', models.CharField(choices=[('news', 'Tin tức'), ('notice', 'Thông báo'), ('page', 'Trang giới thiệu'), ('document', 'Văn bản, quyết định'), ('consultation', 'Lấy ý kiến quy hoạch'), ('answer', 'Hỏi đáp')], default='news', max_length=12, verbose_name='loại')),
                ('slug', models.SlugField(help_text='Phần cuối địa chỉ trang, chung cho mọi ngôn ngữ. Đổi thì địa chỉ cũ vẫn dẫn về trang này.', max_length=120, unique=True, verbose_name='đường dẫn')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Chỉ dùng cho trang giới thiệu: số nhỏ đứng trước.', verbose_name='thứ tự')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='tạo lúc')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='press.category', verbose_name='chuyên mục')),
                ('division', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='izportal.division', verbose_name='đơn vị phụ trách nội dung')),
            ],
            options={
                'verbose_name': 'nội dung',
                'verbose_name_plural': 'nội dung',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalEdition',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('language', models.CharField(choices=izportal.languages.choices, default='vi', max_length=10, verbose_name='ngôn ngữ')),
                ('number', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='lần')),
                ('title', models.CharField(max_length=200, verbose_name='tiêu đề')),
                ('summary', models.TextField(blank=True, help_text='Một, hai câu; hiện trong danh sách và khi chia sẻ.', max_length=500, verbose_name='tóm tắt')),
                ('body', models.TextField(blank=True, verbose_name='nội dung')),
                ('sources', models.TextField(blank=True, help_text='Mỗi nguồn một dòng; hiện ở cuối trang.', verbose_name='nguồn')),
                ('status', models.CharField(choices=[('draft', 'Bản nháp'), ('submitted', 'Chờ duyệt'), ('reviewed', 'Đã duyệt'), ('published', 'Đang công bố'), ('expired', 'Đã hết công bố')], default='draft', editable=False, max_length=10, verbose_name='tình trạng')),
                ('publish_at', models.DateTimeField(blank=True, help_text='Để trống thì công bố bằng tay sau khi duyệt.', null=True, verbose_name='công bố lúc')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='hết công bố lúc')),
                ('reviewed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='duyệt lúc')),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='đã công bố lúc')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='thôi công bố lúc')),
                ('note', models.CharField(blank=True, editable=False, max_length=500, verbose_name='lý do trả lại hoặc gỡ')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('original', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='press.edition', verbose_name='dịch từ')),
                ('reviewed_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người duyệt')),
                ('written_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người viết')),
                ('item', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='press.item', verbose_name='nội dung')),
            ],
            options={
                'verbose_name': 'historical bài viết',
                'verbose_name_plural': 'historical bài viết',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalDocument',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('number', models.CharField(blank=True, max_length=100, verbose_name='số, ký hiệu')),
                ('issuer', models.CharField(blank=True, max_length=200, verbose_name='cơ quan ban hành')),
                ('issuer_vi', models.CharField(blank=True, max_length=200, null=True, verbose_name='cơ quan ban hành')),
                ('issuer_en', models.CharField(blank=True, max_length=200, null=True, verbose_name='cơ quan ban hành')),
                ('issued_on', models.DateField(blank=True, null=True, verbose_name='ngày ban hành')),
                ('in_force_from', models.DateField(blank=True, null=True, verbose_name='hiệu lực từ')),
                ('in_force_to', models.DateField(blank=True, null=True, verbose_name='hiệu lực đến hết')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaced_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='press.document', verbose_name='được thay bằng')),
                ('item', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='press.item', verbose_name='nội dung')),
            ],
            options={
                'verbose_name': 'historical văn bản',
                'verbose_name_plural': 'historical văn bản',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='FormerSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=120, unique=True, verbose_name='đường dẫn cũ')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_slugs', to='press.item', verbose_name='nội dung')),
            ],
            options={
                'verbose_name': 'đường dẫn cũ',
                'verbose_name_plural': 'đường dẫn cũ',
                'ordering': ['slug'],
            },
        ),
        migrations.AddField(
            model_name='edition',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editions', to='press.item', verbose_name='nội dung'),
        ),
        migrations.AddField(
            model_name='document',
            name='item',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='document', to='press.item', verbose_name='nội dung'),
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='tên tệp hiện trên trang')),
                ('title_vi', models.CharField(max_length=200, null=True, verbose_name='tên tệp hiện trên trang')),
                ('title_en', models.CharField(max_length=200, null=True, verbose_name='tên tệp hiện trên trang')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='thứ tự')),
                ('stored', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='izportal.storedfile', verbose_name='tệp')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='press.item', verbose_name='nội dung')),
            ],
            options={
                'verbose_name': 'tệp đính kèm',
                'verbose_name_plural': 'tệp đính kèm',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('is_sample', models.BooleanField(db_index=True, default=False, editable=False, verbose_name='dữ liệu mẫu')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200, verbose_name='tên ảnh')),
                ('alt', models.CharField(blank=True, help_text='Ảnh cho thấy gì, dành cho người không nhìn thấy ảnh. Bắt buộc với mỗi ngôn ngữ có dùng ảnh.', max_length=300, verbose_name='lời tả ảnh')),
                ('alt_vi', models.CharField(blank=True, help_text='Ảnh cho thấy gì, dành cho người không nhìn thấy ảnh. Bắt buộc với mỗi ngôn ngữ có dùng ảnh.', max_length=300, null=True, verbose_name='lời tả ảnh')),
                ('alt_en', models.CharField(blank=True, help_text='Ảnh cho thấy gì, dành cho người không nhìn thấy ảnh. Bắt buộc với mỗi ngôn ngữ có dùng ảnh.', max_length=300, null=True, verbose_name='lời tả ảnh')),
                ('credit', models.CharField(blank=True, max_length=200, verbose_name='tác giả, nguồn ảnh')),
                ('width', models.PositiveIntegerField(editable=False, verbose_name='rộng, điểm ảnh')),
                ('height', models.PositiveIntegerField(editable=False, verbose_name='cao, điểm ảnh')),
                ('widths', models.JSONField(default=list, editable=False, verbose_name='các cỡ')),
                ('extension', models.CharField(editable=False, max_length=5)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='tải lên lúc')),
                ('uploaded_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người tải lên')),
            ],
            options={
                'verbose_name': 'ảnh',
                'verbose_name_plural': 'ảnh',
                'ordering': ['-uploaded_at'],
            },
        ),
        migrations.AddField(
            model_name='item',
            name='picture',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='press.picture', verbose_name='ảnh đại diện'),
        ),
        migrations.CreateModel(
            name='HistoricalItem',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('is_sample', models.BooleanField(db_index=True, default=False, editable=False, verbose_name='dữ liệu mẫu')),
                ('kind', models.CharField(choices=[('news', 'Tin tức'), ('notice', 'Thông báo'), ('page', 'Trang giới thiệu'), ('document', 'Văn bản, quyết định'), ('consultation', 'Lấy ý kiến quy hoạch'), ('answer', 'Hỏi đáp')], default='news', max_length=12, verbose_name='loại')),
                ('slug', models.SlugField(help_text='Phần cuối địa chỉ trang, chung cho mọi ngôn ngữ. Đổi thì địa chỉ cũ vẫn dẫn về trang này.', max_length=120, verbose_name='đường dẫn')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Chỉ dùng cho trang giới thiệu: số nhỏ đứng trước.', verbose_name='thứ tự')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='tạo lúc')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('category', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='press.category', verbose_name='chuyên mục')),
                ('division', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='izportal.division', verbose_name='đơn vị phụ trách nội dung')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('picture', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='press.picture', verbose_name='ảnh đại diện')),
            ],
            options={
                'verbose_name': 'historical nội dung',
                'verbose_name_plural': 'historical nội dung',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(fields=['language', 'status', '-published_at'], name='edition_public'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(fields=('item', 'language', 'number'), name='edition_once', violation_error_message='Lần này của bài viết đã có.'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('draft', 'submitted', 'reviewed'))), fields=('item', 'language'), name='edition_one_unfinished', violation_error_message='Ngôn ngữ này đang có một bản chưa công bố; hãy viết tiếp bản đó.'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'published')), fields=('item', 'language'), name='edition_one_published', violation_error_message='Ngôn ngữ này đang có một bản được công bố.'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('reviewed_by__isnull', True), models.Q(('reviewed_by', models.F('written_by')), _negated=True), _connector='OR'), name='edition_second_person', violation_error_message='Người viết không tự duyệt bài của mình.'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__isnull', True), ('publish_at__isnull', True), ('expires_at__gt', models.F('publish_at')), _connector='OR'), name='edition_times_in_order', violation_error_message='Lúc hết công bố phải sau lúc công bố.'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('in_force_to__isnull', True), ('in_force_from__isnull', True), ('in_force_to__gte', models.F('in_force_from')), _connector='OR'), name='document_dates_in_order', violation_error_message='Ngày hết hiệu lực phải sau ngày có hiệu lực.'),
        ),
    ]
