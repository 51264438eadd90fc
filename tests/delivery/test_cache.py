"""Cached images and single flight."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.core.cache import cache as django_cache
from django.core.cache import caches
from django.test import Client

import plots
from plots import PlotError
from plots.delivery import cache
from plots.forms.parameters_to_spec import plot_spec
from plots.spec.registry import sources
from tests.delivery.drawings import Drawings, draw_as
from tests.helpers import problems
from tests.processes import FAR

PLOT = "/plot/counted.png?y=1,2,3"


@pytest.fixture
def changing() -> Iterator[list[float]]:
    """The column ``n`` of a source without a version."""
    values = [1.0, 2.0, 4.0]
    plots.source("changing", visibility="public")(lambda: {"n": values})
    yield values
    sources.unregister("changing")


def test_equivalent_urls_share_an_image(client: Client, drawings: Drawings) -> None:
    first = client.get("/plot/counted.png?y=1,2,3&title=A%20b&width=300")
    for query in ("width=300&title=A+b&y=1,2,3", "y=1%2C2%2C3&w=300&title=A b", "y=1.0,2,3e0&"
                  "title=A b&width=300&v=0123456789ab"):  # fmt: skip
        again = client.get(f"/plot/counted.png?{query}")
        assert again.content == first.content
        assert again["Server-Timing"] == "cache;desc=hit"
    assert client.head("/plot/counted.png?title=A+b&y=1,2,3&width=300").status_code == 200
    assert len(drawings) == 1


def test_each_format_and_option_is_rendered(client: Client, drawings: Drawings) -> None:
    addresses = [PLOT, PLOT.replace("png", "svg"), f"{PLOT}&theme=dark", f"{PLOT}&scale=2"]
    contents = {client.get(address).content for address in addresses}
    assert len(contents) == len(drawings) == 4


def test_concurrent_requests_share_one_rendering(drawings: Drawings) -> None:
    drawings.gate.clear()
    with ThreadPoolExecutor(24) as crowd:
        asked = [crowd.submit(Client().get, PLOT) for _ in range(24)]
        assert drawings.begun.wait(FAR)
        drawings.gate.set()
        answers = [each.result() for each in asked]
    assert len(drawings) == 1
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


def test_failure_is_raised_in_all_waiting_requests() -> None:
    spec = plot_spec("line", y=[1, 2])
    gate, begun = Event(), Event()

    def fail(_: object) -> Any:
        begun.set()
        assert gate.wait(FAR)
        raise PlotError("No.", "failed")

    with ThreadPoolExecutor(4) as crowd:
        asked = [crowd.submit(cache.fetch, spec, fail) for _ in range(4)]
        assert begun.wait(FAR)
        gate.set()
        assert {str(each.exception()) for each in asked} == {"No."}
    assert cache.fetch(spec, draw_as(b"drawn")).content == b"drawn"


def test_costly_failures_are_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    spec, tried = plot_spec("line", y=[1, 2]), []

    def fail(spec: Any) -> Any:
        tried.append(spec)
        raise PlotError("Too slow.", code)

    for code, tries in (("timed-out", 1), ("crashed", 1), ("failed", 3), ("busy", 3)):
        django_cache.clear()
        tried.clear()
        for _ in range(3):
            with pytest.raises(PlotError, match="Too slow"):
                cache.fetch(spec, fail)
        assert len(tried) == tries, code
    monkeypatch.setattr(cache, "FAILURE_TTL", 0.2)
    code = "crashed"
    with pytest.raises(PlotError):
        cache.fetch(spec, fail)
    Event().wait(0.3)
    assert cache.fetch(spec, draw_as(b"drawn")).content == b"drawn"


def test_source_without_version_expires(
    client: Client, changing: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "/plot/line.png?source=changing&y=n"
    first = client.get(url)
    changing.append(5.0)
    assert client.get(url).content == first.content
    now = cache.time()
    monkeypatch.setattr(cache, "time", lambda: now + 61)
    second = client.get(url, headers={"if-none-match": first["ETag"]})
    assert second.status_code == 200
    assert second.content != first.content
    assert client.get(url, headers={"if-none-match": second["ETag"]}).status_code == 304


def test_stale_image_is_served_while_revalidating(
    monkeypatch: pytest.MonkeyPatch, changing: list[float]
) -> None:
    spec = plot_spec("line", source="changing", y="n")
    assert not spec.is_pinned
    cache.fetch(spec, draw_as(b"old"))
    now = cache.time()
    monkeypatch.setattr(cache, "time", lambda: now + 61)
    gate, begun = Event(), Event()

    def draw(spec: Any) -> Any:
        begun.set()
        assert gate.wait(FAR)
        return cache.Picture(b"new", spec.format)

    with ThreadPoolExecutor(1) as other:
        redrawn = other.submit(cache.fetch, spec, draw)
        assert begun.wait(FAR)
        shown = cache.fetch(spec, draw)
        assert (shown.content, shown.cache) == (b"old", "stale")
        gate.set()
        assert redrawn.result().content == b"new"
    assert cache.fetch(spec, draw).cache == "hit"


def test_bad_requests_are_not_cached(client: Client) -> None:
    for _ in range(2):
        assert problems(client, "/plot/line.png?y=a") == [("y", "not-a-number")]
    assert not caches["default"]._cache  # type: ignore[attr-defined]  # local memory's
