"""Stored plots: created by tags, served at /p/…, pruned when they are no longer requested."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from plots.forms.parameters_to_spec import plot_spec
from plots.http.plot_links import Plot
from plots.http.stored_plots import StoredPlot, StoredPlotQuerySet, today
from plots.presets.models import Preset
from plots.presets.preset_plot import PresetPlot
from plots.spec.formats import FORMATS
from tests.helpers import ask, pixels, problems
from tests.markup import show

pytestmark = pytest.mark.django_db
MANY = list(range(1000))
SHORT = re.compile(r"/p/[0-9a-f]{64}\.\w+(\?v=[0-9a-f]{12})?")


def store(days: int = 0, **parameters: Any) -> StoredPlot:
    """Return a stored plot that was last requested ``days`` days ago."""
    url = Plot(plot_spec("line", y=[*MANY], **parameters)).url()
    plot = StoredPlot.objects.get(digest=url[3:67])
    StoredPlot.objects.filter(pk=plot.pk).update(used=today() - timedelta(days=days))
    plot.refresh_from_db()
    return plot


@contextmanager
def read_only_database() -> Iterator[None]:
    """Let every write fail, as on a read-only database."""

    def refuse(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            raise DatabaseError("attempt to write a readonly database")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield


def test_every_tag_gives_a_long_plot_a_short_url(client: Client) -> None:
    html = show('{% plot_img "line" y=y title="Long" width=300 height=200 %}', y=MANY)
    src, srcset = re.search(r'src="([^"]+)" srcset="([^"]+)"', html).groups()  # type: ignore[union-attr]
    assert SHORT.fullmatch(src)
    once, twice = (part.split(" ")[0] for part in srcset.split(", "))
    assert once == src and SHORT.fullmatch(twice)
    assert StoredPlot.objects.count() == 2
    assert pixels(client.get(src)).size == (300, 200)
    assert pixels(client.get(twice)).size == (600, 400)
    url = show('{% plot_url "line" y=y format="csv" %}', y=MANY)
    assert client.get(unescape(url)).content.decode().split() == ["y", *map(str, MANY)]


def test_a_short_plot_is_not_stored() -> None:
    assert show('{% plot_url "line" y=y %}', y=[1, 2]).startswith("/plot/line.png?y=1,2&")
    assert not StoredPlot.objects.exists()


@pytest.mark.parametrize(("longest", "stored"), [(200, True), (300, False)])
def test_max_url_is_the_limit(longest: int, stored: bool) -> None:
    with override_settings(PLOTS={"MAX_URL": longest}):
        url = Plot(plot_spec("line", y=[1.25] * 45)).url()
    assert bool(SHORT.fullmatch(url)) == stored


def test_the_response_equals_that_of_the_long_url(client: Client) -> None:
    parameters = {"label": ["a"], "title": "Ü, & 한", "marker": "star", "ymax": 2000.0}
    url = Plot(plot_spec("line", y=[*MANY], **parameters)).url()
    with override_settings(PLOTS={"MAX_URL": 100_000}):
        long = Plot(plot_spec("line", y=[*MANY], **parameters)).url()
    stored, plain = client.get(url), client.get(long)
    assert stored.content == plain.content
    for name in ("ETag", "Cache-Control", "Content-Type", "Content-Disposition"):
        assert stored[name] == plain[name], name
    assert "immutable" in stored["Cache-Control"]
    again = client.get(url, headers={"if-none-match": stored["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_stored_plot_has_every_format(client: Client) -> None:
    urls = {name: Plot(plot_spec("line", name, y=[*MANY])).url() for name in FORMATS}
    assert StoredPlot.objects.count() == 1
    for name, url in urls.items():
        assert client.get(url)["Content-Type"] == FORMATS[name].content_type


def test_an_existing_row_is_not_written_again(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    plot = store()
    with django_assert_num_queries(1), read_only_database():
        assert store_again() == plot.url()


def store_again() -> str:
    return Plot(plot_spec("line", y=[*MANY])).url().partition("?")[0]


def test_two_processes_may_store_the_same_plot(monkeypatch: pytest.MonkeyPatch) -> None:
    plot, calls = store(), []
    get = StoredPlotQuerySet.get

    def too_early(self: Any, **values: Any) -> Any:
        calls.append(values)
        if len(calls) == 1:  # the other process inserts the row after this query
            raise StoredPlot.DoesNotExist
        return get(self, **values)

    monkeypatch.setattr(StoredPlotQuerySet, "get", too_early)
    assert StoredPlot.objects.store("line", plot.parameters) == plot
    assert len(calls) == 2


def test_a_read_only_database_gives_the_long_url(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with read_only_database(), caplog.at_level(logging.WARNING, "plots"):
        url = unescape(show('{% plot_url "line" y=y %}', y=MANY))
    assert url.startswith("/plot/line.png?y=0,1,2")
    (record,) = caplog.records
    assert "was not stored: attempt to write a readonly database" in record.getMessage()
    assert client.get(url).status_code == 200


def test_a_read_only_database_serves_stored_plots(client: Client) -> None:
    plot = store(days=3)
    with read_only_database():
        assert client.get(plot.url()).status_code == 200


def test_long_overrides_of_a_preset_are_stored(client: Client) -> None:
    preset = Preset.objects.create(
        visibility="public",
        slug="p",
        title="P",
        kind="line",
        parameters={"y": "1"},
        overrides=["y"],
    )
    given = {"y": [",".join(map(str, MANY))]}
    url = PresetPlot.of_preset(preset, given, "csv").url()
    assert SHORT.fullmatch(url)
    assert len(client.get(url).content.split()) == 1001
    # A preset that is not public, or never cached, decides about each request.
    preset.visibility = Preset.Visibility.STAFF
    assert PresetPlot.of_preset(preset, given).url().startswith("/presets/p.png?y=")
    preset.visibility, preset.cache = Preset.Visibility.PUBLIC, Preset.Cache.NEVER
    assert PresetPlot.of_preset(preset, given).url().startswith("/presets/p.png?y=")


def test_the_plot_of_a_visitor_is_not_stored(client: Client, admin_client: Client) -> None:
    query = {"y": ",".join(map(str, MANY))}
    page = client.get("/plot/line/", query).content.decode()
    assert 'src="/plot/line.png?y=0,1,2' in page
    assert not StoredPlot.objects.exists()
    page = admin_client.get("/plot/line/", query).content.decode()
    assert 'src="/p/' in page and StoredPlot.objects.exists()
    tag = re.search(r"{% plot_img &quot;line&quot; y=&quot;0,1,2,", page)
    assert tag, "the tag has the values, not the URL"


@pytest.mark.parametrize(
    ("path", "parameter", "code", "status"),
    [
        (f"/p/{'0' * 64}.png", "digest", "unknown-plot", 404),
        ("/p/nonsense.svg", "digest", "unknown-plot", 404),
        (f"/p/{'0' * 64}.png?width=9", "width", "unknown-parameter", 400),
    ],
)
def test_an_unknown_plot_is_an_error(
    client: Client, path: str, parameter: str, code: str, status: int
) -> None:
    assert problems(client, path) == [(parameter, code)]
    response = client.get(path)
    assert response.status_code == status
    assert response["Content-Type"].startswith("image/")
    assert response["Cache-Control"] == "no-store"


def test_the_error_names_the_days_that_plots_are_stored(client: Client) -> None:
    answer = ask(client, f"/p/{'0' * 64}.png").json()
    assert "for 90 days" in answer["errors"][0]["message"]


def test_the_url_takes_a_revision_only(client: Client) -> None:
    url = store().url()
    assert client.get(f"{url}?v=0")["Cache-Control"].startswith("public, max-age=60,")
    assert problems(client, f"{url}?title=No") == [("title", "unknown-parameter")]
    assert problems(client, url.replace("png", "gif")) == [("format", "unknown-format")]


def test_an_unregistered_kind_is_an_error(client: Client) -> None:
    plot = store()
    StoredPlot.objects.update(kind="pie-in-3d")
    assert problems(client, plot.url()) == [("kind", "unknown-kind")]


def test_a_request_is_recorded_once_a_day(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plot = store(days=3)
    assert client.get(plot.url()).status_code == 200
    plot.refresh_from_db()
    assert plot.used == today()
    with read_only_database():
        assert client.get(plot.url()).status_code == 200
    StoredPlot.objects.update(used=today() - timedelta(days=1))
    store_again()
    plot.refresh_from_db()
    assert plot.used == today()


def test_prune_plots_deletes_unused_plots(capsys: pytest.CaptureFixture[str]) -> None:
    old, kept = store(title="old", days=0), store(title="kept", days=0)
    StoredPlot.objects.filter(pk=old.pk).update(used=today() - timedelta(days=91))
    StoredPlot.objects.filter(pk=kept.pk).update(used=today() - timedelta(days=90))
    call_command("prune_plots")
    assert capsys.readouterr().out == "1 stored plots deleted.\n"
    assert StoredPlot.objects.get() == kept
    call_command("prune_plots", "--days", "90")
    assert StoredPlot.objects.exists()
    call_command("prune_plots", days=89)
    assert not StoredPlot.objects.exists()
    with pytest.raises(CommandError, match="--days"):
        call_command("prune_plots", days=-1)


def test_storing_a_plot_deletes_unused_ones() -> None:
    old = store(title="old", days=91)
    new = store(title="new")
    assert StoredPlot.objects.get() == new != old


def test_the_admin_shows_and_deletes_but_does_not_edit(admin_client: Client) -> None:
    plot = store()
    table = "/admin/plots/storedplot/"
    page = admin_client.get(f"{table}?q={plot.digest[:9]}").content.decode()
    assert f'<img src="{plot.url()}" height="96"' in page
    page = admin_client.get(f"{table}{plot.pk}/change/").content.decode()
    assert f'<img src="{plot.url()}" alt' in page
    assert 'name="_save"' not in page
    assert admin_client.get(f"{table}add/").status_code == 403
    admin_client.post(f"{table}{plot.pk}/delete/", {"post": "yes"})
    assert not StoredPlot.objects.exists()
