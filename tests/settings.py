"""The site's settings as tests see them: an empty data folder, nothing from the caller's shell.

This is the settings module of pytest, mypy and `makemigrations --check`, not a plugin or a fixture,
because Django's settings are read before any conftest.py is.
"""

import atexit
import os
import shutil
import tempfile

for name in (
    "ALLOWED_HOSTS",
    "BEHIND_TLS",
    "BODY_TIMEOUT",
    "CACHE_URL",
    "CLIENT_IP_HEADER",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_URL",
    "DEBUG",
    "HOST",
    "LANGUAGE_CODE",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "METRICS",
    "PATH_PREFIX",
    "RENDER_PROCESSES",
    "TIME_ZONE",
    "TRUSTED_PROXIES",
):
    os.environ.pop(name, None)
os.environ["SECRET_KEY"] = "known to everybody, for tests only, " + "0123456789" * 3

# Workers of pytest-xdist share the folder of the main process.
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["PLOTSITE_VAR"] = tempfile.mkdtemp(prefix="plotsite-tests-")
    atexit.register(shutil.rmtree, os.environ["PLOTSITE_VAR"], ignore_errors=True)

from plotsite.settings import *  # noqa: E402 - the environment must be ready first

INSTALLED_APPS = [*INSTALLED_APPS, "tests.tables"]


def _answers() -> bool:
    import psycopg

    try:
        psycopg.connect("dbname=postgres", connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True


# The local PostgreSQL server, for the current user.
HAS_POSTGRESQL = _answers()
if HAS_POSTGRESQL:
    DATABASES["postgresql"] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        # The name is unique, so that several test runs can share the server.
        "TEST": {"NAME": "test_" + os.path.basename(os.environ["PLOTSITE_VAR"]).lower()},
    }


def _mariadb() -> dict[str, object] | None:
    """The local MariaDB server, for a user that .ci/run creates."""
    import pymysql

    pymysql.install_as_MySQLdb()
    login = {"HOST": "127.0.0.1", "USER": "plotsite_test", "PASSWORD": "plotsite_test"}
    try:
        pymysql.connect(**{key.lower(): value for key, value in login.items()}, connect_timeout=2)
    except pymysql.MySQLError:
        return None
    return {"ENGINE": "django.db.backends.mysql", "NAME": "", **login}


if mariadb := _mariadb():
    name = "test_plotsite_" + os.path.basename(os.environ["PLOTSITE_VAR"]).lower()
    DATABASES["mariadb"] = {**mariadb, "TEST": {"NAME": name.replace("-", "_")}}

# The default hasher is slow on purpose, and tests log in often.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Render in the test process; tests of the process pool enable it. The time limit is far, because
# the machine may be busy.
PLOTS = {"PROCESSES": 0, "TIMEOUT": 600}
