"""How the site is deployed: everything comes from the environment (or a `.env` file beside manage.py).

What each variable means is in README.md, "Connect a Bookeo account". Nothing here says what the product does.
"""

from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if "DEMO" not in env.ENVIRON:  # the demo and the tests say everything themselves
    env.read_env(BASE_DIR / ".env")

# --- Django -----------------------------------------------------------------------------------------------------

SECRET_KEY = env.str("DJANGO_SECRET_KEY")
# Earlier ones, so that a new key neither signs everybody out nor makes the audit log unreadable.
SECRET_KEY_FALLBACKS = env.list("DJANGO_SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DJANGO_DEBUG", False)
ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
ROOT_URLCONF = "bookeo_site.urls"
WSGI_APPLICATION = "bookeo_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "template_partials",
    "csp",
    "booking",
]

MIDDLEWARE = [
    "booking.views.middleware.AccessMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "booking.views.framing.FramingMiddleware",
    "booking.views.middleware.PagePolicyMiddleware",
    "booking.views.manager.middleware.ManagerPolicyMiddleware",
    "booking.views.middleware.PaceMiddleware",
    "booking.views.middleware.BodySizeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "booking.views.middleware.ServiceErrorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "booking.views.context.site",
                "booking.views.branding.branding",
                "booking.views.manager.context.manager",
            ]
        },
    }
]

# --- Data -------------------------------------------------------------------------------------------------------

(BASE_DIR / "var").mkdir(exist_ok=True)
CACHE_TABLE = "shared_cache"
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{quote(str(BASE_DIR / 'var' / 'site.sqlite3'))}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A deferred transaction that turns into a write fails at once with "database is locked"; an immediate one waits.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Each thread may need one; whoever finds none within five seconds gets an honest page.
    # What the address asks for beside it, such as sslmode, stays.
    pool = {"min_size": 1, "max_size": env.int("WEB_THREADS", 16) + 4, "timeout": 5}
    DATABASES["default"]["OPTIONS"] = {**DATABASES["default"].get("OPTIONS", {}), "pool": pool}
# The processes of one machine share a table; those of many share Redis. Without either, each would ask Bookeo anew.
CACHES = {"default": env.cache("CACHE_URL", default=f"dbcache://{CACHE_TABLE}")}
if CACHES["default"]["BACKEND"] == "django.core.cache.backends.redis.RedisCache":
    # The newer greeting fails on older servers and on proxies; and nobody waits long for a server that says nothing.
    CACHES["default"]["OPTIONS"] = {
        "socket_connect_timeout": 1,
        "socket_timeout": 2,
        **CACHES["default"].get("OPTIONS", {}),
        "protocol": 2,
    }
    SHARED_REDIS_URL = CACHES["default"]["LOCATION"]
else:
    CACHES["default"].setdefault("OPTIONS", {})["MAX_ENTRIES"] = 10_000
    SHARED_REDIS_URL = ""
# Where the processes of one machine count calls and attempts together.
WINDOWS_FILE = env.path("WINDOWS_FILE", default=str(BASE_DIR / "var" / "windows.sqlite3"))
# What tells the worker that there is something to do: a file on one machine, Redis on many, or "immediate" without one.
QUEUE_URL = env.str("QUEUE_URL", SHARED_REDIS_URL or f"sqlite://{quote(str(BASE_DIR / 'var' / 'queue.sqlite3'))}")
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400

# --- Language and time ------------------------------------------------------------------------------------------

LANGUAGE_CODE = env.str("SITE_LANGUAGE", "en")
USE_I18N = False
USE_TZ = True
TIME_ZONE = env.str("BUSINESS_TIME_ZONE", "Europe/Rome")
BUSINESS_TIME_ZONE = ZoneInfo(TIME_ZONE)
BUSINESS_LOCALE = env.str("BUSINESS_LOCALE", "en_GB")
BUSINESS_CURRENCY = env.str("BUSINESS_CURRENCY", "EUR")
BUSINESS_COUNTRY = env.str("BUSINESS_COUNTRY", "IT")

# --- Static files -----------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    }
}
WHITENOISE_MAX_AGE = 60

# --- Security ---------------------------------------------------------------------------------------------------

DEMO = env.bool("DEMO", False)
HTTPS = env.bool("SITE_HTTPS", not DEMO and not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
BEHIND_PROXY = env.bool("SITE_BEHIND_PROXY", False)
# So many servers in front add to X-Forwarded-For; what stands before their entries, anybody may have written.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 1 if BEHIND_PROXY else 0)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Staff alone have cookies: pages for customers are outside the path, and neither get one nor set one.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/manager/"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "staff_session", "staff_form"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 3600 * env.int("STAFF_SESSION_HOURS", 12)
CSRF_FAILURE_VIEW = "booking.views.manager.failures.forged"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        # The business's photos come from Bookeo's servers; in the demo, from the sandbox beside the site.
        "img-src": ["'self'", "data:", "https:", *(["http://127.0.0.1:*", "http://localhost:*"] if DEMO else [])],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

# --- Staff --------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["booking.services.passwords.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = LOGOUT_REDIRECT_URL = "account_login"
LOGIN_REDIRECT_URL = "manager:start"
ACCOUNT_ADAPTER = "booking.views.manager.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # ours are shared by all processes: booking/services/sign_in_attempts.py
ACCOUNT_FORMS = {
    "login": "booking.forms.manager.entry.SignInForm",
    "reauthenticate": "booking.forms.manager.entry.AgainForm",
    "change_password": "booking.forms.manager.entry.NewPasswordForm",
}
MFA_ADAPTER = "booking.views.manager.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "booking.forms.manager.entry.CodeForm",
    "activate_totp": "booking.forms.manager.entry.AppForm",
    "authenticate_webauthn": "booking.forms.manager.entry.KeyForm",
    "add_webauthn": "booking.forms.manager.entry.NewKeyForm",
}
# Of what an address tells, the audit log keeps the network ("coarse"), all of it ("full"), or nothing ("none").
AUDIT_ADDRESSES = env.str("AUDIT_ADDRESSES", "coarse")

