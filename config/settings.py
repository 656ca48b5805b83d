"""Settings of Mapa Barrial: one file, fed by the environment."""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from holidays import country_holidays

from config import gdal, secrets
from core import logs

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- What this process is -----------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
TESTING = env.bool("TESTING", default=False)
DEMO = env.bool("DEMO", default=False)
# Served over TLS (behind the proxy) by default; `make run` serves plain HTTP on loopback.
HTTPS = env.bool("HTTPS", default=not (DEBUG or TESTING))
SECRET_KEY = env("SECRET_KEY")
# Keys of before: what they signed or encrypted is still read, nothing new is made with them.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
if not (DEBUG or TESTING) and any(secrets.is_weak(key) for key in [SECRET_KEY, *SECRET_KEY_FALLBACKS]):
    raise ImproperlyConfigured(secrets.SENTENCE)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    "config.apps.MapaAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "config.static_app.StaticFiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "leaflet",
    "rest_framework",
    "rest_framework_gis",
    "drf_spectacular",
    "procrastinate.contrib.django",
    "core",
    "territories",
    "accounts",
    "issues",
    "walks",
    "gatherings",
    "rankings",
    "handovers",
    "maps",
    "demo",
]

MIDDLEWARE = [
    "config.web_safety.believe_only_the_proxy",
    "django.middleware.security.SecurityMiddleware",
    "config.web_safety.careful_answers",
    "maps.outside.sharing.shared_with_other_sites",
    "csp.middleware.CSPMiddleware",
    "maps.error_views.turned_away",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.Known",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.RequireSecondFactor",
    "core.gate.Gate",
    "maps.outside.parameters.KnownParameters",
    "maps.error_views.designed_refusals",
    "accounts.held.Hold",
    "core.together.once.Once",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "csp.context_processors.nonce",
                "maps.context.site",
            ],
            # Every form with a token carries a key too.
            "builtins": ["core.templatetags.once"],
        },
    },
]

# --- Database -----------------------------------------------------------------------------
# Pages give up soon; commands and workers, which load and count whole towns, late. In seconds; 0: never.
SERVING = env.bool("SERVING", default=False)
STATEMENT_SECONDS = env.int("STATEMENT_SECONDS", default=20)
LOCK_SECONDS = env.int("LOCK_SECONDS", default=8)
IDLE_SECONDS = env.int("IDLE_SECONDS", default=60)
BATCH_STATEMENT_SECONDS = env.int("BATCH_STATEMENT_SECONDS", default=3_600)
BATCH_LOCK_SECONDS = env.int("BATCH_LOCK_SECONDS", default=120)
BATCH_IDLE_SECONDS = env.int("BATCH_IDLE_SECONDS", default=3_600)
_patience = {
    "statement_timeout": STATEMENT_SECONDS if SERVING else BATCH_STATEMENT_SECONDS,
    "lock_timeout": LOCK_SECONDS if SERVING else BATCH_LOCK_SECONDS,
    "idle_in_transaction_session_timeout": IDLE_SECONDS if SERVING else BATCH_IDLE_SECONDS,
}
# Planning and starting parallel workers costs small map queries more than it saves.
_session = {"max_parallel_workers_per_gather": "0", "jit": "off", "random_page_cost": "1.1"}
_session |= {"timezone": "UTC"} | {name: f"{seconds}s" for name, seconds in _patience.items()}
# A role to take after the sign-in.
DATABASE_ROLE = env("DATABASE_ROLE", default="")


def _options(**more: str) -> dict[str, str]:
    return {"options": " ".join(f"-c {name}={value}" for name, value in (_session | more).items())}


