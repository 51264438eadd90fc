"""The shell around the app: settings, the command `prepare`, and `make run` as people type it."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from gzip import decompress as gunzip
from pathlib import Path
from stat import S_IMODE
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection

from plots.datasets.models import Dataset
from plots.presets.models import Preset
from plotsite import static_files
from plotsite.management.commands import prepare

ROOT = Path(__file__).parents[2]


def environment(var: Path, **extra: str) -> dict[str, str]:
    """What a plain shell hands on, with a data folder of the test's own."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    return {**kept, "PLOTSITE_VAR": str(var), **extra}


def start_python(var: Path, *arguments: str, **extra: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(var, **extra),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_settings(var: Path, **extra: str) -> dict:
    """The settings that a process with this environment sees."""
    code = (
        "import json; from plotsite import settings;"
        "print(json.dumps({k: v for k, v in vars(settings).items() if k.isupper()}, default=str))"
    )
    output, _ = start_python(var, "-c", code, **extra).communicate()
    return json.loads(output)


# Settings


def test_tests_have_a_data_folder_of_their_own():
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
def test_environment_decides(tmp_path, variable, value, setting, expected):
    assert read_settings(tmp_path, **{variable: value})[setting] == expected


def test_urls_name_database_and_cache(tmp_path):
    seen = read_settings(
        tmp_path,
        DATABASE_URL="postgres://ada:secret@db.example:5433/plots",
        CACHE_URL="redis://cache.example:6379/1",
    )
    database = seen["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", 5433, "plots")
    assert "OPTIONS" not in database  # those of SQLite are for SQLite
    assert seen["CACHES"]["default"]["LOCATION"] == "redis://cache.example:6379/1"


def test_data_folder_may_have_any_name(tmp_path):
    var = tmp_path / "50%20 + #1?"
    assert read_settings(var)["DATABASES"]["default"]["NAME"] == str(var / "plotsite.sqlite3")


def test_given_secret_key_is_not_kept(tmp_path):
    read_settings(tmp_path, SECRET_KEY="given")
    assert not (tmp_path / "secret_key").exists()


def test_processes_that_start_together_agree_on_the_secret_key(tmp_path):
    var = tmp_path / "new"
    code = "from plotsite import settings; print(settings.SECRET_KEY)"
    processes = [start_python(var, "-c", code) for _ in range(6)]
    keys = {process.communicate()[0].strip() for process in processes}
    assert keys == {(var / "secret_key").read_text()}
    assert len(keys.pop()) >= 50
    assert S_IMODE((var / "secret_key").stat().st_mode) == 0o600
    assert S_IMODE(var.stat().st_mode) == 0o700
    assert [file.name for file in var.iterdir()] == ["secret_key"]


def test_deployment_checks_are_clean_behind_tls(tmp_path):
    check = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    process = start_python(tmp_path, *check, BEHIND_TLS="1")
    output, _ = process.communicate()
    assert (process.returncode, output) == (0, "System check identified no issues (0 silenced).\n")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pragma", "expected"),
    [("journal_mode", "wal"), ("synchronous", 1), ("foreign_keys", 1), ("busy_timeout", 10_000)],
)
def test_sqlite_pragmas_are_in_force(pragma, expected):
    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (expected,)


@pytest.mark.django_db
def test_sqlite_transactions_take_the_write_lock_at_once():
    other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):  # the test is in a transaction
        other.execute("BEGIN IMMEDIATE")
    other.close()


# What the site does to every answer


@pytest.mark.django_db
def test_text_travels_packed_and_a_picture_as_it_is(client):
    packed = {"headers": {"accept-encoding": "gzip"}}
    for path in ("/", "/static/plots/plots.css", "/plot/line.svg?y=1,2", "/plot/openapi.json"):
        response = client.get(path, **packed)
        assert response["Content-Encoding"] == "gzip" and "Accept-Encoding" in response["Vary"]
        plain = client.get(path)
        assert not plain.has_header("Content-Encoding")
        assert gunzip(response.getvalue())[:50] == plain.getvalue()[:50]
    svg = client.get("/plot/line.svg?y=1,2", **packed)["ETag"]
    again = client.get("/plot/line.svg?y=1,2", headers={"if-none-match": svg})
    assert svg.startswith("W/") and again.status_code == 304
    png = client.get("/plot/line.png?y=1,2", **packed)
    assert not png.has_header("Content-Encoding") and png["ETag"].startswith('"')
    assert "Accept-Encoding" not in png.get("Vary", "")


@pytest.mark.django_db
def test_a_static_file_is_kept_under_an_address_of_its_version(client, monkeypatch):
    sheet = re.search(r'"(/static/plots/plots.css\?v=\w{12})"', client.get("/").content.decode())
    assert sheet
    response = client.get(sheet[1])
    assert response["Cache-Control"] == "max-age=86400, public"
    assert response.getvalue()
    static_files.version.cache_clear()
    monkeypatch.setattr(Path, "read_bytes", lambda path: b"other contents")
    assert sheet[1] not in client.get("/").content.decode()
    static_files.version.cache_clear()


