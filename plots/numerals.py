"""How numbers are written in a picture: on ticks, in cells, along lines."""

from __future__ import annotations

from collections.abc import Sequence

MINUS = "\N{MINUS SIGN}"
SUFFIXES = ((1e12, "T"), (1e9, "B"), (1e6, "M"))
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def format_numbers(values: Sequence[float]) -> list[str]:
    """``values`` as a row of tick labels, alike in decimals where they are evenly spaced."""
    if not len(values):
        return []
    largest = max(abs(value) for value in values)
    ordered = sorted(set(map(float, values)))
    step = min((b - a for a, b in zip(ordered, ordered[1:], strict=False)), default=largest) or 1.0
    if largest >= 1e15 or 0 < largest < 1e-4:
        return [_scientific(value, step) for value in values]
    return [_plain(value, step, largest) for value in values]


def _plain(value: float, step: float, largest: float) -> str:
    unit, suffix = next(((u, s) for u, s in SUFFIXES if largest >= u), (1.0, ""))
    decimals = _decimals(step / unit)
    if suffix and decimals > 3:
        unit, suffix, decimals = 1.0, "", _decimals(step)
    # Four digits stay together: they are often a year.
    grouping = "," if largest / unit >= 10_000 else ""
    text = f"{abs(value) / unit:{grouping}.{decimals}f}"
    if value == 0 or not text.strip("0.,"):
        return "0"
    return (MINUS if value < 0 else "") + text + suffix


def _scientific(value: float, step: float) -> str:
    if value == 0:
        return "0"
    # Rounded first, so that a tick at 9.9999999999e-10 is 1 × 10⁻⁹ and not 10.
    mantissa, _, exponent = f"{abs(value):.9e}".partition("e")
    power = int(exponent)
    decimals = min(_decimals(step / 10.0**power) if abs(power) < 300 else 1, 6)
    text = f"{float(mantissa):.{decimals}f}"
    head = "" if text == "1" else f"{text}×"
    return f"{MINUS if value < 0 else ''}{head}10{str(power).translate(_SUPERSCRIPTS)}"


def _decimals(step: float) -> int:
    """The least number of decimals that writes multiples of ``step`` apart and truly."""
    for decimals in range(12):
        if abs(round(step, decimals) - step) < step * 1e-3:
            return decimals
    return 12
