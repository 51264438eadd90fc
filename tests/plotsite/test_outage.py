"""The site without its database: what needs it is a 503, and all else works."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, OperationalError, connection, connections
from django.template import engines
from django.test import Client, override_settings

import plots
from plots.http.response_cache import response_cache
from plots.presets.models import Preset
from plots.spec.registry import sources
from tests.datasets.uploads import create_dataset
from tests.helpers import ask
from tests.processes import start_python
from tests.settings import HAS_POSTGRESQL

HIDDEN = "The site cannot read its data at the moment. Try again in half a minute."
# Each is requested without and with the cookie of a session.
NEEDS_DATABASE = [
    "/", "/presets/x/", "/presets/x/embed/", "/boards/", "/boards/x/", "/feed.atom",
    "/oembed/?url=http://testserver/presets/x/", "/sitemap.xml", "/plot/line/",
    "/presets/x.png", "/presets/x.svg", f"/p/{64 * '0'}.png",
    "/plot/bar.png?source=towns&x=a&y=b", "/plot/bar.csv?source=towns&x=a&y=b",
    "/plot/bar.json?source=towns&x=a&y=b", "/plot/bar.png?source=gallery&x=kind&y=presets",
    "/towns/visits/plot.png",
]  # fmt: skip
NEEDS_NONE = [
    "/plot/line.png?y=1,2", "/plot/line.txt?y=1,2", "/plot.png?x=1,2&y=3,4",
    "/plot/bar.png?source=penguins&x=species&stat=count", "/days/visits/plot.png", "/sine.png",
    "/plot/openapi.json", "/robots.txt", "/static/plots/plots.css",
]  # fmt: skip
# These pages show who is logged in.
NEEDS_DATABASE_WITH_SESSION = ["/plot/", "/normal/0_1"]
REQUESTS = """
import json, sys, django
django.setup()
from django.conf import settings
from django.test import Client
from plots.http.signing import make_token
settings.ALLOWED_HOSTS = ["testserver"]
client = Client(raise_request_exception=False)
token = {"authorization": "Bearer " + make_token("me", 1)}
found = {}
def note(name, response):
    found[name] = [response.status_code, response.get("Retry-After"), response.get("Cache-Control")]
for path in json.loads(sys.argv[1]):
    note(path, client.get(path))
    client.cookies["sessionid"] = 32 * "0"
    note(path + " session", client.get(path))
    client.cookies.clear()
for path, body in (
    ("/plot/line", {"y": [1, 2]}),
    ("/plot/bar.png", {"source": "towns", "x": "a", "y": "b"}),
    ("/plot/line.png", {"y": [1, 2]}),
):
    note("POST " + path, client.post(path, body, content_type="application/json", headers=token))
