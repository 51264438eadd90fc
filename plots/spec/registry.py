"""What can be drawn and from what: the plot kinds and sources that apps register by name."""

from __future__ import annotations

import inspect
import logging
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, Literal, Protocol, TypeVar

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plots.errors import PlotError, suggestion
from plots.permissions import User, is_staff, viewer_of

from .channels import FACET, GROUPED, Channel

logger = logging.getLogger("plots")

# The headings of the catalogue, in matplotlib's order; others may be added by the kinds of an app.
FAMILIES = ("Pairwise", "Distributions", "Gridded", "Irregular", "More")


@dataclass(frozen=True)
class Entry:
    """What kinds and sources have in common: a name, a function and its options form."""

    name: str
    function: Callable[..., Any]
    options: type[forms.Form]

    @property
    def title(self) -> str:
        return self.name.replace("-", " ").replace("_", " ").capitalize()

    @property
    def other_names(self) -> frozenset[str]:
        """What other tools call it, in small letters."""
        return frozenset()

    @property
    def description(self) -> str:
        """The function's docstring: its first paragraph, on one line."""
        return " ".join((inspect.getdoc(self.function) or "").partition("\n\n")[0].split())


@dataclass(frozen=True)
class Kind(Entry):
    """A named way to draw: ``function(ax, data, **options)`` puts Artists on ``ax``.

    It may return a ScalarMappable, the numbers that its colours stand for, and gets a colour bar.
    A ``bare`` kind is drawn without axes and takes no parameter of theirs. Others may be drawn in
    panels, a function call for each, unless ``panels`` is False or their rows hang together as
    edges do; what panels have in common they see in ``data.all_series``. ``transform(data,
    **options)`` returns the ``Data`` that are drawn, where they are not the rows as given: its
    channels x and y, and what ``data.axes`` says of them, decide about ticks and limits.
    ``reduces`` says what is enough of a great many rows: of ``lines`` those that fill the same
    pixels, ``counts`` takes a channel weight, how many rows each x stands for, and of ``cells``
    series have a column count besides x and y: how many rows are in the cell whose middle is there,
    its edges in ``data.edges``.
    ``generate``, for a kind that makes its own numbers, takes the options and returns a mapping
    of channel to values, or, for a channel that repeats, to a mapping of label to values.
    ``random`` and ``transposed`` take the options too: whether each answer
    differs, and whether the x channel runs up the y axis. ``family`` is its heading in the
    catalogue, where ``example``, a set of parameters, shows the kind at its best; ``known_as``
    says what other tools call it. Raise ``version`` when the same spec draws differently.
    """

    channels: tuple[Channel, ...] = ()
    generate: Callable[..., Mapping[str, Any]] | None = None
    random: Callable[..., bool] | None = None
    transposed: Callable[..., bool] | None = None
    transform: Callable[..., Any] | None = None
    downsample: Literal["", "lines", "counts", "bins"] = ""
    no_axes: bool = False
    panels: bool = True
    family: str = "More"
    aliases: Mapping[str, str] = field(default_factory=dict)
    example: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1

    @property
    def other_names(self) -> frozenset[str]:
        called = ",".join(self.aliases.values()).lower()
        return frozenset(filter(None, map(str.strip, called.split(","))))

    @cached_property
    def accepted_channels(self) -> tuple[Channel, ...]:
        """The channels that a request fills: none of a kind that makes its own numbers."""
        if self.generate or not self.channels:
            return ()
        has_panels = self.panels and not self.no_axes and not any(c.edges for c in self.channels)
        return (*self.channels, FACET) if has_panels else self.channels

    @property
    def grouped(self) -> tuple[str, ...]:
        """The channels whose columns a stat groups rows by; it is made of the others'."""
        is_grid = any(channel.dtype == "grid" for channel in self.channels)
        return (*GROUPED, "y") if is_grid else GROUPED

    def is_random(self, options: Mapping[str, Any]) -> bool:
        return bool(self.random and self.random(**options))

    def is_transposed(self, options: Mapping[str, Any]) -> bool:
        return bool(self.transposed and self.transposed(**options))

    def axis_channels(self, options: Mapping[str, Any]) -> tuple[str, str]:
        """The channel that is seen along x, and the one up y."""
        return ("y", "x") if self.is_transposed(options) else ("x", "y")


