"""The registered kinds and sources."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, Protocol, TypeVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy

from plots.errors import PlotError, suggestion
from plots.permissions import SITE, User, Visibility, may_see

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
            raise self.unknown(name, self) from None

    def unknown(self, name: str, offered: Iterable[T]) -> PlotError:
        """Return the error for a name that is not registered. It suggests one of ``offered``."""
        names = {entry.name: entry.other_names for entry in offered}
        same = next((each for each, others in names.items() if name.lower() in others), None)
        message = str(_MISSING[self.noun]) % {"name": name[:50]}
        message += suggestion(same or name, [same] if same else names)
        return PlotError(message, f"unknown-{self.noun}", self.noun)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(sorted(self._entries.values(), key=lambda entry: entry.name))


class Sources(Registry[Source]):
    """The registered sources and, after them, those of a ``supply``.

    ``users`` are functions that take a source's name and return the saved objects that draw it.
    ``shown_by_views`` are the names of those that Python views show to all their visitors.
    """

    supply: Supply | None = None
    _reading: ContextVar[tuple[User, Collection[str]]] = ContextVar("_reading", default=(SITE, ()))

    def __init__(self, noun: str) -> None:
        super().__init__(noun)
        self.users: set[Callable[[str], Iterable[SourceUser]]] = set()
        self.shown_by_views: set[str] = set()

    def used_by(self, name: str) -> list[SourceUser]:
        """Return the saved objects that draw the source called ``name``."""
        return [user for find in self.users for user in find(name)]

    @contextmanager
    def read_by(self, user: User, published: Collection[str] = ()) -> Iterator[None]:
        """Let ``user`` be the ``reader``, who may also see the sources called ``published``."""
        token = self._reading.set((user, published))
        try:
            yield
        finally:
            self._reading.reset(token)

    @property
    def reader(self) -> User:
        """The user for whom Python code describes plots: SITE, but in a view the visitor."""
        return self._reading.get()[0]

    def is_published(self, name: str) -> bool:
        """Whether the current view shows the source to all its visitors."""
        return name in self._reading.get()[1]

    def get(self, name: str) -> Source:
        return self.get_for(SITE, name)

    def expect(self, names: Iterable[str]) -> None:
        """Announce names that ``get`` will be called with: the supply fetches them at once."""
        if self.supply and (unknown := {*names} - {"", *(each.name for each in self)}):
            self.supply.expect(unknown)

    def get_for(self, user: User, name: str) -> Source:
        """Like ``get``, but a source that ``user`` may not see counts as missing."""
        own = self._entries.get(name)
        supplied = self.supply.find(name) if own is None and self.supply else None
        found = own or supplied
        # A missing source is decided like a staff-only one, so that both take the same steps.
        visibility, groups = (found.visibility, found.groups) if found else (Visibility.STAFF, ())
        is_seen = self.is_published(name) or may_see(user, visibility, groups)
        if found is not None and is_seen:
            return found
        if own is not None and self.supply:
            self.supply.find(name)  # as for a name that is not registered
        # A visitor may read an error of the site's own, such as that of a preset.
        reader = None if user is SITE and not settings.DEBUG else user
        raise self.unknown(name, self._listed(reader))

    def offered(self, user: User) -> list[Source]:
        """Return the sources that a list shows to ``user``."""
        return [*self._listed(user), *(self.supply.offered(user) if self.supply else ())]

    def _listed(self, user: User) -> list[Source]:
        """The registered ones among them. Only the site itself lists unlisted ones."""
        return [
            each
            for each in self
            if may_see(user, each.visibility, each.groups)
            and (user is SITE or each.visibility != Visibility.UNLISTED)
        ]


kinds: Registry[Kind] = Registry("kind")
sources = Sources("source")
