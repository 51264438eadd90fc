"""Notations of times of day and of durations, which are stored as seconds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .notation import Notation

# Without groups that capture, so that it can be part of another pattern.
CLOCK = r"\d\d?:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?[aApP]\.?[mM]\.?)?"
_MINUS = "\N{MINUS SIGN}"
_DAYS = r"(\d{1,6} days?,? )?"
_LENGTHS = re.compile(
    r"(?i)durat|elapsed|took|runtime|run time|length|pace|\blap|split|span|\bage\b|total|wait|delay"
)
_MOMENTS = re.compile(
    r"(?i)\btime\b|\bat\b|\bwhen\b|clock|start|end\b|begin|open|clos|arriv|depart|sunrise|sunset|from|until"
)


def _part(text: str, pattern: str) -> str:
    return f"coalesce(TRY_CAST(regexp_extract({text}, '{pattern}', 1) AS BIGINT), 0)"


def clock_microseconds(text: str) -> str:
    """SQL: the microseconds from midnight to a time of day; NULL if there is no such time."""
    hour, minute = _part(text, r"^(\d+):"), _part(text, r"^\d+:(\d\d)")
    found = rf"regexp_extract({text}, '^\d+:\d\d:(\d\d(?:[.,]\d+)?)', 1)"
    seconds = f"coalesce(TRY_CAST(replace({found}, ',', '.') AS DOUBLE), 0)"
    half = f"lower(regexp_extract({text}, '([aApP])\\.?[mM]', 1))"
    limit = f"CASE WHEN {half} = '' THEN {hour} < 24 ELSE {hour} BETWEEN 1 AND 12 END"
    shown = f"CASE {half} WHEN 'a' THEN {hour} % 12 WHEN 'p' THEN {hour} % 12 + 12 ELSE {hour} END"
    value = f"CAST(({shown} * 3600 + {minute} * 60 + {seconds}) * 1e6 AS BIGINT)"
    return f"CASE WHEN {limit} AND {minute} < 60 AND {seconds} < 60 THEN {value} END"


def _clock(text: str) -> str:
    return f"({clock_microseconds(text)} / 1e6)"


def _duration(text: str) -> str:
    """SQL: the seconds of a duration."""
    clean = f"regexp_replace(replace({text}, '{_MINUS}', '-'), '^.* ', '')"
    sign = f"CASE WHEN {clean}[1] = '-' THEN -1 ELSE 1 END"
    hours, minutes = _part(clean, r"^-?(\d+):"), _part(clean, r"^-?\d+:(\d\d)")
    seconds = (
        f"coalesce(TRY_CAST(regexp_extract({clean}, ':(\\d\\d(?:\\.\\d+)?)$', 1) AS DOUBLE), 0)"
    )
    days = f"coalesce(TRY_CAST(regexp_extract({text}, '^(-?\\d+) day', 1) AS BIGINT), 0)"
    value = f"({days} * 86400 + {sign} * ({hours} * 3600 + {minutes} * 60 + {seconds}))"
    return f"CASE WHEN {minutes} < 60 AND {seconds} < 60 THEN {value} END"


CLOCK_TIME = Notation("09:30", "time", CLOCK, _clock)
DURATION = Notation(
    "00:12:30",
    "duration",
    rf"[-{_MINUS}]?{_DAYS}[-{_MINUS}]?\d{{1,6}}:\d\d:\d\d(\.\d{{1,9}})?",
    _duration,
)


def means_duration(name: str) -> bool:
    """Whether a column of this name holds durations rather than times of day."""
    return _LENGTHS.search(name) is not None


def clock_notations(texts: Sequence[str], name: str) -> list[Notation]:
    """Return whether ``texts`` such as 00:12:30 are times of day or durations, the likelier first.

    Parameters
    ----------
    texts : sequence of str
    name : str
        The name of the column.
    """
    if means_duration(name):
        return [DURATION, CLOCK_TIME]
    if _MOMENTS.search(name):
        return [CLOCK_TIME, DURATION]
    short = sum(text.startswith(("00:", "0:")) for text in texts)
    return [DURATION, CLOCK_TIME] if 2 * short > len(texts) else [CLOCK_TIME, DURATION]
