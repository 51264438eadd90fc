"""Clients: who sent a request, as text. A logged-in user, otherwise an address."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial, wraps
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from django import db
from django.core.signals import request_finished, request_started
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

from plots.conf import conf
from plots.permissions import request_user, viewer_key

from . import fair_share

logger = logging.getLogger("plots")

View = Callable[..., HttpResponseBase]
# Headers that proxies set. None is trusted unless PLOTS["CLIENT_IP_HEADER"] names it: everybody
# can send them.
PROXY_HEADERS = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_CF_CONNECTING_IP",
)
# An IPv6 network that providers give to one customer.
IPV6_PREFIX = 64
untrusted_headers: set[str] = set()  # that arrived in this process


def draw_for_client(view: View) -> View:
    """Return ``view`` with its plots drawn for the client of the request."""

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with fair_share.requested_by(partial(client_of, request)):
            return view(request, *args, **kwargs)

    return counted


def client_of(request: HttpRequest) -> str:
    """Return the client of ``request``: its user if logged in, otherwise its address.

    The users of one office thus do not share an address. Reading the user here does not make the
    response depend on it, so it adds no ``Vary`` header.
    """
    session = getattr(request, "session", None)
    accessed = getattr(session, "accessed", False)
    try:
        key = viewer_key(request_user(request))
    except db.Error:
        key = None  # the picture may not need the database
    if session is not None:
        session.accessed = accessed
    return _of_address(request.META) if key is None else f"user {key}"


def _of_address(meta: Mapping[str, Any]) -> str:
    address = client_address(meta)
    return address and f"address {address}"


def client_address(meta: Mapping[str, Any]) -> str:
    """Return the IP address of the client with the request headers ``meta``.

    It is in the header ``PLOTS["CLIENT_IP_HEADER"]``, the last but ``PLOTS["TRUSTED_PROXIES"]`` - 1
    of a list, or that of the connection without such a setting or with anything but an address
    there. An IPv6 address stands for its network of one customer.

    Returns
    -------
    str
        Empty if the connection has no address, as that through a Unix socket.

    Examples
    --------
    >>> client_address({"REMOTE_ADDR": "2001:db8:1:2:3::4"})
    '2001:db8:1:2::'
    """
    if trusts_header():
        name = str(conf.CLIENT_IP_HEADER).upper().replace("-", "_").removeprefix("HTTP_")
        values = str(meta.get(f"HTTP_{name}", "")).split(",")
        nearest = values[-conf.TRUSTED_PROXIES :]
        if len(nearest) == conf.TRUSTED_PROXIES and (found := _parse(nearest[0])):
            return found
    else:
        _note_untrusted(meta)
    return _parse(str(meta.get("REMOTE_ADDR") or ""))


def trusts_header() -> bool:
    """Return whether the client's address is in a header that a proxy sets."""
    return bool(conf.CLIENT_IP_HEADER != "REMOTE_ADDR")


def _parse(text: str) -> str:
    """Return the address in ``text``, which may have a port, or an empty string."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        bits = int(address)
        return str(IPv6Network((bits, IPV6_PREFIX), strict=False).network_address)
    return str(address)


def _note_untrusted(meta: Mapping[str, Any]) -> None:
    for name in PROXY_HEADERS:
        if name in meta and name not in untrusted_headers:
            untrusted_headers.add(name)
            logger.warning(
                "A request has the header %s, which is not trusted. If a proxy sets it, name it in "
                "PLOTS['CLIENT_IP_HEADER']. Otherwise all visitors count as one client.",
                name.removeprefix("HTTP_").replace("_", "-").title(),
            )


@receiver(request_started)
def _begin(environ: Mapping[str, Any] | None = None, **_: Any) -> None:
    """Count plots in pages of other apps, such as the admin, for the address of the request."""
    fair_share.set_client(partial(_of_address, environ) if environ else None)


@receiver(request_finished)
def _end(**_: Any) -> None:
    fair_share.set_client(None)
