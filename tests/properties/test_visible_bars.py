"""Every row of bars, boxes and timelines leaves a trace, at any size, in any format."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import numpy as np
import pytest
from django.test import Client

from tests.measure import axes_of
from tests.properties.visible import BLUE, RED, SIZES, Seen, frame, see, write
from tests.rendering.examples import draw


def places(random: Random, count: int) -> Any:
    """Return different positions: regular, random, or with close neighbours."""
    match random.choice(("regular", "random", "close", "skewed")):
        case "regular":
            return np.arange(count) * random.choice((1.0, 0.25, 30.0))
        case "random":
            return np.unique([random.uniform(0, 1000) for _ in range(count)])
        case "close":
            there = np.array([random.uniform(0, 1000) for _ in range(count)])
            there[: count // 3] = there[-(count // 3) :] + 1e-3 if count > 2 else 0
            return np.unique(there)
        case _:
            return np.unique([random.expovariate(1) ** 3 for _ in range(count)])


def heights(random: Random, count: int) -> Any:
    """Return values with peaks, small ones and zeros, of one sign or of both."""
    low = random.choice((0.0, -10.0))
    values = [random.choice((random.uniform(low, 10), 5.0, 1e-6, 0.0)) for _ in range(count)]
    for _ in range(random.randint(0, 3)):
        values[random.randrange(count)] = random.choice((50.0, 100.0))
    return np.array(values)


def extremes(columns: Any, values: Any) -> Any:
    """Return the rows with the greatest of positive and of negative values of each column."""
    kept: dict[tuple[int, bool], int] = {}
    for row, (column, value) in enumerate(zip(columns.tolist(), values.tolist(), strict=True)):
        key = (int(column), value < 0)
        if key not in kept or abs(value) > abs(values[kept[key]]):
            kept[key] = row
    return np.array(sorted(kept.values()))


def check_bars(seen: Seen, x: Any, y: Any, horizontal: bool) -> None:
    boxes = np.array([path.vertices[:4] for path in seen.ax.collections[0].get_paths()])
    middle = boxes.mean(axis=1)
    ends = (y, middle[:, 1]) if horizontal else (middle[:, 0], y)
    at = seen.at(*ends)
    along = np.floor(at[:, 1 if horizontal else 0])
    low, high = seen.ax.bbox.min, seen.ax.bbox.max
    for row in extremes(along, y):
        column, line = at[row]
        # The last pixel before the end of the bar, and not below the axis line.
        inside = np.clip((column, len(seen.pixels) - line), low + 1, high - 1)
        place = inside[0], len(seen.pixels) - inside[1]
        assert seen.shows(RED, *place, near=2), (x[row], y[row], place)


@pytest.mark.parametrize("seed", range(24))
def test_every_bar_is_seen(seed: int, client: Client) -> None:
    random = Random(seed)
    x = places(random, random.choice((1, 2, 5, 40, 300, 1500)))
    y = heights(random, x.size)
    horizontal = random.random() < 0.3
    options = {"orientation": "horizontal"} if horizontal else {}
    format = random.choice(("png", "png", "pdf", "webp"))
    parameters = {"x": write(x), "y": write(y), "colors": "d60000", **options, **frame(random)}
    x = np.array([float(each) for each in parameters["x"].split(",")])
    seen = see(client, "bar", format, **parameters)
    check_bars(seen, x, y, horizontal)


@pytest.mark.parametrize("seed", range(8))
def test_both_series_are_seen(seed: int, client: Client) -> None:
    """A bar in front leaves something of the one behind, unless both are equal."""
    random = Random(seed)
    count = random.choice((3, 40, 290))
    tall, low = np.full(count, 10.0), np.full(count, 0.001)
    mode = random.choice(("grouped", "stacked", "percent"))
    columns = [write(tall), write(low)]
    parameters: dict[str, Any] = {"y": columns, "mode": mode, "legend": "none"}
    parameters["colors"] = "d60000,0000d6"
    seen = see(client, "bar", **parameters, **frame(random) | {"width": "640"})
    boxes = np.array([path.vertices[:4] for path in seen.ax.collections[1].get_paths()])
    for column, row in seen.at(*boxes.mean(axis=1).T):
        assert seen.shows(BLUE, column, row, near=3)


def test_a_gap_is_no_bar_of_zero(client: Client) -> None:
    given = {"colors": "d60000", "x": "a,b,c", "grid": "0"}
    seen = see(client, "bar", y="1,,0", **given)
    for column, row, shown in zip(*seen.at([1, 2], [0, 0]).T, (False, True), strict=True):
        assert seen.shows(RED, column, row, near=3) is shown


@pytest.mark.parametrize("seed", range(10))
def test_every_bar_of_a_timeline_is_seen(seed: int, client: Client) -> None:
    random = Random(seed)
    count = random.choice((2, 30, 400))
    start = np.sort([random.uniform(0, 1000) for _ in range(count)]).round(4)
    end = (start + [random.choice((0.001, 0.5, 40)) for _ in range(count)]).round(4)
    rows = [random.choice("abcdef"[: 1 + seed % 6]) for _ in range(count)]
    given = {"start": write(start), "end": write(end), "y": ",".join(rows), "colors": "d60000"}
    seen = see(client, "timeline", random.choice(("png", "pdf")), **given, **frame(random))
    names = list(dict.fromkeys(rows))
    at = [names.index(row) for row in rows]
    for column, row in seen.at(start + (end - start) / 2, at):
        assert seen.shows(RED, column, row, near=2), (column, row)


@pytest.mark.parametrize("format", ["png", "pdf"])
@pytest.mark.parametrize("bins", ["50", "60", "500"])
def test_every_bin_is_seen(format: str, bins: str, client: Client) -> None:
    random = Random(4)
    values = [random.gauss(0, 1) for _ in range(4000)] + [8.0, 9.0]
    size = {"width": "240", "height": "160", "grid": "0", "colors": "d60000", "alpha": "1"}
    seen = see(client, "hist", format, x=write(values), bins=bins, **size)
    (column, row), (last, _) = seen.at([8, 9 - 1e-6], [0, 0])
    for place in (column, last - 1):
        assert seen.shows(RED, place, row - 2, near=2)


@pytest.mark.parametrize("size", SIZES)
def test_no_bar_of_an_svg_is_thinner_than_a_css_pixel(size: tuple[int, int]) -> None:
    """The peak of each pixel column is kept, though there are fewer bars than rows."""
    y = ["5"] * 1200
    y[700] = y[20] = y[1199] = "50"
    y[300] = "0"
    width, height = map(str, size)
    ax = axes_of("bar", y=",".join(y), width=width, height=height)
    svg = draw("bar", "svg", y=",".join(y), colors="d60000", width=width, height=height).decode()
    shapes = re.findall(r'd="(M [^"]*)"[^>]*fill="#d60000"', svg)
    boxes = np.array([re.findall(r"[\d.]+", shape) for shape in shapes], float).reshape(-1, 4, 2)
    sizes = np.ptp(boxes, axis=1) * 100 / 72
    assert sizes.min() > 0.99
    assert len(boxes) <= 1200
    tops = boxes[sizes[:, 1] > 0.9 * sizes[:, 1].max()].mean(axis=1)[:, 0] * 100 / 72
    for place in ax.transData.transform([(x, 0) for x in (20, 700, 1199)])[:, 0]:
        assert np.abs(tops - place).min() < 1.5


def test_a_crowd_is_remarked(client: Client) -> None:
    note = "Several rows share a pixel"
    y = ",".join(map(str, range(700)))
    for width, shown in (("640", True), ("1000", False)):
        words = client.get("/plot/bar.txt", {"y": y, "width": width}).content.decode()
        assert (note in words) is shown
