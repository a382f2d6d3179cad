"""Every setting of the portal, read from the environment; unsafe production settings stop the start."""

import contextlib
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

PRODUCTION = env.bool("PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
PORT = env.int("PORT", default=8000)


def _kept_secret() -> str:
    """A secret of this machine's own, made once; production brings its own instead."""
    kept, made = VAR_DIR / "secret-key", VAR_DIR / f"secret-key.{os.getpid()}"
    if not kept.exists():
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(64))
        # Whoever links first wins, and nobody ever reads a half-written secret.
        with contextlib.suppress(FileExistsError):
            os.link(made, kept)
        made.unlink()
    return kept.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", default="") or ("" if PRODUCTION else _kept_secret())
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"])
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])

# modeltranslation patches the admin, so it stands before it; izportal stands last so that the role groups,
# made after migration, find every permission.
INSTALLED_APPS = [
    "modeltranslation",
    "izportal.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "django_q",
    "import_export",
    "simple_history",
    "zones.apps.ZonesConfig",
    "projects.apps.ProjectsConfig",
    "onestop.apps.OnestopConfig",
    "izportal.press.apps.PressConfig",
    "izportal.apps.PortalConfig",
]

# The policies stand outside: static files and refused hosts carry them too.
MIDDLEWARE = [
    "izportal.doorkeeper.middleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    *([] if env.bool("BEHIND_PROXY", default=False) else ["izportal.compression.PagesCompressed"]),
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "izportal.factors.StaffSecondFactor",
    "izportal.sessions.middleware",
    "izportal.unsent.UnsentForms",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "izportal.urls"
WSGI_APPLICATION = "izportal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "izportal.context.site",
            ],
        },
    }
]
# The portal's form widgets may be overridden in templates/.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.insert(0, "django.forms")

# Databases ----------------------------------------------------------------------------------------
# SQLite not by way of an address: a folder's name may hold signs that mean something there.
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "izportal.sqlite3"}}
if env.str("DATABASE_URL", default=""):
    DATABASES["default"] = env.db_url("DATABASE_URL")
    if not DATABASES["default"].get("ENGINE"):
        raise ImproperlyConfigured("DATABASE_URL không đọc được; viết như postgres://tên:mật-khẩu@máy/cơ-sở.")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Write-ahead log lets readers go on while one writes; an immediate transaction takes the write lock at its
    # start, so that two clerks wait for each other instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
    # A file, not memory: only a file shows how two writers meet. Its own for each run, so that two runs never meet.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / f"test-{os.getpid()}.sqlite3"}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if DATABASES["default"]["ENGINE"].endswith("postgresql"):
        # Compiling a query costs a second where the query itself, with the counts of a search in it, takes a tenth.
        DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Counts of wrong tries lie in the cache: one that every process shares and that forgets none while it counts.
CACHES = {"default": env.cache_url("CACHE_URL", default="dbcache://portal_cache")}
CACHES["default"].setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", 50_000)
# Finished public pages, whole, compressed and in parts, of some forty kilobytes each; each process keeps its own and
# forgets them when it ends.
CACHES["pages"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 600},
}  # fmt: skip

# People -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "izportal.User"
AUTHENTICATION_BACKENDS = ["izportal.rights.Rights"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_ENABLED = env.bool("SIGN_UP", default=True)
ACCOUNT_SIGNUP_FORM_CLASS = "izportal.accounts.SignUpForm"
ACCOUNT_SIGNUP_REDIRECT_URL = "what_next"
ACCOUNT_ADAPTER = "izportal.accounts.AccountAdapter"
ACCOUNT_FORMS = {"add_email": "izportal.account_forms.ChangeAddressForm"}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# The letter proves the mailbox, the second factor is asked all the same; and the browser is known from then on.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
# Wrong passwords are counted in `izportal/lockout.py`. What is left to the library must not shut out others: whole
# offices stand behind one address, and of letters enough have gone out when a mailbox gets no more.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "10/5m/key",  # codes of the second factor: only who knows the password gets that far
    "signup": "20/m/ip,100/h/ip",
    "confirm_email": "1/10s/key,10/h/key",
    "reset_password": "20/m/ip,5/15m/key",
}

# Second factors: a staff member without one gets no further than the page that sets one up.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=PRODUCTION)
MFA_ADAPTER = "izportal.factors.FactorAdapter"
MFA_FORMS = {
    "activate_totp": "izportal.account_forms.AppForm",
    "login_webauthn": "izportal.account_forms.LoginForm",
    "authenticate_webauthn": "izportal.account_forms.AuthenticateForm",
    "reauthenticate_webauthn": "izportal.account_forms.ReauthenticateForm",
    "add_webauthn": "izportal.account_forms.AddForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # clocks of telephones are half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_RATE_LIMITS = {"webauthn_login": None}  # a passkey cannot be guessed

# OpenID Connect: a button on the sign-in page where a provider is named; without one its pages do not exist.
OIDC_PROVIDER_ID = env.str("OIDC_PROVIDER_ID", default="")
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="")
# Browsers follow a form to another site only where the policy names it.
OIDC_ORIGINS = env.list("OIDC_ORIGINS", default=["://".join(urlsplit(OIDC_SERVER_URL)[:2])] if OIDC_SERVER_URL else [])
OIDC_APP = {
    "provider_id": OIDC_PROVIDER_ID,
    "name": env.str("OIDC_NAME", default="OpenID Connect"),
    "client_id": env.str("OIDC_CLIENT_ID", default=""),
    "secret": env.str("OIDC_SECRET", default=""),
    "settings": {"server_url": OIDC_SERVER_URL, "oauth_pkce_enabled": True},
}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [OIDC_APP] if OIDC_PROVIDER_ID else []}}
SOCIALACCOUNT_ADAPTER = "izportal.accounts.ProviderAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
# Whatever a provider says of somebody's address: it opens no account that is there already.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
# Where people may have come without a password, a code by mail stands for it.
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa", "code") if OIDC_PROVIDER_ID else ("password", "mfa")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "after_sign_in"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"

