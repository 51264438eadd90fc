"""Signed URLs and signed tokens.

They use Django's salted signer: HMAC-SHA-256, compared in constant time. Signatures made with the
keys in ``SECRET_KEY_FALLBACKS`` stay valid while the secret key is rotated.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from time import time

from django.core import signing
from django.utils.translation import gettext as _

from plots.conf import DAY, conf
from plots.errors import PlotError
from plots.forms.binding import REVISION, SIGNATURE, UNTIL

Query = dict[str, list[str]]

_URL_SALT, _TOKEN_SALT = "plots.address", "plots.token"
# Parameters that a signature does not cover: itself, and the revision, which may be removed.
_UNSIGNED = {REVISION, SIGNATURE}


def sign(kind: str, format: str, query: Query) -> Query:
    """Return ``query`` with a signature if ``PLOTS["SIGNED_URLS"]`` is on.

    Signatures expire at the end of a day. URLs thus stay the same all day, so they can be cached.
    """
    if not conf.SIGNED_URLS:
        return query
    if conf.SIGNED_DAYS:
        end = (time() // DAY + 1 + conf.SIGNED_DAYS) * DAY
        query = query | {UNTIL: [str(int(end))]}
    signature = signing.Signer(salt=_URL_SALT).signature(_message(kind, format, query))
    return query | {SIGNATURE: [signature]}


def check(kind: str, format: str, query: Query) -> None:
    """Raise PlotError (403) if signatures are required and that of ``query`` is not valid.

    The order of the parameters, their encoding and the revision do not matter.
    """
    if not conf.SIGNED_URLS:
        return
    signatures = query.get(SIGNATURE, [])
    if len(signatures) != 1:
        message = _(
            "This site draws only signed URLs. Copy the whole URL, including “sig”, from a page of "
            "this site."
        )
        raise _bad_signature(message)
    try:
        signer = signing.Signer(salt=_URL_SALT)
        signer.unsign(f"{_message(kind, format, query)}{signer.sep}{signatures[0]}")
    except signing.BadSignature:
        message = _(
            "The signature does not match this URL. A signed URL cannot be changed. Copy it again "
            "from the page where you found it."
        )
        raise _bad_signature(message) from None
    end = expires(query)
    if end is not None and end <= time():
        message = _("The signature of this URL has expired. Reload the page that shows the plot.")
        raise _bad_signature(message)


def expires(query: Query) -> float | None:
    """Return when the signature in ``query`` expires, in seconds since 1970; None if never.

    The result is only meaningful for a query that ``check`` accepts.
    """
    end = query.get(UNTIL, [""])[-1] if conf.SIGNED_URLS else ""
    return float(end) if end.isdecimal() and len(end) < 20 else None


def _bad_signature(message: str) -> PlotError:
    return PlotError(message, "bad-signature", SIGNATURE)


def _message(kind: str, format: str, query: Mapping[str, Sequence[str]]) -> str:
    # Values of one parameter keep their order, which assigns them to series.
    pairs = sorted((name, list(each)) for name, each in query.items() if name not in _UNSIGNED)
    return json.dumps([kind, format, pairs], separators=(",", ":"))


def make_token(name: str, days: int) -> str:
    """Return a token that lets ``name`` post plots for ``days`` days."""
    return signing.dumps([name, int(time()) + days * DAY], salt=_TOKEN_SALT)


def read_token(token: str) -> str:
    """Return the name in ``token``; raise PlotError (401) if it is invalid or has expired."""
    try:
        name, end = signing.loads(token, salt=_TOKEN_SALT)
    except signing.BadSignature:
        message = _("This token is not valid. Create one with “manage.py plot_token”.")
        raise PlotError(message, "unauthorized") from None
    if end <= time():
        message = _("The token of “%(name)s” has expired. Create one with “manage.py plot_token”.")
        raise PlotError(message % {"name": name}, "unauthorized")
    return str(name)
