"""The whole configuration, from the environment; with none it runs on SQLite.

OPENREGION_HOME  folder with database, files and secret key (default ``./var``)
OPENREGION_PORT  port of ``./run`` (default 8000)
OPENREGION_DEMO  ``0``: no demonstration data on first start
OPENREGION_HOSTS host names served, comma-separated (default: this machine only)
OPENREGION_GUIDE version of the methodology for new members (default ma-region-2021)
OPENREGION_PROXIES how many proxies stand in front (default 0)
OPENREGION_SITE  the platform's own address, in the messages it sends (default: its first host name)
OPENREGION_HTTPS ``1`` behind a proxy that speaks HTTPS: secure cookies, HSTS
DATABASE_URL     moves the database to PostgreSQL
EMAIL_URL        sends mail by SMTP; without it mail goes to the outbox page
OPENREGION_ACROSS ``1``: suggestions that say the same in another language are found (extra ``across``)
OPENREGION_CNDP  reference of the declaration to the CNDP, shown where personal data is asked for
"""

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF
from django.conf import locale
from environs import Env

env = Env()

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(env.str("OPENREGION_HOME", default=str(ROOT / "var"))).resolve()
# What the home holds (sessions, addresses, codes) is for the user who runs the platform alone.
os.umask(0o077)
HOME.mkdir(mode=0o700, parents=True, exist_ok=True)


def kept_secret() -> str:
    """Read the secret key kept in the home, making it the first time."""
    kept = HOME / "secret.key"
    if not kept.exists():
        # O_EXCL: two processes starting together must not end with two keys.
        try:
            handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            os.write(handle, secrets.token_urlsafe(50).encode())
            os.close(handle)
        except FileExistsError:
            pass
    return kept.read_text().strip()


DEBUG = env.bool("OPENREGION_DEBUG", default=False)
SECRET_KEY = env.str("OPENREGION_SECRET_KEY", default="") or kept_secret()
ALLOWED_HOSTS = env.list("OPENREGION_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
HTTPS = env.bool("OPENREGION_HTTPS", default=False)
# Someone else than this machine may reach it: the demonstration's door stays shut.
SERVED_TO_OTHERS = HTTPS or bool(env.str("OPENREGION_HOSTS", default=""))
_ADDRESS = f"https://{ALLOWED_HOSTS[0]}" if HTTPS else f"http://{ALLOWED_HOSTS[0]}:{env.str('OPENREGION_PORT', '8000')}"
SITE = env.str("OPENREGION_SITE", default=_ADDRESS).rstrip("/")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "openregion.core",  # before allauth: its pages wear our layout
    "allauth",
    "allauth.account",
    "openregion.guide",
    "openregion.record",
    "openregion.people",
    "openregion.cycle",
    "openregion.consultation",
    "openregion.admission",
    "openregion.registers",
    "openregion.diagnosis",
    "openregion.plan",
    "openregion.monitoring",
    "openregion.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "openregion.web.middleware.KeptPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "openregion.people.middleware.MemberOfThePage",
]

ROOT_URLCONF = "openregion.urls"
WSGI_APPLICATION = "openregion.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "openregion.core.templatetags.brick",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.csrf",
                "openregion.core.page.page",
                "openregion.people.page.member",
            ],
        },
    }
]

# Databases: SQLite where nothing is said. WAL and IMMEDIATE because without
# them two writers meet as an error instead of a short wait.
if env.str("DATABASE_URL", default=""):
    DATABASES = {"default": env.dj_db_url("DATABASE_URL", conn_max_age=600, conn_health_checks=True)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "openregion.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Two memories: what limits tries (wrong codes, sign-in) must not be pushed out by pages.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}},
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
}

# Languages: in the address, Arabic first in the list, French where nothing is
# translated. Django does not know Standard Moroccan Amazigh.
LANGUAGE_CODE = "fr"
LANGUAGES = [("ar", "العربية"), ("zgh", "ⵜⴰⵎⴰⵣⵉⵖⵜ"), ("fr", "Français"), ("en", "English")]
locale.LANG_INFO["zgh"] = {
    "bidi": False,
    "code": "zgh",
    "name": "Standard Moroccan Amazigh",
    "name_local": "ⵜⴰⵎⴰⵣⵉⵖⵜ",
}
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Africa/Casablanca"
USE_THOUSAND_SEPARATOR = False

# People
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "openregion.core.passwords.NotOneself"},
    {"NAME": "openregion.core.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "openregion.core.passwords.NotCommon"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "arrived"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]  # password1: else the sign-in page asks for none
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_ADAPTER = "openregion.people.sign_in.SignIn"
ACCOUNT_PREVENT_ENUMERATION = True
# How many proxies stand in front, each adding itself to X-Forwarded-For: tries are
# counted by the visitor's address, not by the proxy's.
PROXIES = env.int("OPENREGION_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

# Mail: SMTP where the environment says so; else the outbox page of the operator.
if env.str("EMAIL_URL", default=""):
    email = env.dj_email_url("EMAIL_URL")
    EMAIL_BACKEND = email["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = email["EMAIL_HOST"], email["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = email["EMAIL_HOST_USER"], email["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = email["EMAIL_USE_TLS"], email["EMAIL_USE_SSL"]
else:
    EMAIL_BACKEND = "openregion.core.outbox.OutboxBackend"
EMAIL_TIMEOUT = 10  # a dead mail server holds nobody
OUTBOX = HOME / "outbox"
DEFAULT_FROM_EMAIL = env.str("OPENREGION_FROM", default="region-ouverte@localhost")

# Tasks: in the database, by ``./manage db_worker`` (``./run`` starts it).
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Files
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "openregion.core.statics.NamedByContent"},
}
WHITENOISE_MAX_AGE = 31536000
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Suggestions that say the same in another language: a small model, where the extra ``across`` is installed.
ACROSS = env.bool("OPENREGION_ACROSS", default=False)

# Security: everything from here, nothing inline, nothing from elsewhere.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "openregion.core.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # ends with the visit, as the page on personal data says
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SILENCED_SYSTEM_CHECKS = [
    # The proxy in front decides about HTTPS; docs/deployment.md says how.
    "security.W004",
    "security.W008",
    "security.W012",
    "security.W016",
]

# The methodology
GUIDES = ROOT / "guide"
GUIDE_VERSION = env.str("OPENREGION_GUIDE", default="ma-region-2021")
PRIVACY_FILE = ROOT / "privacy.yaml"
CNDP_REFERENCE = env.str("OPENREGION_CNDP", default="")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_keys": {"()": "openregion.core.logs.WithoutKeys"}},
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["without_keys"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django's own handlers know of no key: its loggers write through ours, the access lines of runserver too.
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
