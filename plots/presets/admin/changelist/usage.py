"""Where a preset is used, and what to paste where it shall be."""

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
from plots.presets.models import Preset, PresetUse
from plots.presets.preset_plot import PresetPlot

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Preset]
else:
    Base = object

MOST_SHOWN = 50


@dataclass(frozen=True)
class Place:
    """A page, site or template, and how often it asked: by a tag, and for the picture."""

    name: str
    tags: int
    pictures: int
    last: Any

    @property
    def label(self) -> str:
        special = {
            usage.UNKNOWN: _("no page was named: mail, programs, private windows"),
            usage.ELSEWHERE: _("elsewhere"),
        }
        return special.get(self.name, self.name)

    @property
    def url(self) -> str:
        """Its address, where it has one."""
        return self.name if self.name.startswith(("/", "http://", "https://")) else ""


class UsageMixin(Base):
    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        preset = context.get("original")
        if isinstance(preset, Preset):
            context["where"] = usage_context(preset)
            context["codes"] = _codes(request, preset)
        return super().render_change_form(request, context, *args, **kwargs)


def usage_context(preset: Preset) -> dict[str, Any]:
    """The places that asked for ``preset`` in the last days, the busiest first, and its days."""
    usage.counts.flush()  # those of other processes follow
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
        "places": places[:MOST_SHOWN],
        "more": max(0, len(places) - MOST_SHOWN),
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
        return []  # the picture says why
