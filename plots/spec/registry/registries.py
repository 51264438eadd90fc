"""The registered kinds and sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, Protocol, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy

from plots.errors import PlotError, suggestion
from plots.permissions import User, is_staff

from .data_source import Source, SourceUser, Supply
from .entry import check_name
from .plot_kind import Kind


class _Named(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def other_names(self) -> frozenset[str]: ...


_MISSING = {
    "kind": gettext_lazy("There is no kind “%(name)s”."),
    "source": gettext_lazy("There is no source “%(name)s”."),
}
T = TypeVar("T", bound=_Named)


class Registry(Generic[T]):
    """Entries by name, in alphabetical order. A name is registered once."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._entries: dict[str, T] = {}

    def register(self, entry: T) -> None:
        """Add ``entry``. Raise ImproperlyConfigured if its name is invalid or taken."""
        check_name(self.noun, entry.name)
        if entry.name in self._entries:
            raise ImproperlyConfigured(f"A {self.noun} {entry.name!r} is registered already.")
        self._entries[entry.name] = entry

    def unregister(self, name: str) -> None:
        """Remove the entry called ``name``."""
        del self._entries[name]

    def get(self, name: str) -> T:
        """Return the entry called ``name``. Raise a PlotError (404) if there is none."""
        try:
            return self._entries[name]
        except KeyError:
            raise self.unknown(name) from None

    def unknown(self, name: str) -> PlotError:
        """Return the error for a name that is not registered."""
        same = next((entry.name for entry in self if name.lower() in entry.other_names), None)
        message = str(_MISSING[self.noun]) % {"name": name[:50]}
        message += suggestion(same or name, [same] if same else self._entries)
        return PlotError(message, f"unknown-{self.noun}", self.noun)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(sorted(self._entries.values(), key=lambda entry: entry.name))


class Sources(Registry[Source]):
    """The registered sources and, after them, those of a ``supply``.

    ``users`` are functions that take a source's name and return the saved objects that draw it.
    """

    supply: Supply | None = None

    def __init__(self, noun: str) -> None:
        super().__init__(noun)
        self.users: set[Callable[[str], Iterable[SourceUser]]] = set()

    def used_by(self, name: str) -> list[SourceUser]:
        """Return the saved objects that draw the source called ``name``."""
        return [user for find in self.users for user in find(name)]

    def get(self, name: str) -> Source:
        if name not in self and self.supply and (found := self.supply.find(name)):
            return found
        return super().get(name)

    def expect(self, names: Iterable[str]) -> None:
        """Announce names that ``get`` will be called with: the supply fetches them at once."""
        if self.supply and (unknown := {*names} - {"", *(each.name for each in self)}):
            self.supply.expect(unknown)

    def get_for(self, user: User, name: str) -> Source:
        """Like ``get``, but a source that ``user`` may not see counts as missing."""
        source = self.get(name)
        if source.private and not is_staff(user):
            raise self.unknown(name)
        return source

    def offered(self, user: User) -> list[Source]:
        """Return the sources that a list shows to ``user``."""
        return [*self, *(self.supply.offered(user) if self.supply else ())]


kinds: Registry[Kind] = Registry("kind")
sources = Sources("source")
