"""Form fields that the options of several kinds share, and their choices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.values.scalars import MAX_NUMBER, check_text, read_number

# Choices and matplotlib's codes for them, which a request never names.
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
    """Return the choices of a form field whose values are their own labels."""
    return [(name, name) for name in names]


def as_validation_error(error: PlotError) -> ValidationError:
    """Convert a PlotError for use in a form field."""
    return ValidationError(error.message, code=error.code)


class TextField(forms.CharField):
    """One line of text that is drawn. Control characters are rejected."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> str:
        try:
            return check_text(super().clean(value) or "", "")
        except PlotError as error:
            raise as_validation_error(error) from None


class MarkerField(forms.ChoiceField):
    """Shape of the markers."""

    def __init__(self, *, initial: str, can_be_none: bool = True, **kwargs: Any) -> None:
        names = [name for name in MARKERS if can_be_none or name != "none"]
        kwargs.setdefault("help_text", "Shape of the marker at each point.")
        super().__init__(choices=choices(names), initial=initial, required=False, **kwargs)


class MarkerSizeField(forms.FloatField):
    """Diameter of the markers in points, which kinds multiply by ``ax.marker_scale``."""

    def __init__(self, *, initial: float) -> None:
        help_text = "Diameter of a marker in points; smaller in small pictures."
        super().__init__(
            min_value=1, max_value=40, initial=initial, required=False, help_text=help_text
        )


class AlphaField(forms.FloatField):
    """Opacity, from 0 to 1."""

    def __init__(self, *, initial: float, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "Opacity, from 0 (invisible) to 1.")
        super().__init__(min_value=0, max_value=1, initial=initial, required=False, **kwargs)


# Colormaps whose lightness follows the number: they work in grey and with any colour vision.
# The last row is diverging: for numbers on both sides of a centre.
DIVERGING = "RdBu", "PuOr", "BrBG"
COLORMAPS = (
    "viridis", "cividis", "magma", "inferno", "plasma", "Blues", "Greens", "Oranges", "Greys",
    *DIVERGING,
)  # fmt: skip


class ColormapField(forms.ChoiceField):
    """Name of a colormap, or ``auto`` for numbers that may be negative."""

    def __init__(self, *, initial: str = "viridis", **kwargs: Any) -> None:
        help_text = "Colours from the lowest number to the highest."
        if initial == "auto":
            help_text += " auto: viridis, or RdBu if there are numbers on both sides of center."
        kwargs.setdefault("help_text", help_text)
        names = [initial] if initial == "auto" else []
        super().__init__(
            choices=choices([*names, *COLORMAPS]), initial=initial, required=False, **kwargs
        )


class CenterField(forms.CharField):
    """The number in the middle of a diverging colormap, or none."""

    def __init__(self) -> None:
        help_text = (
            "The number of the middle colour of RdBu, PuOr and BrBG, on a linear scale; none: the "
            "middle of the limits."
        )
        super().__init__(max_length=40, initial="0", required=False, help_text=help_text)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value).strip() or "0"
        number = read_number(text)
        if text != "none" and (number is None or abs(number) > MAX_NUMBER):
            raise ValidationError(_("Give a number, or none."), code="invalid")
        return text


class OrientationField(forms.ChoiceField):
    """Whether bars or boxes are vertical or horizontal."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "Vertical, or horizontal with the first at the top.")
        super().__init__(
            choices=choices(("vertical", "horizontal")),
            initial="vertical",
            required=False,
            **kwargs,
        )


def is_horizontal(*, orientation: str, **unused: object) -> bool:
    """Whether a kind with an OrientationField draws its x channel along the y axis."""
    return orientation == "horizontal"
