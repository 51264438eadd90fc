"""One row of a series in a sentence, for tooltips and descriptions."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .phrases import about, join_facts, join_parts
from .wording import Wording

# A row without a value for one of these is a gap.
_PLACES = frozenset(("x", "y", "z", "start", "end"))
# Phrases for other values of a row.
_FACTS = {
    "close": gettext_lazy("close %(value)s"),
    "color": gettext_lazy("colour %(value)s"),
    "dx": gettext_lazy("along x %(value)s"),
    "dy": gettext_lazy("along y %(value)s"),
    "error": gettext_lazy("error ± %(value)s"),
    "first": gettext_lazy("first quartile %(value)s"),
    "high": gettext_lazy("high %(value)s"),
    "low": gettext_lazy("low %(value)s"),
    "median": gettext_lazy("median %(value)s"),
    "open": gettext_lazy("open %(value)s"),
    "size": gettext_lazy("size %(value)s"),
    "third": gettext_lazy("third quartile %(value)s"),
    "y2": gettext_lazy("from %(value)s"),
    "z": gettext_lazy("speed %(value)s"),  # of an arrow; otherwise z is the main value
}


def describe_row(wording: Wording, label: str, row: Mapping[str, float]) -> str:
    """Describe one row of a series, such as “Visits, 5 March 2024: 1234; size 3”.

    The main value is the last of x, y and z that is not a name. The others give the place.

    Parameters
    ----------
    wording : Wording
        What gives names, dates and formats to numbers.
    label : str
        The name of the series, or "".
    row : mapping of str to float
        The number in each column, NaN for a gap.

    Returns
    -------
    str
        The description in the current language, or "" for a row that is not drawn.
    """
    if any(value != value for name, value in row.items() if name in _PLACES):
        return ""
    texts = {name: wording.value(name, value) for name, value in row.items() if value == value}
    _join_ends(texts, row)
    main = _main_value(texts, wording)
    facts = [texts.pop(main)] if main else []
    place = join_facts([label, *(texts.pop(name) for name in "xy" if name in texts)])
    for name, text in texts.items():
        is_text = name == "share" or wording.axis(name).dtype == "category"
        facts.append(text if is_text else _fact(name, text))
    return about(place, join_parts(facts))


def _join_ends(texts: dict[str, str], row: Mapping[str, float]) -> None:
    """Replace both ends of a flow or span by one text at x."""
    first, last = ("x", "y") if "value" in texts else ("start", "end")
    if first in texts and last in texts:
        ends = {"first": texts.pop(first), "last": texts.pop(last)}
        is_moment = first == "start" and row["start"] == row["end"]
        texts["x"] = ends["first"] if is_moment else _("%(first)s to %(last)s") % ends


def _main_value(texts: Mapping[str, str], wording: Wording) -> str:
    """Return the name of the column that a row is about, or ""."""
    numbers = [name for name in texts if wording.axis(name).dtype != "category"]
    candidates = ("z", "y", "value") if "dx" not in numbers else ()
    for name in candidates:
        if name in numbers:
            return name
    is_alone = "x" in texts and not set(numbers) - {"x", "start", "end"}
    return "x" if is_alone and wording.axis("x").dtype != "category" else ""


def _fact(name: str, value: str) -> str:
    return str(_FACTS[name]) % {"value": value} if name in _FACTS else f"{name} {value}"
