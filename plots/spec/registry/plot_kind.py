"""Kinds: named ways to draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from plots.spec.channels import FACET, GROUPED, Channel

from .entry import Entry
from .families import OTHER

Downsample = Literal["", "lines", "counts", "bins"]


@dataclass(frozen=True)
class Kind(Entry):
    """A named way to draw. ``plots.kind`` documents the fields."""

    channels: tuple[Channel, ...] = ()
    human_name: str = ""
    generate: Callable[..., Mapping[str, Any]] | None = None
    random: Callable[..., bool] | None = None
    transposed: Callable[..., bool] | None = None
    transform: Callable[..., Any] | None = None
    downsample: Downsample = ""
    no_axes: bool = False
    panels: bool = True
    family: str = OTHER
    aliases: Mapping[str, str] = field(default_factory=dict)
    example: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1

    @property
    def title(self) -> str:
        return self.human_name or super().title

    @property
    def other_names(self) -> frozenset[str]:
        called = ",".join(self.aliases.values()).lower()
        return frozenset(filter(None, map(str.strip, called.split(","))))

    @cached_property
    def accepted_channels(self) -> tuple[Channel, ...]:
        """The channels that a request fills: none if the kind generates its own data."""
        if self.generate or not self.channels:
            return ()
        has_panels = self.panels and not self.no_axes and not any(c.edges for c in self.channels)
        return (*self.channels, FACET) if has_panels else self.channels

    @property
    def grouped(self) -> tuple[str, ...]:
        """The channels whose columns a stat groups rows by; it aggregates the others."""
        is_grid = any(channel.dtype == "grid" for channel in self.channels)
        return (*GROUPED, "y") if is_grid else GROUPED

    def is_random(self, options: Mapping[str, Any]) -> bool:
        """Whether each render under ``options`` differs."""
        return bool(self.random and self.random(**options))

    def is_transposed(self, options: Mapping[str, Any]) -> bool:
        """Whether the x channel runs along the y axis under ``options``."""
        return bool(self.transposed and self.transposed(**options))

    def axis_channels(self, options: Mapping[str, Any]) -> tuple[str, str]:
        """The channels along the x axis and along the y axis."""
        return ("y", "x") if self.is_transposed(options) else ("x", "y")
