"""Which rows belong together: to one series, and to one panel of small multiples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.spec.channels import MOST_PANELS
from plots.values.columns import Column
from plots.values.scalars import read_date, read_number, write_value

if TYPE_CHECKING:
    import numpy as np

    Mask = np.ndarray[Any, np.dtype[np.bool_]]


def nameless_name() -> str:
    """What rows without a name are called."""
    return _("(none)")


def rows_by_name(column: Column, most: int, refused: Callable[[int], PlotError]) -> dict[str, Mask]:
    """The rows of each name in ``column``, names in the order of their first use.

    Raises what is ``refused`` of a number of names that is more than ``most``.
    """
    import numpy as np

    nameless = nameless_name()
    names = np.array([write_value(value) or nameless for value in column], dtype=object)
    different = dict.fromkeys(names)
    if len(different) > most:  # before there is a mask for each
        raise refused(len(different))
    return {name: names == name for name in different}


def rows_by_panel(column: Column) -> dict[str, Mask]:
    """The rows of each panel by its title: the names of ``column``, numbers and dates ascending.

    Raises PlotError for more panels than are drawn.
    """
    rows = rows_by_name(column, MOST_PANELS, _too_many_panels)
    return {title: rows[title] for title in _in_order(list(rows))}


def _too_many_panels(count: int) -> PlotError:
    message = _(
        "facet has %(count)s different names; at most %(most)d panels are drawn. "
        "Leave rows out, or split them into series with by."
    ) % {"count": f"{count:,}", "most": MOST_PANELS}
    return PlotError(message, "too-many-panels", "facet")


def _in_order(names: Sequence[str]) -> Sequence[str]:
    sorts: tuple[Callable[[str], Any], ...] = (read_number, _day)
    for place in sorts:
        places = {name: place(name) for name in names if name != nameless_name()}
        if None not in places.values():
            return [*sorted(places, key=places.__getitem__), *(n for n in names if n not in places)]
    return names


def _day(text: str) -> str | None:
    try:
        return text if read_date(text) else None
    except (ValueError, OverflowError):
        return None  # not in the calendar


def count_within(column: Column) -> Column:
    """For each row of ``column``, how many before it have its name."""
    counts: Counter[Any] = Counter()
    counted = []
    for name in column:
        counted.append(float(counts[name]))
        counts[name] += 1
    return tuple(counted)
