"""Polar area charts."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.test import Client
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

from plots.spec.themes import LIGHT
from tests.helpers import picture_of, problems
from tests.kinds.artists import DAYS
from tests.measure import axes_of, words_of


def sectors_of(ax: Any) -> list[tuple[float, ...]]:
    """Return start and end in turns clockwise from the top, and the radius, of each sector."""
    found = []
    (drawn,) = [each for each in ax.collections if isinstance(each, PolyCollection)]
    for path in drawn.get_paths():
        corners = np.asarray(path.vertices)[:-1]  # the last closes it
        arc = corners[np.hypot(*corners.T) > 1e-9]
        turns = np.unwrap(np.arctan2(*arc.T)) / (2 * np.pi)
        ends = (turns[0], turns[-1], np.hypot(*arc.T).max()) if len(arc) else (0, 0, 0)
        found.append(tuple(round(float(number), 6) for number in ends))
    return found


def test_areas_of_sectors_are_proportional() -> None:
    ax = axes_of("polar", x="a,b,c,d", y="16,4,1,0", rmax="16", alpha="0.5")
    one, two, three, none = sectors_of(ax)
    assert (one, two) == ((0, 0.25, 1), (0.25, 0.5, 0.5))
    assert (three[2], none) == (0.25, (0, 0, 0))
    (drawn,) = [each for each in ax.collections if isinstance(each, PolyCollection)]
    assert [to_hex(color) for color in np.asarray(drawn.get_facecolor())] == list(LIGHT.palette[:4])
    assert drawn.get_alpha() == 0.5
    assert words_of(ax)[:4] == ["a", "b", "c", "d"]


def test_positions_of_rings() -> None:
    ax = axes_of("polar", y="10,40")
    (rings,) = [each for each in ax.collections if isinstance(each, LineCollection)]
    radii = [float(np.hypot(*ring[0])) for ring in rings.get_segments()]
    numbers = words_of(ax)[-(len(radii) - 1) :]
    assert_allclose(np.square(radii[1:]) * 40, [float(number) for number in numbers])


def test_polar_with_a_gap_of_one_and_of_none(client: Client) -> None:
    assert sectors_of(axes_of("polar", x="a,b", y="4,", rmax="4")) == [(0, 0.5, 1), (0, 0, 0)]
    assert sectors_of(axes_of("polar", y="9", rmax="9")) == [(0, 1, 1)]
    assert "No data" in words_of(axes_of("polar", x="a", y="nan"))
    assert words_of(axes_of("polar", x=DAYS, y="1,2,3"))[0] == "2026-01-01"
    for values in ("0,0", "1e300,1", "1e-323,0", "5,5,5"):
        picture_of(client, "polar", y=values)


def test_polar_refuses(client: Client) -> None:
    assert problems(client, "/plot/polar.png", {"y": "1,-2"}) == [("y", "out-of-range")]
    many = ",".join("1" * 51)
    assert problems(client, "/plot/polar.png", {"y": many}) == [("y", "too-many")]
    assert problems(client, "/plot/polar.png", {"y": ["1", "2"]}) == [("y", "repeated-parameter")]
    assert problems(client, "/plot/polar.png", {"x": "a"}) == [("y", "required")]
    assert problems(client, "/plot/polar.png", {"y": "1", "rmax": "0"}) == [("rmax", "min_value")]
