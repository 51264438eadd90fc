"""Groups of values: all values of a series at one x."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import plots
from plots.data.model import Axis, Data, Series
from plots.description import facts
from plots.description.phrases import join_facts
from plots.description.series import Entry
from plots.errors import PlotError
from plots.kinds.shared.rectangles import FILL, bar_spacing

if TYPE_CHECKING:
    from plots.data.model import Numbers
    from plots.description.wording import Wording

MAX_GROUPS = 500
MANY = 4  # groups; of more, the summary compares the medians

CHANNELS = (
    plots.Channel("y", "Numbers or dates; repeat it for more series.", True, True, "ordered"),
    plots.Channel(
        "x", "The group of each value: names, dates or numbers. Left out: its series.",
        default_index=False,
    ),
    plots.BY,
)  # fmt: skip


# Bill lengths of penguins near Palmer Station.
EXAMPLE = {
    "y": [
        "39.1,39.5,40.3,36.7,39.3,38.9,39.2,34.1,42,37.8,41.1,38.6,34.6,36.6,46",
        "46.5,50,51.3,45.4,52.7,45.2,46.1,51.3,46,51.3,46.6,51.7,47,52,58",
        "46.1,50,48.7,50,47.6,46.5,45.4,46.7,43.3,46.8,40.9,49,45.5,48.4,59.6",
    ],
    "label": ["Adelie", "Chinstrap", "Gentoo"],
    "ylabel": "Bill length (mm)",
}


@dataclass(frozen=True)
class Groups:
    """The groups of one series: x, the positions at which they are drawn, and the values.

    The values are finite, and there is at least one.
    """

    label: str
    x: Numbers
    places: Numbers
    values: list[Numbers]
    width: float


def group_by_series(data: Data, **unused: object) -> Data:
    """Give each series a position along x, if there is no channel x.

    Raise a PlotError for too many groups.
    """
    if "x" not in dict(data.axes):
        names = tuple(series.label for series in data.series)
        placed = tuple(
            Series(
                "",
                {"x": np.full(series.y.shape, float(place)), "y": series.y},
                name=series.label,
            )
            for place, series in enumerate(data.series)
        )
        return replace(data, series=placed, axes={**data.axes, "x": Axis("category", names)})
    count = sum(np.unique(series.x).size for series in data.all_series)
    if count > MAX_GROUPS:
        numbers = {"count": f"{count:,}", "most": MAX_GROUPS}
        message = _("There are %(count)s groups; at most %(most)d can be drawn.") % numbers
        raise PlotError(message, "too-many-groups", "x")
    return data


def iter_groups(data: Data) -> Iterator[Groups]:
    """Yield the groups of each series. Groups at the same x are drawn side by side."""
    alone = not any(series.label for series in data.series)
    count = 1 if alone else len(data.series)
    width = bar_spacing(data.concat("x")) * FILL / count
    for index, series in enumerate(data.series):
        known = np.isfinite(series.x) & np.isfinite(series.y)
        order = np.argsort(series.x[known], kind="stable")
        places, starts = np.unique(series.x[known][order], return_index=True)
        values = np.split(series.y[known][order], starts[1:]) if places.size else []
        aside = 0.0 if alone else (index - (count - 1) / 2) * width
        yield Groups(series.label, places, places + aside, values, width)


def count_values(count: int) -> str:
    return ngettext("%(count)s value", "%(count)s values", count)


def name_of_group(data: Data, wording: Wording, groups: Groups, x: float) -> str:
    """Return the name of the group at ``x``, or "" if there is no other."""
    is_alone = len(data.series) == 1 and not data.axis("x").names[1:] and len(groups.values) == 1
    return join_facts([groups.label, "" if is_alone else wording.value("x", x)])


def compare_medians(data: Data, wording: Wording) -> Iterator[Entry]:
    """Yield the groups with the highest and the lowest median, if there are many."""
    found = [
        (float(np.median(values)), name_of_group(data, wording, groups, x))
        for groups in iter_groups(data)
        for x, values in zip(groups.x.tolist(), groups.values, strict=True)
    ]
    if len(found) > MANY:
        medians = np.array([value for value, _name in found])
        at = [name for _value, name in found]
        if medians.min() < medians.max():
            extremes: Any = facts.extremes(wording, "y", medians, at)
            count = ngettext("%(count)d group", "%(count)d groups", len(found))
            names = {"count": count % {"count": len(found)}, "extremes": join_facts(extremes)}
            yield "", [_("medians of %(count)s: %(extremes)s") % names]


def spread(wording: Wording, values: Numbers) -> Iterator[str]:
    """Yield the median and the quartiles of a group."""
    if values.size == 1:
        yield _("only %(value)s") % {"value": wording.value("y", float(values[0]))}
        return
    first, middle, third = (float(each) for each in np.percentile(values, [25, 50, 75]))
    yield _("median %(value)s") % {"value": wording.value("y", middle)}
    ends = {"first": wording.value("y", first), "third": wording.value("y", third)}
    yield _("quartiles %(first)s and %(third)s") % ends
