"""Every row of areas, grids, pies, lines and reference bands leaves a trace."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import numpy as np
import pytest
from django.test import Client

from plots.spec.registry import kinds
from tests.helpers import pixels
from tests.properties.visible import BLUE, RED, Seen, frame, see, write

TWO = "d60000,0000d6"
FORMATS = ("png", "png", "pdf")


def year(random: Random) -> tuple[Any, int]:
    """Return a level for each hour, and the hour of a peak."""
    count = random.choice((400, 3000, 8760))
    levels = np.array([random.choice((4.0, 5.0, 4.4)) for _ in range(count)])
    return levels, random.randrange(10, count - 10)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", ["stack", "area", "stairs"])
def test_a_peak_of_an_hour_is_seen(kind: str, seed: int, client: Client) -> None:
    random = Random(seed)
    y, hour = year(random)
    y[hour] = 50.0
    options: dict[str, Any] = {
        "stack": {"y": [write(y / 2), write(y / 2)], "colors": "d60000,d60000", "legend": "none"},
        "area": {"y": write(y), "linewidth": "0"},
        "stairs": {"y": write(y), "fill": "1"},
    }
    given = {"colors": "d60000", "alpha": "1"} | options[kind] | frame(random)
    seen = see(client, kind, random.choice(FORMATS), **given)
    shift = 0.5 if kind == "stairs" else 0
    step = seen.at([0, 1], [0, 0])[:, 0]
    # The last tenth of a triangle is thinner than its base; a peak within a pixel is not cut.
    for level in (10, 30, 47) if kind == "stairs" or np.diff(step)[0] < 2 else (10, 30):
        (column, row), *_ = seen.at([hour + shift], [level])
        assert seen.shows(RED, column, row), (hour, level, column, row)


@pytest.mark.parametrize("seed", range(8))
def test_the_peak_of_one_layer_is_seen_in_its_colour(seed: int, client: Client) -> None:
    random = Random(seed)
    y, hour = year(random)
    other = np.zeros_like(y)
    other[hour] = random.choice((30.0, 3.0))
    order = random.choice((1, -1))
    given = {"y": [write(each) for each in (y, other)][::order], "alpha": "1"}
    given |= {"colors": ",".join(TWO.split(",")[::order]), "legend": "none"}
    size = frame(random) | {"width": "640", "height": "480"}
    seen = see(client, "stack", random.choice(FORMATS), **given, **size)
    base = y[hour] if order == 1 else 0.0
    (column, row), *_ = seen.at([hour], [base + other[hour] / 2])
    assert seen.shows(BLUE, column, row)


@pytest.mark.parametrize("size", ["0.001", "0.02"])
def test_thin_layers_are_seen(size: str, client: Client) -> None:
    layers = ["100,100,100", ",".join([size] * 3), ",".join([size] * 3), "50,50,50"]
    colors = "888888,d60000,0000d6,888888"
    seen = see(client, "stack", y=layers, colors=colors, alpha="1", legend="none", grid="0")
    (column, row), *_ = seen.at([1], [100])
    assert seen.shows(RED, column, row, near=3)
    assert seen.shows(BLUE, column, row, near=3)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", ["heatmap", "mesh", "image"])
def test_a_cell_is_seen(kind: str, seed: int, client: Client) -> None:
    random = Random(seed)
    rows, columns = random.choice(((1, 3000), (4, 2000), (2000, 3), (100, 400), (3, 4)))
    z = np.zeros((rows, columns))
    outliers = {(random.randrange(rows), random.randrange(columns)): 10.0 for _ in range(3)}
    low = (random.randrange(rows), random.randrange(columns))
    for place in outliers:
        z[place] = -10
    if low not in outliers:
        z[low] = 10
    given = {"z": ";".join(map(write, z)), "vmin": "-10", "vmax": "10", "colormap": "RdBu"}
    if kind == "heatmap":
        given["values"] = "0"
    seen = see(client, kind, random.choice(FORMATS), **given, **frame(random))
    for row, column in outliers:
        (x, y), *_ = seen.at([column], [row])
        assert _reddest(seen, x, y) > 60, (row, column, x, y)
    if low not in outliers:
        (x, y), *_ = seen.at([low[1]], [low[0]])
        assert _reddest(seen, x, y, -1) > 60


def _reddest(seen: Seen, x: float, y: float, sign: int = 1) -> int:
    """Return how much redder (or bluer) a pixel near a place is than grey."""
    row, column = int(y), int(x)
    near = seen.pixels[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2].astype(int)
    return int((sign * (near[..., 0] - near[..., 2])).max())


@pytest.mark.parametrize("seed", range(10))
def test_every_slice_is_seen_or_joined(seed: int, client: Client) -> None:
    random = Random(seed)
    count = random.randint(2, 20)
    values = [random.choice((1000.0, 100.0, 1.0, 0.5, 1e-6)) for _ in range(count)]
    small = random.randrange(count)
    values.append(2000.0)
    size = {name: each for name, each in frame(random).items() if name != "grid"}
    rim = 0.8 * np.pi * min(int(size["width"]), int(size["height"])) * float(size["scale"])
    # About as wide as the line between two slices, in pixels of the rim.
    values[small] = random.choice((0.5, 1.3, 1.6)) * sum(values) / rim
    given = {"x": ",".join(f"n{n}" for n in range(count + 1)), "y": write(values)}
    kind = random.choice(("pie", "doughnut"))
    words = client.get(f"/plot/{kind}.txt", given | size).content.decode()
    if f"n{small}:" not in words:
        assert "Other (" in words
        return
    drawn = re.findall(r"^(n\d+|Other .*):", words, re.MULTILINE)
    colors = ["d60000" if name == f"n{small}" else "cccccc" for name in drawn]
    image = client.get(f"/plot/{kind}.png", given | size | {"colors": ",".join(colors)})
    found = np.asarray(pixels(image).convert("RGB")).astype(int)
    height, width = found.shape[:2]
    found = found[:, : int(width * 0.75)] if width > height else found  # without the legend
    assert ((found[..., 0] - found[..., 1]) > 60).any(), words


@pytest.mark.parametrize("seed", range(10))
def test_a_thin_reference_band_is_seen(seed: int, client: Client) -> None:
    random = Random(seed)
    low = random.uniform(0, 1000)
    axis = random.choice("vh")
    given = {"x": "0,1000", "y": "0,1000", f"{axis}band": f"{low:.6f},{low + 0.01:.6f}"}
    format = random.choice(FORMATS)
    seen = see(client, "scatter", format, **given, markersize="1", **frame(random))
    (x, y), *_ = seen.at([low if axis == "v" else 600], [low if axis == "h" else 600])
    row, column = int(y), int(x)
    near = seen.pixels[row - 2 : row + 3, column - 2 : column + 3].min(axis=2).astype(int)
    assert near.max() - near.min() > 50


@pytest.mark.parametrize("kind", ["line", "area", "stack", "errorbar", "sparkline"])
@pytest.mark.parametrize("y", ["5", ",5,", "1,,5,,1", "5,5"])
def test_a_lone_point_is_seen(kind: str, y: str, client: Client) -> None:
    count = y.count(",") + 1
    x = "3,3" if y == "5,5" else ",".join(map(str, range(count)))
    options = {"errorbar": {"linestyle": "solid", "marker": "none"}}.get(kind, {})
    given = {"x": x, "y": y, "colors": "d60000", "grid": "0", "legend": "none"} | options
    if kind == "stack" and y == "5,5":
        return  # rows with the same x are added up
    image = pixels(client.get(f"/plot/{kind}.png", given | {"width": "200", "height": "120"}))
    found = np.asarray(image.convert("RGB")).astype(int)
    assert (found[..., 0] - found[..., 1] > 60).any()


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("polar", {"y": "1000,0.001,3", "x": "a,b,c", "colors": "888888,d60000,888888"}),
        ("sankey", {"x": "a,b", "y": "c,c", "value": "1000,0.001", "colors": "888,d60000,888"}),
        ("scatter", {"x": "1,2,3", "y": "1,2,3", "size": "9,0.001,0", "colors": "d60000"}),
        ("violin", {"y": "5,5,5", "quartiles": "0", "colors": "d60000"}),
        ("errorbar", {"y": "5,6", "error": "0,0", "marker": "none", "capsize": "0",
                      "colors": "d60000"}),
        ("stem", {"y": "0,0", "marker": "none", "colors": "d60000"}),
        ("gauge", {"value": "0.001", "colors": "d60000"}),
        ("radar", {"x": "a,b,c", "y": "0,0,0", "marker": "none", "colors": "d60000"}),
        ("box", {"y": "5,5,5", "colors": "d60000"}),
        ("candlestick", {"open": "5", "high": "5", "low": "5", "close": "5",
                         "colors": "d60000"}),
        ("bar", {"y": "0,0,0", "colors": "d60000"}),
        ("hist", {"x": "5,5,5", "colors": "d60000"}),
        ("line", {"y": "5,5", "linewidth": "0.25", "colors": "d60000"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("scale", ["0.5", "1", "2"])
def test_the_smallest_mark_is_seen(
    kind: str, given: dict[str, str], scale: str, client: Client
) -> None:
    assert kind in {each.name for each in kinds}
    size = {"width": "160", "height": "120", "scale": scale}
    found = np.asarray(pixels(client.get(f"/plot/{kind}.png", given | size)).convert("RGB"))
    assert (found[..., 0].astype(int) - found[..., 1] > 60).any()


@pytest.mark.parametrize("colors", ["ffffff", "fefefe,ffffff", ",".join(["cccccc"] * 30)])
def test_series_in_one_colour_are_drawn(colors: str, client: Client) -> None:
    y = [str(value) for value in range(20)]
    for kind in ("line", "bar"):
        given = {"y": y, "x": "a", "colors": colors, "width": "160", "height": "120"}
        assert client.get(f"/plot/{kind}.png", given).status_code == 200
