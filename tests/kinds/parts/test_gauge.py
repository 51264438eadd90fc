"""Gauges."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.colors import rgb_to_hsv, to_hex, to_rgb

from plots.forms.parameters_to_spec import plot_spec
from plots.spec.themes import LIGHT, THEMES, Theme
from tests.helpers import picture_of, problems
from tests.measure import axes_of, words_of
from tests.spec.test_themes import contrast


def arc_of(ax: Any) -> tuple[float, str]:
    """Return the end of the value's part, in turns from the top, and its colour."""
    piece = ax.patches[-2]  # before the number
    corners = piece.get_xy()[:91]
    turn = math.atan2(*corners[-1]) / (2 * math.pi)
    return round(turn, 6), to_hex(piece.get_facecolor())


@pytest.mark.parametrize(
    ("value", "turn", "place"),
    [("25", -0.125, 0), ("50", 0, 1), ("75", 0.125, 2), ("999", 0.25, 2)],
)
def test_gauge_reaches_its_number_in_the_colour_of_its_band(
    value: str, turn: float, place: int
) -> None:
    colors = ",".join(LIGHT.palette[:3])
    ax = axes_of("gauge", value=value, thresholds="50,75", colors=colors)
    assert arc_of(ax) == (turn, LIGHT.palette[place])


@pytest.mark.parametrize("zones", [2, 3, 6])
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_zones_have_shades_that_do_not_judge(theme: Theme, zones: int) -> None:
    """Whether more is better is not known: the last zone was green."""
    name = next(name for name, each in THEMES.items() if each is theme)
    thresholds = ",".join(str(100 * place // zones) for place in range(1, zones))
    ax = axes_of("gauge", value="0", thresholds=thresholds, theme=name)
    shades = [to_hex(each.get_facecolor()) for each in ax.patches[1 : zones + 1]]
    assert len(set(shades)) == zones
    hues = [rgb_to_hsv(to_rgb(shade)) for shade in shades]
    first = rgb_to_hsv(to_rgb(theme.palette[0]))
    assert all(abs(hue[0] - first[0]) < 0.06 or hue[1] < 0.05 for hue in hues)
    strengths = [contrast(shade, theme.ground) for shade in shades]
    assert strengths == sorted(strengths)
    assert all(contrast(shade, theme.grid) >= 3 for shade in shades)


@pytest.mark.parametrize("value", [72, 72.0, Decimal(72), np.int64(72), [72], "72"])
def test_gauge_takes_a_number_from_python(value: Any) -> None:
    assert plot_spec("gauge", value=value).data.columns == {"value": ((72.0,),)}


def test_gauge_labels_its_ends_and_thresholds() -> None:
    given = {"value": "0.5", "min": "-1", "max": "1", "thresholds": "0,7", "unit": "V"}
    assert words_of(axes_of("gauge", **given)) == ["−1", "0", "1"]
    assert words_of(axes_of("gauge", **given, shape="ring")) == ["0"]
    assert words_of(axes_of("gauge", **given, shape="bar")) == ["−1", "0", "1"]


def test_a_gauge_as_a_bar() -> None:
    ax = axes_of("gauge", value="25", shape="bar")
    track, filled = (each.get_xy() for each in ax.patches[:2])
    assert (track[:, 0].min(), track[:, 0].max()) == (-1, 1)
    assert (filled[:, 0].min(), filled[:, 0].max()) == (-1, -0.5)


def test_gauge_writes_its_number_as_large_as_fits() -> None:
    def width(**options: str) -> float:
        outline = axes_of("gauge", **options).patches[-1]
        assert to_hex(outline.get_facecolor()) == LIGHT.ink
        return float(outline.get_path().get_extents().width)

    plain, unit, long = (
        width(value="7"),
        width(value="7", unit="km/h"),
        width(value="7", unit="W" * 99),
    )
    assert plain < unit <= 1.1 + 1e-9
    assert long == pytest.approx(1.1)
    assert width(value="7", unit=r"$\foo$") > plain


def test_gauge_of_a_gap(client: Client) -> None:
    ax = axes_of("gauge", value="nan")
    assert "No data" in words_of(ax)
    assert not ax.patches
    for value in ("1e300", "-1e300", "1e-323", "0"):
        picture_of(client, "gauge", value=value, min="-1e300", max="1e300")


def test_gauge_refuses(client: Client) -> None:
    def wrong(**query: Any) -> list[tuple[str, str]]:
        return problems(client, "/plot/gauge.png", {"value": "5"} | query)

    assert wrong(value="1,2") == [("value", "too-many")]
    assert wrong(value="") == [("value", "required")]
    assert wrong(value="five") == [("value", "not-a-number")]
    assert wrong(min="5", max="5") == [("min", "invalid")]
    assert wrong(thresholds="8,7") == [("thresholds", "invalid")]
    assert wrong(thresholds="8,,9") == [("thresholds", "invalid")]
    assert wrong(thresholds="a") == [("thresholds", "not-a-number")]
    assert wrong(unit="a\0")[0][0] == "unit"
    assert wrong(shape="square") == [("shape", "invalid_choice")]
