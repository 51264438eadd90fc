"""What kinds may use of their Axes, and what they may return."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from matplotlib.figure import Figure

import plots
from plots.kinds.axes import KindAxes
from plots.rendering.axes.axes import PlotAxes
from plots.spec.registry import kinds
from plots.spec.themes import themes
from tests.measure import figure_of

Draw = Callable[[Any, Any], Any]


@pytest.fixture
def own() -> Iterator[Callable[[Draw], None]]:
    """Register a drawing function as the kind ``own``."""

    def register(function: Draw) -> None:
        plots.kind("own", channels=plots.XY)(function)

    yield register
    kinds.unregister("own")


def test_plot_axes_satisfy_the_protocol() -> None:
    ax: KindAxes = PlotAxes(Figure(), (0.1, 0.1, 0.8, 0.8))  # mypy checks the assignment
    assert isinstance(ax, plots.Axes)
    assert not isinstance(Figure().add_axes((0.1, 0.1, 0.8, 0.8)), plots.Axes)


def test_theme_language_and_panel(own: Callable[[Draw], None]) -> None:
    seen: list[tuple[Any, ...]] = []

    def draw(ax: plots.Axes, data: plots.Data) -> None:
        ax.plot(data.series[0].x, data.series[0].y)
        place = ax.panels.columns, ax.panels.rows, ax.panels.index
        seen.append((ax.theme, ax.ink, ax.lang, place))

    own(draw)
    figure_of("own", y="1,2", facet="a,b", theme="dark", lang="ko", width="800", height="300")
    dark = themes()["dark"]
    assert seen == [(dark, dark.ink, "ko", (2, 1, 0)), (dark, dark.ink, "ko", (2, 1, 1))]


def test_sizes_colours_and_fonts(own: Callable[[Draw], None]) -> None:
    seen: dict[str, Any] = {}

    def draw(ax: plots.Axes, data: plots.Data) -> None:
        seen["size"], seen["scale"] = ax.panel_size, ax.marker_scale
        seen["colors"] = [ax.next_color(), ax.next_color()]
        seen["width"] = ax.text_path("12").get_extents().width
        seen["families"] = ax.tick_font.get_family()
        ax.plot(data.series[0].x, data.series[0].y)

    own(draw)
    figure_of("own", y="1,2", width="240", height="200", colors="red,00ff00")
    assert seen["size"] == pytest.approx((172.8, 144))
    assert seen["scale"] == pytest.approx(0.5)
    assert [color.lower() for color in seen["colors"]] == ["#ff0000", "#00ff00"]
    assert 0.5 < seen["width"] < 1.5
    assert len(seen["families"]) == 2


def test_a_kind_sets_tooltips(own: Callable[[Draw], None], client: Client) -> None:
    def draw(ax: plots.Axes, data: plots.Data) -> None:
        (series,) = data.series
        bars = ax.scatter(series.x, series.y * 2)
        ax.set_tooltips(bars, plots.Series("Own", {"x": series.x, "y": series.y}))

    own(draw)
    svg = client.get("/plot/own.svg", {"y": "1,2"}).content.decode()
    assert "<title>Own, 0: 1</title>" in svg and "<title>Own, 1: 2</title>" in svg


WRONG: dict[str, tuple[Draw, str]] = {
    "figure": (lambda ax, data: Figure(), "it returned a Figure; draw on the Axes"),
    "axes": (lambda ax, data: ax, "it returned an Axes; draw on the Axes"),
    "list": (lambda ax, data: ax.plot([1, 2]), "it returned list; return nothing"),
    "nothing": (lambda ax, data: None, "it drew nothing on the Axes; draw with"),
    "error": (lambda ax, data: dict[str, str]()["no"], "KeyError: 'no'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_kind_is_an_error_that_names_the_fix(
    case: str,
    own: Callable[[Draw], None],
    client: Client,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    draw, problem = WRONG[case]
    own(draw)
    settings.DEBUG = True
    with caplog.at_level(logging.ERROR, "plots"):
        response = client.get("/plot/own.png", {"y": "1,2"})
    assert response.status_code == 500 and response["Content-Type"] == "image/png"
    assert "own" in response["X-Plot-Error"] and problem in response["X-Plot-Error"]
    assert "The kind own" in caplog.text
    answer = client.get("/plot/own.png", {"y": "1,2"}, headers={"accept": "application/json"})
    (error,) = json.loads(answer.content)["errors"]
    assert error["code"] == "failed" and problem in error["message"]


@pytest.mark.parametrize("case", WRONG)
def test_without_debug_the_problem_is_only_logged(
    case: str, own: Callable[[Draw], None], client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    draw, problem = WRONG[case]
    own(draw)
    with caplog.at_level(logging.ERROR, "plots"):
        response = client.get("/plot/own.png", {"y": "1,2"})
    assert response.status_code == 500 and problem not in response["X-Plot-Error"]
    assert problem in caplog.text


def test_a_kind_may_leave_panels_blank(own: Callable[[Draw], None], client: Client) -> None:
    def draw(ax: plots.Axes, data: plots.Data) -> None:
        if data.series[0].y[0] > 1:
            ax.plot([1, 2])

    own(draw)
    assert client.get("/plot/own.png", {"y": "1,2", "facet": "a,b"}).status_code == 200
    assert client.get("/plot/own.png", {"y": "nan"}).status_code == 200  # says "No data"
