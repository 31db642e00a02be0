"""Settings, read once from the environment (`.env.example` lists every variable) and verified by `crm/checks.py`."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from crm import env

BASE_DIR = env.BASE_DIR
DATA_DIR = env.data_dir()
env.load_secrets(DATA_DIR)

DEBUG = env.flag("CRM_DEBUG")
DEMO = env.flag("CRM_DEMO")  # the demonstration company; one sign-in button per role, on loopback only
SECRET_KEY = env.text("CRM_SECRET_KEY", "insecure-only-for-tests-and-checks-" + "x" * 40)
CRM_URL = env.text("CRM_URL", "http://127.0.0.1:8000")  # where customers' links and mails point to
CRM_VERSION = "0.1.0"
_url = urlsplit(CRM_URL)
_secure = _url.scheme == "https"

# Keys of the encrypted fields, newest first (urlsafe base64, 32 bytes); the index key makes the blind indexes.
FIELD_KEYS = env.words("CRM_FIELD_KEYS", "dGVzdHMtb25seS1rZXktb2YtdGhpcnR5LXR3by1ieXQ=")
INDEX_KEY = env.text("CRM_INDEX_KEY", "tests-only-index-key")

ALLOWED_HOSTS = env.words("CRM_ALLOWED_HOSTS", f"{_url.hostname},127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [f"{_url.scheme}://{_url.netloc}"]
TRUSTED_PROXIES = env.words("CRM_TRUSTED_PROXIES")  # addresses whose X-Forwarded-For is believed
METRICS_ALLOWED = env.words("CRM_METRICS_ALLOWED", "127.0.0.0/8,::1")  # who may read /metrics without the token
METRICS_TOKEN = env.text("CRM_METRICS_TOKEN")

INSTALLED_APPS = [
    "crm.run",
    "crm.accounts",
    "crm.records",
    "crm.deadlines",
    "crm.outbox",
    "crm.links",
    "crm.approvals",
    "crm.exchange",
    "crm.reports",
    "crm.web",
    "crm.api",
    "customers",
    "customers.credit",
    "customers.tiers",
    "orders.catalog",
    "orders.inquiries",
    "orders",
    "orders.applications",
    "orders.quotations",
    "orders.contracts",
    "orders.changes",
    "orders.coordination",
    "orders.payments",
    "orders.advances",
    "pickup.stock",
    "pickup",
    "pickup.settlement",
    "pickup.execution",
    "complaints",
    "complaints.verification",
    "complaints.returns",
    "complaints.compensation",
    "complaints.inbox",
    "complaints.feedback",
    "complaints.analysis",
    "satisfaction",
    "satisfaction.visits",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # its widgets' templates, for crm.forms.Renderer
    "rest_framework",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "crm.web.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "crm.web.middleware.Policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "crm.web.middleware.Authentication",
    "crm.web.middleware.UserLocale",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.web.middleware.Via",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "crm.web.context_processors.frame",
            ],
            "builtins": [
                "crm.web.templatetags.crm",
                "crm.web.templatetags.records",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]
FORM_RENDERER = "crm.forms.Renderer"

# One database. Web and worker act as CRM_DB_ROLE, which cannot change log or history; migrations act as the owner.
DATABASE_URL = env.text("DATABASE_URL", "postgres:///ziti")
DB_ROLE = env.text("CRM_DB_ROLE")
APP_ROLE = "ziti_app"  # the name of that role, made and granted after every migrate
DATABASES = {
    "default": dj_database_url.parse(
        DATABASE_URL,
        conn_max_age=env.number("CRM_DB_CONN_MAX_AGE", 60),
        conn_health_checks=True,
        disable_server_side_cursors=env.flag("CRM_DB_TRANSACTION_POOL"),
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["ENGINE"] = "crm.postgresql"
_options = f"-c timezone=UTC -c statement_timeout={env.number('CRM_STATEMENT_TIMEOUT_MS', 30000)}"
DATABASES["default"].setdefault("OPTIONS", {})["options"] = _options + (f" -c role={DB_ROLE}" if DB_ROLE else "")

REDIS_URL = env.text("CELERY_BROKER_URL", "redis://127.0.0.1:6379/0")
# The cache is the broker's server; its address there is redis:// or unix://, Celery's is redis:// or redis+socket://.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://"),
        "KEY_PREFIX": "ziti",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},  # pages do not wait for a cache that hangs
    }
}
if not env.text("CELERY_BROKER_URL"):
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
# What may be some seconds old and is asked for with every page lies in the process itself.
CACHES["near"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "near",
    "OPTIONS": {"MAX_ENTRIES": 10000},
}

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 10,  # a task of a killed worker comes back within seconds, not after 100
    "unacked_restore_throttle": 1,
    "max_retries": 0,  # of a wake-up, which a page would wait for: the sweep finds what was not woken
    "socket_connect_timeout": 1,  # seconds; a broker that hangs must not make pages hang, see crm/waking.py
    "socket_timeout": 2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_TIME_LIMIT = 1800  # below the visibility timeout, so that no running task is delivered twice
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {"tick": {"task": "crm.deadlines.tasks.tick", "schedule": 60.0}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["crm.accounts.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "sign-in"

LANGUAGE_CODE = env.text("CRM_LANGUAGE", "zh-hans")
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("CRM_TIME_ZONE", "Asia/Shanghai")
FORMAT_MODULE_PATH = ["crm.formats"]
CURRENCY = env.text("CRM_CURRENCY", "CNY")
COUNTRY = env.text("CRM_COUNTRY", "CN")  # of phone numbers written without a country code
COMPANY_NAME = env.text("CRM_COMPANY_NAME", "Ziti")
COMPANY_PHONE = env.text("CRM_COMPANY_PHONE")  # stand in written answers (KF 3.1.2)
COMPANY_ADDRESS = env.text("CRM_COMPANY_ADDRESS")

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_MAX_AGE = 3600
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
REQUEST_KEY_DAYS = env.number("CRM_REQUEST_KEY_DAYS", 30)  # how long a repeated request is known as one
SCAN_DAYS = env.number("CRM_SCAN_DAYS", 400)  # how long it is known what was scanned at the counters
RECURRING_COMPLAINTS = env.number("CRM_RECURRING_COMPLAINTS", 3)  # in ninety days, of one cause and product or batch
MAX_UPLOAD_BYTES = env.number("CRM_MAX_UPLOAD_MB", 20) * 1024 * 1024

# Mail: nothing leaves the house in test mode; messages are kept and shown instead.
OUTBOX_TEST_MODE = env.flag("CRM_OUTBOX_TEST_MODE", default=not env.text("CRM_SMTP_HOST"))
EMAIL_HOST = env.text("CRM_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = env.number("CRM_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("CRM_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("CRM_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("CRM_SMTP_STARTTLS")
EMAIL_USE_SSL = env.flag("CRM_SMTP_TLS")
EMAIL_TIMEOUT = 20
COMPLAINTS_MAIL = env.text(
    "CRM_COMPLAINTS_MAIL"
)  # the mailbox for complaints: answers to our mails about them go there
DEFAULT_FROM_EMAIL = env.text("CRM_MAIL_FROM", f"{COMPANY_NAME} <noreply@{_url.hostname}>")

# The scheme of CRM_URL decides: cookies and HSTS are for TLS where the product is reached by TLS.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _secure
SESSION_ENGINE = "crm.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = _secure
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _secure else None
SECURE_HSTS_SECONDS = 31536000 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _secure
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "crm.api.authentication.BearerToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["crm.api.permissions.SignedIn"],
    "DEFAULT_RENDERER_CLASSES": ["crm.api.renderers.Json", "rest_framework.renderers.BrowsableAPIRenderer"],
    "DEFAULT_PARSER_CLASSES": ["crm.api.parsers.Json", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "crm.api.errors.answer",
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "SCHEMA_COERCE_PATH_PK": False,
}
API_RATE = env.number("CRM_API_RATE", 6000)  # requests of one token in a minute; 0: without limit
SPECTACULAR_SETTINGS = {
    "TITLE": "Ziti CRM",
    "VERSION": "v1",
    "DESCRIPTION": "Customers, orders and pickups. Every verb of the product is a POST here.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [],  # equal choices keep their own places; a name for them all would have to be guessed
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "crm.web.logs.RequestIdFilter"}},
    "formatters": {"json": {"()": "crm.web.logs.JsonFormatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]},
    },
    "root": {"handlers": ["console"], "level": env.text("CRM_LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"level": "WARNING"}},
}

SILENCED_SYSTEM_CHECKS: list[str] = []
Path(MEDIA_ROOT).parent.mkdir(parents=True, exist_ok=True)
