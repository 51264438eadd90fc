"""Settings of the site. These environment variables change them:

DEBUG                 default off
SECRET_KEY            default: created at the first start and stored in PLOTSITE_VAR
PLOTSITE_VAR          folder for everything that the site writes; default var/ beside manage.py
DATABASE_URL          default: SQLite in PLOTSITE_VAR; postgres://user:password@host/name, or
                      mysql://user:password@host/name for MariaDB and MySQL (pip install PyMySQL)
CACHE_URL             default: the memory of each process; redis://host:6379/0
HOST                  IP address or name that the server listens on; added to ALLOWED_HOSTS
ALLOWED_HOSTS         host names of the site; default: localhost, its IP addresses and HOST
CSRF_TRUSTED_ORIGINS  origins that can post forms, such as https://plots.example.org
PATH_PREFIX           path below which the site is served, such as /charts; default: the root.
                      The proxy may remove the prefix from the path or keep it
BEHIND_TLS            on if a proxy in front of the site serves HTTPS; default off
HSTS_INCLUDE_SUBDOMAINS, HSTS_PRELOAD
                      on: with BEHIND_TLS, demand HTTPS for all subdomains, too, and allow browsers
                      to preload that; default off
TRUSTED_PROXIES       number of proxies in front of the site that append the client's address to the
                      header CLIENT_IP_HEADER; default 0: the address of the connection counts
CLIENT_IP_HEADER      default X-Forwarded-For
LOG_LEVEL             DEBUG, INFO (default), WARNING or ERROR; DEBUG logs every render
LOG_FORMAT            line (default), or json: one object per line, with the digest of the plot
METRICS               on: /metrics serves metrics for Prometheus to everybody who reaches the site
BODY_TIMEOUT          seconds that a client has to send a request or to read a response, besides one
                      second for each 16 KB; default 30
RENDER_PROCESSES      number of render processes; default one per core, at most 4; 0 renders in the
                      web process
TIME_ZONE, LANGUAGE_CODE
"""

import os
import secrets
import tempfile
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote
from wsgiref.headers import Headers

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from plotsite.logins.settings import *  # noqa: F403 - the settings of django-axes

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
PLOTSITE_VAR = Path(env.str("PLOTSITE_VAR", default="") or BASE_DIR / "var").resolve()

# matplotlib stores its list of fonts here, so that it is made only once. It is imported later, in
# render processes, which inherit the environment.
os.environ.setdefault("MPLCONFIGDIR", str(PLOTSITE_VAR / "matplotlib"))

try:
    tempfile.gettempdir()
except FileNotFoundError:  # no usual folder is writable: only the data folder is
    temporary = PLOTSITE_VAR / "tmp"
    temporary.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["TMPDIR"] = str(temporary)

DEBUG = env.bool("DEBUG", default=False)


def read_or_create_key(file: Path) -> str:
    """Return the secret key in ``file``, and create the file if it is missing.

    A hard link is atomic and never replaces a file. If two processes start at the same time, both
    read the same key.
    """
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent) as draft:  # mode 0600
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, file)
    return file.read_text()


# `env` reads a value that begins with "$" as the name of another variable. One in fifty keys from
# Django's startproject begins with "$", so this is not read with `env`.
SECRET_KEY = os.environ.get("SECRET_KEY") or read_or_create_key(PLOTSITE_VAR / "secret_key")

local_names = ["localhost", "127.0.0.1", "[::1]"]
if host := env.str("HOST", default=""):
    local_names.append(f"[{host}]" if ":" in host else host)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=local_names)
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
    "axes",
    "csp",
    "import_export",
    "reversion",
]

PATH_PREFIX = "/".join(["", *filter(None, env.str("PATH_PREFIX", default="").split("/"))])
if PATH_PREFIX.split("/")[1:2] in (["admin"], ["boards"], ["p"], ["plot"], ["presets"]):
    # Below /plot, nobody could say whether /plot/ is the start page or the catalogue.
    raise ImproperlyConfigured(f"PATH_PREFIX: {PATH_PREFIX} is a page of the site itself.")