# Pages sign in by the first address; commands and workers by the second; `migrate` by the third.
_url = env("DATABASE_URL")
_owner_url = env("DATABASE_OWNER_URL", default="") or _url
# Who serves pages can do no worker's work: its rows are guarded.
_worker_url = env("DATABASE_WORKER_URL", default="") or _owner_url
DATABASES = {"default": env.db_url_config(_url if SERVING else _worker_url, engine="core.postgis")}
DATABASES["default"] |= {
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
    "CONN_HEALTH_CHECKS": True,
    # A server that is stopped ends no statement itself: this side gives up a little later.
    "PATIENCE": STATEMENT_SECONDS + 2 if SERVING and STATEMENT_SECONDS else None,
    "OPTIONS": {
        **_options(**({"role": DATABASE_ROLE} if DATABASE_ROLE else {})),
        "prepare_threshold": 0,
        "connect_timeout": 2,
        # A machine that vanished from the network, in seconds and milliseconds.
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
    },
}
_owner = env.db_url_config(_owner_url, engine="core.postgis")
DATABASES["default"]["OWNER"] = {name: _owner[name] for name in ("USER", "PASSWORD", "HOST", "PORT")} | {
    "OPTIONS": DATABASES["default"]["OPTIONS"] | _options()
}
# Only the owner and its triggers write these: core/postgis/rights.py.
TABLES_ONLY_READ = ["django_migrations", "maps_mapcell"]
# What all processes must know alike (limits of allauth, used single-sign-on tokens) is in a table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
GDAL_LIBRARY_PATH = env("GDAL_LIBRARY_PATH", default=None) or gdal.bundled_library()
gdal.point_to_bundled_data()

# --- Who ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.passwords.NotGuessable"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "home"
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=not (DEBUG or TESTING or DEMO))
ACCOUNT_ADAPTER = "accounts.adapter.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# Passwords and codes are counted by accounts/limits.py; what is left here, in the shared cache.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
MFA_FORMS = {
    "authenticate": "accounts.second_step.CodeForm",
    "reauthenticate": "accounts.second_step.CodeAgainForm",
}
MFA_ADAPTER = "accounts.second_step.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers know no passkeys without TLS, but on this machine itself.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Mapa Barrial"

# Signing in with the municipality's own accounts: docs/decisions/single-sign-on.md. Empty: not offered.
OIDC_URL = env("OIDC_URL", default="")
OIDC_ORIGIN = "/".join(OIDC_URL.split("/")[:3])
SOCIALACCOUNT_ADAPTER = "accounts.single_sign_on.StaffSocialAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "accounts.single_sign_on.MunicipalProvider",
        "APPS": [
            {
                "provider_id": "municipal",
                "name": env("OIDC_NAME", default=_("la municipalidad")),
                "client_id": env("OIDC_CLIENT_ID", default=""),
                "secret": env("OIDC_CLIENT_SECRET", default=""),
                "settings": {"server_url": OIDC_URL, "fetch_userinfo": False, "oauth_pkce_enabled": True},
            }
        ]
        if OIDC_URL
        else [],
    }
}

