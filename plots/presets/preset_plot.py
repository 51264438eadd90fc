"""Presets as plots with URLs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from plots.forms.binding import Parameters, resolve_aliases
from plots.forms.spec_to_parameters import write_parameters
from plots.http import signing
from plots.http.plot_links import Plot, build_url
from plots.spec.plot_spec import PlotSpec

from .models import Preset


@dataclass(frozen=True)
class PresetPlot(Plot):
    """A view of a preset. Its URLs name the preset and carry what differs from it.

    Parameters
    ----------
    spec : PlotSpec
        The preset's spec with the overrides.
    preset : Preset
        The preset that the URLs name.
    overrides : mapping of str to sequence of str
        The parameters that differ from the preset, by name.
    """

    preset: Preset
    overrides: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @classmethod
    def of_preset(
        cls, preset: Preset, overrides: Parameters | None = None, format: str = "png"
    ) -> PresetPlot:
        """Return the plot of ``preset``.

        Raises
        ------
        PlotError
            If the preset cannot be drawn or does not allow one of ``overrides``.
        """
        return cls(preset.spec(overrides, format), preset, overrides or {})

    @property
    def name(self) -> str:
        return self.preset.title

    @property
    def frame_url(self) -> str:
        return "" if self.preset.is_private else self.page_url("preset-embed")

    @property
    def tag_argument(self) -> str:
        return f'preset="{self.preset.slug}"'

    @property
    def has_fixed_theme(self) -> bool:
        return "theme" in self.parameters

    @property
    def is_never_cached(self) -> bool:
        return self.preset.cache == Preset.Cache.NEVER

    @property
    def may_be_stored(self) -> bool:
        # Everybody may request a stored plot, and its kind alone decides about caching.
        return super().may_be_stored and not (self.preset.is_private or self.is_never_cached)

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The parameters that differ from the preset, by name."""
        return self._changed(self.spec, ())

    def path_and_query(self, spec: PlotSpec, changed: Iterable[str]) -> tuple[str, signing.Query]:
        path = reverse("plots:preset-image", args=[self.preset.slug, spec.format])
        return path, self._changed(spec, changed)

    def page_url(self, name: str = "preset") -> str:
        """Return the path of the preset's page called ``name``, with the overrides."""
        return build_url(reverse(f"plots:{name}", args=[self.preset.slug]), self.parameters)

    def _changed(self, spec: PlotSpec, changed: Iterable[str]) -> dict[str, list[str]]:
        names = {*resolve_aliases(self.overrides), *changed}
        written = write_parameters(spec, keep=names)
        return {name: values for name, values in written.items() if name in names}
