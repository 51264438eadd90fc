"""Where ticks are and what their labels say."""

from __future__ import annotations

import pytest

from tests.measure import axes_of, tick_texts


@pytest.mark.parametrize(
    ("x", "labels"),
    [
        ("2004-01-20,2026-07-09", ["2005", "2010", "2015", "2020", "2025"]),
        ("2025-11-20,2026-03-09", ["Dec\n2025", "Jan\n2026", "Feb", "Mar"]),
        ("2026-01-30,2026-02-03", ["Jan 30\n2026", "Jan 31", "Feb 1", "Feb 2", "Feb 3"]),
        ("2025-12-31T22:00,2026-01-01T02:00",
         ["22:00\nDec 31, 2025", "23:00", "00:00\nJan 1, 2026", "01:00", "02:00"]),
        ("2026-01-01T00:00:00,2026-01-01T00:00:02",
         ["00:00:00.0\nJan 1, 2026", "00:00:00.5", "00:00:01.0", "00:00:01.5", "00:00:02.0"]),
        # The calendar ends there, although the axis has margins.
        ("0001-01-01,0001-01-03",
         ["00:00\nJan 1, 1", "12:00", "00:00\nJan 2, 1", "12:00", "00:00\nJan 3, 1"]),
        ("9999-12-29,9999-12-31",
         ["00:00\nDec 29, 9999", "12:00", "00:00\nDec 30, 9999", "12:00", "00:00\nDec 31, 9999"]),
        ("9999-12-31T22:00,9999-12-31T23:00",
         ["22:00\nDec 31, 9999", "22:10", "22:20", "22:30", "22:40", "22:50", "23:00"]),
        ("1,2", ["1.0", "1.2", "1.4", "1.6", "1.8", "2.0"]),
        ("0,40000", ["0", "10,000", "20,000", "30,000", "40,000"]),
        ("0,4e6", ["0", "1M", "2M", "3M", "4M"]),
        ("-2e-9,2e-9", ["−2×10⁻⁹", "−10⁻⁹", "0", "10⁻⁹", "2×10⁻⁹"]),
    ],
)  # fmt: skip
def test_tick_labels_match_their_positions(x: str, labels: list[str]) -> None:
    assert tick_texts(axes_of("line", x=x, y="1,2").xaxis) == labels


@pytest.mark.parametrize(
    ("y", "labels"),
    [
        ("200,40000", ["200", "500", "1,000", "2,000", "5,000", "10,000", "20,000"]),
        ("20,4000", ["100", "1000"]),
        ("0.01,2e7", ["0.1", "10", "1,000", "100,000", "10M"]),
    ],
)
def test_ticks_of_a_log_axis_are_written_alike(y: str, labels: list[str]) -> None:
    found = tick_texts(axes_of("line", y=y, yscale="log").yaxis)
    assert set(labels) <= set(found), found
