"""Request bodies, received within limits of size, time and disk space."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from io import BytesIO
from tempfile import SpooledTemporaryFile

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.signed_cookies import SessionStore as MemorySession
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error, close_old_connections
from django.http import HttpResponse
from django.utils.translation import gettext as _

from plots.conf import conf
from plots.errors import PlotError, unavailable
from plots.http import signing
from plots.permissions import is_staff

from .environ import Environ
from .transfer import Receive, Transfer

logger = logging.getLogger("plotsite")

MEGABYTE = 10**6
IN_MEMORY = 65_536  # bytes of a body; the rest is written to a temporary file
ANONYMOUS_ON_DISK = 256 * MEGABYTE  # of all bodies together


class RequestBody:
    """The body of one request.

    Anonymous clients can send ``PLOTS["MAX_BODY"]`` bytes. Staff and programs with a token can send
    a file of ``PLOTS["MAX_UPLOAD"]`` megabytes, and other fields beside it.
    """

    anonymous_on_disk = 0

    def __init__(self, environ: Environ, ask: Callable[[Environ], Awaitable[bool]]) -> None:
        self._environ = environ
        self._ask = ask
        self._is_trusted = False
        self._limit = conf.MAX_BODY
        self._counted = 0  # bytes in anonymous_on_disk
        folder = settings.FILE_UPLOAD_TEMP_DIR
        self.file = SpooledTemporaryFile(IN_MEMORY, dir=folder)  # noqa: SIM115 - see close()

    async def receive(self, receive: Receive) -> None:
        """Receive the body; raise PlotError (400, 408, 413 or 503) if that is not possible."""
        transfer = Transfer()
        length = self._environ.get("CONTENT_LENGTH", "")
        await self._check(int(length) if length.isdecimal() else 0)
        more = True
        while more:
            try:
                event = await transfer.wait(receive())
            except TimeoutError:
                message = _("The body did not arrive in time. Send the request again.")
                raise PlotError(message, "too-slow") from None
            # The client is gone, or the body is not valid: the server does not say which.
            if event["type"] == "http.disconnect":
                message = _("The body is incomplete. Send the request again.")
                raise PlotError(message, "incomplete")
            chunk = event.get("body", b"")
            transfer.size += len(chunk)
            await self._check(transfer.size)
            await self._write(chunk, transfer.size)
            more = event.get("more_body", False)
        self.file.seek(0)
        # Django reads as many bytes as this header says. Chunked requests do not have it.
        self._environ["CONTENT_LENGTH"] = str(transfer.size)
        self._environ.pop("HTTP_TRANSFER_ENCODING", None)

    async def _check(self, size: int) -> None:
        if size > self._limit and not self._is_trusted and await self._ask(self._environ):
            self._is_trusted = True
            self._limit += conf.MAX_UPLOAD * MEGABYTE
        if size > self._limit:
            message = _("The body has more than %(most)s bytes. Send less, or log in first.")
            raise PlotError(message % {"most": f"{self._limit:,}"}, "too-much")

    async def _write(self, chunk: bytes, size: int) -> None:
        if size <= IN_MEMORY:
            self.file.write(chunk)
            return
        if not self._is_trusted:
            self._reserve(size - IN_MEMORY - self._counted)
        try:
            # In another thread, because a slow disk must not stop the event loop.
            await asyncio.to_thread(self.file.write, chunk)
        except OSError:
            logger.exception("Failed to store the body of a request")
            raise _busy() from None

    def _reserve(self, count: int) -> None:
        if RequestBody.anonymous_on_disk + count > ANONYMOUS_ON_DISK:
            raise _busy()
        RequestBody.anonymous_on_disk += count
        self._counted += count

    def close(self) -> None:
        """Delete the body."""
        RequestBody.anonymous_on_disk -= self._counted
        self.file.close()


def _busy() -> PlotError:
    return PlotError(_("The site cannot store the body at the moment. Try again later."), "busy")


def is_trusted(environ: Environ) -> bool:
    """Whether the sender of a request is staff or has a valid token.

    Raises
    ------
    PlotError
        If the database is not available.
    """
    request = WSGIRequest({**environ, "CONTENT_LENGTH": "0", "wsgi.input": BytesIO()})
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        try:
            signing.read_token(token.strip())
        except PlotError:
            return False
        return True
    try:
        SessionMiddleware(lambda request: HttpResponse()).process_request(request)
        # In a copy, because get_user may replace the key of the session.
        session = MemorySession()
        session.update(dict(request.session.items()))
        request.session = session
        return is_staff(get_user(request))
    except Error as error:
        raise unavailable(error) or error from None
    finally:
        close_old_connections()  # as at the end of a request
