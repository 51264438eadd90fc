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

_URL_SALT, _GRANT_SALT, _TOKEN_SALT = "plots.address", "plots.grant", "plots.token"
# Parameters that a signature does not cover: itself, and the revision, which may be removed.
_UNSIGNED = {REVISION, SIGNATURE}


def sign(kind: str, format: str, query: Query, *, grants: bool = False) -> Query:
    """Return ``query`` with a signature if ``PLOTS["SIGNED_URLS"]`` is on or it ``grants`` access.

    A signature that grants access shows the plot to everybody who has the URL, even if its source
    is not for everybody. Signatures expire at the end of a day. URLs thus stay the same all day,
    so they can be cached.
    """
    if not (conf.SIGNED_URLS or grants):
        return query
    if conf.SIGNED_DAYS:
        end = (time() // DAY + 1 + conf.SIGNED_DAYS) * DAY
        query = query | {UNTIL: [str(int(end))]}
    signer = signing.Signer(salt=_GRANT_SALT if grants else _URL_SALT)
    return query | {SIGNATURE: [signer.signature(_message(kind, format, query))]}


def check(kind: str, format: str, query: Query) -> bool:
    """Return whether the signature of ``query`` grants access to the source of its plot.

    The order of the parameters, their encoding and the revision do not matter.

    Raises
    ------
    PlotError
        (403) If signatures are required and that of ``query`` is not valid, or it has expired.
    """
    signatures = query.get(SIGNATURE, [])
    if len(signatures) != 1:
        if not conf.SIGNED_URLS:
            return False
        message = _(
            "This site draws only signed URLs. Copy the whole URL, including “sig”, from a page of "
            "this site."
        )
        raise _bad_signature(message)
    signed = _message(kind, format, query)
    grants = _is_valid(_GRANT_SALT, signed, signatures[0])
    if not (grants or _is_valid(_URL_SALT, signed, signatures[0])):
        if not conf.SIGNED_URLS:
            return False  # it counts as unsigned
        message = _(
            "The signature does not match this URL. A signed URL cannot be changed. Copy it again "
            "from the page where you found it."
        )
        raise _bad_signature(message)
    end = expires(query)
    if end is not None and end <= time() and (grants or conf.SIGNED_URLS):
        message = _("The signature of this URL has expired. Reload the page that shows the plot.")
        raise _bad_signature(message)
    return grants


def _is_valid(salt: str, message: str, signature: str) -> bool:
    signer = signing.Signer(salt=salt)
    try:
        return signer.unsign(f"{message}{signer.sep}{signature}") == message
    except signing.BadSignature:
        return False


def expires(query: Query) -> float | None:
    """Return when the signature in ``query`` expires, in seconds since 1970; None if never.

    The result is only meaningful for a query that ``check`` accepts.
    """
    end = query.get(UNTIL, [""])[-1] if SIGNATURE in query else ""
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
