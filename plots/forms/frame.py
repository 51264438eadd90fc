"""Parameters of the frame: everything around the drawing that all kinds have."""

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
from plots.values.columns import to_number
from plots.values.scalars import Value
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
# Parameters that the page which shows a plot may set: size, colours and language.
PRESENTATION = ("width", "height", "scale", "theme", "transparent", "lang")


def _scale_field(axis: str, initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=f"{axis} scale",
        choices=choices(SCALES),
        initial=initial,
        required=False,
        help_text=f"Steps of the {axis} axis: linear adds, log multiplies (only values above 0), "
        "symlog is log on both sides of 0.",
    )


class FrameForm(forms.Form):
    """The frame of a plot. The defaults are those of ``Frame``."""

    title = TextField(help_text="Heading above the chart.")
    subtitle = TextField(help_text="Smaller text below the title.")
    xlabel = TextField(label="x label", help_text="Name of the x axis, with its unit.")
    ylabel = TextField(label="y label", help_text="Name of the y axis, with its unit.")
    width = SideField(initial=Frame.width, required=False, help_text="Width in pixels.")
    height = SideField(initial=Frame.height, required=False, help_text="Height in pixels.")
    scale = ScaleField(
        initial=Frame.scale, required=False, help_text="Pixel density: 2 for sharp screens."
    )
    theme = forms.ChoiceField(
        choices=lambda: choices(themes()),
        initial=Frame.theme,
        required=False,
        help_text="Colours and text size.",
    )
    transparent = SwitchField(
        initial=Frame.transparent,
        help_text="No background, for pages of another colour. Not available in jpg.",
    )
    xmin = LimitField(label="x from", help_text="Left end of the x axis: a number or a date.")
    xmax = LimitField(label="x to", help_text="Right end of the x axis.")
    ymin = LimitField(label="y from", help_text="Lower end of the y axis.")
    ymax = LimitField(label="y to", help_text="Upper end of the y axis.")
    xscale = _scale_field("x", Frame.xscale)
    yscale = _scale_field("y", Frame.yscale)
    xorder = OrderField("x")
    yorder = OrderField("y")
    xformat = FormatField("x")
    yformat = FormatField("y")
    tz = ZoneField(
        label="Time zone",
        help_text="Time zone in which times are shown, such as Asia/Seoul. Times without an "
        "offset are not converted.",
    )
    hline = ReferenceField(
        1,
        label="Horizontal line",
        help_text="Line at a y value, with an optional label: 100,Target.",
    )
    vline = ReferenceField(
        1,
        label="Vertical line",
        help_text="Line at an x value, with an optional label: 2026-03-01,Launch.",
    )
    hband = ReferenceField(
        2,
        label="Horizontal band",
        help_text="Band between two y values, with an optional label: 10,20,Normal.",
    )
    vband = ReferenceField(
        2,
        label="Vertical band",
        help_text="Band between two x values, with an optional label: Sat,Sun,Closed.",
    )
    grid = SwitchField(
        initial=Frame.grid, help_text="Lines behind the data, at the ticks of the axes."
    )
    legend = forms.ChoiceField(
        choices=choices(LEGENDS),
        initial=Frame.legend,
        required=False,
        help_text="Where the series are listed. auto: above the chart, or beside a pie, if there "
        "are several; inside: in the emptiest corner. A legend that would cover data moves above.",
    )
    colors = ColorsField(
        label="Colours",
        help_text="Colours of the series, separated by commas: CSS names or hex codes.",
    )
    alt = TextField(
        label="Description",
        help_text="Text for people who cannot see the picture. Empty: generated from the data.",
    )
    lang = forms.ChoiceField(
        label="Language",
        choices=i18n.language_choices,
        required=False,
        help_text="Language of generated texts in the picture and in its description.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._convert_times(cleaned)
        for axis in ("x", "y"):
            self._check_limits(axis, cleaned)
        self._check_reference_count(cleaned)
        self._check_pixels(cleaned)
        return cleaned

    def _convert_times(self, cleaned: dict[str, Any]) -> None:
        """Convert the times of limits and references as ``data.assembling`` does the data's."""
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

    def _check_limits(self, axis: str, cleaned: dict[str, Any]) -> None:
        names = {"low": f"{axis}min", "high": f"{axis}max"}
        low, high = (cleaned.get(name) for name in names.values())
        if low is None or high is None:
            return
        if isinstance(low, date) != isinstance(high, date):
            message = _("Give %(low)s and %(high)s both as numbers or both as dates.")
            self.add_error(names["high"], message % names)
        elif _sort_key(low) >= _sort_key(high):
            message = _("%(low)s must be less than %(high)s.")
            self.add_error(names["low"], message % names)

    def _check_reference_count(self, cleaned: dict[str, Any]) -> None:
        given = [name for name in REFERENCES for each in cleaned.get(name) or ()]
        if len(given) > references.MOST:
            message = _("%(count)d lines and bands are given; at most %(most)d are allowed.")
            message %= {"count": len(given), "most": references.MOST}
            self.add_error(given[-1], ValidationError(message, code="too-many"))

    def _check_pixels(self, cleaned: dict[str, Any]) -> None:
        width, height, scale = (cleaned.get(name) for name in ("width", "height", "scale"))
        if not (width and height and scale) or width * height * scale**2 <= conf.MAX_PIXELS:
            return
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
        error = ValidationError(message, code="too-many-pixels")
        self.add_error("scale" if scale > 1 else "width", error)


# Parameters that a plot without axes does not have.
_OF_AXES = (
    "xlabel", "ylabel", *LIMITS, "xscale", "yscale",
    "xorder", "yorder", "xformat", "yformat", "grid", *REFERENCES
)  # fmt: skip
BareFrameForm = type("BareFrameForm", (FrameForm,), dict.fromkeys(_OF_AXES))


def _sort_key(limit: Value) -> Any:
    """Dates and datetimes cannot be compared with each other, but their ISO texts can."""
    return limit.isoformat() if isinstance(limit, date) else to_number(limit)