# Language and form of numbers ---------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LOCALE_PATHS = [BASE_DIR / "izportal" / "locale"]
FORMAT_MODULE_PATH = "izportal.formats"
MODELTRANSLATION_DEFAULT_LANGUAGE = "vi"
# A text that is missing is read in English first by those who read neither.
MODELTRANSLATION_FALLBACK_LANGUAGES = {"default": ("en", "vi"), "vi": ("vi",)}
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True
# Numbers are grouped by the filters that know what they show: a year or a code never is.
USE_THOUSAND_SEPARATOR = False

# Files --------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
PRIVATE_ROOT = Path(env.str("PRIVATE_ROOT", default=str(VAR_DIR / "private")))
X_ACCEL_PREFIX = env.str("X_ACCEL_PREFIX", default="")
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR_DIR / "media"}},
    # Papers of dossiers: no public address, read only through a view that asks who you are.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "izportal.doorkeeper.MembersOnly",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # form fields only; files are bounded by the rule `upload_max_mb`
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 40
# Files sent in pieces: how much of them one person may have lying half sent, and for how many days.
UPLOAD_UNFINISHED_MB = env.int("UPLOAD_UNFINISHED_MB", default=200)
UPLOAD_KEPT_DAYS = env.int("UPLOAD_KEPT_DAYS", default=7)
# Within so many nights each stored file is read once and compared with its hash.
REREAD_NIGHTS = max(1, env.int("REREAD_NIGHTS", default=30))

# Mail and jobs ------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail://{VAR_DIR / 'mail'}")
vars().update(EMAIL_CONFIG)
if EMAIL_CONFIG["EMAIL_BACKEND"].endswith("filebased.EmailBackend"):
    # The address keeps no leading slash in environ's reading of it.
    EMAIL_FILE_PATH = env.str("EMAIL_FILE_PATH", default=str(VAR_DIR / "mail"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="izportal@mau.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# A job that takes longer is stopped; one whose worker has died is seen to after half as long again.
JOB_SECONDS = env.int("JOB_SECONDS", default=60)
# Minutes until a job that failed is tried again: after the first time, the second, …; the last of them for good.
JOB_PAUSES = env.list("JOB_PAUSES", cast=float, default=[1, 5, 15, 60, 6 * 60, 24 * 60])
JOB_ATTEMPTS = env.int("JOB_ATTEMPTS", default=12)
JOB_KEPT_DAYS = env.int("JOB_KEPT_DAYS", default=30)
Q_CLUSTER = {
    "name": "izportal",
    "orm": "default",  # a job is a row, written in the transaction of the deed that asks for it
    "workers": env.int("WORKERS", default=1),
    "timeout": JOB_SECONDS,
    "retry": 2 * JOB_SECONDS,
    "ack_failures": True,  # `outbox` writes down what failed, and when it is tried again
    "catch_up": False,
    "poll": 1,
    "save_limit": -1,
    "label": _("Việc chạy nền"),
}

# Safety -------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *OIDC_ORIGINS],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
# A form sent with an old token comes back with its text.
CSRF_FAILURE_VIEW = "izportal.unsent.form_expired"
SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", default=8 * 60 * 60)
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Attempts are counted by the address that the proxy saw; what stands before it in the header, anyone can write.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

if PRODUCTION:
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10 or SECRET_KEY.startswith("django-insecure-"):
        raise ImproperlyConfigured("PRODUCTION=true cần SECRET_KEY ngẫu nhiên dài ít nhất 50 ký tự.")
    if DEBUG:
        raise ImproperlyConfigured("PRODUCTION=true không chạy cùng DEBUG=true.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("PRODUCTION=true cần ALLOWED_HOSTS ghi rõ từng tên miền.")
    if not STAFF_SECOND_FACTOR:
        raise ImproperlyConfigured("PRODUCTION=true không chạy cùng STAFF_SECOND_FACTOR=false.")
    if not EMAIL_CONFIG["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
        raise ImproperlyConfigured("PRODUCTION=true cần EMAIL_URL của máy chủ thư (smtp).")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # The access log has a line for each refusal; strange addresses, hosts and forms are worth no traceback.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
        "django.security.csrf": {"level": "WARNING"},
        "gunicorn.http.wsgi": {"level": "ERROR"},
        # One sheet dresses a paper on the screen and in the PDF; what the PDF maker passes over is no news.
        "weasyprint": {"level": "ERROR"},
    },
}
