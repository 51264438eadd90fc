"""Headers of images: content, caching and conditional requests."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

import plots
from plots.delivery import deliver
from plots.forms.parameters_to_spec import plot_spec
from plots.http.plot_links import Plot
from plots.spec.picture import Picture
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import sources

PLOT = "/plot/line.png?y=1,2,3"


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Record the specs that are rendered."""
    drawn: list[Any] = []
    draw = deliver.render

    def noted(spec: PlotSpec) -> Picture:
        drawn.append(spec)
        return draw(spec)

    monkeypatch.setattr("plots.delivery.deliver.render", noted)
    monkeypatch.setattr("plots.http.responses.render", noted)
    return drawn


def test_deterministic_image_is_cacheable(client: Client) -> None:
    response = client.get(PLOT)
    assert response["Cache-Control"] == "public, max-age=3600, stale-while-revalidate=86400"
    assert response["ETag"].startswith('"') and len(response["ETag"]) == 66
    assert "Cookie" not in response.get("Vary", "")


@override_settings(PLOTS={"MAX_AGE": 7, "STALE_WHILE_REVALIDATE": 8})
def test_max_age_is_a_setting(client: Client) -> None:
    assert client.get(PLOT)["Cache-Control"] == "public, max-age=7, stale-while-revalidate=8"


def test_304_needs_no_rendering(client: Client, drawings: list[Any]) -> None:
    first = client.get(PLOT)
    assert len(drawings) == 1
    again = client.get(PLOT, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, len(drawings)) == (304, b"", 1)
    assert again["Cache-Control"] == first["Cache-Control"]
    assert again["ETag"] == first["ETag"]
    other = client.get("/plot/line.png?y=1,2,4", headers={"if-none-match": first["ETag"]})
    assert (other.status_code, len(drawings)) == (200, 2)
    svg = client.get("/plot/line.svg?y=1,2,3", headers={"if-none-match": first["ETag"]})
    assert svg.status_code == 200


def test_current_revision_is_immutable(client: Client) -> None:
    url = Plot(plot_spec("line", y=[1, 2, 3])).url()
    assert client.get(url)["Cache-Control"] == "public, max-age=31536000, immutable"
    past = client.get(PLOT + "&v=000000000000")
    assert past.status_code == 200
    assert past["Cache-Control"].startswith("public, max-age=60,")
    assert past["ETag"] == client.get(url)["ETag"]


def test_random_image_is_never_cached(client: Client) -> None:
    first, second = client.get("/plot/normal.png"), client.get("/plot/normal.png")
    assert first.content != second.content
    for directive in ("no-store", "no-cache", "private", "max-age=0"):
        assert directive in first["Cache-Control"]
    assert not first.has_header("ETag")
    seeded = client.get("/plot/normal.png?seed=3")
    assert seeded.content == client.get("/plot/normal.png?seed=3").content
    assert seeded["Cache-Control"].startswith("public")


@pytest.mark.parametrize(
    ("format", "content_type"),
    [
        ("png", "image/png"),
        ("svg", "image/svg+xml; charset=utf-8"),
        ("pdf", "application/pdf"),
        ("webp", "image/webp"),
        ("jpg", "image/jpeg"),
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
    ],
)
def test_headers_of_every_format(client: Client, format: str, content_type: str) -> None:
    response = client.get(f"/plot/line.{format}?y=1,2,3")
    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'inline; filename="line.{format}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert policy.endswith("sandbox") == (format == "svg")
    cache, *steps = response["Server-Timing"].split(", ")
    assert cache == "cache;desc=miss"
    timings = dict(step.split(";dur=") for step in steps)
    assert {"data"} < set(timings)
    assert all(float(value) >= 0 for value in timings.values())


def test_head_request(client: Client) -> None:
    got, head = client.get(PLOT), client.head(PLOT)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("ETag", "Cache-Control", "Content-Type", "Content-Disposition"):
        assert head[name] == got[name]


@pytest.fixture
def changing():
    numbers = [1.0, 2.0]

    @plots.source("changing", visibility="public")
    def read() -> dict[str, list[float]]:
        """Return data without a version."""
        return {"n": list(numbers)}

    @plots.source("living", visibility="public", live=True)
    def live() -> dict[str, list[float]]:
        """Return live data."""
        return {"n": list(numbers)}

    @plots.source("versioned", visibility="public", version=lambda: str(len(numbers)))
    def versioned() -> dict[str, list[float]]:
        """Return data with a version."""
        return {"n": list(numbers)}

    yield numbers
    for name in ("changing", "living", "versioned"):
        sources.unregister(name)


@override_settings(PLOTS={"SOURCE_AGE": 0})
def test_source_without_version_is_read_each_time(client: Client, changing: list[float]) -> None:
    url = "/plot/line.png?source=changing&y=n"
    first = client.get(url)
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304
    changing.append(5.0)
    second = client.get(url, headers={"if-none-match": first["ETag"]})
    assert second.status_code == 200
    assert second["ETag"] != first["ETag"]
    # Its URL does not identify the data, so it must not be immutable.
    emitted = Plot(plot_spec("line", source="changing", y="n")).url()
    assert "immutable" not in client.get(emitted)["Cache-Control"]


def test_source_with_version_is_read_when_it_changes(
    client: Client, changing: list[float], drawings: list[Any]
) -> None:
    url = "/plot/line.png?source=versioned&y=n"
    first = client.get(url)
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert len(drawings) == 1
    before = Plot(plot_spec("line", source="versioned", y="n")).url()
    changing.append(5.0)
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 200
    assert Plot(plot_spec("line", source="versioned", y="n")).url() != before


def test_live_source_is_never_cached(client: Client, changing: list[float]) -> None:
    assert "no-store" in client.get("/plot/line.png?source=living&y=n")["Cache-Control"]


def test_plot_with_inline_data_needs_no_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    with django_assert_num_queries(0):
        assert client.get(PLOT).status_code == 200
