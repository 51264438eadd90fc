"""Event plots."""

from __future__ import annotations

import pytest
from numpy.testing import assert_allclose

from tests.kinds.artists import DAYS, segments_of
from tests.measure import axes_of, tick_texts


def test_events_are_rows_of_ticks() -> None:
    ax = axes_of("event", x="1,2,5,3,", by="a,b,a,b,b", length="0.5", linewidth="3", alpha="0.5")
    assert segments_of(ax) == [
        [[[1, -0.25], [1, 0.25]], [[5, -0.25], [5, 0.25]]],
        [[[2, 0.75], [2, 1.25]], [[3, 0.75], [3, 1.25]]],
    ]
    assert tick_texts(ax.yaxis) == ["a", "b"]
    assert ax.yaxis.get_inverted() and ax.figure.legends == []
    lines = ax.collections[0]
    assert (lines.get_linewidth().tolist(), lines.get_alpha()) == ([3], 0.5)


def test_events_at_dates_and_of_many() -> None:
    assert_allclose([each[0][0] for each in segments_of(axes_of("event", x=DAYS))[0]],
                    [20454, 20455, 20456])  # fmt: skip
    places = ",".join(str(place / 8) for place in range(20_000))
    ax = axes_of("event", x=places)
    (drawn,) = segments_of(ax)
    assert len(drawn) == 4097
    assert (drawn[0][0][0], drawn[-1][0][0]) == (0, pytest.approx(19_999 / 8, rel=1e-3))
