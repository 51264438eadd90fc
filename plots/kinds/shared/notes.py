"""Notes about what a picture merges or leaves out, for ``Data.with_notes``; "" for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from plots.data.model import Numbers


def too_many_labels_note(count: int, most: int) -> str:
    """Return a note if ``count`` labels are more than ``most``."""
    if count <= most:
        return ""
    return _("The values are not written, because there are more than %(most)d.") % {"most": most}


def out_of_range_note(values: Numbers, low: float | None, high: float | None) -> str:
    """Return a note if some ``values`` are below ``low`` or above ``high``."""
    below = low is not None and (values < low).any()
    above = high is not None and (values > high).any()
    return _("Some numbers are outside the range that is shown.") if below or above else ""
