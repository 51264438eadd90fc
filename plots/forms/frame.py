"""The parameters of the frame: all that every plot has around its drawing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plots import i18n
from plots.conf import conf
from plots.errors import PlotError
from plots.spec import references
from plots.spec.plot_spec import Frame
from plots.spec.references import REFERENCES
from plots.spec.themes import themes
from plots.values.timezones import to_local_times

from .axis_fields import FormatField, LimitField, OrderField, ReferenceField, ZoneField
from .fields import ColorsField, ScaleField, SideField, SwitchField
from .options import TextField, as_validation_error, choices

LIMITS = ("xmin", "xmax", "ymin", "ymax")
SCALES = ("linear", "log", "symlog")
LEGENDS = (
    "auto", "none", "top", "right", "bottom", "inside",
    "upper left", "upper right", "lower left", "lower right",
)  # fmt: skip


# The page that shows a plot decides about its size, colours and language.
PRESENTATION = ("width", "height", "scale", "theme", "transparent", "lang")


class FrameForm(forms.Form):
    """What every plot has around its drawing. The defaults are ``Frame``'s."""

    title = TextField(help_text="A line above the drawing.")
    subtitle = TextField(help_text="A line or two beneath the title, smaller.")
    xlabel = TextField(label="x label", help_text="What runs along x, with its unit.")
    ylabel = TextField(label="y label", help_text="What runs along y, with its unit.")
    width = SideField(initial=Frame.width, required=False, help_text="Width in pixels.")
    height = SideField(initial=Frame.height, required=False, help_text="Height in pixels.")
    scale = ScaleField(
        initial=Frame.scale, required=False, help_text="Device pixel ratio: 2 for sharp screens."
    )
    theme = forms.ChoiceField(
        choices=lambda: choices(themes()),
        initial=Frame.theme,
        required=False,
        help_text="Set of colours, and type.",
    )
    transparent = SwitchField(
        initial=Frame.transparent, help_text="No ground, for pages of another colour; not in jpg."
    )
    xmin = LimitField(label="x from", help_text="Left end of x: a number, or a date.")
    xmax = LimitField(label="x to", help_text="Right end of x.")
    ymin = LimitField(label="y from", help_text="Lower end of y.")
    ymax = LimitField(label="y to", help_text="Upper end of y.")
    xscale = forms.ChoiceField(
        label="x scale",
        choices=choices(SCALES),
        initial=Frame.xscale,
        required=False,
        help_text="Scale of x.",
    )
    yscale = forms.ChoiceField(
        label="y scale",
        choices=choices(SCALES),
        initial=Frame.yscale,
        required=False,
        help_text="Scale of y.",
    )
    xorder = OrderField("x")
    yorder = OrderField("y")
    xformat = FormatField("x")
    yformat = FormatField("y")
    tz = ZoneField(
        label="Time zone",
        help_text="Where clocks show the times, such as Asia/Seoul; times without an offset stay.",
    )
    hline = ReferenceField(
        1, label="Line across", help_text="A level line at a value of y, and its label: 100,Target."
    )
    vline = ReferenceField(
        1, label="Line up", help_text="An upright line at a value of x: 2026-03-01,Launch."
    )
    hband = ReferenceField(
        2, label="Band across", help_text="A band between two values of y: 10,20,Normal."
    )
    vband = ReferenceField(
        2, label="Band up", help_text="A band between two values of x: Sat,Sun,Closed."
    )
    grid = SwitchField(initial=Frame.grid, help_text="Lines at the ticks.")
    legend = forms.ChoiceField(
        choices=choices(LEGENDS),
        initial=Frame.legend,
        required=False,
        help_text="Where the series are named; auto: above, or beside a pie, if there are several; "
        "inside: in the emptiest corner. One that would cover data is above.",
    )
    colors = ColorsField(
        label="Colours", help_text="Colours of the series, comma-separated: names or hex."
    )
    alt = TextField(
        label="Description", help_text="The picture in words, for those who cannot see it."
    )
    lang = forms.ChoiceField(
        label="Language",
        choices=i18n.language_choices,
        required=False,
        help_text="The language of the words that are not yours, in the picture and about it.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._set_clocks(cleaned)
        for axis in ("x", "y"):
            low, high = cleaned.get(f"{axis}min"), cleaned.get(f"{axis}max")
            if low is None or high is None:
                continue
            if isinstance(low, date) != isinstance(high, date):
                message = _("Give %(low)s and %(high)s both as numbers or both as dates.")
                words = {"low": f"{axis}min", "high": f"{axis}max"}
                self.add_error(f"{axis}max", message % words)
            elif _moment(low) >= _moment(high):
                message = _("%(low)s must be less than %(high)s.")
                words = {"low": f"{axis}min", "high": f"{axis}max"}
                self.add_error(f"{axis}min", message % words)
        given = [name for name in REFERENCES for each in cleaned.get(name) or ()]
        if len(given) > references.MOST:
            message = _("%(count)d lines and bands are given; at most %(most)d may be.")
            message %= {"count": len(given), "most": references.MOST}
            self.add_error(given[-1], ValidationError(message, code="too-many"))
        width, height, scale = (cleaned.get(name) for name in ("width", "height", "scale"))
        if width and height and scale and width * height * scale**2 > conf.MAX_PIXELS:
            message = _(
                "%(width)d × %(height)d at scale %(scale)s makes %(count)s pixels; "
                "at most %(most)s are drawn."
            )
            message %= {
                "width": width,
                "height": height,
                "scale": f"{scale:g}",
                "count": f"{round(width * height * scale**2):,}",
                "most": f"{conf.MAX_PIXELS:,}",
            }
            where = "scale" if scale > 1 else "width"
            raise ValidationError({where: ValidationError(message, code="too-many-pixels")})
        return cleaned

    def _set_clocks(self, cleaned: dict[str, Any]) -> None:
        """Times of limits and references as those of the data: see ``data.assemble``."""
        zone = cleaned.get("tz", "")
        for name in (*LIMITS, *REFERENCES):
            given = cleaned.get(name)
            try:
                if isinstance(given, tuple):
                    cleaned[name] = tuple(to_local_times(each, zone, name) for each in given)
                elif isinstance(given, datetime):
                    (cleaned[name],) = to_local_times((given,), zone, name)
            except PlotError as error:
                self.add_error(name, as_validation_error(error))


# What a plot without axes has no use for.
_OF_AXES = (
    "xlabel", "ylabel", *LIMITS, "xscale", "yscale",
    "xorder", "yorder", "xformat", "yformat", "grid", *REFERENCES
)  # fmt: skip
BareFrameForm = type("BareFrameForm", (FrameForm,), dict.fromkeys(_OF_AXES))


def _moment(limit: float | date) -> Any:
    return limit if isinstance(limit, float) else limit.isoformat()