@dataclass(frozen=True)
class Source(Entry):
    """A named supplier of columns: ``function(**options)`` returns a mapping or a QuerySet.

    ``version``, a string or a cheap function of the options, changes whenever the columns do;
    without one they are read again when they are ``age`` seconds old (PLOTS["SOURCE_AGE"]).
    ``live`` columns are never cached. A ``private`` source is for staff. One with a ``viewer`` asks
    who is looking: its function, and that of its version, take a keyword ``viewer``, a user or an
    AnonymousUser, and its pictures are nobody else's. ``columns`` says by name
    what they hold: number, date, datetime, text or boolean. Left out, it is told of a QuerySet, a
    frame or a mapping by itself.
    """

    version: str | Callable[..., str] | None = None
    age: float | None = None
    live: bool = False
    private: bool = False
    viewer: bool = False
    columns: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        """Raises ImproperlyConfigured where what is declared of the viewer does not fit."""
        if not self.viewer:
            if _takes_viewer(self.function) and "viewer" not in self.options.base_fields:
                message = f"The source {self.name!r} takes a viewer; declare it with viewer=True."
                raise ImproperlyConfigured(message)
            return
        if "viewer" in self.options.base_fields:
            message = f"The source {self.name!r} calls an option 'viewer', which is who looks."
            raise ImproperlyConfigured(message)
        if not _takes_viewer(self.function):
            message = f"The source {self.name!r} asks who is looking; have it take a viewer."
            raise ImproperlyConfigured(message)
        if self.version is not None and not _takes_viewer(self.version):
            raise ImproperlyConfigured(
                f"What the source {self.name!r} returns depends on its viewer, so its version does "
                "too: give a function that takes a viewer, or none."
            )

    def revision(self, options: Mapping[str, Any], viewer: Any = None) -> str | None:
        """The version of the columns under ``options``, or None if it cannot be told cheaply.

        ``viewer`` is the key of who looks.
        """
        if not callable(self.version):
            return self.version
        with self._blamed():
            return str(self.version(**options, **self._viewed(viewer)))

    def rows(self, options: Mapping[str, Any], viewer: Any = None) -> Any:
        """What the function returns under ``options``, for whom ``viewer`` is the key of."""
        with self._blamed():
            return self.function(**options, **self._viewed(viewer))

    def _viewed(self, viewer: Any) -> dict[str, Any]:
        return {"viewer": viewer_of(viewer)} if self.viewer else {}

    @contextmanager
    def _blamed(self) -> Iterator[None]:
        """Log what a source raises, and tell its asker no more than that it failed."""
        try:
            yield
        except PlotError:
            raise
        except Exception as error:  # it may raise whatever it likes
            logger.exception("The source %s failed", self.name)
            message = _("The source “%(name)s” failed; it has been logged.") % {"name": self.name}
            raise PlotError(message, "failed", "source") from error


def _takes_viewer(function: object) -> bool:
    if not callable(function):
        return False
    try:
        return "viewer" in inspect.signature(function).parameters
    except ValueError:  # of a builtin nobody knows
        return False


