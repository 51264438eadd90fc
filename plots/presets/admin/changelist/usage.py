"""Usage of a preset, and its embed codes, on the change page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from plots.catalog import embed_codes
from plots.errors import PlotError
from plots.forms.parameters_to_spec import plot_spec
from plots.http.plot_links import Plot
from plots.http.stored_plots import today
from plots.presets import usage
from plots.presets.models import Preset
from plots.presets.preset_plot import PresetPlot
from plots.presets.preset_use import PresetUse

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Preset]
else:
    Base = object

MAX_PLACES = 50


@dataclass(frozen=True)
class Place:
    """A page, site or template, with its numbers of template tags and image requests."""

    name: str
    tags: int
    pictures: int
    last: Any

    @property
    def label(self) -> str:
        special = {
            usage.UNKNOWN: _("Unknown page: mail, programs, private windows"),
            usage.ELSEWHERE: _("Other pages"),
        }
        return special.get(self.name, self.name)

    @property
    def url(self) -> str:
        """The URL of the place, or an empty string."""
        return self.name if self.name.startswith(("/", "http://", "https://")) else ""


class UsageMixin(Base):
    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        preset = context.get("original")
        if isinstance(preset, Preset):
            context["usage"] = usage_context(preset)
            context["codes"] = _codes(request, preset)
        return super().render_change_form(request, context, *args, **kwargs)


def usage_context(preset: Preset) -> dict[str, Any]:
    """Return the places that requested ``preset`` in the last days, most frequent first."""
    usage.counts.flush()  # other processes flush theirs later
    first = today() - timedelta(days=usage.DAYS - 1)
    rows = [*PresetUse.objects.filter(preset=preset, day__gte=first)]
    by_place: dict[str, list[PresetUse]] = defaultdict(list)
    for row in rows:
        by_place[row.place].append(row)
    places = [
        Place(name, _sum(found, "tag"), _sum(found, "picture"), max(use.day for use in found))
        for name, found in by_place.items()
    ]
    places.sort(key=lambda place: (-place.tags - place.pictures, place.name))
    return {
        "days": usage.DAYS,
        "total": sum(row.count for row in rows),
        "places": places[:MAX_PLACES],
        "more": max(0, len(places) - MAX_PLACES),
        "sparkline": _sparkline(rows, first) if rows else None,
    }


def _sum(found: list[PresetUse], how: str) -> int:
    return sum(use.count for use in found if use.how == how)


def _sparkline(rows: list[PresetUse], first: Any) -> Plot:
    by_day = [0] * usage.DAYS
    for row in rows:
        by_day[(row.day - first).days] += row.count
    return Plot(plot_spec("sparkline", y=by_day, width=240, height=40, transparent=True))


def _codes(request: HttpRequest, preset: Preset) -> list[embed_codes.EmbedCode]:
    try:
        return [*embed_codes.embed_codes(request, PresetPlot.of_preset(preset))]
    except PlotError:
        return []  # the image shows the error