# --- Safety of the transport and the page ---------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
# Where that proxy may be: whoever else sends X-Forwarded-… is not believed.
PROXY_NETWORKS = env.list(
    "PROXY_NETWORKS",
    default=["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Limits count addresses of people: without this they would all be the proxy's, and share one limit.
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_NAME = "mapa_session"
CSRF_COOKIE_NAME = "mapa_csrf"
CSRF_FAILURE_VIEW = "maps.error_views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
BASEMAP_URL = env("BASEMAP_URL", default="")
BASEMAP_ATTRIBUTION = env("BASEMAP_ATTRIBUTION", default="")
# Instead of BASEMAP_URL: a PMTiles archive on this machine, which the site serves itself.
BASEMAP_FILE = env("BASEMAP_FILE", default="")
BASEMAP_SHA256 = env("BASEMAP_SHA256", default="").lower()
if BASEMAP_FILE and BASEMAP_URL:
    raise ImproperlyConfigured("BASEMAP_FILE and BASEMAP_URL exclude each other")
if BASEMAP_SHA256 and (len(BASEMAP_SHA256) != 64 or set(BASEMAP_SHA256) - set("0123456789abcdef")):
    raise ImproperlyConfigured("BASEMAP_SHA256 is a SHA-256: 64 hexadecimal digits")
BASEMAP_ORIGIN = "/".join(BASEMAP_URL.replace("{s}.", "*.").split("/")[:3]) if "//" in BASEMAP_URL else ""
_outside = [BASEMAP_ORIGIN] if BASEMAP_ORIGIN else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *_outside],
        "font-src": [SELF],
        "connect-src": [SELF, *_outside],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        # Browsers hold what a form leads to against this too: the sign-in page of the municipality.
        "form-action": [SELF, *([OIDC_ORIGIN] if OIDC_URL else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "core.uploads.WholeOrNothing",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000

# --- Language and formats -------------------------------------------------------------------
LANGUAGE_CODE = "es"
LANGUAGES = [("es", _("Español"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "America/Santiago"
USE_I18N = USE_TZ = USE_THOUSAND_SEPARATOR = True

# --- Files ----------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = env("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "config.staticfiles.NodeModulesFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_ROOT = env("MEDIA_ROOT", default=str(BASE_DIR / "media"))
# Long files of the desk, until their owners fetch them: never served by a path, never in a backup.
EXPORTS_ROOT = env("EXPORTS_ROOT", default=str(Path(MEDIA_ROOT).with_name("exports")))
# A file of more rows is written in the background; it is kept for so many hours.
EXPORT_AT_ONCE = env.int("EXPORT_AT_ONCE", default=5_000)
EXPORT_HOURS = env.int("EXPORT_HOURS", default=24)
# The oldest backup: so long after an erasure nothing is left of it anywhere. The nightly one keeps it.
BACKUP_DAYS = env.int("BACKUP_DAYS", default=35)
# What was erased, by keys that name nobody: in no backup, so that no restored one undoes it.
ERASURES_FILE = env("ERASURES_FILE", default=str(Path(MEDIA_ROOT).with_name("erasures.jsonl")))
STORAGES = {
    "default": {"BACKEND": "config.storage.DurableStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "config.staticfiles.HashedStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_AUTOREFRESH = DEBUG or TESTING
# One name per file: nothing is compressed twice, and a link that goes around {% static %} shows at once.
WHITENOISE_KEEP_ONLY_HASHED_FILES = not (DEBUG or TESTING)

# --- E-mail ---------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Mapa Barrial <mapa@localhost>")
# How long a mail server or a webhook may stay silent, in seconds.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=15)
# For so long the administration sees to whom a letter went; its text goes as soon as it is sent.
LETTER_DAYS = env.int("LETTER_DAYS", default=30)

# --- Workers and alarms ---------------------------------------------------------------------
WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=4)
# What a job at work is given to end when its worker is asked to.
WORKER_GRACE_SECONDS = env.int("WORKER_GRACE_SECONDS", default=20)
# /metrics answers on this port alone; empty: nowhere.
METRICS_PORT = env("METRICS_PORT", default="")
ALARM_EMAIL = env.list("ALARM_EMAIL", default=[])
ALARM_WEBHOOK = env("ALARM_WEBHOOK", default="")
ALARM_CLOCK_MINUTES = env.int("ALARM_CLOCK_MINUTES", default=10)
# With the five minutes until somebody looks, within a quarter of an hour.
ALARM_MAIL_MINUTES = env.int("ALARM_MAIL_MINUTES", default=10)
# A clock that went on by more than so many days since the house last lived is in doubt: core/clock.py.
CLOCK_JUMP_DAYS = env.int("CLOCK_JUMP_DAYS", default=7)
# A demo is nobody's only copy; 0 asks for no backup.
ALARM_BACKUP_HOURS = env.int("ALARM_BACKUP_HOURS", default=0 if DEMO else 36)
ALARM_SEAL_HOURS = env.int("ALARM_SEAL_HOURS", default=36)
ALARM_DISK_MB = env.int("ALARM_DISK_MB", default=1_024)

# --- Personal data ----------------------------------------------------------------------------
# Told on /privacidad/: who answers for the data, with address and representative; delegate; where to write.
DATA_CONTROLLER = env("DATA_CONTROLLER", default="")
DATA_OFFICER = env("DATA_OFFICER", default="")
DATA_CONTACT = env("DATA_CONTACT", default="")
# Addresses, each a URI: mailto:…, https:…
SECURITY_CONTACT = env.list("SECURITY_CONTACT", default=[])

# --- Machine interfaces ---------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.gate.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.api.exception_handler",
    "UNICODE_JSON": True,
    "COERCE_DECIMAL_TO_STRING": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Mapa Barrial",
    "DESCRIPTION": "What the neighbourhoods reported, in which order, and what became of it.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_PUBLIC": True,
    # Two fields are called «state».
    "ENUM_NAME_OVERRIDES": {
        "ChallengeStateEnum": ["open", "stands", "set_aside", "expired"],
        "GatheringStateEnum": "gatherings.models.GatheringState",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.with_refusals",
    ],
}
# (west, south, east, north), degrees, EPSG:4326: nothing outside can be a place in the commune.
COMMUNE_EXTENT = (-70.95, -33.60, -70.68, -33.42)
LEAFLET_CONFIG = {
    "SPATIAL_EXTENT": COMMUNE_EXTENT,
    "DEFAULT_CENTER": (-33.51, -70.77),
    "DEFAULT_ZOOM": 13,
    # Every map of ours makes its own base layer: static/js/map/base/create-map.js.
    "TILES": [],
    "RESET_VIEW": False,
    "SCALE": "metric",
    "ATTRIBUTION_PREFIX": False,
}

# --- The commune ------------------------------------------------------------------------------
COMMUNE_NAME = env("COMMUNE_NAME", default="Maipú")
# Whether residents may report problems at /informar/, and whom they call when there is danger.
RESIDENT_REPORTS = env.bool("RESIDENT_REPORTS", default=DEMO or TESTING)
EMERGENCY_NUMBERS = env("EMERGENCY_NUMBERS", default="131, 132, 133")
OPEN311_JURISDICTION = env("OPEN311_JURISDICTION", default="maipu.cl")
# A system that sends the same report again within so many hours did not hear our answer.
OPEN311_REPEAT_HOURS = env.int("OPEN311_REPEAT_HOURS", default=24)
METRIC_SRID = 32719
# Whose holidays are no working days: deadlines of the offices, the rotation of the gatherings.
HOLIDAYS_COUNTRY = env("HOLIDAYS_COUNTRY", default="CL")
try:
    country_holidays(HOLIDAYS_COUNTRY)
except NotImplementedError:
    raise ImproperlyConfigured(f"HOLIDAYS_COUNTRY names no country: {HOLIDAYS_COUNTRY}") from None
EXPECTED_TERRITORIES = env.int("EXPECTED_TERRITORIES", default=21)
# A boundary file is examined by a child with so much wall time and address space.
BOUNDARY_SECONDS = env.int("BOUNDARY_SECONDS", default=60)
BOUNDARY_MEMORY_MB = env.int("BOUNDARY_MEMORY_MB", default=2_048)
# A picture is opened by a child with so much processor time and address space, so many at once on a machine.
PHOTO_SECONDS = env.int("PHOTO_SECONDS", default=10)
PHOTO_MEMORY_MB = env.int("PHOTO_MEMORY_MB", default=512)
FACES_MEMORY_MB = env.int("FACES_MEMORY_MB", default=1_024)
PHOTO_CHILDREN = env.int("PHOTO_CHILDREN", default=2)
# What one person, tablet or key may send in photos within 24 hours.
PHOTO_QUOTA_MB = env.int("PHOTO_QUOTA_MB", default=1_000)
# Working days for receipt and answer, calendar days for the written answer; risk to life has less.
LISTED_TERMS = env.list("LISTED_TERMS", cast=int, default=[3, 10, 30])
URGENT_TERMS = env.list("URGENT_TERMS", cast=int, default=[1, 3, 30])
for _terms in (LISTED_TERMS, URGENT_TERMS):
    if len(_terms) != 3 or min(_terms) < 1:
        raise ImproperlyConfigured("LISTED_TERMS and URGENT_TERMS are three whole numbers above zero each")
# The hour of the daily digest, and how many working days it looks ahead.
DIGEST_HOUR = env.int("DIGEST_HOUR", default=8)
DIGEST_AHEAD_WORKING_DAYS = env.int("DIGEST_AHEAD_WORKING_DAYS", default=2)
# A bulk act that has no way back waits so long before it leaves: docs/decisions/bulk-undo.md.
BULK_WAIT_MINUTES = env.int("BULK_WAIT_MINUTES", default=10)
# Modules whose rows depend on the boundaries in force: docs/decisions/boundary-dependents.md.
BOUNDARY_DEPENDENTS = ["issues.life.territory_assignment"]
# What names neighbourhoods by number, and where: when one vanishes, a person decides about these.
TERRITORY_HOLDERS = {
    "accounts.User": "territory_codes",
    "issues.RoutingRule": "territory_code",
    "gatherings.Organisation": "territory_code",
    "gatherings.Gathering": "territory",
    "handovers.Follow": "territory_code",
}
# With more problems a change of boundaries runs in the background: docs/decisions/boundary-changes.md.
BOUNDARIES_AT_ONCE = env.int("BOUNDARIES_AT_ONCE", default=5_000)

# Lines for people or JSON for machines, on the console or in a file that turns over.
LOG_FILE = env("LOG_FILE", default="")
LOGGING = logs.logging_config(
    level=env("LOG_LEVEL", default="INFO"),
    format=env("LOG_FORMAT", default="line"),
    file=LOG_FILE,
    # These tell every step of everything they do.
    quiet=("weasyprint", "fontTools", "pyogrio", "procrastinate", "fido2"),
)
