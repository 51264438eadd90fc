"""Form fields that Django lacks: repeated parameters, switches, sizes and colours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import ImageColor

from plots.conf import conf
from plots.errors import PlotError

from .options import as_validation_error


class Lines(forms.Textarea):
    """Textarea of a repeated parameter, with one value on each line."""

    def __init__(self, rows: int = 2) -> None:
        super().__init__({"rows": rows, "spellcheck": "false"})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        given = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [line for value in given for line in self._lines(value)]

    @staticmethod
    def _lines(value: Any) -> Sequence[Any]:
        # str.splitlines also splits at separators that must be rejected as characters.
        return value.replace("\r\n", "\n").split("\n") if isinstance(value, str) else [value]

    def format_value(self, value: Any) -> str:
        return "\n".join(value) if isinstance(value, (list, tuple)) else str(value or "")


class RepeatedField(forms.Field):
    """A parameter that may be repeated; ``clean`` returns a tuple.

    Parameters
    ----------
    rows : int
        Height of its textarea in lines.
    most : int, optional
        The largest number of values: 1 for a channel that takes a single column.
    """

    def __init__(self, *, rows: int = 2, most: int | None = None, **kwargs: Any) -> None:
        super().__init__(required=False, widget=Lines(rows), **kwargs)
        self.most = most

    def clean(self, value: Iterable[Any] | None) -> tuple[Any, ...]:
        try:
            values = tuple(self.read(value or ()))
        except PlotError as error:
            raise as_validation_error(error) from None
        # That of a single column is counted in PlotForm, blank values included.
        if self.most is not None and 1 < self.most < len(values):
            message = _("This is given %(count)d times; give it once.") % {"count": len(values)}
            raise ValidationError(message, code="repeated-parameter")
        return values

    def read(self, values: Iterable[Any]) -> Iterable[Any]:
        """Parse the values that were submitted. Subclasses implement it."""
        raise NotImplementedError


YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}


class SwitchField(forms.TypedChoiceField):
    """Yes or no. Unlike a missing checkbox, a missing switch has its default."""

    def __init__(self, *, initial: bool = False, **kwargs: Any) -> None:
        super().__init__(
            choices=[("1", "yes"), ("0", "no")],
            coerce=lambda value: value == "1",
            initial="1" if initial else "0",
            required=False,
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        text = str(value).lower()
        return "1" if text in YES else "0" if text in NO else super().to_python(value)


class SideField(forms.IntegerField):
    """Width or height in CSS pixels, within the bounds of the settings."""

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is not None and not conf.MIN_SIDE <= value <= conf.MAX_SIDE:
            raise ValidationError(
                _("Choose a size from %(low)d to %(high)d pixels."),
                code="out-of-range",
                params={"low": conf.MIN_SIDE, "high": conf.MAX_SIDE},
            )


class ScaleField(forms.FloatField):
    """Device pixel ratio, within the bounds of the settings."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not conf.MIN_SCALE <= value <= conf.MAX_SCALE:
            raise ValidationError(
                _("Choose a scale from %(low)s to %(high)s."),
                code="out-of-range",
                params={"low": f"{conf.MIN_SCALE:g}", "high": f"{conf.MAX_SCALE:g}"},
            )


class ColorsField(forms.CharField):
    """Comma-separated CSS colour names or hex colours, read as ``#rrggbb`` or ``#rrggbbaa``."""

    _HEX = re.compile(r"#?([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})", re.ASCII)
    MOST = 50

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=600, **kwargs)

    def clean(self, value: Any) -> tuple[str, ...]:
        text = super().clean(value)
        colors = tuple(self._color(item.strip()) for item in text.split(",")) if text else ()
        if len(colors) > self.MOST:
            message = _("At most %(most)d colours can be given.") % {"most": self.MOST}
            raise ValidationError(message, code="too-many")
        return colors

    def _color(self, text: str) -> str:
        named = ImageColor.colormap.get(text.lower())
        if isinstance(named, str):
            return named
        match = self._HEX.fullmatch(text)
        if not match:
            raise ValidationError(
                _(
                    "“%(color)s” is not a colour; "
                    "write a CSS name such as teal, or a hex code such as 0a7d6c."
                ),
                code="invalid-color",
                params={"color": text[:40]},
            )
        digits = match[1].lower()
        return "#" + ("".join(2 * digit for digit in digits) if len(digits) < 6 else digits)
