"""Numbers written into the drawing."""

from __future__ import annotations

import pytest

from plots.kinds.shared.labels import write_short


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (12.0, "12"), (1234.6, "1,235"), (-0.5, "−0.5"), (0.00123, "0.00123")]
    + [(123456.7, "123,457"), (-3.456e-7, "−3.46×10⁻⁷"), (2e200, "2×10²⁰⁰"), (2.50004, "2.5")],
)
def test_short_numbers(value: float, text: str) -> None:
    assert write_short(value) == text
