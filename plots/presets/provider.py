"""The presets of template tags, commands and the playground."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.http.preset_provider import Parameters
from plots.permissions import User, has_permission, is_staff

from . import usage
from .models import PREFIX, Preset
from .preset_plot import PresetPlot

MAX_URL = 6000  # characters of a URL that every server accepts


class SavedPresets:
    """The ``PresetProvider`` that ``plots.presets`` registers."""

    def find_plot(
        self, preset: Any, overrides: Parameters, format: str, context: Any
    ) -> PresetPlot:
        """Return the plot of ``preset``, and count the use if a template shows it."""
        found = preset if isinstance(preset, Preset) else _get_preset(str(preset))
        if context is not None and found.pk:
            usage.count_tag(context, found.pk)
        return PresetPlot.of_preset(found, overrides, format)

    def add_url(self, user: User, kind: str, parameters: Parameters) -> str:
        """Return the URL of the admin's form, filled in; empty for an overlong URL, too."""
        if not (is_staff(user) and has_permission(user, "add", Preset)):
            return ""
        source = parameters.get("source", [])
        given = {PREFIX + name: each for name, each in parameters.items() if name != "source"}
        query = urlencode({**({"kind": kind} if kind else {}), "source": source, **given}, True)
        try:
            url = reverse(f"admin:{Preset._meta.app_label}_preset_add")
        except NoReverseMatch:  # the admin is not installed
            return ""
        return f"{url}?{query}" if len(query) < MAX_URL else ""


def _get_preset(slug: str) -> Preset:
    preset = Preset.objects.filter(slug=slug).first()
    if preset is None:
        raise unknown_preset(slug)
    return preset


def unknown_preset(slug: str) -> PlotError:
    """The error for a slug that no preset has, or none that the user may see."""
    message = _("There is no preset “%(slug)s”.") % {"slug": slug[:50]}
    return PlotError(message, "unknown-preset", "preset")
