"""Fields that several kinds' options share, and the closed lists behind them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from plots.errors import PlotError
from plots.values.scalars import check_text

# Our words to matplotlib's codes: a request never names a code itself.
MARKERS = {
    "none": "",
    "circle": "o",
    "square": "s",
    "triangle": "^",
    "diamond": "D",
    "hexagon": "h",
    "star": "*",
    "plus": "P",
    "cross": "X",
    "point": ".",
}
LINE_STYLES = {"solid": "-", "dashed": "--", "dotted": ":", "dashdot": "-.", "none": ""}


def choices(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


def as_validation_error(error: PlotError) -> ValidationError:
    return ValidationError(error.message, code=error.code)


class TextField(forms.CharField):
    """Text that is drawn: one line, of characters that can be."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> str:
        try:
            return check_text(super().clean(value) or "", "")
        except PlotError as error:
            raise as_validation_error(error) from None


class MarkerField(forms.ChoiceField):
    def __init__(self, *, initial: str, can_be_none: bool = True, **kwargs: Any) -> None:
        names = [name for name in MARKERS if can_be_none or name != "none"]
        kwargs.setdefault("help_text", "The shape at each point.")
        super().__init__(choices=choices(names), initial=initial, required=False, **kwargs)


class MarkerSizeField(forms.FloatField):
    """A size in points, which kinds multiply by ``ax.marker_scale``."""

    def __init__(self, *, initial: float) -> None:
        help_text = "Diameter in points; in small pictures they are drawn smaller."
        super().__init__(
            min_value=1, max_value=40, initial=initial, required=False, help_text=help_text
        )


class AlphaField(forms.FloatField):
    def __init__(self, *, initial: float, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "Opacity, from 0 (unseen) to 1.")
        super().__init__(min_value=0, max_value=1, initial=initial, required=False, **kwargs)


# Those whose lightness says the number: they are read in grey and with any colour vision. The last
# row's are for numbers on both sides of a middle.
COLORMAPS = (
    "viridis", "cividis", "magma", "inferno", "plasma", "Blues", "Greens", "Oranges", "Greys",
    "RdBu", "PuOr", "BrBG",
)  # fmt: skip


class ColormapField(forms.ChoiceField):
    def __init__(self, *, initial: str = "viridis", **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "The colours, from the least number to the greatest.")
        super().__init__(choices=choices(COLORMAPS), initial=initial, required=False, **kwargs)


class OrientationField(forms.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "Upright, or lying with the first on top.")
        super().__init__(
            choices=choices(("vertical", "horizontal")),
            initial="vertical",
            required=False,
            **kwargs,
        )


def is_horizontal(*, orientation: str, **_: object) -> bool:
    """Whether a kind with an OrientationField draws its x channel along the y axis."""
    return orientation == "horizontal"
