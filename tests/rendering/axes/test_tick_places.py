"""Tick labels beside their grid lines and ticks, in pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client

from plots.spec.themes import LIGHT
from tests.helpers import picture_of
from tests.measure import figure_of


def middles(darkness: Any) -> list[float]:
    """Return the middle of each run of rows with ink; an edge row counts by its coverage."""
    rows = darkness.max(axis=1)
    inked = np.flatnonzero(rows > 0.1)
    runs = np.split(inked, np.flatnonzero(np.diff(inked) > 1) + 1)
    return [(run[0] + 1 - rows[run[0]] + run[-1] + rows[run[-1]]) / 2 for run in runs]


def darkness_of(image: Any) -> Any:
    """Return the ink of each pixel: 0 on the ground, and 1 in the colour of labels."""
    grey = np.asarray(image.convert("L"), float)
    return np.clip((255 - grey) / (255 - 96), 0, 1)


@pytest.mark.parametrize("size", [(640, 480), (280, 210), (411, 333)])
@pytest.mark.parametrize("scale", [1, 2])
def test_labels_are_centred_on_their_grid_lines(
    client: Client, size: tuple[int, int], scale: int
) -> None:
    width, height = size
    image = picture_of(
        client, "line", x="1,2", y="0,55", width=width, height=height, scale=scale, xmax=9
    )
    grid = tuple(int(LIGHT.grid[place : place + 2], 16) for place in (1, 3, 5))
    is_grid = (np.asarray(image.convert("RGB")) == grid).all(axis=-1)
    lines = np.flatnonzero(is_grid[:, int(0.9 * image.width)])
    left = int(np.flatnonzero(is_grid[lines[0]])[0])
    labels = middles(darkness_of(image)[: lines[-1] + 9 * scale, : left - 1])
    found = np.array(labels) - lines[::scale] - scale / 2  # a line is a pixel thick at scale 1
    assert len(labels) >= 3 and np.abs(found).max() < 0.3, found


@pytest.mark.parametrize("scale", [1, 2])
def test_names_are_centred_on_their_bars(client: Client, scale: int) -> None:
    query = {"x": "HOME,INN,HUT", "y": "9,9,9", "orientation": "horizontal", "scale": scale}
    image = picture_of(client, "bar", **query)
    ink = darkness_of(image)
    bars = middles(ink[:, 160 * scale : 161 * scale])[:3]  # then the axis
    names = middles(ink[: int(bars[-1]) + 9 * scale, 12 * scale : 36 * scale])
    assert np.abs(np.array(names) - bars).max() < 0.75, (names, bars)  # bars end at whole pixels


@pytest.mark.parametrize("scale", [1, 2])
def test_labels_of_a_colour_bar_are_centred_on_their_numbers(scale: int) -> None:
    figure = figure_of("heatmap", x="1,2", y="1,1", z="0,50", scale=str(scale))
    bar = next(ax for ax in figure.axes if ax.get_label() == "colorbar")
    image: Any = figure.canvas
    image.draw()
    rows = 255 - np.asarray(image.buffer_rgba(), float)[..., :3].mean(axis=-1)
    labels = rows[:, int(bar.bbox.x1) + 3 :] / 140
    places = bar.transData.transform([(0, place) for place in range(0, 51, 10)])[::-1, 1]
    found = np.array(middles(np.clip(labels, 0, 1))) - (len(rows) - places)
    assert np.abs(found).max() < 0.5, found
