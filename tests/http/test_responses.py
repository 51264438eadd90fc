"""The headers of pictures and errors, as browsers, caches and programs see them."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import pytest
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory, override_settings
from matplotlib.figure import Figure
from pytest_django import DjangoAssertNumQueries

import plots
from plots.delivery import deliver
from plots.forms.parameters_to_spec import plot_spec
from plots.http.plot_links import Plot
from plots.presets.models import Preset
from plots.shortcuts import figure_response, figure_view
from plots.spec.picture import Picture
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import kinds, sources
from tests.helpers import ask, pixels

PLOT = "/plot/line.png?y=1,2,3"


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The specs that were drawn while the test ran."""
    drawn: list[Any] = []
    draw = deliver.render

    def noted(spec: PlotSpec) -> Picture:
        drawn.append(spec)
        return draw(spec)

    monkeypatch.setattr("plots.delivery.deliver.render", noted)
    monkeypatch.setattr("plots.http.responses.render", noted)
    return drawn


def test_a_deterministic_picture_may_be_kept(client: Client) -> None:
    response = client.get(PLOT)
    assert response["Cache-Control"] == "public, max-age=3600, stale-while-revalidate=86400"
    assert response["ETag"].startswith('"') and len(response["ETag"]) == 66
    assert "Cookie" not in response.get("Vary", "")


@override_settings(PLOTS={"MAX_AGE": 7, "STALE_WHILE_REVALIDATE": 8})
def test_how_long_is_a_setting(client: Client) -> None:
    assert client.get(PLOT)["Cache-Control"] == "public, max-age=7, stale-while-revalidate=8"


def test_a_picture_that_is_known_is_not_drawn_again(client: Client, drawings: list[Any]) -> None:
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


def test_the_current_revision_is_immutable_and_a_past_one_is_short(client: Client) -> None:
    url = Plot(plot_spec("line", y=[1, 2, 3])).url()
    assert client.get(url)["Cache-Control"] == "public, max-age=31536000, immutable"
    past = client.get(PLOT + "&v=000000000000")
    assert past.status_code == 200
    assert past["Cache-Control"].startswith("public, max-age=60,")
    assert past["ETag"] == client.get(url)["ETag"]


def test_a_random_picture_is_never_kept(client: Client) -> None:
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
def test_what_every_picture_carries(client: Client, format: str, content_type: str) -> None:
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


def test_head_is_answered_like_get(client: Client) -> None:
    got, head = client.get(PLOT), client.head(PLOT)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("ETag", "Cache-Control", "Content-Type", "Content-Disposition"):
        assert head[name] == got[name]


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize(
    ("path", "allowed"), [(PLOT, "GET, HEAD, POST"), ("/presets/two.png", "GET, HEAD")]
)
def test_another_method_is_refused(client: Client, method: str, path: str, allowed: str) -> None:
    if method.upper() in allowed:
        return
    response = getattr(client, method)(path)
    assert response.status_code == 405
    assert response["Allow"] == allowed
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "status", "content_type"),
    [
        ("/plot/line.png?y=a", 400, "image/png"),
        ("/plot/line.svg?y=a", 400, "image/svg+xml; charset=utf-8"),
        ("/plot/line.pdf?y=a", 400, "application/pdf"),
        ("/plot/line.webp?y=a", 400, "image/webp"),
        ("/plot/line.jpg?y=a", 400, "image/jpeg"),
        ("/plot/line.csv?y=a", 400, "text/plain; charset=utf-8"),
        ("/plot/line.json?y=a", 400, "application/json"),
        ("/plot/line.bmp?y=1", 404, "image/png"),
        ("/plot/lien.png?y=1", 404, "image/png"),
        ("/plot/line.png?source=nope", 404, "image/png"),
    ],
)
@pytest.mark.django_db
def test_an_error_answers_in_the_format_asked_for(
    client: Client, path: str, status: int, content_type: str
) -> None:
    response = client.get(path, headers={"accept": "image/avif,image/webp,image/*,*/*;q=0.8"})
    assert (response.status_code, response["Content-Type"]) == (status, content_type)
    assert response["Cache-Control"] == "no-store"
    assert response["X-Plot-Error"].isascii()
    assert response["X-Content-Type-Options"] == "nosniff"
    if content_type in ("image/png", "image/webp", "image/jpeg"):
        assert pixels(response).size == (480, 160)


