"""Settings of the site. What differs from one machine to the next is read from the environment.

DEBUG                 default off
SECRET_KEY            default: made at the first start and kept in PLOTSITE_VAR
PLOTSITE_VAR          the folder of everything that is written; default var/ beside manage.py
DATABASE_URL          default: SQLite in PLOTSITE_VAR; postgres://user:password@host/name
CACHE_URL             default: memory of each process; redis://host:6379/0
HOST                  the address that the server listens on, hence a name it answers to
ALLOWED_HOSTS         names that the site answers to; default: this machine's own, and HOST
CSRF_TRUSTED_ORIGINS  origins that may post forms, such as https://plots.example.org
BEHIND_TLS            on when a proxy in front speaks https; default off
LOG_LEVEL             what the site tells about itself: DEBUG, INFO (default), WARNING or ERROR;
                      DEBUG tells every plot that is drawn
LOG_FORMAT            line (default), or json: one object a line, with the digest of the plot
METRICS               on: /metrics counts for Prometheus; whoever reaches the site can read it
RENDER_PROCESSES      processes that draw; default one a core, at most 4; 0 draws in the server
TIME_ZONE, LANGUAGE_CODE
"""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote
from wsgiref.headers import Headers

import environ
from csp.constants import NONE, SELF

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
PLOTSITE_VAR = Path(env.str("PLOTSITE_VAR", default="") or BASE_DIR / "var").resolve()

DEBUG = env.bool("DEBUG", default=False)


def kept_key(file: Path) -> str:
    """The key in `file`, which the first process that asks creates.

    A hard link appears whole or not at all and never replaces a file, so of two processes that
    start together one wins and both read the same key.
    """
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent) as draft:  # mode 0600
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, file)
    return file.read_text()


# Not through `env`, which takes a value that begins with "$" for the name of another variable:
# one in fifty of the keys that Django's startproject makes begins so.
SECRET_KEY = os.environ.get("SECRET_KEY") or kept_key(PLOTSITE_VAR / "secret_key")

own_names = ["localhost", "127.0.0.1", "[::1]"]
if host := env.str("HOST", default=""):
    own_names.append(f"[{host}]" if ":" in host else host)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=own_names)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "plotsite",
    # Before plots, whose templates these apps extend.
    "plots.boards",
    "plots.datasets",
    "plots.presets",
    "plots",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "import_export",
    "reversion",
]

MIDDLEWARE = [
    # First, because it must see every answer, the redirects of those below included.
    "plots.http.middleware.NeverCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "plotsite.middleware.CompressText",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "plots.http.middleware.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "plotsite.urls"
WSGI_APPLICATION = "plotsite.wsgi.application"

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
            ],
        },
    },
]

own_database = f"sqlite:///{quote(str(PLOTSITE_VAR / 'plotsite.sqlite3'))}"
DATABASES = {"default": env.db("DATABASE_URL", default=own_database)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Readers and the one writer do not wait for each other, and no commit waits for the disk;
        # a power cut may cost the last commits but never the file. More of what is sorted, as for a
        # line of a million rows, stays in memory: 16 MB of a connection instead of 2.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA cache_size=-16384",
        # A transaction that reads first and writes later fails at once when another wrote in
        # between; one that takes the write lock at its start waits its turn instead.
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,  # seconds to wait for that turn
        **DATABASES["default"].get("OPTIONS", {}),
    }
    # A file, as when serving: a database in memory would be one connection for all threads.
    DATABASES["default"]["TEST"] = {"NAME": PLOTSITE_VAR / "test.sqlite3"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    # A cache that does not answer is worth less than drawing without it.
    CACHES["default"]["OPTIONS"] = {
        "socket_connect_timeout": 1,
        "socket_timeout": 1,
        **CACHES["default"].get("OPTIONS", {}),
    }

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LANGUAGES = [("en", "English"), ("ko", "한국어"), ("zh-hans", "简体中文")]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = True
USE_TZ = True

# Datasets are kept here; nothing serves this folder.
MEDIA_ROOT = PLOTSITE_VAR / "files"

# Whitenoise serves each file from the app that ships it, so nothing has to be collected first and
# there is no STATIC_ROOT. It lists the files once, at the start. Pages name the version of a file.
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 24 * 3600


def check_imported_module(headers: Headers, path: str, url: str) -> None:
    """Let browsers check for changes of the module that scripts import by its plain name."""
    if path.endswith("/page_parts.js"):
        headers["Cache-Control"] = "no-cache"


WHITENOISE_ADD_HEADERS_FUNCTION = check_imported_module
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "plotsite.static_files.VersionedStorage"},
}

# What a page may load, and who may frame it. What says so itself, as pictures do, is left alone.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # the admin shows pictures of what is not saved yet
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}

if env.bool("BEHIND_TLS", default=False):
    # The proxy must set this header itself and drop the one that a visitor sends.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|metrics)$"]  # asked from inside, past the proxy
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO", choices=LOG_LEVELS)
LOG_FORMAT = env.str("LOG_FORMAT", default="line", choices=("line", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "plots.metrics.JSONFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers are silent or send mail when debug is off.
        "django": {"handlers": [], "level": "INFO"},
        # A visitor's mistake (4xx) is the visitor's to read; what fails here (5xx) is logged.
        "django.request": {"level": "ERROR"},
        "plots": {"level": LOG_LEVEL},
        "plotsite": {"level": LOG_LEVEL},
    },
}

# Settings of `plots`; every key is optional and has a default in plots/conf.py.
PLOTS: dict[str, object] = {
    "METRICS": env.bool("METRICS", default=False),
    "PROCESSES": env.int("RENDER_PROCESSES", default=min(os.cpu_count() or 1, 4)),
}
