"""Group rows by name: into series, and into the panels of small multiples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from plots.errors import PlotError
from plots.spec.channels import MOST_PANELS
from plots.values.columns import Column
from plots.values.scalars import read_date, read_number, write_value

Mask = NDArray[np.bool_]


def nameless_name() -> str:
    """Return the name of rows without a name."""
    return _("(none)")


def rows_by_name(
    column: Column, most: int, too_many: Callable[[int], PlotError]
) -> dict[str, Mask]:
    """Return a mask of the rows of each name in ``column``, names in the order of first use.

    Raises
    ------
    PlotError
        The result of ``too_many`` for the number of names, if there are more than ``most``.
    """
    nameless = nameless_name()
    names = np.array([write_value(value) or nameless for value in column], dtype=object)
    different = dict.fromkeys(names)
    if len(different) > most:  # before a mask is made for each
        raise too_many(len(different))
    return {name: names == name for name in different}


def rows_by_panel(column: Column) -> dict[str, Mask]:
    """Return a mask of the rows of each panel by its title.

    Titles that are all numbers or all dates ascend; others stay in the order of first use.

    Raises
    ------
    PlotError
        If there are more than ``MOST_PANELS``.
    """
    rows = rows_by_name(column, MOST_PANELS, _too_many_panels)
    return {title: rows[title] for title in _sort_titles(list(rows))}


def _too_many_panels(count: int) -> PlotError:
    message = _(
        "facet has %(count)s different names; at most %(most)d panels are drawn. "
        "Leave rows out, or split them into series with by."
    ) % {"count": f"{count:,}", "most": MOST_PANELS}
    return PlotError(message, "too-many-panels", "facet")


def _sort_titles(titles: Sequence[str]) -> Sequence[str]:
    read_as: tuple[Callable[[str], Any], ...] = (read_number, _iso_date)
    for read in read_as:
        values = {title: read(title) for title in titles if title != nameless_name()}
        if None not in values.values():
            ascending = sorted(values, key=values.__getitem__)
            return [*ascending, *(title for title in titles if title not in values)]
    return titles


def _iso_date(text: str) -> str | None:
    """``text`` if it is a date, which sorts as text."""
    try:
        return text if read_date(text) else None
    except (ValueError, OverflowError):
        return None  # such as 2026-02-30


def count_within(column: Column) -> Column:
    """Number the rows of each name in ``column`` from 0."""
    counts: Counter[Any] = Counter()
    counted = []
    for name in column:
        counted.append(float(counts[name]))
        counts[name] += 1
    return tuple(counted)
