"""Settings from the environment, the secret key and SQLite's options."""

import json
import sqlite3
from pathlib import Path
from stat import S_IMODE

import pytest
from django.conf import settings
from django.db import connection

from tests.processes import ROOT, start_python


def read_settings(var: Path, **extra: str) -> dict:
    """Return the settings of a process with this environment."""
    code = (
        "import json; from plotsite import settings;"
        "print(json.dumps({k: v for k, v in vars(settings).items() if k.isupper()}, default=str))"
    )
    output, _ = start_python(var, "-c", code, **extra).communicate()
    return json.loads(output)


def test_tests_have_their_own_data_folder():
    assert ROOT not in settings.PLOTSITE_VAR.parents
    assert settings.PLOTSITE_VAR in Path(settings.DATABASES["default"]["NAME"]).parents


def test_defaults_are_safe(tmp_path):
    seen = read_settings(tmp_path)
    assert seen["DEBUG"] is False
    assert seen["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert seen["DATABASES"]["default"]["NAME"] == str(tmp_path / "plotsite.sqlite3")
    assert seen["CACHES"]["default"]["BACKEND"].endswith("LocMemCache")
    assert seen["TIME_ZONE"] == "UTC"


@pytest.mark.parametrize(
    ("variable", "value", "setting", "expected"),
    [
        ("DEBUG", "1", "DEBUG", True),
        ("ALLOWED_HOSTS", "a.example,b.example", "ALLOWED_HOSTS", ["a.example", "b.example"]),
        ("HOST", "192.0.2.1", "ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", "192.0.2.1"]),
        (
            "HOST",
            "2001:db8::1",
            "ALLOWED_HOSTS",
            ["localhost", "127.0.0.1", "[::1]", "[2001:db8::1]"],
        ),
        (
            "CSRF_TRUSTED_ORIGINS",
            "https://a.example",
            "CSRF_TRUSTED_ORIGINS",
            ["https://a.example"],
        ),
        ("TIME_ZONE", "Asia/Seoul", "TIME_ZONE", "Asia/Seoul"),
        ("LANGUAGE_CODE", "ko", "LANGUAGE_CODE", "ko"),
        ("SECRET_KEY", "$begins like a variable", "SECRET_KEY", "$begins like a variable"),
        ("BEHIND_TLS", "1", "SESSION_COOKIE_SECURE", True),
    ],
)
def test_environment_variables(tmp_path, variable, value, setting, expected):
    assert read_settings(tmp_path, **{variable: value})[setting] == expected


def test_hsts_concerns_other_sites_only_if_asked_for(tmp_path):
    names = ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    seen = read_settings(tmp_path, BEHIND_TLS="1")
    assert seen["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600
    assert [seen[name] for name in names] == [False, False]
    asked = {"HSTS_INCLUDE_SUBDOMAINS": "1", "HSTS_PRELOAD": "1"}
    seen = read_settings(tmp_path, BEHIND_TLS="1", **asked)
    assert [seen[name] for name in names] == [True, True]


def test_database_and_cache_urls(tmp_path):
    seen = read_settings(
        tmp_path,
        DATABASE_URL="postgres://ada:secret@db.example:5433/plots",
        CACHE_URL="redis://cache.example:6379/1",
    )
    database = seen["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", 5433, "plots")
    assert database["OPTIONS"] == {"connect_timeout": 5}  # no options of SQLite
    assert seen["CACHES"]["default"]["LOCATION"] == "redis://cache.example:6379/1"


def test_data_folder_with_special_characters(tmp_path):
    var = tmp_path / "50%20 + #1?"
    assert read_settings(var)["DATABASES"]["default"]["NAME"] == str(var / "plotsite.sqlite3")


def test_given_secret_key_is_not_stored(tmp_path):
    read_settings(tmp_path, SECRET_KEY="given")
    assert not (tmp_path / "secret_key").exists()


def test_concurrent_starts_share_one_secret_key(tmp_path):
    var = tmp_path / "new"
    code = "from plotsite import settings; print(settings.SECRET_KEY)"
    processes = [start_python(var, "-c", code) for _ in range(6)]
    keys = {process.communicate()[0].strip() for process in processes}
    assert keys == {(var / "secret_key").read_text()}
    assert len(keys.pop()) >= 50
    assert S_IMODE((var / "secret_key").stat().st_mode) == 0o600
    assert S_IMODE(var.stat().st_mode) == 0o700
    assert [file.name for file in var.iterdir()] == ["secret_key"]


def test_deployment_checks_behind_tls(tmp_path):
    check = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    process = start_python(tmp_path, *check, BEHIND_TLS="1", TRUSTED_PROXIES="1")
    output, _ = process.communicate()
    assert (process.returncode, output) == (0, "System check identified no issues (2 silenced).\n")
    output, _ = start_python(tmp_path, *check, BEHIND_TLS="1").communicate()
    assert "(plots.W007) SECURE_PROXY_SSL_HEADER says that there is a proxy" in output


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pragma", "expected"),
    [("journal_mode", "wal"), ("synchronous", 1), ("foreign_keys", 1), ("busy_timeout", 10_000)],
)
def test_sqlite_pragmas(pragma, expected):
    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (expected,)


@pytest.mark.django_db
def test_sqlite_transactions_are_immediate():
    other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0)
    with pytest.raises(
        sqlite3.OperationalError, match="locked"
    ):  # the test itself runs in a transaction
        other.execute("BEGIN IMMEDIATE")
    other.close()
