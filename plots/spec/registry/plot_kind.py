"""Kinds: named ways to draw."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from django.conf import settings
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.spec.channels import FACET, GROUPED, XY, Channel

from .entry import Entry
from .families import OTHER

logger = logging.getLogger("plots")

Downsample = Literal["", "lines", "counts", "bins"]
# Values of the required channels where a kind has no example, by data type.
_SAMPLES = {
    "any": "1,2,3,4",
    "ordered": "3,5,2,4",
    "number": "3,5,2,4",
    "category": "A,B,C,D",
    "grid": "1,2;3,4",
    "link": "https://example.org/",
}


@dataclass(frozen=True)
class Kind(Entry):
    """A named way to draw. ``plots.kind`` documents the fields."""

    channels: tuple[Channel, ...] = ()
    human_name: str = ""
    generate: Callable[..., Mapping[str, Any]] | None = None
    random: Callable[..., bool] | None = None
    transposed: Callable[..., bool] | None = None
    transform: Callable[..., Any] | None = None
    fit: Callable[..., Any] | None = None
    describe: Callable[..., Any] | None = None
    marks: Callable[[int], str] | None = None
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

    @property
    def sample(self) -> Mapping[str, Any]:
        """The parameters of the example, or a value for each required channel without one.

        Such values are a guess: the kind may not be able to draw them.
        """
        required = (each for each in self.accepted_channels if each.required)
        return self.example or {each.name: _SAMPLES[each.dtype] for each in required}

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

    @property
    def measured(self) -> str | None:
        """The first channel that a stat aggregates."""
        channels = self.channels or XY
        return next((each.name for each in channels if each.name not in self.grouped), None)

    def is_random(self, options: Mapping[str, Any]) -> bool:
        """Whether each render under ``options`` differs."""
        return bool(self.random and self.random(**options))

    def is_transposed(self, options: Mapping[str, Any]) -> bool:
        """Whether the x channel runs along the y axis under ``options``."""
        return bool(self.transposed and self.transposed(**options))

    def axis_channels(self, options: Mapping[str, Any]) -> tuple[str, str]:
        """The channels along the x axis and along the y axis."""
        return ("y", "x") if self.is_transposed(options) else ("x", "y")

    @contextmanager
    def reported_errors(self) -> Iterator[None]:
        """Log an exception of the kind's own code, and raise the PlotError that people see."""
        try:
            yield
        except (PlotError, MemoryError):
            raise
        except Exception as error:  # an author's code may raise anything
            logger.exception("The kind %s failed", self.name)
            raise self.failure(f"{type(error).__name__}: {error}") from error

    def failure(self, problem: str) -> PlotError:
        """Return the error that people see: with DEBUG the problem, else only that it failed."""
        if settings.DEBUG:
            message = _("The kind “%(name)s” failed: %(problem)s")
        else:
            message = _("The kind “%(name)s” failed; it has been logged.")
        return PlotError(message % {"name": self.name, "problem": problem}, "failed", "kind")
