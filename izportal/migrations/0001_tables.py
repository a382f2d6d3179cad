"""The tables of the ground floor: people, the calendar, rules and acts, figures, files, letters and jobs."""

import django.db.models.deletion
import django.utils.timezone
import izportal.folding
import izportal.languages
import izportal.models
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('izportal', '0001_initial'),
        ('izportal', '0002_accounts_and_pieces'),
        ('izportal', '0004_jobs'),
        ('izportal', '0005_wordings_and_daily_letters'),
        ('izportal', '0006_letters_say_what_they_are_about'),
        ('izportal', '0007_languages_by_the_settings'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='ngày')),
                ('kind', models.CharField(choices=[('off', 'Ngày nghỉ'), ('make_up', 'Ngày làm bù')], default='off', max_length=10, verbose_name='loại')),
                ('name', models.CharField(max_length=200, verbose_name='tên')),
                ('name_vi', models.CharField(max_length=200, null=True, verbose_name='tên')),
                ('name_en', models.CharField(max_length=200, null=True, verbose_name='tên')),
                ('announcement', models.CharField(blank=True, max_length=200, verbose_name='văn bản thông báo')),
            ],
            options={
                'verbose_name': 'ngày nghỉ, ngày làm bù',
                'verbose_name_plural': 'ngày nghỉ, ngày làm bù',
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='Division',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True, verbose_name='mã')),
                ('name', models.CharField(max_length=200, verbose_name='tên phòng, đơn vị')),
                ('name_vi', models.CharField(max_length=200, null=True, verbose_name='tên phòng, đơn vị')),
                ('name_en', models.CharField(max_length=200, null=True, verbose_name='tên phòng, đơn vị')),
                ('is_active', models.BooleanField(default=True, verbose_name='đang hoạt động')),
            ],
            options={
                'verbose_name': 'phòng, đơn vị',
                'verbose_name_plural': 'phòng, đơn vị',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(editable=False, max_length=160, unique=True, verbose_name='khóa')),
                ('call', models.CharField(max_length=200, verbose_name='việc')),
                ('arguments', models.JSONField(blank=True, default=list, verbose_name='tham số')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='giao lúc')),
                ('next_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='chạy lúc')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='số lần thử')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='bắt đầu lúc')),
                ('done_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='xong lúc')),
                ('given_up_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='thôi thử lúc')),
                ('error', models.TextField(blank=True, verbose_name='lỗi lần cuối')),
            ],
            options={
                'verbose_name': 'việc sau giao dịch',
                'verbose_name_plural': 'việc sau giao dịch',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Act',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='số, ký hiệu')),
                ('title', models.CharField(max_length=400, verbose_name='trích yếu')),
                ('title_vi', models.CharField(max_length=400, null=True, verbose_name='trích yếu')),
                ('title_en', models.CharField(max_length=400, null=True, verbose_name='trích yếu')),
                ('issuer', models.CharField(blank=True, max_length=200, verbose_name='cơ quan ban hành')),
                ('signed_on', models.DateField(blank=True, null=True, verbose_name='ngày ban hành')),
                ('in_force_from', models.DateField(blank=True, null=True, verbose_name='hiệu lực từ')),
                ('in_force_to', models.DateField(blank=True, null=True, verbose_name='hiệu lực đến')),
                ('confidence', models.CharField(choices=[('law', 'Theo văn bản pháp luật'), ('high', 'Đã đối chiếu văn bản'), ('two_sources', 'Hai nguồn trùng khớp'), ('one_source', 'Một nguồn'), ('secondary', 'Nguồn thứ cấp'), ('medium', 'Đối chiếu một phần'), ('disagree', 'Các nguồn khác nhau'), ('derived', 'Tính từ số liệu khác'), ('inferred', 'Suy luận, chờ xác nhận'), ('weak', 'Nguồn không chính thức'), ('low', 'Chưa đối chiếu'), ('assumption', 'Quy ước của cổng, chờ Ban xác nhận'), ('unverified', 'Chờ Ban xác nhận'), ('confirmed', 'Ban đã xác nhận')], default='unverified', max_length=20, verbose_name='độ tin cậy')),
                ('note', models.TextField(blank=True, verbose_name='ghi chú')),
                ('note_vi', models.TextField(blank=True, null=True, verbose_name='ghi chú')),
                ('note_en', models.TextField(blank=True, null=True, verbose_name='ghi chú')),
                ('folded', izportal.folding.FoldedField(sources=('number', 'title_vi'))),
                ('replaced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replaces', to='izportal.act', verbose_name='thay thế bởi')),
            ],
            options={
                'verbose_name': 'văn bản pháp luật',
                'verbose_name_plural': 'văn bản pháp luật',
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('is_sample', models.BooleanField(db_index=True, default=False, editable=False, verbose_name='dữ liệu mẫu')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='thư điện tử')),
                ('full_name', models.CharField(max_length=150, verbose_name='họ và tên')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='điện thoại')),
                ('zones', models.JSONField(blank=True, default=list, help_text='Mã khu; để trống là mọi khu.', verbose_name='phạm vi khu')),
                ('language', models.CharField(choices=izportal.languages.choices, default='vi', max_length=10, verbose_name='ngôn ngữ thư')),
                ('letters', models.CharField(choices=[('each', 'Mỗi việc một thư'), ('daily', 'Gộp một thư mỗi ngày')], default='each', max_length=10, verbose_name='cách nhận thư')),
                ('is_staff', models.BooleanField(default=False, verbose_name='cán bộ của Ban')),
                ('is_active', models.BooleanField(default=True, verbose_name='đang hoạt động')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='ngày tạo')),
                ('erased_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='xóa dữ liệu cá nhân lúc')),
                ('folded', izportal.folding.FoldedField(sources=('full_name', 'email'))),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('division', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='izportal.division', verbose_name='phòng, đơn vị')),
            ],
            options={
                'verbose_name': 'người dùng',
                'verbose_name_plural': 'người dùng',
                'ordering': ['full_name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalWording',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.SlugField(max_length=60, verbose_name='loại thư')),
                ('language', models.CharField(choices=izportal.languages.choices, default='vi', max_length=10, verbose_name='ngôn ngữ')),
                ('subject', models.CharField(max_length=300, verbose_name='tiêu đề')),
                ('body', models.TextField(verbose_name='nội dung')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='sửa lúc')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('changed_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người sửa')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical lời thư',
                'verbose_name_plural': 'historical lời thư',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_sample', models.BooleanField(db_index=True, default=False, editable=False, verbose_name='dữ liệu mẫu')),
                ('key', models.CharField(editable=False, max_length=120, unique=True, verbose_name='khóa')),
                ('kind', models.SlugField(max_length=60, verbose_name='loại')),
                ('email', models.EmailField(max_length=254, verbose_name='gửi tới')),
                ('language', models.CharField(default='vi', max_length=10, verbose_name='ngôn ngữ')),
                ('subject', models.CharField(max_length=300, verbose_name='tiêu đề')),
                ('body', models.TextField(verbose_name='nội dung')),
                ('about', models.CharField(blank=True, max_length=300, verbose_name='về việc')),
                ('address', models.CharField(blank=True, max_length=500, verbose_name='trang')),
                ('until', models.DateTimeField(blank=True, null=True, verbose_name='hạn')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='viết lúc')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='gửi lúc')),
                ('is_held', models.BooleanField(default=False, verbose_name='chờ thư gộp')),
                ('digest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='gathered', to='izportal.notice', verbose_name='thư gộp')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notices', to=settings.AUTH_USER_MODEL, verbose_name='người nhận')),
            ],
            options={
                'verbose_name': 'thư báo',
                'verbose_name_plural': 'thư báo',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PartialFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(db_index=True, max_length=200, verbose_name='dùng cho')),
                ('name', models.CharField(max_length=255, verbose_name='tên tệp')),
                ('size', models.PositiveBigIntegerField(verbose_name='cỡ, byte')),
                ('sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256 do máy gửi tính')),
                ('received', models.PositiveBigIntegerField(default=0, verbose_name='đã nhận, byte')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='bắt đầu lúc')),
                ('touched_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='nhận lần cuối lúc')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người tải lên')),
            ],
            options={
                'verbose_name': 'tệp đang tải lên',
                'verbose_name_plural': 'tệp đang tải lên',
                'ordering': ['-touched_at'],
            },
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, verbose_name='mã')),
                ('name', models.CharField(max_length=300, verbose_name='tên')),
                ('name_vi', models.CharField(max_length=300, null=True, verbose_name='tên')),
                ('name_en', models.CharField(max_length=300, null=True, verbose_name='tên')),
                ('value', models.CharField(max_length=60, verbose_name='giá trị')),
                ('unit', models.CharField(blank=True, max_length=30, verbose_name='đơn vị')),
                ('article', models.CharField(blank=True, max_length=300, verbose_name='điều, khoản')),
                ('valid_from', models.DateField(verbose_name='áp dụng từ')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='áp dụng đến')),
                ('confidence', models.CharField(choices=[('law', 'Theo văn bản pháp luật'), ('high', 'Đã đối chiếu văn bản'), ('two_sources', 'Hai nguồn trùng khớp'), ('one_source', 'Một nguồn'), ('secondary', 'Nguồn thứ cấp'), ('medium', 'Đối chiếu một phần'), ('disagree', 'Các nguồn khác nhau'), ('derived', 'Tính từ số liệu khác'), ('inferred', 'Suy luận, chờ xác nhận'), ('weak', 'Nguồn không chính thức'), ('low', 'Chưa đối chiếu'), ('assumption', 'Quy ước của cổng, chờ Ban xác nhận'), ('unverified', 'Chờ Ban xác nhận'), ('confirmed', 'Ban đã xác nhận')], default='unverified', max_length=20, verbose_name='độ tin cậy')),
                ('note', models.TextField(blank=True, verbose_name='ghi chú')),
                ('note_vi', models.TextField(blank=True, null=True, verbose_name='ghi chú')),
                ('note_en', models.TextField(blank=True, null=True, verbose_name='ghi chú')),
            ],
            options={
                'verbose_name': 'quy tắc, con số pháp lý',
                'verbose_name_plural': 'quy tắc, con số pháp lý',
                'ordering': ['code', '-valid_from'],
                'constraints': [models.UniqueConstraint(fields=('code', 'valid_from'), name='rule_once_per_day'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='rule_dates_in_order', violation_error_message='Ngày hết áp dụng phải sau ngày bắt đầu áp dụng.')],
            },
        ),
        migrations.CreateModel(
            name='StatedFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.SlugField(max_length=40, verbose_name='chỉ tiêu')),
                ('value', models.DecimalField(decimal_places=4, max_digits=24, verbose_name='giá trị')),
                ('as_of', models.DateField(verbose_name='tính đến')),
                ('period', models.CharField(blank=True, max_length=20, verbose_name='kỳ')),
                ('is_at_least', models.BooleanField(default=False, verbose_name='nguồn ghi “trên”')),
                ('is_derived', models.BooleanField(default=False, verbose_name='tính từ số liệu khác')),
                ('source', models.CharField(max_length=500, verbose_name='nguồn')),
                ('source_vi', models.CharField(max_length=500, null=True, verbose_name='nguồn')),
                ('source_en', models.CharField(max_length=500, null=True, verbose_name='nguồn')),
                ('note', models.TextField(blank=True, verbose_name='ghi chú')),
                ('note_vi', models.TextField(blank=True, null=True, verbose_name='ghi chú')),
                ('note_en', models.TextField(blank=True, null=True, verbose_name='ghi chú')),
            ],
            options={
                'verbose_name': 'số liệu đã công bố',
                'verbose_name_plural': 'số liệu đã công bố',
                'ordering': ['as_of', 'indicator'],
                'constraints': [models.UniqueConstraint(fields=('indicator', 'as_of', 'period'), name='stated_figure_once')],
            },
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('is_sample', models.BooleanField(db_index=True, default=False, editable=False, verbose_name='dữ liệu mẫu')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('file', models.FileField(editable=False, max_length=200, storage=izportal.models.private_storage, upload_to='', verbose_name='tệp')),
                ('name', models.CharField(max_length=200, verbose_name='tên tệp')),
                ('mime', models.CharField(max_length=100, verbose_name='loại')),
                ('size', models.PositiveBigIntegerField(verbose_name='cỡ, byte')),
                ('pages', models.PositiveIntegerField(blank=True, null=True, verbose_name='số trang')),
                ('sha256', models.CharField(db_index=True, max_length=64, verbose_name='SHA-256')),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='tải lên lúc')),
                ('state', models.CharField(choices=[('pending', 'Đang kiểm tra mã độc'), ('safe', 'An toàn'), ('refused', 'Bị từ chối')], default='safe', max_length=10, verbose_name='tình trạng')),
                ('state_note', models.CharField(blank=True, max_length=300, verbose_name='lý do')),
                ('scanned_at', models.DateTimeField(blank=True, null=True, verbose_name='quét mã độc lúc')),
                ('reread_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='đối chiếu mã băm lúc')),
                ('is_intact', models.BooleanField(default=True, verbose_name='nội dung nguyên vẹn')),
                ('uploaded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người tải lên')),
            ],
            options={
                'verbose_name': 'tệp đã lưu',
                'verbose_name_plural': 'tệp đã lưu',
                'ordering': ['-uploaded_at'],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.SlugField(max_length=60, verbose_name='loại thư')),
                ('language', models.CharField(choices=izportal.languages.choices, default='vi', max_length=10, verbose_name='ngôn ngữ')),
                ('subject', models.CharField(max_length=300, verbose_name='tiêu đề')),
                ('body', models.TextField(verbose_name='nội dung')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='sửa lúc')),
                ('changed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người sửa')),
            ],
            options={
                'verbose_name': 'lời thư',
                'verbose_name_plural': 'lời thư',
                'ordering': ['kind', '-language'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'language'), name='wording_once_per_language')],
            },
        ),
    ]
