"""Signatures of this site, by its secret key: under the addresses that it makes, and on tokens.

Django's salted signer does the work: HMAC-SHA-256, compared in constant time, with the keys of
``SECRET_KEY_FALLBACKS`` still good while the key is changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from time import time

from django.core import signing

from plots.conf import DAY, conf
from plots.errors import PlotError
from plots.forms.binding import REVISION, SIGNATURE, UNTIL

Query = dict[str, list[str]]

_ADDRESS, _TOKEN = "plots.address", "plots.token"
# What a signature does not cover: itself, and the revision, which people may drop.
_UNSIGNED = {REVISION, SIGNATURE}


def sign(kind: str, format: str, query: Query) -> Query:
    """``query`` with what ``check`` asks for, if this site signs its addresses.

    The end is that of a day, so that an address is the same all day and caches know it.
    """
    if not conf.SIGNED_URLS:
        return query
    if conf.SIGNED_DAYS:
        end = (time() // DAY + 1 + conf.SIGNED_DAYS) * DAY
        query = query | {UNTIL: [str(int(end))]}
    signature = signing.Signer(salt=_ADDRESS).signature(_message(kind, format, query))
    return query | {SIGNATURE: [signature]}


def check(kind: str, format: str, query: Query) -> None:
    """Raise a PlotError (403) unless this site signed the picture that ``query`` asks for.

    Nothing but the clock, the settings and the arguments decides. The order of the parameters
    does not count, nor how they are encoded, nor the revision.
    """
    if not conf.SIGNED_URLS:
        return
    signatures = query.get(SIGNATURE, [])
    if len(signatures) != 1:
        raise _refusal(
            "This site draws only what it has signed: take the whole address, with “sig”, from a "
            "page of this site."
        )
    try:
        signer = signing.Signer(salt=_ADDRESS)
        signer.unsign(f"{_message(kind, format, query)}{signer.sep}{signatures[0]}")
    except signing.BadSignature:
        raise _refusal(
            "This is not the signature of this address. Nothing in a signed address can be "
            "changed: take it anew from where you found it."
        ) from None
    end = expires(query)
    if end is not None and end <= time():
        raise _refusal("This signature has expired: load the page that it is from anew.")


def expires(query: Query) -> float | None:
    """Until when the signature in ``query`` is good, in seconds since 1970; None: for ever.

    It only says something of a query that ``check`` has let pass.
    """
    end = query.get(UNTIL, [""])[-1] if conf.SIGNED_URLS else ""
    return float(end) if end.isdecimal() and len(end) < 20 else None


def _refusal(message: str) -> PlotError:
    return PlotError(message, "bad-signature", SIGNATURE)


def _message(kind: str, format: str, query: Mapping[str, Sequence[str]]) -> str:
    # The values of one name stay in their order, which says which series is which.
    pairs = sorted((name, list(each)) for name, each in query.items() if name not in _UNSIGNED)
    return json.dumps([kind, format, pairs], separators=(",", ":"))


def make_token(name: str, days: int) -> str:
    """A token with which ``name`` may post plots for ``days`` days."""
    return signing.dumps([name, int(time()) + days * DAY], salt=_TOKEN)


def read_token(token: str) -> str:
    """The name that ``token`` was made for; a PlotError (401) if it is none of ours or too old."""
    try:
        name, end = signing.loads(token, salt=_TOKEN)
    except signing.BadSignature:
        message = "This token is not one of this site's: make one with manage.py plot_token."
        raise PlotError(message, "unauthorized") from None
    if end <= time():
        message = f"The token of “{name}” has expired: make one with manage.py plot_token."
        raise PlotError(message, "unauthorized")
    return str(name)
