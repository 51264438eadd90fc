"""What a picture leaves out or merges, in words: sentences for ``Data.noting``, "" for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from plots.data.model import Numbers, Series


def duplicates_note(series: Iterable[Series], *channels: str) -> str:
    """Of rows of one series whose ``channels``, one or two, are the same, the last counts."""
    for each in series:
        first, *second = (each.columns[name] for name in channels)
        if second and _are_rows(first, second[0]):
            continue
        places = first + 1j * second[0] if second else first
        places = places[np.isfinite(places)]
        if np.unique(places).size < places.size:
            return _("Of several values for one place, the last is drawn.")
    return ""


def _are_rows(x: Numbers, y: Numbers) -> bool:
    """Whether the places are a grid's, row by row: so many would take long to sort."""
    width = int(np.argmax(y != y[:1])) or y.size
    if not width or y.size % width:
        return False
    x, y = x.reshape(-1, width), y.reshape(-1, width)
    apart = np.unique(x[0]).size == width and np.unique(y[:, 0]).size == len(y)
    return bool(apart and (x == x[0]).all() and (y == y[:, :1]).all())


def too_many_labels_note(count: int, most: int) -> str:
    """``count`` words are not written into a drawing that has room for ``most``."""
    if count <= most:
        return ""
    return _("Nothing is written into it: there is more than %(most)d to write.") % {"most": most}


def out_of_range_note(values: Numbers, low: float | None, high: float | None) -> str:
    """Some of ``values`` lie beyond a given end of what is shown."""
    below = low is not None and (values < low).any()
    above = high is not None and (values > high).any()
    return _("Some numbers lie beyond the ends of the scale.") if below or above else ""