if PATH_PREFIX:
    FORCE_SCRIPT_NAME = PATH_PREFIX
    # Other sites on the same host have cookies of the same names.
    SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = LANGUAGE_COOKIE_PATH = PATH_PREFIX
    # The cookie of messages has no setting for its path.
    MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

MIDDLEWARE = [
    "plotsite.middleware.PathPrefixMiddleware",
    # Early, because it must see every response, the redirects of the others included.
    "plots.http.middleware.NeverCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "plotsite.middleware.PermissionsPolicy",
    "plotsite.middleware.CompressText",
    "plotsite.static_files.StaticFiles",
    "plotsite.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "plots.http.middleware.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
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
                "plotsite.pages.login_url",
            ],
        },
    },
]

local_database = f"sqlite:///{quote(str(PLOTSITE_VAR / 'plotsite.sqlite3'))}"
DATABASES = {"default": env.db("DATABASE_URL", default=local_database)}
engine = DATABASES["default"]["ENGINE"].removeprefix("django.db.backends.")
engine_options = {
    # With WAL, readers and the writer do not block each other. With synchronous=NORMAL, a power cut
    # can lose the last commits but never damages the file. A cache of 16 MB instead of 2 holds the
    # sorted rows of large plots. A deferred transaction that reads and then writes fails at once if
    # another one wrote in between; an immediate one waits for the write lock, at most 10 seconds.
    "sqlite3": {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA cache_size=-16384",
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
    },
    # Otherwise a request waits for minutes if the server's machine does not answer.
    "postgresql": {"connect_timeout": 5},
    "mysql": {"connect_timeout": 5, "charset": "utf8mb4"},
}.get(engine, {})
DATABASES["default"]["OPTIONS"] = engine_options | DATABASES["default"].get("OPTIONS", {})
if engine == "sqlite3":
    # A file, as in production: a database in memory would share one connection between threads.
    DATABASES["default"]["TEST"] = {"NAME": PLOTSITE_VAR / "test.sqlite3"}
elif engine == "mysql" and not find_spec("MySQLdb") and find_spec("pymysql"):
    import_module("pymysql").install_as_MySQLdb()  # a driver that needs no compiler
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    # Rendering again is faster than waiting for a cache that does not respond.
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

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "plots:index"

LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LANGUAGES = [("en", "English"), ("ko", "한국어"), ("zh-hans", "简体中文")]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = True
USE_TZ = True

MEDIA_ROOT = PLOTSITE_VAR / "files"  # datasets; no URL serves this folder

# Whitenoise serves static files from the folders of the apps, without collectstatic.
# It lists the files once, at the start. URLs in pages have the version of a file.
STATIC_URL = f"{PATH_PREFIX}/static/"
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

# Responses that set this header themselves, such as images, keep their own.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # the admin previews unsaved plots
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
    # Requested from inside, without the proxy.
    SECURE_REDIRECT_EXEMPT = [rf"^{PATH_PREFIX[1:]}/?(healthz|metrics)$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    # These concern other sites of the same domain, and browsers remember them.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=False)
    SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # about these two
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
        # Errors of visitors (4xx) are not logged, errors of the site (5xx) are.
        "django.request": {"level": "ERROR"},
        "plots": {"level": LOG_LEVEL},
        "plotsite": {"level": LOG_LEVEL},
    },
}

# Django's default creates a signer for each request.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Read by plotsite.buffering.
BODY_TIMEOUT = env.float("BODY_TIMEOUT", default=30.0)

TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# Settings of plots. Every key is optional; plots/conf.py has the defaults.
PLOTS: dict[str, object] = {
    "METRICS": env.bool("METRICS", default=False),
    # A client can send this header, too, so it counts only if a proxy is known to extend it.
    "CLIENT_IP_HEADER": env.str("CLIENT_IP_HEADER", default="X-Forwarded-For")
    if TRUSTED_PROXIES
    else "REMOTE_ADDR",
    "TRUSTED_PROXIES": TRUSTED_PROXIES or 1,
    "PROCESSES": env.int("RENDER_PROCESSES", default=min(os.cpu_count() or 1, 4)),
}
