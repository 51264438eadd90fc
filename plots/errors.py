"""PlotError, and the HTTP status of each error code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from django.utils.translation import gettext as _

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
    "too-much": 413,
    "too-long": 414,
    "unsupported-media-type": 415,
    "failed": 500,
    "crashed": 500,
    "too-much-memory": 500,
    "busy": 503,
    "storage-unavailable": 503,
    "timed-out": 504,
    "storage-full": 507,
}


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

    def as_dict(self) -> dict[str, str | None]:
        """Return the error as a JSON-compatible dict."""
        return {"parameter": self.parameter, "code": self.code, "message": self.message}

    def __str__(self) -> str:
        return f"{self.parameter}: {self.message}" if self.parameter else self.message

    def __reduce__(self) -> tuple[type[PlotError], tuple[object, ...]]:
        # By default, exceptions are pickled with their args only.
        return type(self), (self.message, self.code, self.parameter, self.also)


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
