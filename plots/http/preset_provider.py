"""What the core gets from the app ``plots.presets``, which a project may leave out."""

from __future__ import annotations

from typing import Any, Protocol

from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.forms.binding import Parameters
from plots.permissions import User

from .plot_links import Plot


class PresetProvider(Protocol):
    """Presets for template tags, commands and the playground."""

    def find_plot(self, preset: Any, overrides: Parameters, format: str, context: Any) -> Plot:
        """Return the plot of ``preset``, a slug or a saved object, with ``overrides``.

        ``context`` is that of the template that shows the preset, or None. Raises PlotError for
        an unknown preset and for what it does not allow.
        """

    def add_url(self, user: User, kind: str, parameters: Parameters) -> str:
        """Return the URL of a form for a new preset, empty if ``user`` may not add one."""


_provider: PresetProvider | None = None


def register(provider: PresetProvider) -> None:
    """Let ``provider`` answer for presets in this process."""
    global _provider
    _provider = provider


def find_plot(preset: Any, overrides: Parameters, format: str = "png", context: Any = None) -> Plot:
    """Return the plot of a preset, as ``PresetProvider`` does; a PlotError without presets."""
    if _provider is None:
        message = _("This site has no presets. Add “plots.presets” to INSTALLED_APPS to use them.")
        raise PlotError(message, "unknown-preset", "preset")
    return _provider.find_plot(preset, overrides, format, context)


def add_url(user: User, kind: str = "", parameters: Parameters | None = None) -> str:
    """Return the URL of a form for a new preset, or an empty string if there is none."""
    return _provider.add_url(user, kind, parameters or {}) if _provider else ""
