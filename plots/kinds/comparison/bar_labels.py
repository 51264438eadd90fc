"""Values at bars and in bars."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING, Any

import numpy as np

from plots.kinds.shared.annotations import limit_to_box, mark_as_value, set_margins
from plots.kinds.shared.labels import chart_texts, percent_texts

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers
    from plots.kinds.axes import Axes


def bar_texts(data: Data, as_lines: Set[str], mode: str) -> dict[float, str]:
    """Return the texts of the values of the bars of all panels."""
    bars = [series.y for series in data.all_series if series.label not in as_lines]
    numbers, meaning = np.concatenate(bars), data.axis("y")
    if mode == "percent" and meaning.format in ("auto", "of-100"):
        return percent_texts(numbers)
    return chart_texts(numbers, meaning)


def write_above_bars(
    ax: Axes, bars: Numbers, horizontal: bool, room: float, texts: Mapping[float, str]
) -> None:
    """Write the text of each bar (left, right, reach, height) beyond its reach."""
    turn = -1 if horizontal else 1
    columns, rows = (ax.panels.columns, ax.panels.rows)
    set_margins(ax, *(None, 0.12 * (columns**1.5 if horizontal else rows**0.7))[::turn])
    for left, right, reach, height in bars.tolist():
        sign = -1 if height < 0 else 1
        middle, half = (left + right) / 2, (right - left) / 2 * room
        words = ax.annotate(
            texts[height],
            (middle, reach)[::turn],
            (0, 3 * sign) if not horizontal else (3 * sign, 0),
            textcoords="offset points",
            ha="center" if not horizontal else "left" if sign > 0 else "right",
            va="center" if horizontal else "bottom" if sign > 0 else "top",
            color=ax.ink,
        )
        # At most as wide as up to the next bar.
        transform = ax.get_yaxis_transform() if horizontal else ax.get_xaxis_transform()
        limit_to_box(words, (middle - half, -9)[::turn], (middle + half, 9)[::turn], transform)
        mark_as_value(words)


def write_in_bars(
    ax: Axes,
    bars: Numbers,
    horizontal: bool,
    texts: Mapping[float, str],
    ink: dict[str, Any],
) -> None:
    """Write the text of each bar (left, right, start, height) into its middle.

    Bars of 0 have no text: they are not visible.
    """
    turn = -1 if horizontal else 1
    for left, right, start, height in bars[bars[:, 3] != 0].tolist():
        point = ((left + right) / 2, start + height / 2)
        style = {"ha": "center", "va": "center", **ink}
        words = ax.annotate(texts[height], point[::turn], **style)
        limit_to_box(words, (left, start)[::turn], (right, start + height)[::turn], ax.transData)
        mark_as_value(words)