def test_an_error_picture_says_what_is_wrong_and_nothing_else(client: Client) -> None:
    one = client.get("/plot/line.png?y=a").content
    assert one == client.get("/plot/line.png?y=a").content
    assert one != client.get("/plot/line.png?y=b").content


def test_programs_get_errors_as_json(client: Client) -> None:
    response = ask(client, "/plot/line.png?y=1,b&tilte=x")
    assert response.json() == {
        "errors": [
            {
                "parameter": "tilte",
                "code": "unknown-parameter",
                "message": "line has no parameter “tilte”. Did you mean “title”?",
            },
            {
                "parameter": "y",
                "code": "not-a-number",
                "message": "Item 2, “b”, is not a number.",
            },
        ]
    }


@pytest.mark.parametrize("format", ["png", "svg", "csv", "json"])
def test_what_a_stranger_wrote_is_escaped_in_errors(client: Client, format: str) -> None:
    evil = "<script>alert(1)</script>\r\nX-Evil: 1"
    response = client.get(f"/plot/line.{format}", {"y": "1", evil: "2"})
    assert response.status_code == 400
    assert "X-Evil" not in response
    assert "\n" not in response["X-Plot-Error"]
    if format == "svg":
        assert b"<script" not in response.content


@pytest.fixture
def broken():
    @plots.kind("broken")
    def draw(ax: Any, data: Any) -> None:
        """Fails."""
        raise RuntimeError("the password is hunter2")

    yield
    kinds.unregister("broken")


@pytest.mark.usefixtures("broken")
def test_a_kind_that_raises_is_a_picture_without_a_word_of_it(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "plots"):
        response = client.get("/plot/broken.svg?title=mine")
    assert response.status_code == 500
    assert response["Content-Type"].startswith("image/svg+xml")
    assert response["Cache-Control"] == "no-store"
    for text in (response.content.decode(), response["X-Plot-Error"]):
        assert "hunter2" not in text and "Traceback" not in text and "RuntimeError" not in text
    (record,) = [record for record in caplog.records if record.name == "plots"]
    assert "/plot/broken.svg?title=mine" in record.getMessage()
    assert record.exc_info
    assert "kind='broken'" in "".join(traceback.format_exception(record.exc_info[1]))
    assert client.get(PLOT).status_code == 200


@pytest.fixture
def changing():
    numbers = [1.0, 2.0]

    @plots.source("changing")
    def read() -> dict[str, list[float]]:
        """Without a version."""
        return {"n": list(numbers)}

    @plots.source("living", live=True)
    def live() -> dict[str, list[float]]:
        """Ever new."""
        return {"n": list(numbers)}

    @plots.source("versioned", version=lambda: str(len(numbers)))
    def versioned() -> dict[str, list[float]]:
        """With a cheap version."""
        return {"n": list(numbers)}

    yield numbers
    for name in ("changing", "living", "versioned"):
        sources.unregister(name)


@override_settings(PLOTS={"SOURCE_AGE": 0})
def test_a_source_without_a_version_may_be_looked_at_each_time(
    client: Client, changing: list[float]
) -> None:
    url = "/plot/line.png?source=changing&y=n"
    first = client.get(url)
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304
    changing.append(5.0)
    second = client.get(url, headers={"if-none-match": first["ETag"]})
    assert second.status_code == 200
    assert second["ETag"] != first["ETag"]
    # Its address names no data, so it must never be kept for good.
    emitted = Plot(plot_spec("line", source="changing", y="n")).url()
    assert "immutable" not in client.get(emitted)["Cache-Control"]