class _Named(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def other_names(self) -> frozenset[str]: ...


NAME = r"[a-z][a-z0-9_-]{0,49}"

_MISSING = {
    "kind": gettext_lazy("There is no kind “%(name)s”."),
    "source": gettext_lazy("There is no source “%(name)s”."),
}
T = TypeVar("T", bound=_Named)
Function = TypeVar("Function", bound=Callable[..., Any])


class Registry(Generic[T]):
    """Entries by name, in the order of their names. A name is registered once."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._entries: dict[str, T] = {}

    def register(self, entry: T) -> None:
        if not re.fullmatch(NAME, entry.name):
            raise ImproperlyConfigured(
                f"A {self.noun}'s name is up to 50 small letters, digits, - and _, "
                f"a letter first; {entry.name!r} is not."
            )
        if entry.name in self._entries:
            raise ImproperlyConfigured(f"A {self.noun} {entry.name!r} is registered already.")
        self._entries[entry.name] = entry

    def unregister(self, name: str) -> None:
        del self._entries[name]

    def get(self, name: str) -> T:
        """The entry called ``name``; a PlotError (404) for any other name."""
        try:
            return self._entries[name]
        except KeyError:
            raise self.unknown(name) from None

    def unknown(self, name: str) -> PlotError:
        """The error of a name that nothing here has."""
        same = next((entry.name for entry in self if name.lower() in entry.other_names), None)
        message = str(_MISSING[self.noun]) % {"name": name[:50]}
        message += suggestion(same or name, [same] if same else self._entries)
        return PlotError(message, f"unknown-{self.noun}", self.noun)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(sorted(self._entries.values(), key=lambda entry: entry.name))


class Supply(Protocol):
    """Further sources, such as datasets, which come and go while the site runs."""

    def find(self, name: str) -> Source | None: ...

    def expect(self, names: Collection[str]) -> None: ...

    def offered(self, user: User) -> Iterable[Source]: ...


class SourceUser(Protocol):
    """A saved object that draws a source, such as a preset."""

    slug: str

    def spec(self) -> Any: ...


class Sources(Registry[Source]):
    """The registered sources, and behind them those of a ``supply``.

    ``users`` are functions that take a source's name and return the saved objects that draw it.
    """

    supply: Supply | None = None

    def __init__(self, noun: str) -> None:
        super().__init__(noun)
        self.users: list[Callable[[str], Iterable[SourceUser]]] = []

    def used_by(self, name: str) -> list[SourceUser]:
        """The saved objects that draw the source called ``name``."""
        return [user for find in self.users for user in find(name)]

    def get(self, name: str) -> Source:
        if name not in self and self.supply and (found := self.supply.find(name)):
            return found
        return super().get(name)

    def expect(self, names: Iterable[str]) -> None:
        """Say that these will be asked for: the supply finds them at once, not one by one."""
        if self.supply and (unknown := {*names} - {"", *(each.name for each in self)}):
            self.supply.expect(unknown)

    def get_for(self, user: User, name: str) -> Source:
        """As ``get``; one that ``user`` may not see is one that does not exist."""
        source = self.get(name)
        if source.private and not is_staff(user):
            raise self.unknown(name)
        return source

    def offered(self, user: User) -> list[Source]:
        """Those that a list shows to ``user``."""
        return [*self, *(self.supply.offered(user) if self.supply else ())]


kinds: Registry[Kind] = Registry("kind")
sources = Sources("source")


def kind(
    name: str,
    *,
    options: type[forms.Form] = forms.Form,
    channels: Sequence[Channel] = (),
    **declared: Any,
) -> Callable[[Function], Function]:
    """Register the decorated ``function(ax, data, **options)`` as the plot kind ``name``.

    ``declared`` are the further fields of ``Kind``. Raises ImproperlyConfigured for a name that
    is taken.
    """

    def register(function: Function) -> Function:
        kinds.register(Kind(name, function, options, tuple(channels), **declared))
        return function

    return register


def source(
    name: str, *, options: type[forms.Form] = forms.Form, **declared: Any
) -> Callable[[Function], Function]:
    """Register the decorated ``function(**options)`` as the source ``name``.

    ``declared`` are the further fields of ``Source``. Raises ImproperlyConfigured as ``kind`` does.
    """

    def register(function: Function) -> Function:
        sources.register(Source(name, function, options, **declared))
        return function

    return register
