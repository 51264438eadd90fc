"""The one error a person can cause, and the status each of its codes answers with."""

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
    "timed-out": 504,
}


class PlotError(Exception):
    """A plot that cannot be drawn as asked, said so that its asker can mend it.

    ``message`` is a sentence for people, ``code`` a stable word for programs (it picks the HTTP
    status, 400 unless ``STATUS`` says otherwise), ``parameter`` the name that is at fault, if
    one is. ``also`` holds further errors of the same request.
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
        """One error that carries all of ``errors`` (at least one), the first in front."""
        first, *rest = errors
        return cls(first.message, first.code, first.parameter, rest)

    @property
    def all(self) -> tuple[PlotError, ...]:
        return (self, *self.also)

    @property
    def status(self) -> int:
        return STATUS.get(self.code, 400)

    def as_dict(self) -> dict[str, str | None]:
        return {"parameter": self.parameter, "code": self.code, "message": self.message}

    def __str__(self) -> str:
        return f"{self.parameter}: {self.message}" if self.parameter else self.message

    def __reduce__(self) -> tuple[type[PlotError], tuple[object, ...]]:
        # Exceptions pickle by their args alone; this one must survive a process boundary whole.
        return type(self), (self.message, self.code, self.parameter, self.also)


def _printable(text: str) -> str:
    """``text``, which may quote a stranger, without what no header or picture can hold."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of ``names`` that ``name`` most likely stands for: same letters, else most alike."""
    by_folded = {known.casefold(): known for known in names}
    matches = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[matches[0]] if matches else None


def suggestion(name: str, names: Iterable[str]) -> str:
    """`` Did you mean …?`` for the end of a message, or, of a short list, all there is."""
    known = sorted(names)
    match = nearest(name, known)
    if match:
        return " " + _("Did you mean “%(name)s”?") % {"name": match}
    if 0 < len(known) <= 12:
        return " " + _("There is %(names)s.") % {"names": ", ".join(known)}
    return ""
