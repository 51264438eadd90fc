"""Small projects with plots. Each differs from a usual project in a few settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HERE = "tests.standalone.hosts"
STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
FILES = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
CORE = ["plots", "django.contrib.contenttypes", "django.contrib.auth"]
ALL_APPS = [
    "plots.boards", "plots.datasets", "plots.presets", *CORE, "django.contrib.admin",
    "django.contrib.sessions", "django.contrib.messages", "django.contrib.staticfiles",
    "reversion", "import_export",
]  # fmt: skip
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]


def database(name: str = "default", **extra: Any) -> dict[str, Any]:
    """Return a database in files, which all threads share."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{name}.sqlite3",
        "TEST": {"NAME": f"test-{name}.sqlite3"},
        **extra,
    }


AWAY = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "plots",
    "HOST": "127.0.0.1",
    "PORT": "1",
}


def templates(**options: Any) -> list[dict[str, Any]]:
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": PROCESSORS, **options},
        }
    ]


# What `django-admin startproject` writes, with the apps of plots.
USUAL: dict[str, Any] = {
    "SECRET_KEY": "known to everybody, for tests only",
    "ALLOWED_HOSTS": ["testserver"],
    "INSTALLED_APPS": ALL_APPS,
    "MIDDLEWARE": MIDDLEWARE,
    "ROOT_URLCONF": f"{HERE}.urls.usual",
    "TEMPLATES": templates(),
    "DATABASES": {"default": database("default")},
    "STORAGES": {"default": FILES, "staticfiles": STATIC},
    "LANGUAGE_CODE": "en-us",
    "STATIC_URL": "static/",
    "MEDIA_ROOT": "files",
    "USE_TZ": True,
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
}


