"""Who may send how much, as the ASGI application receives it."""

from __future__ import annotations

import asyncio
import errno
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from plots.http.signing import make_token
from plotsite.buffering import request_body
from plotsite.buffering.application import BufferingApplication
from tests.plotsite.exchanges import Exchange

MAX_BODY = 100_000
JSON = {"content-type": "application/json"}
FRONT = b"or log in first"


def post(size: int, path: str = "/plot/line", **headers: str) -> Exchange:
    named = {**JSON, "content-length": str(size), **headers}
    return Exchange(path, [b" " * size], headers=named)


@pytest.fixture
def site(settings: Any, transactional_db: None) -> BufferingApplication:
    """The site, with one thread."""
    settings.PLOTS = {**settings.PLOTS, "MAX_BODY": MAX_BODY}
    return BufferingApplication(WSGIHandler(), threads=1)


def cookie(client: Client) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


@pytest.mark.parametrize(
    ("name", "is_trusted"),
    [("anonymous", False), ("customer", False), ("inactive", False), ("staff", True)],
)
def test_who_may_send_more_than_max_body(site, visitor, name, is_trusted):
    exchange = post(MAX_BODY + 1, cookie=cookie(visitor(name)))
    status, _, content = asyncio.run(exchange.answer(site))
    assert (FRONT in content) is not is_trusted
    assert status == (403 if is_trusted else 413)  # staff need a CSRF token, too
    assert exchange.received == is_trusted


def test_sessions_that_are_no_login(site, visitor):
    staff = visitor("staff")
    forged = f"sessionid={'x' * 32}"
    get_user_model().objects.get().set_password("another")
    user = get_user_model().objects.get()
    user.set_password("another")
    user.save()
    for given in (forged, cookie(staff)):
        status, _, _ = asyncio.run(post(MAX_BODY + 1, cookie=given).answer(site))
        assert status == 413


def test_session_stays_valid_while_the_key_is_rotated(site, visitor, settings):
    staff = visitor("staff")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [settings.SECRET_KEY]
    exchange = post(MAX_BODY + 1, cookie=cookie(staff))
    exchange.is_complete = False
    exchange.gone.set()
    assert asyncio.run(exchange.answer(site))[0] == 400 and exchange.received
    assert staff.get("/admin/").status_code == 200


@pytest.mark.parametrize(("days", "expected"), [(1, b"has more than 100,000"), (-1, FRONT)])
def test_tokens(site, days, expected):
    token = make_token("reports", days)
    status, _, content = asyncio.run(
        post(MAX_BODY + 1, authorization=f"Bearer {token}").answer(site)
    )
    assert status == 413
    assert expected in content


def test_limit_of_trusted_clients(site, settings):
    settings.PLOTS["MAX_UPLOAD"] = 1
    token = make_token("reports", 1)
    exchange = post(1_000_000 + MAX_BODY + 1, authorization=f"Bearer {token}")
    status, _, content = asyncio.run(exchange.answer(site))
    assert status == 413 and FRONT in content


def test_body_in_chunks(site):
    token = make_token("reports", 1)
    headers = {**JSON, "transfer-encoding": "chunked", "authorization": f"Bearer {token}"}
    exchange = Exchange("/plot/line", [b'{"y": ', b"[1, 2]}"], headers=headers)
    status, _, content = asyncio.run(exchange.answer(site))
    assert status == 201, content


def test_long_body_in_chunks(site):
    headers = {**JSON, "transfer-encoding": "chunked"}
    exchange = Exchange("/plot/line", [b" " * 60_000] * 3, headers=headers)
    status, headers, content = asyncio.run(exchange.answer(site))
    assert status == 413 and FRONT in content
    assert headers["connection"] == "close" and headers["cache-control"] == "no-store"


def test_disk_space_of_anonymous_bodies(site, monkeypatch):
    monkeypatch.setattr(request_body, "ANONYMOUS_ON_DISK", 50_000)
    size = MAX_BODY  # 34,464 bytes of it are on the disk

    async def scenario() -> None:
        held = post(size)
        held.is_complete = False
        holding = asyncio.create_task(held.answer(site))
        while held.chunks or not request_body.RequestBody.anonymous_on_disk:
            await asyncio.sleep(0)
        status, headers, _ = await post(size).answer(site)
        assert (status, headers["retry-after"]) == (503, "1")
        status, _, _ = await post(60_000).answer(site)
        assert status == 401  # received
        held.gone.set()
        status, _, _ = await holding
        assert status == 400
        status, _, _ = await post(size).answer(site)
        assert status == 401

    asyncio.run(scenario())
    assert request_body.RequestBody.anonymous_on_disk == 0


def test_full_disk(site, monkeypatch, caplog):
    def write(file: Any, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(request_body.SpooledTemporaryFile, "write", write)
    status, headers, content = asyncio.run(post(MAX_BODY).answer(site))
    assert (status, headers["retry-after"]) == (503, "1")
    assert b"space" not in content and "No space left" in caplog.text
