"""Settings of the site. Every value that differs between machines comes from the environment.

`HOLDFAST_MODE=demo` (set by `make run`) turns DEBUG on. Without it DEBUG is off and SECRET_KEY must be
given. DATABASE_URL and REDIS_URL are given by manage.py where it starts its own servers.
The list of variables is in docs/operations.md.
"""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE, WASM_UNSAFE_EVAL
from django.conf.locale import LANG_INFO
from django.templatetags.static import static
from django.utils.translation import to_language

from inventory_site import env, logs, stores
from inventory_site.timetable import TIMETABLE

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(env.text("STATE_DIR", str(BASE_DIR / ".state"))).resolve()

DEMO = env.choice("HOLDFAST_MODE", "", ("demo",)) == "demo"
DEBUG = env.flag("DEBUG", DEMO)
SECRET_KEY = env.secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "inventory_site.admin_site.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "axes",
    "csp",
    "django_prometheus",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "rest_framework",
    "rest_framework_api_key",
    "inventory_site.core.apps.CoreConfig",
    "notifications",
    "warehouse",
    "orders",
]

MIDDLEWARE = [
    "inventory_site.middleware.measure",
    "inventory_site.health.answer_machines",
    "django_structlog.middlewares.RequestMiddleware",
    "inventory_site.middleware.told_its_id",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "inventory_site.middleware.straight_to_the_api",
    # From here on, pages only.
    "inventory_site.middleware.without_nul",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "inventory_site.policies.content_policies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "inventory_site.languages.in_their_language",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "inventory_site.local_time.in_the_warehouse",
    "inventory_site.middleware.acting_person",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "inventory_site.urls"
WSGI_APPLICATION = "inventory_site.wsgi.application"
ASGI_APPLICATION = "inventory_site.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- PostgreSQL ---

LOCK_TIMEOUT_MS = env.number("LOCK_TIMEOUT_MS", 2000, least=1, most=60_000)
STATEMENT_TIMEOUT_MS = env.number("STATEMENT_TIMEOUT_MS", 30_000, most=3_600_000)
# A statement is prepared once it was sent so often; 0: never, for a pooler that cannot keep them.
PREPARE_AFTER = env.number("DATABASE_PREPARE_AFTER", 5, most=1000)
# Behind PgBouncer these belong on the role, since a pooled session outlives its client.
SESSION_TIMEOUTS = env.flag("DATABASE_SESSION_TIMEOUTS", True)
DATABASES = {
    "default": stores.database(
        "DATABASE_URL",
        prepare_after=PREPARE_AFTER,
        timeouts_ms=(LOCK_TIMEOUT_MS, STATEMENT_TIMEOUT_MS) if SESSION_TIMEOUTS else None,
        server_side_cursors=not env.flag("DISABLE_SERVER_SIDE_CURSORS", False),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis or Valkey: broker in database 0, results in 1, cache in 2 ---

REDIS = stores.redis("REDIS_URL", offset=env.number("REDIS_DB_OFFSET", 0, most=1000))

CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS.database(2),
        "OPTIONS": {
            "SOCKET_CONNECT_TIMEOUT": 0.25,
            "SOCKET_TIMEOUT": 0.5,
            "CONNECTION_POOL_KWARGS": {"max_connections": 64},
        },
    }
}

CELERY_BROKER_URL = REDIS.for_celery(0)
BROKER_AS_REDIS = REDIS.database(0)  # whose queues can be counted
CELERY_RESULT_BACKEND = REDIS.for_celery(1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = TIMETABLE
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE_DIR / "beat-schedule")

# What goes out over a network waits in a queue of its own, so that nothing waits for it; and handing events
# out waits there for no import and no proof of the books.
CELERY_TASK_ROUTES = {
    "notifications.tasks.dispatch": {"queue": "delivery"},
    "notifications.tasks.deliver_*": {"queue": "delivery"},
    "inventory_site.core.tasks.send_reports": {"queue": "delivery"},
}
NUDGE_DISPATCHER = env.flag("NUDGE_DISPATCHER", True)
# Beside public addresses, webhooks may lie in these networks: of an intranet, or of a test.
WEBHOOK_ALLOWED_NETWORKS = env.networks("WEBHOOK_ALLOWED_NETWORKS")

# --- E-mail, and where alerts may be told: docs/operations.md and docs/alerts.md ---

SITE_URL = env.web_address("SITE_URL")
globals().update(env.mail_server("EMAIL_URL"))  # as Django's EMAIL_HOST and so on
EMAIL_TIMEOUT = 15  # seconds
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.sender("EMAIL_FROM", needed=bool(env.text("EMAIL_URL", "")))
# Schemes of apprise beside those that lead to well-known hosts, for services of an intranet.
ALERT_SERVICE_SCHEMES = env.names("ALERT_SERVICE_SCHEMES")

# --- Cycle counts: docs/orders.md says how they are used ---

COUNT_TOLERANCE_UNITS = env.number("COUNT_TOLERANCE_UNITS", 1)
COUNT_TOLERANCE_PERCENT = env.number("COUNT_TOLERANCE_PERCENT", 2, most=100)
COUNT_TOLERANCE_VALUE = env.number("COUNT_TOLERANCE_VALUE", 50)
COUNT_DAYS_A = env.number("COUNT_DAYS_A", 30, least=1, most=3650)
COUNT_DAYS_B = env.number("COUNT_DAYS_B", 90, least=1, most=3650)
COUNT_DAYS_C = env.number("COUNT_DAYS_C", 180, least=1, most=3650)
COUNT_TASKS_A_DAY = env.number("COUNT_TASKS_A_DAY", 20, most=10_000)  # in each warehouse

# --- Alerts ---

DELIVERY_LOG_DAYS = env.number("DELIVERY_LOG_DAYS", 30, least=1, most=3650)
ALERT_LOG_DAYS = env.number("ALERT_LOG_DAYS", 365, least=1, most=3650)
RETURN_WAITING_HOURS = env.number("RETURN_WAITING_HOURS", 48, least=1, most=8760)

# --- API ---

API_RATE_LIMIT = env.number("API_RATE_LIMIT", 6000)  # requests per key and minute, 0: no limit
API_OPEN_RESERVATIONS = env.number("API_OPEN_RESERVATIONS", 10_000)  # per key's name, 0: no limit
API_BODY_LIMIT = env.number("API_BODY_LIMIT", 1024 * 1024, least=1024)  # bytes
COMBINE_RESERVATIONS = env.flag("COMBINE_RESERVATIONS", True)
DATA_UPLOAD_MAX_MEMORY_SIZE = API_BODY_LIMIT

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["inventory_site.core.reading.StrictJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["inventory_site.core.auth.ApiKeyAuthentication"],
    "DEFAULT_SCHEMA_CLASS": "inventory_site.core.documenting.ApiSchema",
    "EXCEPTION_HANDLER": "inventory_site.core.api.problem_handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Holdfast API",
    "DESCRIPTION": "Real-time inventory: what is where, what is promised, what moved.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": [],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {  # several shapes share it, none of which is to name it
        "ReservationStatusEnum": ["active", "fulfilled", "released", "expired"],
        "WebhookStatusEnum": ["healthy", "failing", "resting", "disabled", "off"],
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "inventory_site.core.documenting.share_refusals",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Sign-in and safety ---

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "inventory_site.core.sign_in.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # what is said of the end stays true
AXES_RESET_ON_SUCCESS = True
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

HTTPS = env.flag("HTTPS", not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600  # a shift
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if env.flag("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
# The back office's own scripts (Alpine) evaluate expressions; nothing else may.
ADMIN_CONTENT_SECURITY_POLICY = {
    "script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
}
CAMERA_CONTENT_SECURITY_POLICY = {"script-src": [SELF, WASM_UNSAFE_EVAL]}  # the barcode decoder

METRICS_TOKEN = env.text("METRICS_TOKEN", "")

# --- Language, time, files ---

LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "inventory_site" / "locale"]
# A language is offered once its translation is there.
LANGUAGES = [
    (LANGUAGE_CODE, "English"),
    *(
        (code, str(LANG_INFO[code]["name_local"]))
        for made in sorted(LOCALE_PATHS[0].glob("*/LC_MESSAGES/django.mo"))
        if (code := to_language(made.parts[-3])) in LANG_INFO
    ),
]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = False
# What others made names its version: a browser keeps it, so that the camera works without a network.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/vendor/[^/]+/[^/]+-\d+\.\d+\.\d+\.\w+$"

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Holdfast",
    "SITE_HEADER": "Holdfast",
    "SITE_SUBHEADER": "Back office",
    "SITE_ICON": lambda request: static("holdfast.svg"),
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("holdfast.svg")}
    ],
    "SHOW_HISTORY": True,
    "STYLES": [lambda request: static("office.css")],
    "DASHBOARD_CALLBACK": "inventory_site.dashboard.dashboard",
    "SIDEBAR": {"show_search": True},  # what it shows: navigation.py
    "COLORS": {
        "primary": {
            "50": "oklch(98.4% .014 180.72)",
            "100": "oklch(95.3% .051 180.8)",
            "200": "oklch(91% .096 180.43)",
            "300": "oklch(85.5% .138 181.07)",
            "400": "oklch(77.7% .152 181.91)",
            "500": "oklch(60% .118 184.7)",
            "600": "oklch(51.1% .096 186.39)",
            "700": "oklch(43.7% .078 188.22)",
            "800": "oklch(38.6% .063 188.42)",
            "900": "oklch(32% .05 190)",
            "950": "oklch(27.7% .046 192.52)",
        }
    },
}

# --- Logs: inventory_site/logs.py ---

LOGGING = logs.as_set()
logs.configure()
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = (
    False  # it guesses from headers; middleware.py logs the peer's
)