# --- Bookeo -----------------------------------------------------------------------------------------------------

BOOKEO_BASE_URL = env.str("BOOKEO_BASE_URL", "https://api.bookeo.com/v2")
BOOKEO_SECRET_KEY = env.str("BOOKEO_SECRET_KEY", "")
BOOKEO_API_KEY = env.str("BOOKEO_API_KEY", "")
BOOKEO_LANGUAGE = env.str("BOOKEO_LANGUAGE", "en-US")
BOOKEO_CONNECT_TIMEOUT = env.float("BOOKEO_CONNECT_TIMEOUT", 1.0)
BOOKEO_READ_TIMEOUT = env.float("BOOKEO_READ_TIMEOUT", 10.0)
# At most so many calls within so many seconds, all processes together (docs/reference/bookeo-api.md, 2.8).
BOOKEO_CALLS = env.int("BOOKEO_CALLS", 8)
BOOKEO_CALLS_SECONDS = env.int("BOOKEO_CALLS_SECONDS", 5)
# The public address of our receiver of notifications, as it is registered, without a query; empty: there is none.
WEBHOOK_URL = env.str("WEBHOOK_URL", "")

# --- The business's own rules, which the API does not tell --------------------------------------------------------

HOLD_SECONDS = env.int("HOLD_SECONDS", 600)
# How long a booking whose answer was lost may take to show up at Bookeo before the customer may try again.
SETTLE_GRACE_SECONDS = env.int("SETTLE_GRACE_SECONDS", 60)
DRAFT_HOURS = env.int("DRAFT_HOURS", 24)
FREE_CANCELLATION_HOURS = env.int("FREE_CANCELLATION_HOURS", 24)
LATE_CANCELLATION_FEE_PERCENT = env.int("LATE_CANCELLATION_FEE_PERCENT", 50)
TERMS_URL = env.str("TERMS_URL", "")
PAYMENT_NOTE = env.str("PAYMENT_NOTE", "You pay when you come. Nothing is charged now.")
MEETING_NOTE = env.str("MEETING_NOTE", "")
# Codes or ids of the products whose participants are asked for by name; "*" means all.
PARTICIPANTS_ASKED_FOR = env.list("PARTICIPANTS_ASKED_FOR", default=[])
ADDRESS_ASKED = env.bool("ADDRESS_ASKED", True)
SITE_HEADLINE = env.str("SITE_HEADLINE", "Find a time that suits you")
ACCENT_COLOUR = env.str("ACCENT_COLOUR", "")
EMBED_ORIGINS = env.list("EMBED_ORIGINS", default=[])
# What the forms of the manager area propose: whom Bookeo mails.
MAIL_CUSTOMER_WHEN_BOOKED = env.bool("MAIL_CUSTOMER_WHEN_BOOKED", True)
MAIL_CUSTOMER_WHEN_CHANGED = env.bool("MAIL_CUSTOMER_WHEN_CHANGED", True)
MAIL_CUSTOMER_WHEN_CANCELLED = env.bool("MAIL_CUSTOMER_WHEN_CANCELLED", True)
MAIL_USERS = env.bool("MAIL_USERS", False)
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", False)
BULK_UNDO_MINUTES = env.int("BULK_UNDO_MINUTES", 10)
# How far back the reports begin to count.
REPORT_DAYS_BACK = env.int("REPORT_DAYS_BACK", 90)

# --- For the operator -------------------------------------------------------------------------------------------

# Who may read /metrics: whoever knows this. Without it nobody may, except in a demo.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
LOG_FORMAT = env.str("LOG_FORMAT", "line" if DEMO or DEBUG else "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "bookeo_site.logs.RequestIdFilter"},
        "redact": {"()": "booking.bookeo.redaction.RedactionFilter", "secrets": (BOOKEO_SECRET_KEY, BOOKEO_API_KEY)},
        "draft_addresses": {"()": "bookeo_site.logs.DraftAddressFilter"},
    },
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s"},
        "json": {"()": "bookeo_site.logs.JsonLines"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["request_id", "redact", "draft_addresses"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        # Their own handlers, which would print addresses as they are, are put aside by being named here.
        "django": {"level": "INFO"},
        "django.server": {"level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},
        "gunicorn.error": {"handlers": ["console"], "propagate": False},
        "urllib3": {"level": "WARNING"},
        "huey": {"level": "WARNING"},  # our own line says what a task came to
    },
}
