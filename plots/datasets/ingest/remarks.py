"""Remarks about columns: why they are text, and how their values were read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from plots.sources.parquet.sql import ROW

from .diagnosis import lines_of
from .notations.clocks import CLOCK_TIME, DURATION, means_duration
from .notations.dates import has_short_year, is_ambiguous
from .notations.gaps import is_mismatch
from .notations.notation import Notation
from .notations.numbers import PLAIN
from .workspace import Column, Findings, Workspace

MAX_NAMES = 3
MAX_MISMATCHES = 20  # columns whose first mismatch is shown
_COMPACT = re.compile(r"(1[6-9]|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_EPOCHS = {10: "seconds", 13: "milliseconds", 16: "microseconds", 19: "nanoseconds"}
_NANOSECONDS = re.compile(r".*:\d\d\.\d{6}(?!0+\b)\d+.*")
# Values that are no numbers or dates only because of how they are written.
_MULTIPLIED = re.compile(
    r"[^\w\s]?[+-]?\d+([.,]\d+)?\s?(k|K|M|m|B|G|bn|mn|mio|Mio\.?|Mrd\.?|million|billion)"
)
_FOREIGN_DATE = re.compile(r"\d{1,2}\.?[ -][^\W\d]{3,9}\.?[ -]\d{2,4}")
_MONTH_OR_DAY = re.compile(
    r"(?i)(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?[ '-]+\d{1,2}"
)
_SPAN = re.compile(
    r"P(\d+[YMWD])*(T(\d+([.,]\d+)?[HMS])+)?|(\d+ ?(d|h|hr|hrs|m|min|s|sec)\b ?){2,}"
)


def quoted(names: Sequence[str]) -> str:
    """Return the first of ``names`` in quotation marks, and how many more there are."""
    shown = ", ".join(f"“{name}”" for name in names[:MAX_NAMES])
    more = len(names) - MAX_NAMES
    return _("%(names)s and %(more)d more") % {"names": shown, "more": more} if more > 0 else shown


def why_text(column: Column, found: Findings) -> str:
    """Explain why a column is text although its values are alike; empty if it is not."""
    values = {"name": column.name, "text": found.texts[0][:40]}
    first = next(iter(found.matching), None)
    if first and is_ambiguous(first, found.matching):
        message = _(
            "“%(name)s” is text, because day and month of its dates cannot be distinguished, as in "
            "“%(text)s”. Write them as 2026-01-31."
        )
    elif first and first.dtype == "number" and found.zeros:
        message = _(
            "“%(name)s” is text, because some of its values have leading zeros, as codes have "
            "(%(count)s of %(values)s)."
        )
        values |= {"count": f"{found.zeros:,}", "values": f"{found.values:,}"}
    elif first and first.dtype == "number" and found.long:
        message = _(
            "“%(name)s” is text, because “%(text)s” has more digits than a number holds exactly."
        )
        values["text"] = next((t for t in found.texts if len(t) > 15), found.texts[0])[:40]
    elif CLOCK_TIME in found.likely and first in (CLOCK_TIME, None) and _is_unclear(column, found):
        message = _(
            "“%(name)s” is text, because values such as “%(text)s” may be hours and minutes or "
            "minutes and seconds. Write durations as 00:45:30 and times of day as 09:30."
        )
    elif not found.likely and (example := _unread(found.texts)):
        message = _(
            "“%(name)s” is text: values such as “%(text)s” are not read. Write numbers as 1200000, "
            "dates as 2026-01-31 and durations as 00:45:30."
        )
        values["text"] = example[:40]
    else:
        return ""
    return message % values


def _is_unclear(column: Column, found: Findings) -> bool:
    """Whether texts such as 12:30 may be durations of minutes and seconds."""
    lengths = {text.count(":") for text in found.texts}
    if any(text[-1] in "mM." for text in found.texts):  # am and pm
        return False
    return lengths == {1, 2} or (
        lengths == {1} and (means_duration(column.name) or CLOCK_TIME not in found.matching)
    )


def _unread(texts: Sequence[str]) -> str:
    """A value of those that look like numbers, dates or durations, if these are most."""
    patterns = (_MULTIPLIED, _FOREIGN_DATE, _MONTH_OR_DAY, _SPAN)
    matching = [text for text in texts if any(each.fullmatch(text) for each in patterns)]
    return matching[0] if 2 * len(matching) > len(texts) else ""


def warn_of_no_values(work: Workspace, column: Column) -> None:
    work.warnings.append(_("“%(name)s” has no values.") % {"name": column.name})


def remark_reading(work: Workspace, column: Column, found: Findings) -> None:
    """Add remarks about what is not obvious in how the values of a column were read."""
    notation = column.notation
    if notation is None:
        return
    values = {"name": column.name, "example": notation.example, "unit": notation.unit}
    if notation is PLAIN:
        if guess := _looks_like_date(found.texts):
            values |= {"guess": guess, "text": found.texts[0]}
            message = _(
                "“%(name)s” holds numbers that look like dates: “%(text)s” may be %(guess)s. To "
                "draw them as dates, write them as 2026-01-31 or 2026-01-31T12:30Z."
            )
            work.warnings.append(message % values)
    elif notation.unit and not notation.format:
        message = _(
            "“%(name)s” was read as numbers in %(unit)s. Axes do not show this unit: name it in "
            "their labels."
        )
        work.warnings.append(message % values)
    elif notation.dtype == "number":
        message = _("“%(name)s” was read as numbers written like %(example)s.")
        work.warnings.append(message % values)
    elif has_short_year(notation):
        message = _(
            "“%(name)s” was read as dates written like %(example)s, in the years 1969 to 2068."
        )
        work.warnings.append(message % values)
    elif notation in (CLOCK_TIME, DURATION):
        _remark_clock(work, notation, found, values)
    if notation.dtype in ("moment", "datetime") and any(map(_NANOSECONDS.match, found.texts)):
        message = _("“%(name)s” has nanoseconds. Times are stored to the microsecond.")
        work.warnings.append(message % values)


def _remark_clock(
    work: Workspace, notation: Notation, found: Findings, values: dict[str, str]
) -> None:
    """Say what texts such as 01:12:30 mean, if they may be times of day and durations."""
    if not {CLOCK_TIME, DURATION} <= {*found.likely}:
        return
    if notation is DURATION:
        message = _("“%(name)s” was read as durations: hours, minutes and seconds.")
    else:
        message = _(
            "“%(name)s” was read as times of day. If these are durations, call the column "
            "“duration”."
        )
    work.warnings.append(message % values)


def _looks_like_date(texts: Sequence[str]) -> str:
    """What numbers such as 20260131 may mean; empty if they mean nothing else."""
    if all(map(_COMPACT.fullmatch, texts)):
        return f"{texts[0][:4]}-{texts[0][4:6]}-{texts[0][6:]}"
    sizes = {len(text) for text in texts}
    unit = (
        _EPOCHS.get(next(iter(sizes))) if len(sizes) == 1 and all(map(str.isdecimal, texts)) else ""
    )
    # Between 2001 and 2033, and not a code whose values are spread over all of that time.
    if unit and all("10" <= text[:2] <= "19" for text in texts) and len({*texts}) > 1:
        return {
            "seconds": _("seconds since 1970"),
            "milliseconds": _("milliseconds since 1970"),
            "microseconds": _("microseconds since 1970"),
            "nanoseconds": _("nanoseconds since 1970"),
        }[unit]
    return ""


def remark_mismatches(work: Workspace, found: Mapping[str, Findings]) -> None:
    """Name the first value that keeps a column from being of the type of most of its values."""
    likely = {}
    for column in work.columns:
        of = found[column.raw]
        if column.dtype == "text" and of.likely and not of.matching:
            notation = min(of.likely, key=lambda each: of.mismatches[each.example])
            if 2 * of.mismatches[notation.example] <= of.values and not why_text(column, of):
                likely[column] = notation
    shown = dict([*likely.items()][:MAX_MISMATCHES])
    if not shown:
        return
    firsts = _first_mismatches(work, shown)
    skip = work.skip if work.delimiter else 0
    lines = (
        lines_of(work.decoded.path, {row for row, _t in firsts}, work.delimiter, skip)
        if work.decoded.format != "array"
        else {}
    )
    for (column, notation), (row, text) in zip(shown.items(), firsts, strict=True):
        of = found[column.raw]
        values = {
            "name": column.name, "text": text, "line": lines.get(row, row + 1),
            "example": notation.example, "count": f"{of.mismatches[notation.example]:,}",
            "values": f"{of.values:,}",
        }  # fmt: skip
        work.warnings.append(_mismatch(bool(lines)) % values)
    if more := [column.name for column in likely][MAX_MISMATCHES:]:
        message = _("%(names)s are text for such reasons, too.")
        work.warnings.append(message % {"names": quoted(more)})


def _mismatch(has_lines: bool) -> str:
    if has_lines:
        return _(
            "“%(name)s” is text: line %(line)d has “%(text)s”, which is not written like "
            "%(example)s. This applies to %(count)s of %(values)s values. Correct or empty them."
        )
    return _(
        "“%(name)s” is text: row %(line)d has “%(text)s”, which is not written like "
        "%(example)s. This applies to %(count)s of %(values)s values. Correct or empty them."
    )


def _first_mismatches(
    work: Workspace, notations: Mapping[Column, Notation]
) -> list[tuple[int, str]]:
    """The row and the text of the first mismatch in each column."""
    expressions = []
    for column, notation in notations.items():
        where = f"FILTER ({is_mismatch(column.raw, notation)})"
        expressions += [
            f"min({ROW}) {where}", f"arg_min(left({column.raw}, 40), {ROW}) {where}",
        ]  # fmt: skip
    sql = f"SELECT {', '.join(expressions)} FROM {work.file('raw', numbered=True)}"
    results = work.run(sql, "Checking").fetchone()
    return [*zip(results[::2], results[1::2], strict=True)]


def remark_gaps(work: Workspace, gaps: Sequence[str]) -> None:
    if gaps:
        texts = ", ".join(f"“{gap}”" for gap in gaps)
        work.warnings.append(_("%(texts)s means that there is no value.") % {"texts": texts})


def remark_strings(work: Workspace) -> None:
    """Say which columns of numbers are strings in JSON."""
    names = [each.name for each in work.columns if each.is_quoted and each.dtype == "number"]
    if names:
        message = _(
            "%(names)s: the JSON has numbers in quotation marks, which were read as numbers."
        )
        work.warnings.append(message % {"names": quoted(names)})


def remark_wide_years(work: Workspace) -> None:
    """Say that columns named 2019, 2020 and so on cannot be drawn along an axis."""
    years = [
        each.name for each in work.columns if re.fullmatch(r"(1[5-9]|20|21)\d\d", each.name)
        and each.dtype == "number"
    ]  # fmt: skip
    if len(years) < 3 or [int(year) for year in years] != [
        *range(int(years[0]), int(years[-1]) + 1)
    ]:
        return
    message = _(
        "The columns “%(first)s” to “%(last)s” are named after years. To draw the years along an "
        "axis, write one row for each year, with the columns “year” and “value”."
    )
    work.warnings.append(message % {"first": years[0], "last": years[-1]})