note("POST /admin/login/", client.post("/admin/login/", {"username": "a", "password": "b"}))
etag = client.get("/plot/line.png?y=1,2")["ETag"]
note("304", client.get("/plot/line.png?y=1,2", headers={"if-none-match": etag}))
health = client.get("/healthz")
note("/healthz", health)
client.cookies["sessionid"] = 32 * "0"
note("/admin/", client.get("/admin/"))
print(json.dumps([found, health.json()["checks"]["database"]]))
"""


def missing_tables(folder: Path) -> str:
    return f"sqlite:///{folder}/empty.sqlite3"


def damaged_file(folder: Path) -> str:
    (folder / "damaged.sqlite3").write_bytes(b"not a database, " * 500)
    return f"sqlite:///{folder}/damaged.sqlite3"


@pytest.mark.parametrize(
    ("url", "failure"),
    [
        (lambda folder: "postgres://nobody@127.0.0.1:1/none", "OperationalError"),
        (lambda folder: f"sqlite:///{folder}", "OperationalError"),  # a folder is no file
        (damaged_file, "DatabaseError"),
        (missing_tables, "NotMigrated"),
    ],
    ids=["no-server", "no-file", "damaged-file", "no-tables"],
)
def test_requests_without_a_database(url, failure, tmp_path: Path) -> None:
    paths = json.dumps([*NEEDS_DATABASE, *NEEDS_NONE, *NEEDS_DATABASE_WITH_SESSION])
    environment = {
        "DJANGO_SETTINGS_MODULE": "plotsite.settings",
        "DATABASE_URL": url(tmp_path),
        "RENDER_PROCESSES": "1",
    }
    output, _ = start_python(tmp_path, "-c", REQUESTS, paths, **environment).communicate()
    assert "[{" in output, output
    found, database = json.loads(output[output.index("[{") :].splitlines()[0])
    assert database == failure
    needing = [
        *(path + visitor for path in NEEDS_DATABASE for visitor in ("", " session")),
        *(f"{path} session" for path in NEEDS_DATABASE_WITH_SESSION),
        "POST /plot/line", "POST /plot/bar.png", "POST /admin/login/", "/admin/", "/healthz",
    ]  # fmt: skip
    for path in needing:
        assert found.pop(path) == [503, "30", "no-store"], path
    assert found.pop("304")[0] == 304
    assert {path: status for path, (status, *_) in found.items() if status != 200} == {}


@pytest.fixture
def away(transactional_db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """Return a function that takes the database away from this process."""
    with monkeypatch.context() as moved:

        def take() -> None:
            connection.close()
            moved.setitem(connection.settings_dict, "NAME", str(tmp_path))

        yield take
        connection.close()


def test_error_of_a_picture(away: Any, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    Preset.objects.create(title="Two", slug="two", kind="line", parameters={"y": "1,2"})
    away()
    for path in ("/presets/two.png", "/plot/bar.png?source=towns&x=a&y=b"):
        answer = client.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (503, "image/png")
        error = {"parameter": None, "code": "unavailable", "message": HIDDEN}
        assert ask(client, path).json() == {"errors": [error]}
    assert "The database is not available: unable to open" in caplog.text


def test_page_for_programs(away: Any, client: Client) -> None:
    away()
    answer = ask(client, "/sitemap.xml")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (503, "unavailable")


def test_tags_show_placeholders(away: Any, caplog: pytest.LogCaptureFixture) -> None:
    create_dataset()
    Preset.objects.create(title="Two", slug="two", kind="line", parameters={"y": "1,2"})
    away()
    page = engines["django"].from_string(
        "{% load plots %}{% plot_img preset='two' %}{% plot_img 'bar' source='towns' x='town' %}"
        "{% plot_picture preset='two' %}{% plot_url preset='two' %}{% plot_inline preset='two' %}"
        "{% plot_img 'line' y='1,2' %}"
    )
    for debug in (False, True):
        with override_settings(DEBUG=debug):
            html = page.render()
        assert html.count("unavailable.svg") == 5
        assert "/plot/line.png?y=1,2" in html
    assert "{% plot_img %}: " + HIDDEN in caplog.text


def test_locked_database(client: Client, transactional_db: None) -> None:
    """Another process writes for longer than a request waits."""
    body = {"y": [1, 2]}
    connection.close()
    settings = connection.settings_dict
    options = settings["OPTIONS"] | {"timeout": 0.01}
    with closing(sqlite3.connect(settings["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with (
            override_settings(PLOTS={"PROCESSES": 0, "POST": "anyone"}),
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setitem(settings, "OPTIONS", options)
            answer = client.post("/plot/line", body, content_type="application/json")
            connection.close()
        other.execute("ROLLBACK")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")


@pytest.fixture
def source() -> Iterator[Any]:
    """Register functions as the source ``own``."""
    yield plots.source("own", live=True, visibility="public")
    sources.unregister("own")


@pytest.mark.skipif(not HAS_POSTGRESQL, reason="no PostgreSQL answers")
@pytest.mark.django_db(databases=["default", "postgresql"], transaction=True)
def test_database_of_a_source_ends_the_connection(source: Any, client: Client) -> None:
    @source
    def own() -> list[dict[str, int]]:
        with connections["postgresql"].cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return [{"a": 1}]

    answer = ask(client, "/plot/bar.png?source=own&x=a&y=a")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    connections["postgresql"].close()


@pytest.mark.parametrize("statement", ["SELECT nothing FROM nowhere", "SELEKT 1"])
def test_wrong_statement_of_a_source_is_an_error(
    statement: str, source: Any, client: Client, db: None
) -> None:
    @source
    def own() -> list[dict[str, int]]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
        return []

    answer = ask(client, "/plot/bar.png?source=own&x=a&y=a")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (500, "failed")


def test_known_picture_needs_no_database(away: Any, client: Client) -> None:
    url = "/plot/line.png?y=1,2,3"
    first = client.get(url)
    away()
    assert client.get(url).content == first.content  # from the memory of the process
    response_cache.clear()
    assert client.get(url)["Server-Timing"].startswith("cache;desc=hit")
    cache.clear()
    assert client.get(url).status_code == 200


def test_checks_of_a_partly_migrated_database(db: None) -> None:
    from plots.presets.checks import check_presets

    dataset = create_dataset()
    parameters = {"x": "town", "y": "people"}
    Preset.objects.create(
        title="Towns", slug="t", kind="bar", source=dataset.name, parameters=parameters
    )
    assert check_presets(databases=["default"]) == []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(dataset)._meta, "db_table", "plots_none")
        with pytest.raises(DatabaseError):
            sources.get("towns")
        assert check_presets(databases=["default"]) == []


@pytest.mark.parametrize("error", [OperationalError("secret"), ValueError("secret")])
def test_error_pages_hide_the_error(error: Exception, client: Client, monkeypatch) -> None:
    def fail(user: object) -> None:
        raise error

    client.raise_request_exception = False
    monkeypatch.setattr(Preset.objects, "visible_to", fail)
    answer = client.get("/")
    assert answer.status_code == (503 if isinstance(error, OperationalError) else 500)
    assert b"secret" not in answer.content
