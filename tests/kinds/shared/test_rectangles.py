"""Widths of bars."""

from __future__ import annotations

import numpy as np
import pytest
from django.test import Client
from numpy.testing import assert_allclose

from plots.kinds.shared.rectangles import FILL, bar_slots, bar_spacing
from tests.helpers import picture_of
from tests.kinds.artists import boxes_of
from tests.measure import axes_of

PAYMENTS = {
    "x": "2026-03-01T09:15:00,2026-03-02T14:20:00,2026-03-04T08:05:00,2026-03-04T08:05:30,"
    "2026-03-09T17:40:00",
    "y": "120,80,45,60,200",
}


@pytest.mark.parametrize(
    ("places", "spacing"),
    [
        ([3.0], 1),
        ([np.nan, 1, 2, 4, 8], 1),
        ([0, 31, 59, 90], 28),  # months
        ([1, 1, 2, 2, 3], 1),
        ([1, 2, 3, 3.001, 10, 50], 1),
        ([0, 1e-9, 100, 200, 300], 300 * 0.04),
    ],
)
def test_a_few_close_positions_do_not_make_all_bars_thin(
    places: list[float], spacing: float
) -> None:
    assert bar_spacing(np.array(places)) == pytest.approx(spacing)


def test_bars_are_equally_wide_unless_they_would_overlap() -> None:
    known, lefts, rights = bar_slots(np.array([1, 2, 3, 3.001, 10, 50]))
    assert known.tolist() == [1, 2, 3, 3.001, 10, 50]
    assert_allclose((rights - lefts)[[0, 1, 4, 5]], FILL)
    assert_allclose((rights - lefts)[[2, 3]], FILL / 2, rtol=0.3)
    assert (rights[:-1] < lefts[1:]).all()


def test_three_positions_almost_at_one_place_have_three_bars() -> None:
    _, lefts, rights = bar_slots(np.array([0, 1, 1 + 1e-6, 1 + 2e-6, 2, 3, 4, 5, 6, 7, 8]))
    assert (lefts <= rights).all()
    assert (rights[:-1] < lefts[1:]).all()


def test_five_payments_are_five_bars(client: Client) -> None:
    for size in ({}, {"width": "320", "height": "240", "scale": "2"}, {"width": "160"}):
        image = picture_of(client, "bar", **PAYMENTS, colors="d60000", grid="0", **size)
        found = np.asarray(image.convert("RGB")).astype(int)
        red = (found[..., 0] - found[..., 1] > 150).any(axis=0)
        assert (red[1:] & ~red[:-1]).sum() == 5, size


def test_bars_of_groups_share_the_slot_of_their_position() -> None:
    x = [0, 1, 1.001, 5]
    (first, second) = boxes_of(axes_of("bar", x=",".join(map(str, x)), y=["1,2,3,4", "4,3,2,1"]))
    for (left, right, *_), (other, end, *_) in zip(first, second, strict=True):
        assert right == pytest.approx(other)
        assert right - left == pytest.approx(end - other)