def test_a_source_with_a_version_is_read_only_when_it_changes(
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


def test_a_live_source_is_never_kept(client: Client, changing: list[float]) -> None:
    assert "no-store" in client.get("/plot/line.png?source=living&y=n")["Cache-Control"]


@pytest.mark.django_db
def test_a_source_that_fails_is_told_and_logged(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    @plots.source("failing", version="1")
    def read() -> dict[str, list[float]]:
        """Fails."""
        raise RuntimeError("the password is hunter2")

    @plots.source("unsure", version=lambda: str(1 / 0))
    def unsure() -> dict[str, list[float]]:
        """Cannot say its version."""
        return {"n": [1.0]}

    try:
        for name in ("failing", "unsure"):
            response = ask(client, f"/plot/line.png?source={name}&y=n")
            assert response.status_code == 500
            assert response.json()["errors"][0]["code"] == "failed"
            assert "hunter2" not in response.content.decode()
            Preset.objects.create(
                slug=name, title=name, kind="line", source=name, parameters={"y": "n"}
            )
            assert client.get(f"/presets/{name}/").status_code == 200
            assert client.get(f"/plot/line/?source={name}&y=n").status_code == 200
        assert client.get("/").status_code == 200
        assert "hunter2" in caplog.text and "ZeroDivisionError" in caplog.text
    finally:
        for name in ("failing", "unsure"):
            sources.unregister(name)


def a_figure(**kwargs: Any) -> Figure:
    figure = Figure(figsize=(2, 1), **kwargs)
    figure.add_subplot().plot([1, 2])
    return figure


def test_a_figure_becomes_a_response() -> None:
    response = figure_response(a_figure())
    assert pixels(response).size == (200, 100)
    assert response["Content-Type"] == "image/png"
    assert not response.has_header("Cache-Control")
    kept = figure_response(a_figure(), "svg", max_age=60)
    assert kept["Cache-Control"].startswith("public, max-age=60")
    assert b"<svg" in kept.content
    with pytest.raises(plots.PlotError, match="no format"):
        figure_response(a_figure(), "gif")
    with pytest.raises(plots.PlotError, match="cannot be given as csv"):
        figure_response(a_figure(), "csv")


def test_a_figure_keeps_its_dpi_and_canvas() -> None:
    figure = a_figure(dpi=50)
    canvas = figure.canvas
    for format in ("png", "svg", "pdf"):
        figure_response(figure, format)
        assert figure.dpi == 50
        assert figure.canvas is canvas


def test_a_figure_view_answers_304_and_with_error_pictures(rf: RequestFactory) -> None:
    @figure_view(max_age=60)
    def view(request: HttpRequest, what: str = "") -> Figure:
        if what == "missing":
            raise Http404("No such thing.")
        if what == "bad":
            raise plots.PlotError("Not so.", "invalid", "what")
        if what == "broken":
            raise ValueError(what)
        return a_figure()

    first = view(rf.get("/"))
    again = view(rf.get("/", headers={"if-none-match": first["ETag"]}))
    assert (first.status_code, again.status_code) == (200, 304)
    assert again["Cache-Control"] == first["Cache-Control"]
    for what, status in (("missing", 404), ("bad", 400), ("broken", 500)):
        response = view(rf.get("/"), what=what)
        assert (response.status_code, response["Content-Type"]) == (status, "image/png")
        assert response["Cache-Control"] == "no-store"


def test_a_figure_view_may_be_bare_and_take_its_format_from_the_url(rf: RequestFactory) -> None:
    @figure_view
    def view(request: HttpRequest, format: str = "png") -> Figure:
        return a_figure()

    assert view(rf.get("/"))["Content-Type"] == "image/png"
    assert view(rf.get("/"), format="pdf").content[:4] == b"%PDF"
    assert view(rf.get("/"), format="exe").status_code == 404
    assert view(rf.post("/")).status_code == 405


def test_an_inline_picture_needs_no_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    with django_assert_num_queries(0):
        assert client.get(PLOT).status_code == 200
