"""PlotError, the HTTP status of each error code, and errors of databases as PlotErrors."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from django import db
from django.apps import apps
from django.utils.translation import gettext as _

logger = logging.getLogger("plots")

STATUS = {
    "unauthorized": 401,
    "bad-signature": 403,
    "forbidden": 403,
    "not-found": 404,
    "unknown-kind": 404,
    "unknown-preset": 404,
    "unknown-format": 404,
    "unknown-source": 404,
    "unknown-plot": 404,
    "method-not-allowed": 405,
    "too-slow": 408,
    "too-much": 413,
    "too-long": 414,
    "unsupported-media-type": 415,
    "too-many-requests": 429,
    "failed": 500,
    "crashed": 500,
    "too-much-memory": 500,
    "busy": 503,
    "storage-unavailable": 503,
    "unavailable": 503,
    "timed-out": 504,
    "storage-full": 507,
}
# Seconds after which a client may try again, where it is not one second.
RETRY_AFTER = {"unavailable": 30, "storage-unavailable": 30}


class PlotError(Exception):
    """A plot that cannot be drawn, with a message that says how to fix it.

    Parameters
    ----------
    message : str
        One or more sentences for people, translated. Characters that cannot be printed are
        replaced.
    code : str
        Stable identifier for programs. It selects the HTTP status: 400 unless ``STATUS`` has it.
    parameter : str, optional
        Name of the parameter that caused the error.
    also : sequence of PlotError
        Further errors of the same request.

    Examples
    --------
    >>> error = PlotError("Item 2, “b”, is not a number.", "not-a-number", "y")
    >>> str(error), error.status
    ('y: Item 2, “b”, is not a number.', 400)
    """

    def __init__(
        self,
        message: str,
        code: str = "invalid",
        parameter: str | None = None,
        also: Sequence[PlotError] = (),
    ) -> None:
        super().__init__(message)
        self.message = _printable(message)
        self.code = code
        self.parameter = parameter and _printable(parameter)
        self.also = tuple(also)

    @classmethod
    def of(cls, errors: Sequence[PlotError]) -> PlotError:
        """Combine ``errors`` (at least one) into the first one."""
        first, *rest = errors
        return cls(first.message, first.code, first.parameter, rest)

    @property
    def all(self) -> tuple[PlotError, ...]:
        """This error and those of ``also``."""
        return (self, *self.also)

    @property
    def status(self) -> int:
        """HTTP status of the response."""
        return STATUS.get(self.code, 400)

    @property
    def retry_after(self) -> int | None:
        """Seconds for the header ``Retry-After``; None if trying again is pointless."""
        return RETRY_AFTER.get(self.code, 1) if self.status in (429, 503) else None

    def as_dict(self) -> dict[str, str | None]:
        """Return the error as a JSON-compatible dict."""
        return {"parameter": self.parameter, "code": self.code, "message": self.message}

    def __str__(self) -> str:
        return f"{self.parameter}: {self.message}" if self.parameter else self.message

    def __reduce__(self) -> tuple[type[PlotError], tuple[object, ...]]:
        # By default, exceptions are pickled with their args only.
        return type(self), (self.message, self.code, self.parameter, self.also)


# Codes with which SQLite, PostgreSQL and MySQL report a missing table or column. That of SQLite
# stands for all mistakes in a statement.
_SQLITE_ERROR, _SQLITE_CORRUPT, _SQLITE_NOTADB = 1, 11, 26
_MISSING = {_SQLITE_ERROR, "42P01", "42703", 1146, 1054}


def unavailable(error: BaseException) -> PlotError | None:
    """Return the PlotError (503) for ``error`` if a database cannot be used; otherwise None.

    A database cannot be used if it does not answer, refuses or ends the connection, stays locked,
    has a damaged file, or lacks tables or columns of an installed app. This is logged. Mistakes in
    a statement and violated constraints are not such errors.
    """
    if not isinstance(error, db.Error):
        return None
    if lacks_table(error):
        logger.error("A table or column is missing. Run “manage.py migrate”: %s", error)
    elif _is_away(error):
        logger.error("The database is not available: %s", error)
    else:
        return None
    message = _("The site cannot read its data at the moment. Try again in half a minute.")
    return PlotError(message, "unavailable")


def lacks_table(error: db.Error) -> bool:
    """Whether ``error`` says that the database lacks a table or column of an installed app."""
    return _database_code(error) in _MISSING and _names_table(str(error))


def _database_code(error: db.Error) -> object:
    """Return the code that the driver of the database gave to ``error``; None without one."""
    cause = error.__cause__
    found = getattr(cause, "sqlite_errorcode", None) or getattr(cause, "sqlstate", None)
    return found or next(iter(error.args), None)


def _names_table(message: str) -> bool:
    """Whether the first line of ``message`` names a table of an installed model."""
    models = apps.get_models(include_auto_created=True)
    words = re.findall(r"\w+", message.partition("\n")[0])
    return not {model._meta.db_table for model in models}.isdisjoint(words)


def _is_away(error: db.Error) -> bool:
    code = _database_code(error)
    if code in (_SQLITE_CORRUPT, _SQLITE_NOTADB):
        return True
    is_operational = isinstance(error, (db.InterfaceError, db.OperationalError))
    return is_operational and code not in _MISSING


def _printable(text: str) -> str:
    """Replace characters of ``text`` that headers and images cannot contain."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the most similar of ``names``, ignoring case; None if there is none."""
    by_folded = {each.casefold(): each for each in names}
    matches = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[matches[0]] if matches else None


def suggestion(name: str, names: Iterable[str]) -> str:
    """Return `` Did you mean …?`` to append to a message, or all names if they are few."""
    known = sorted(names)
    match = nearest(name, known)
    if match:
        return " " + _("Did you mean “%(name)s”?") % {"name": match}
    if 0 < len(known) <= 12:
        return " " + _("Available: %(names)s.") % {"names": ", ".join(known)}
    return ""
