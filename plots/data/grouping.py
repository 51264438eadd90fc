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
from plots.values.scalars import Choice, write_value

from .ordering import sort_names

Mask = NDArray[np.bool_]


def nameless_name() -> str:
    """Return the name of rows without a name."""
    return _("(none)")


def rows_by_name(
    column: Column, most: int, too_many: Callable[[int], PlotError]
) -> dict[str, Mask]:
    """Return a mask of the rows of each name in ``column``.

    Names that have an order, such as numbers and months, are in it. Others are in the order of
    first use.

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
    named = [name for name in different if name != nameless]
    if ordered := sort_choices(named) or sort_names(named):
        different = dict.fromkeys([*ordered, *different])
    return {name: names == name for name in different}


def sort_choices(names: Sequence[Any]) -> list[Any]:
    """Return names that have places in these. An empty list if some have none."""
    places = {name: name.place for name in names if isinstance(name, Choice)}
    return sorted(places, key=places.__getitem__) if len(places) == len(names) else []


def rows_by_panel(column: Column) -> dict[str, Mask]:
    """Return a mask of the rows of each panel by its title.

    Raises
    ------
    PlotError
        If there are more than ``MOST_PANELS``.
    """
    return rows_by_name(column, MOST_PANELS, _too_many_panels)


def _too_many_panels(count: int) -> PlotError:
    message = _(
        "facet has %(count)s different names; at most %(most)d panels are drawn. "
        "Leave rows out, or split them into series with by."
    ) % {"count": f"{count:,}", "most": MOST_PANELS}
    return PlotError(message, "too-many-panels", "facet")


def count_within(column: Column) -> Column:
    """Number the rows of each name in ``column`` from 0."""
    counts: Counter[Any] = Counter()
    counted = []
    for name in column:
        counted.append(float(counts[name]))
        counts[name] += 1
    return tuple(counted)
