"""NeverCacheMiddleware: responses without caching headers are never cached."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from plots.http.middleware import NeverCacheMiddleware


def answer(**headers: str) -> HttpResponse:
    return HttpResponse("hello", headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.mark.parametrize("is_async", [False, True])
def test_never_cache_by_default(rf: RequestFactory, is_async: bool) -> None:
    response = run(answer(), rf.get("/"), is_async)
    assert set(response["Cache-Control"].split(", ")) == {
        "max-age=0", "no-cache", "no-store", "must-revalidate", "private",
    }  # fmt: skip
    assert response.has_header("Expires")


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(
    "headers", [{"Cache_Control": "max-age=5"}, {"Expires": "Thu, 01 Jan 2032 00:00:00 GMT"}]
)
def test_existing_headers_are_kept(
    rf: RequestFactory, headers: dict[str, str], is_async: bool
) -> None:
    response = run(answer(**headers), rf.get("/"), is_async)
    for name, value in headers.items():
        assert response[name.replace("_", "-")] == value
    assert response.has_header("Cache-Control") == ("Cache_Control" in headers)


def run(response: HttpResponse, request: HttpRequest, is_async: bool) -> HttpResponse:
    if not is_async:
        return NeverCacheMiddleware(lambda request: response)(request)

    async def view(request: HttpRequest) -> HttpResponse:
        return response

    middleware = NeverCacheMiddleware(view)
    assert iscoroutinefunction(middleware)
    return asyncio.run(middleware(request))


@pytest.mark.django_db
def test_middleware_is_installed(client: Client) -> None:
    for path in ("/admin/login/", "/nowhere/", "/admin/"):
        assert "no-store" in client.get(path)["Cache-Control"], path
    assert "no-store" not in client.get("/plot/line.png?y=1,2")["Cache-Control"]