@dataclass(frozen=True)
class Project:
    """A project: its settings beside ``USUAL``, and what the system checks say about it.

    ``checks`` are the ids of all messages of plots. ``serves`` is off where a check says that the
    project cannot serve plots.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    checks: tuple[str, ...] = ()
    serves: bool = True


def without(names: list[str], *parts: str) -> list[str]:
    return [name for name in names if not any(part in name for part in parts)]


def installed(*apps: str, middleware: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "INSTALLED_APPS": [*ALL_APPS, *apps],
        "MIDDLEWARE": [*MIDDLEWARE, *middleware],
    }


PROJECTS: dict[str, Project] = {
    "usual": Project(),
    "no-time-zones": Project({"USE_TZ": False, "TIME_ZONE": "America/New_York"}),
    "dummy-cache": Project(
        {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}}
    ),
    "memory-storage": Project(
        {
            "STORAGES": {
                "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
                "staticfiles": STATIC,
            }
        }
    ),
    "no-default-storage": Project({"STORAGES": {"staticfiles": STATIC}}, ("plots.E008",), False),
    "login-required": Project(
        installed(middleware=("django.contrib.auth.middleware.LoginRequiredMiddleware",))
    ),
    "namespace": Project({"ROOT_URLCONF": f"{HERE}.urls.namespace"}),
    "mounted-twice": Project({"ROOT_URLCONF": f"{HERE}.urls.twice"}),
    "languages-in-urls": Project(
        {"ROOT_URLCONF": f"{HERE}.urls.languages", "LANGUAGE_CODE": "en"}
        | installed(middleware=("plots.http.middleware.LocaleMiddleware",))
    ),
    "not-mounted": Project({"ROOT_URLCONF": f"{HERE}.urls.nothing"}, ("plots.W009",), False),
    "uuid-user": Project(
        {"AUTH_USER_MODEL": "people.Person", "INSTALLED_APPS": [*ALL_APPS, f"{HERE}.people"]}
    ),
    "user-without-staff": Project(
        {
            "AUTH_USER_MODEL": "people.Member",
            "INSTALLED_APPS": [*without(ALL_APPS, "admin"), f"{HERE}.people"],
            "ROOT_URLCONF": f"{HERE}.urls.plots_only",
        }
    ),
    "own-admin": Project({"ROOT_URLCONF": f"{HERE}.urls.own_admin"}),
    "no-admin": Project(
        {"INSTALLED_APPS": without(ALL_APPS, "admin"), "ROOT_URLCONF": f"{HERE}.urls.plots_only"}
    ),
    "no-slashes": Project({"APPEND_SLASH": False}),
    "small-keys": Project({"DEFAULT_AUTO_FIELD": "django.db.models.AutoField"}),
    "no-translations": Project({"USE_I18N": False}),
    "one-language": Project({"LANGUAGE_CODE": "de", "LANGUAGES": [("de", "Deutsch")]}),
    "thousands": Project({"LANGUAGE_CODE": "de", "USE_THOUSAND_SEPARATOR": True}),
    "bare": Project(
        {
            "INSTALLED_APPS": CORE,
            "MIDDLEWARE": [],
            "ROOT_URLCONF": f"{HERE}.urls.plots_only",
            "TEMPLATES": [
                {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
            ],
        }
    ),
    "no-sessions": Project(
        {
            "INSTALLED_APPS": without(ALL_APPS, "admin", "sessions", "messages"),
            "MIDDLEWARE": without(MIDDLEWARE, "essions", "essages", "uthentication"),
            "ROOT_URLCONF": f"{HERE}.urls.plots_only",
            "TEMPLATES": templates(context_processors=[]),
        }
    ),
    "no-media": Project({"MEDIA_ROOT": ""}, ("plots.W011",)),
    "memory-storage-of-one": Project(
        {
            "STORAGES": {
                "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
                "staticfiles": STATIC,
            },
            "PLOTS": {"PROCESSES": 1},
        },
        ("plots.W010",),
        False,
    ),
    "unknown-storage": Project(
        {"STORAGES": {"default": {"BACKEND": "storages.Nothing"}, "staticfiles": STATIC}},
        ("plots.E008",),
        False,
    ),
    "script-name": Project({"FORCE_SCRIPT_NAME": "/charts"}),
    "csrf-in-session": Project({"CSRF_USE_SESSIONS": True}),
    # SQLite would not do: Django's own checks connect to it.
    "database-away": Project({"DATABASES": {"default": AWAY}}, (), False),
    "no-database": Project({"DATABASES": {}}, ("plots.E012",), False),
    "core-without-database": Project(
        {
            "DATABASES": {},
            "INSTALLED_APPS": CORE,
            "MIDDLEWARE": [],
            "ROOT_URLCONF": f"{HERE}.urls.plots_only",
        }
    ),
    "other-templates": Project(
        {
            "TEMPLATES": [
                {"BACKEND": "django.template.backends.dummy.TemplateStrings", "APP_DIRS": True}
            ],
            "INSTALLED_APPS": CORE,
            "ROOT_URLCONF": f"{HERE}.urls.plots_only",
        },
        ("plots.W012",),
        False,
    ),
    "no-app-templates": Project(
        {"TEMPLATES": [{**templates()[0], "APP_DIRS": False}]}, ("plots.W012",), False
    ),
    "strict-templates": Project({"TEMPLATES": templates(string_if_invalid="INVALID %s")}),
    "own-database": Project(
        {
            "DATABASES": {
                "default": database("default"),
                "charts": database("charts"),
                "empty": database("empty"),
            },
            "DATABASE_ROUTERS": [f"{HERE}.routers.ChartsRouter"],
            "INSTALLED_APPS": without(ALL_APPS, "plots."),
        }
    ),
    "apart-from-users": Project(
        {
            "DATABASES": {"default": database("default"), "charts": database("charts")},
            "DATABASE_ROUTERS": [f"{HERE}.routers.ChartsRouter"],
        },
        ("plots.E011",),
        False,
    ),
    "replica": Project(
        {
            "DATABASES": {
                "default": database("default"),
                "replica": database("replica", TEST={"MIRROR": "default"}),
            },
            "DATABASE_ROUTERS": [f"{HERE}.routers.ReplicaRouter"],
        },
        (),
        False,
    ),
    "no-migrations": Project(
        {
            "DATABASE_ROUTERS": [f"{HERE}.routers.Forbidding"],
            "INSTALLED_APPS": CORE,
            "ROOT_URLCONF": f"{HERE}.urls.plots_only",
        }
    ),
    "atomic-requests": Project({"DATABASES": {"default": database(ATOMIC_REQUESTS=True)}}),
    # Production servers run no checks, so a failing example must not break the catalogue.
    "plain-kinds": Project(installed(f"{HERE}.plain") | {"SILENCED_SYSTEM_CHECKS": ["plots.E004"]}),
    "failing-example": Project(installed(f"{HERE}.plain"), ("plots.E004",), False),
    "debug": Project({"DEBUG": True}),
}
