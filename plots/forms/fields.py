"""Form fields of a plot's parameters that Django has not: columns, labels, colours, limits."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import ImageColor

from plots.conf import conf

from .options import TextField as TextField


class SideField(forms.IntegerField):
    """A side of the picture in CSS pixels; the bounds are settings, so they are read live."""

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is not None and not conf.MIN_SIDE <= value <= conf.MAX_SIDE:
            raise ValidationError(
                _("A side is from %(low)d to %(high)d pixels long."),
                code="out-of-range",
                params={"low": conf.MIN_SIDE, "high": conf.MAX_SIDE},
            )


class ScaleField(forms.FloatField):
    """The device pixel ratio, with bounds read live as a side's."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not conf.MIN_SCALE <= value <= conf.MAX_SCALE:
            raise ValidationError(
                _("The scale is from %(low)s to %(high)s."),
                code="out-of-range",
                params={"low": f"{conf.MIN_SCALE:g}", "high": f"{conf.MAX_SCALE:g}"},
            )


class ColorsField(forms.CharField):
    """Comma-separated CSS names or hex colours, as ``#rrggbb`` or ``#rrggbbaa``."""

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
                    "“%(color)s” is no colour: "
                    "write a CSS name such as teal, or hex such as 0a7d6c."
                ),
                code="invalid-color",
                params={"color": text[:40]},
            )
        digits = match[1].lower()
        return "#" + ("".join(2 * digit for digit in digits) if len(digits) < 6 else digits)


YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}


class SwitchField(forms.TypedChoiceField):
    """Yes or no. Unlike a checkbox's, its absence is not a no but the default."""

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
