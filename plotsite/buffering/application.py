"""The ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import closing, suppress
from contextvars import copy_context
from functools import partial
from io import BytesIO
from typing import IO, Any, NamedTuple
from wsgiref.util import FileWrapper

from django.conf import settings
from django.db import close_old_connections
from django.http import HttpResponse, JsonResponse

from plots.delivery.clients import client_address
from plots.errors import PlotError
from plots.http.headers import secure
from plots.http.response_cache import response_cache
from plots.i18n import override_language

from .environ import Environ, Scope, build_environ, may_have_body
from .request_body import RequestBody, is_trusted
from .response import PART, Headers, ResponseSender, encode_headers
from .threads import Threads, Turns
from .transfer import Disconnected, Receive, Send


class Response(NamedTuple):
    """A response that is not sent yet; its content is ``content`` and that of ``file``."""

    status: int
    headers: Headers
    content: bytes
    file: FileWrapper | None = None


class BufferingApplication:
    """Serves a WSGI application of Django.

    Parameters
    ----------
    application : callable
        The WSGI application.
    threads : int
        The number of requests that it processes at once, half of them of one client. Each thread
        may have a connection to each database.
    """

    def __init__(self, application: Callable[..., Any], threads: int = 64) -> None:
        self._application = application
        self._threads = Threads(threads)
        self._turns = Turns(max(1, threads // 2))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise ValueError("this application only supports HTTP")
        environ = build_environ(scope)
        with closing(ResponseSender(receive, send)) as sender, suppress(Disconnected):
            if not may_have_body(environ):
                await self._answer(environ, BytesIO(), sender)
                return
            with closing(RequestBody(environ, partial(self._threads.run, is_trusted))) as body:
                try:
                    # Programs read these errors, so they are in the language of the site.
                    with override_language():
                        await body.receive(receive)
                except PlotError as error:
                    await _refuse(error, environ, receive, sender)
                else:
                    await self._answer(environ, body.file, sender)

    async def _answer(self, environ: Environ, body: IO[bytes], sender: ResponseSender) -> None:
        environ["wsgi.input"] = body
        loop = asyncio.get_running_loop()
        if environ["REQUEST_METHOD"] == "GET" and response_cache.answers(environ):
            # Without another thread, whose start takes longer than the response. In a copy of the
            # context, because Django sets the language.
            response = copy_context().run(self._call, environ, sender, loop)
        else:
            async with self._turns.turn(client_address(environ)):
                response = await self._threads.run(self._call, environ, sender, loop)
        if response is None:
            return
        if response.file is None:
            await sender.send(response.status, response.headers, response.content)
            return
        try:
            await sender.start(response.status, response.headers)
            while part := await self._threads.run(response.file.filelike.read, PART):
                await sender.send_part(part)
            await sender.end()
        finally:
            await self._threads.run(response.file.close)

    def _call(
        self, environ: Environ, sender: ResponseSender, loop: asyncio.AbstractEventLoop
    ) -> Response | None:
        """Return the response of the WSGI application; None if it was streamed."""
        started: tuple[int, Headers] = 500, []

        def start_response(status: str, headers: list[tuple[str, str]], *args: Any) -> None:
            nonlocal started
            started = int(status[:3]), encode_headers(headers)

        result = self._application(environ, start_response)
        if isinstance(result, FileWrapper):
            # The file is closed in another thread, and request_finished is sent there.
            close_old_connections()
            return Response(*started, b"", result)
        with closing(result):
            if not getattr(result, "streaming", False):
                content = b"".join(result)
                return None if sender.send_now(*started, content) else Response(*started, content)

            def wait(step: Coroutine[Any, Any, None]) -> None:
                asyncio.run_coroutine_threadsafe(step, loop).result()

            wait(sender.start(*started))
            for part in result:
                wait(sender.send_part(part))
            wait(sender.end())
        return None


async def _refuse(
    error: PlotError, environ: Environ, receive: Receive, sender: ResponseSender
) -> None:
    """Send ``error`` without Django, so that it is cheap for many requests at once."""
    response: HttpResponse
    if environ.get("CONTENT_TYPE", "").startswith("application/json"):
        response = JsonResponse({"errors": [error.as_dict()]})
    else:
        response = HttpResponse(f"{error}\n", content_type="text/plain; charset=utf-8")
    secure(response)["Cache-Control"] = "no-store"
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    if environ["SERVER_PROTOCOL"].startswith("HTTP/1"):
        response["Connection"] = "close"
    await sender.send(error.status, encode_headers(response.items()), response.content)
    # A client that is still sending would not read the response if the connection were closed.
    if error.status in (413, 503):
        with suppress(TimeoutError):
            async with asyncio.timeout(settings.BODY_TIMEOUT):
                while (await receive()).get("more_body"):
                    pass