# The command `prepare`


@pytest.mark.django_db
def test_prepare_twice_changes_nothing_the_second_time(capsys):
    call_command("prepare")
    first = list(Preset.objects.order_by("pk").values())
    listed = json.loads(prepare.STARTERS.read_text(encoding="utf-8"))
    for told in json.loads(prepare.STARTER_DATASETS.read_text(encoding="utf-8")):
        listed += told["presets"]
        assert Dataset.objects.filter(name=told["name"], revision=1).exists()
    assert [preset["slug"] for preset in first] == [entry["slug"] for entry in listed]
    assert [preset["order"] for preset in first] == list(range(len(listed)))
    capsys.readouterr()

    call_command("prepare")
    assert list(Preset.objects.order_by("pk").values()) == first
    assert capsys.readouterr().out == ""


@pytest.mark.django_db
def test_deleted_starter_presets_stay_deleted():
    call_command("prepare")
    Preset.objects.all().delete()
    call_command("prepare")
    assert not Preset.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"kind": "no such kind"}, {"no_such_field": 1}])
def test_broken_starter_preset_is_named_and_nothing_is_loaded(tmp_path, monkeypatch, change):
    entries = json.loads(prepare.STARTERS.read_text(encoding="utf-8"))
    entries[-1] |= change
    broken = tmp_path / "starter_presets.json"
    broken.write_text(json.dumps(entries), encoding="utf-8")
    with monkeypatch.context() as patch, pytest.raises(CommandError, match=entries[-1]["slug"]):
        patch.setattr(prepare, "STARTERS", broken)
        call_command("prepare")
    assert not Preset.objects.exists() and not Dataset.objects.exists()

    call_command("prepare")  # the failed load left no mark
    assert Preset.objects.count() > len(entries)


@pytest.mark.django_db
def test_admin_password_is_printed_once_and_works(capsys, client):
    call_command("prepare", address="http://127.0.0.1:0/")
    printed = capsys.readouterr().out
    assert "http://127.0.0.1:0/admin/" in printed
    found = re.search(r"password {2,}(\S+)", printed)
    assert found
    assert client.login(username="admin", password=found[1])

    get_user_model().objects.update(username="ada")  # whoever administrates, one is enough
    call_command("prepare")
    assert "password" not in capsys.readouterr().out
    assert get_user_model().objects.count() == 1


# The server


def make_run(var: Path, port: int) -> subprocess.Popen[str]:
    """`make run` on the packages that these tests run on, in a process group of its own."""
    return subprocess.Popen(
        [
            "make",
            "--old-file=.venv/run.stamp",  # installs nothing
            f"BIN={Path(sys.executable).parent}",
            f"PORT={port}",
            "run",
        ],
        cwd=ROOT,
        env=environment(var),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server on fresh data, and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def answers() -> bool:
        assert process.poll() is None, process.communicate()[0]
        with socket.socket() as visitor:
            return visitor.connect_ex(("127.0.0.1", port)) == 0

    with make_run(tmp_path, port) as process:
        try:
            wait_until(answers, seconds=60)
            yield process, port
        finally:
            if alive(process.pid):
                os.killpg(process.pid, signal.SIGKILL)


def test_server_serves_static_files_and_no_debug_page(served):
    _, port = served
    with urlopen(f"http://127.0.0.1:{port}/static/admin/css/base.css") as answer:
        assert answer.headers["Content-Type"].startswith("text/css")
        assert "public" in answer.headers["Cache-Control"]
    with pytest.raises(HTTPError) as missing:
        urlopen(f"http://127.0.0.1:{port}/no/such/page")
    with missing.value as answer:
        assert answer.code == 404
        assert "no-store" in answer.headers["Cache-Control"]
        assert b"DEBUG" not in answer.read()


def test_second_server_on_the_same_port_is_refused(served, tmp_path):
    _, port = served
    with make_run(tmp_path, port) as second:
        output, _ = second.communicate(timeout=30)
    assert second.returncode != 0
    assert "Address already in use" in output


@pytest.mark.parametrize(
    ("stop", "sign"),
    [(os.kill, signal.SIGTERM), (os.killpg, signal.SIGINT)],
    ids=["terminated", "ctrl-c"],
)
def test_server_ends_with_make(served, stop, sign):
    process, _ = served
    stop(process.pid, sign)
    output, _ = process.communicate(timeout=10)
    wait_until(lambda: not alive(process.pid), seconds=10)
    assert "Traceback" not in output


# The browser


@pytest.mark.django_db(transaction=True)
def test_admin_page_in_chromium(live_server, browser_page):
    get_user_model().objects.create_superuser("ada", password="known only here")
    browser_page.goto(f"{live_server.url}/admin/")
    browser_page.get_by_label("Username").fill("ada")
    browser_page.get_by_label("Password").fill("known only here")
    browser_page.get_by_role("button", name="Log in").click()
    assert browser_page.get_by_role("link", name="Users").is_visible()
