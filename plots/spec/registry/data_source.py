"""Sources: named suppliers of columns."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist
from django.utils.translation import gettext as _

from plots.errors import PlotError, unavailable
from plots.permissions import OPEN, User, Visibility, viewer_of

from .entry import Entry

logger = logging.getLogger("plots")


@dataclass(frozen=True)
class Source(Entry):
    """A named supplier of columns. ``plots.source`` documents the fields."""

    version: str | Callable[..., str] | None = None
    age: float | None = None
    live: bool = False
    visibility: str = Visibility.STAFF.value
    groups: Collection[str] = ()
    viewer: bool = False
    columns: Mapping[str, str] | None = None
    # Of an axis that shows a column, by its name; from plots.values.formatting.
    formats: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        """Raise ImproperlyConfigured if the function and ``viewer`` do not match."""
        if message := self._viewer_problem():
            raise ImproperlyConfigured(f"The source {self.name!r} {message}")

    def _viewer_problem(self) -> str:
        is_option = "viewer" in self.options.base_fields
        if not self.viewer:
            is_wrong = _takes_viewer(self.function) and not is_option
            return "takes a viewer; declare it with viewer=True." if is_wrong else ""
        if is_option:
            return "has an option 'viewer', which is the user who requests it; rename the option."
        if not _takes_viewer(self.function):
            return "is declared with viewer=True; add a keyword viewer to its function."
        if self.version is not None and not _takes_viewer(self.version):
            return (
                "returns different columns for different viewers, so its version must depend on "
                "the viewer; pass a function with a keyword viewer, or leave version out."
            )
        return ""

    @property
    def is_private(self) -> bool:
        """Whether it is not for everybody."""
        return self.visibility not in OPEN

    def revision(self, options: Mapping[str, Any], viewer: Any = None) -> str | None:
        """The version of the columns under ``options``, or None if there is no cheap one.

        ``viewer`` is the key of the user who requests them.
        """
        if not callable(self.version):
            return self.version
        with self.logged_errors():
            try:
                return str(self.version(**options, **self._viewer_keyword(viewer)))
            except ObjectDoesNotExist:  # from latest() of an empty table
                return "empty"

    def rows(self, options: Mapping[str, Any], viewer: Any = None) -> Any:
        """What the function returns under ``options`` for the user with the key ``viewer``."""
        with self.logged_errors():
            try:
                return self.function(**options, **self._viewer_keyword(viewer))
            except ObjectDoesNotExist:  # from latest() of an empty table
                return []

    def _viewer_keyword(self, viewer: Any) -> dict[str, Any]:
        return {"viewer": viewer_of(viewer)} if self.viewer else {}

    @contextmanager
    def logged_errors(self) -> Iterator[None]:
        """Log an exception of the source's function; the user sees only that it failed."""
        try:
            yield
        except PlotError:
            raise
        except Exception as error:  # a source may raise anything
            if outage := unavailable(error):
                raise outage from error
            logger.exception("The source %s failed", self.name)
            message = _("The source “%(name)s” failed; it has been logged.") % {"name": self.name}
            raise PlotError(message, "failed", "source") from error


def _takes_viewer(function: object) -> bool:
    if not callable(function):
        return False
    try:
        return "viewer" in inspect.signature(function).parameters
    except ValueError:  # a builtin without a signature
        return False


class Supply(Protocol):
    """Further sources, such as datasets, which come and go while the site runs."""

    def find(self, name: str) -> Source | None: ...

    def expect(self, names: Collection[str]) -> None: ...

    def offered(self, user: User) -> Iterable[Source]: ...


class SourceUser(Protocol):
    """A saved object that draws a source, such as a preset."""

    slug: str
    title: str

    @property
    def is_published(self) -> bool: ...

    def spec(self) -> Any: ...
