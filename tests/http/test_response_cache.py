"""The in-process response cache: repeated URLs, invalidation and size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

import plots
from plots.http import response_cache, views
from plots.presets.models import Preset
from plots.spec.registry import kinds, sources
from tests.helpers import pixels

PLOT = "/plot/line.png?y=1,2,3"


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Record the arguments of read_spec."""
    read: list[Any] = []
    read_spec = views.read_spec

    def noted(*args: Any) -> Any:
        read.append(args)
        return read_spec(*args)

    monkeypatch.setattr(views, "read_spec", noted)
    return read


def test_cached_response_equals_the_first(client: Client, readings: list) -> None:
    first = client.get(PLOT)
    cache.clear()
    again = client.get(PLOT)
    assert len(readings) == 1
    assert again.content == first.content
    assert again["Server-Timing"] == "cache;desc=hit"
    changed = {"Server-Timing"}
    assert {k: v for k, v in again.items() if k not in changed} == {
        k: v for k, v in first.items() if k not in changed
    }


def test_conditional_requests_use_the_cache(client: Client, readings: list) -> None:
    first = client.get(PLOT)
    etag = first["ETag"]
    for known, status in (
        (etag, 304), (f'W/{etag}', 304), (f'"other", {etag}', 304), ("*", 304), ('"other"', 200),
    ):  # fmt: skip
        answer = client.get(PLOT, headers={"if-none-match": known})
        assert answer.status_code == status, known
        assert answer["ETag"] == etag
        assert answer["Cache-Control"] == first["Cache-Control"]
    assert client.get(PLOT, headers={"if-match": '"other"'}).status_code == 412
    assert client.get(PLOT, headers={"if-match": etag}).status_code == 200
    assert len(readings) == 1


@pytest.mark.parametrize("known", ["right", "wrong"])
@pytest.mark.parametrize("condition", ["if-match", "if-none-match", "if-unmodified-since"])
def test_conditions_are_the_same_for_cached_urls(
    client: Client, condition: str, known: str
) -> None:
    etag = client.get(PLOT)["ETag"]
    values = {"right": etag, "wrong": '"other"'}
    if condition == "if-unmodified-since":
        values = {
            "right": "Fri, 01 Jan 2100 00:00:00 GMT",
            "wrong": "Sat, 01 Jan 2000 00:00:00 GMT",
        }
    headers = {condition: values[known]}
    cached = client.get(PLOT, headers=headers)
    response_cache.response_cache.clear()
    fresh = client.get(PLOT, headers=headers)
    assert cached.status_code == fresh.status_code
    assert cached.content == fresh.content


@pytest.mark.django_db
@pytest.mark.parametrize("visibility", ["staff", "members", "public"])
def test_only_public_sources_are_cached(
    client: Client, admin_client: Client, visibility: str
) -> None:
    """Else a visitor would get what the staff saw before."""
    plots.source("seen", version="1", visibility=visibility)(lambda: {"n": [1.0, 2.0]})
    url, is_public = "/plot/line.png?source=seen&y=n", visibility == "public"
    try:
        for _ in range(2):
            assert admin_client.get(url).status_code == 200
        assert len(response_cache.response_cache) == is_public
        assert client.get(url).status_code == (200 if is_public else 404)
    finally:
        sources.unregister("seen")


def test_304_of_an_uncached_url(client: Client, readings: list) -> None:
    etag = client.get(PLOT)["ETag"]
    response_cache.response_cache.clear()
    assert client.get(PLOT, headers={"if-none-match": etag}).status_code == 304
    assert client.get(PLOT).content.startswith(b"\x89PNG")
    assert len(readings) == 2


def test_other_methods_are_refused_for_cached_urls(client: Client) -> None:
    client.get(PLOT)
    assert client.put(PLOT).status_code == 405


def test_changed_settings_clear_the_cache(client: Client) -> None:
    client.get(PLOT)
    with override_settings(PLOTS={"MAX_AGE": 9}):
        assert "max-age=9," in client.get(PLOT)["Cache-Control"]
    with override_settings(PLOTS={"MAX_SIDE": 100}):
        assert client.get(PLOT).status_code == 400


@pytest.fixture
def versioned() -> Iterator[dict[str, Any]]:
    """A source with the column ``n`` and a version."""
    table: dict[str, Any] = {"n": [1.0, 2.0, 4.0], "version": "1"}
    plots.source("versioned", visibility="public", version=lambda: table["version"])(
        lambda: {"n": table["n"]}
    )
    yield table
    sources.unregister("versioned")


def test_new_version_of_a_source(client: Client, versioned: dict[str, Any]) -> None:
    url = "/plot/line.png?source=versioned&y=n"
    first = client.get(url)
    assert client.get(url).content == first.content
    versioned.update(n=[4.0, 2.0, 1.0], version="2")
    second = client.get(url, headers={"if-none-match": first["ETag"]})
    assert second.status_code == 200
    assert second.content != first.content


def test_replaced_or_unregistered_kind(client: Client) -> None:
    url = "/plot/passing.png?y=1,2"
    contents = []
    for version, mark in enumerate((">", "<"), 1):

        @plots.kind("passing", channels=plots.XY, version=version)
        def passing(ax: plots.Axes, data: plots.Data, *, mark: str = mark) -> None:
            ax.plot(data.series[0].y, marker=mark)

        contents.append(client.get(url).content)
        kinds.unregister("passing")
    assert contents[0] != contents[1]
    assert client.get(url).status_code == 404


def test_random_plots_are_not_cached(client: Client) -> None:
    assert client.get("/plot/normal.png").content != client.get("/plot/normal.png").content


@pytest.mark.django_db
def test_preset_image_needs_one_query_and_is_current(
    client: Client, django_assert_num_queries: Any
) -> None:
    preset = Preset.objects.create(
        visibility="public",
        slug="a",
        title="A",
        kind="line",
        parameters={"y": ["1,2,3"], "width": ["300"]},
    )
    first = client.get("/presets/a.png")
    with django_assert_num_queries(1):
        assert client.get("/presets/a.png").content == first.content
    # update() sends no signals, unlike save().
    Preset.objects.filter(pk=preset.pk).update(parameters={"y": ["1,2,3"], "width": ["400"]})
    assert pixels(client.get("/presets/a.png")).width == 400
    Preset.objects.filter(pk=preset.pk).update(cache="never")
    assert "no-store" in client.get("/presets/a.png")["Cache-Control"]
    Preset.objects.filter(pk=preset.pk).update(visibility="staff")
    assert client.get("/presets/a.png").status_code == 404


def test_cache_size_is_limited(client: Client) -> None:
    with override_settings(PLOTS={"RECALL": 1}):
        for n in range(100):
            client.get(f"/plot/line.png?y=1,2,{n}&width=200&height=100")
        big = "/plot/line.png?y=1,2,3&title=" + "x" * 180
        client.get(big)
        assert len(response_cache.response_cache) > 10
        assert 0 < response_cache.response_cache.size <= response_cache.MEGABYTE
        assert client.get(big)["Server-Timing"] == "cache;desc=hit"
    with override_settings(PLOTS={"RECALL": 0}):
        client.get(PLOT)
        assert not len(response_cache.response_cache)
