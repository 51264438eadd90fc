"""Headers of every public URL: conditional requests, HEAD, compression and other sites."""

from __future__ import annotations

from gzip import decompress as gunzip
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.http import HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.test import Client, RequestFactory
from PIL import Image

from plots.http.response_cache import response_cache
from plots.http.stored_plots import StoredPlot
from plots.presets.models import Preset

pytestmark = pytest.mark.django_db

PUBLIC = (
    "/plot/line.png?y=1,2", "/plot/line.svg?y=1,2", "/plot/line.csv?y=1,2", "/plot/line.txt?y=1,2",
    "/plot/line.json?y=1,2", "/plot/line.pdf?y=1,2", "/presets/two.svg", "/presets/two.webp",
    "/presets/source.svg", "/feed.atom", "/sitemap.xml", "/plot/openapi.json",
    "/oembed/?url=http://testserver/presets/two/",
)  # fmt: skip
PRIVATE = ("/presets/private.png", "/presets/private.svg", "/presets/private.csv")
STATIC = (
    "/static/plots/plots.css", "/static/plots/favicon.svg", "/static/admin/css/base.css",
    "/static/admin/js/theme.js", "/favicon.ico", "/apple-touch-icon.png",
    "/apple-touch-icon-precomposed.png",
)  # fmt: skip
PAGES = (
    "/", "/presets/two/", "/presets/two/embed/", "/plot/", "/plot/line/", "/boards/",
    "/robots.txt", "/accounts/login/", "/admin/login/", "/healthz",
)  # fmt: skip
ERRORS = (
    "/nowhere/", "/plot/line.png?y=a", "/plot/nothing.svg", "/presets/none.png", "/p/0.png",
    "/plot/line.gif?y=1", "/oembed/", "/presets/two", "/metrics", "/plot/line?y=1",
)  # fmt: skip
TEXT = {path for path in (*PUBLIC, *STATIC) if not path.split("?")[0].endswith(
    ("png", "webp", "pdf", "ico")
)}  # fmt: skip
# What a 304 has not: it describes the body, or how it was made.
OF_BODY = {"Content-Type", "Content-Length", "Content-Encoding", "Server-Timing"}


@pytest.fixture(autouse=True)
def saved() -> None:
    common = {"kind": "line", "title": "Two", "visibility": "public"}
    Preset.objects.create(slug="two", parameters={"y": "1,2"}, **common)
    source = {"source": "nile", "parameters": {"x": "year", "y": "flow"}}
    Preset.objects.create(slug="source", **common | source)
    hidden = common | {"visibility": "staff"}
    Preset.objects.create(slug="private", parameters={"y": "1,2"}, **hidden)


def content_of(response: Any) -> bytes:
    """Read ``response`` and return its body without compression."""
    body: bytes = response.getvalue()
    return gunzip(body) if body and response.get("Content-Encoding") == "gzip" else body


def headers_of(response: Any) -> dict[str, str]:
    """Return the headers that a 304 must repeat."""
    return {name: value for name, value in response.headers.items() if name not in OF_BODY}


@pytest.mark.parametrize("encoding", ["", "gzip"])
@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize("path", [*PUBLIC, *PRIVATE, *STATIC])
def test_a_304_has_the_headers_of_its_200(
    admin_client: Client, path: str, is_known: bool, encoding: str
) -> None:
    accepted = {"accept-encoding": encoding}
    first = admin_client.get(path, headers=accepted)
    assert first.status_code == 200
    content = content_of(first)
    etag = first["ETag"]
    strong = etag.removeprefix("W/")
    for known in (etag, f"W/{strong}", strong, f'"other",{etag}', f'"other", W/{strong}', "*"):
        if not is_known:
            response_cache.clear()
            cache.clear()
        old = {"if-modified-since": "Thu, 01 Jan 1998 00:00:00 GMT"}  # ignored beside the other
        again = admin_client.get(path, headers=accepted | old | {"if-none-match": known})
        assert (again.status_code, again.getvalue()) == (304, b""), known
        if known in (etag, "*"):
            assert headers_of(again) == headers_of(first), known
        else:
            assert headers_of(again) | {"ETag": etag} == headers_of(first), known
            assert again["ETag"].removeprefix("W/") == strong
    other = admin_client.get(path, headers=accepted | {"if-none-match": '"other"'})
    assert headers_of(other) == headers_of(first)
    assert content_of(other) == content


@pytest.mark.parametrize("path", sorted(TEXT))
def test_text_is_compressed(client: Client, path: str) -> None:
    plain, packed = client.get(path), client.get(path, headers={"accept-encoding": "gzip"})
    assert "Accept-Encoding" in plain["Vary"] and "Accept-Encoding" in packed["Vary"]
    assert packed["ETag"] == f"W/{plain['ETag']}"
    body = content_of(plain)
    assert content_of(packed) == body
    assert packed.has_header("Content-Encoding") or len(body) < 500


@pytest.mark.parametrize("encoding", ["", "gzip"])
@pytest.mark.parametrize("path", [*PUBLIC, *PRIVATE, *STATIC, *PAGES, *ERRORS])
def test_head_equals_get(client: Client, path: str, encoding: str) -> None:
    accepted = {"accept-encoding": encoding}
    got, head = (send(path, headers=accepted) for send in (client.get, client.head))
    ignored = {"Server-Timing", "Date", "Expires"}
    content_of(got)
    if got.get("Content-Encoding") and "Cookie" in got.get("Vary", ""):
        ignored |= {"Content-Length"}  # padded against attacks on secrets
    assert head.status_code == got.status_code
    assert head.getvalue() == b""
    assert {k: v for k, v in head.headers.items() if k not in ignored} == {
        k: v for k, v in got.headers.items() if k not in ignored
    }


def test_an_unchanged_last_modified_is_a_304(client: Client) -> None:
    for path in ("/feed.atom", "/static/plots/plots.css"):
        first = client.get(path)
        content_of(first)
        known = {"if-modified-since": first["Last-Modified"]}
        assert client.get(path, headers=known).status_code == 304
        changed = client.get(path, headers=known | {"if-none-match": '"other"'})
        assert changed.status_code == 200 and content_of(changed)


def test_ranges_are_those_of_the_file(client: Client) -> None:
    part = client.get(
        "/static/plots/plots.css", headers={"range": "bytes=10-19", "accept-encoding": "gzip"}
    )
    assert part.status_code == 206 and not part.has_header("Content-Encoding")
    assert part.getvalue() == Path(str(finders.find("plots/plots.css"))).read_bytes()[10:20]


def test_djangos_gzip_middleware_works_too(rf: RequestFactory, client: Client) -> None:
    """A 304 keeps the weak ETag that a middleware of the project gave the 200."""
    url = "/plot/line.svg?y=1,2"
    plain = client.get(url)
    request = rf.get(url, headers={"accept-encoding": "gzip"})
    packed: Any = GZipMiddleware(
        lambda _: HttpResponse(plain.content, headers=dict(plain.items()))
    )(request)
    assert packed["ETag"] == f"W/{plain['ETag']}"
    again = client.get(url, headers={"if-none-match": packed["ETag"]})
    assert again.status_code == 304
    assert (again["ETag"], again["Vary"]) == (packed["ETag"], packed["Vary"])


@pytest.mark.parametrize("path", [*PUBLIC, "/plot/normal.png", "/plot/line.png?y=a", "/p/0.csv"])
def test_other_sites_may_read_what_is_public(admin_client: Client, path: str) -> None:
    response = admin_client.get(path, headers={"origin": "https://other.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not response.has_header("Access-Control-Allow-Credentials")


@pytest.mark.parametrize("path", [*PRIVATE, "/", "/presets/two/", "/admin/", "/accounts/login/"])
def test_other_sites_may_not_read_what_is_not(admin_client: Client, path: str) -> None:
    response = admin_client.get(path, headers={"origin": "https://other.example"})
    assert response.status_code == 200
    assert not response.has_header("Access-Control-Allow-Origin")
    assert response.get("Cross-Origin-Resource-Policy", "same-origin") == "same-origin"


def test_preflights_say_what_a_url_accepts(client: Client) -> None:
    stored = StoredPlot.objects.store("line", {"y": ["1,2"]}).url()
    for path, methods in (
        ("/plot/line.png", "GET, HEAD, POST"), ("/plot/line", "GET, HEAD, POST"),
        ("/plot/line/", "GET, HEAD, POST"), ("/presets/two.png", "GET, HEAD"),
        ("/presets/private.png", "GET, HEAD"), ("/presets/none.png", "GET, HEAD"),
        (stored, "GET, HEAD"),
    ):  # fmt: skip
        response = client.options(path, headers={"access-control-request-method": "GET"})
        assert response.status_code == 204 and response.content == b""
        assert response["Allow"] == response["Access-Control-Allow-Methods"] == methods
        assert response["Access-Control-Allow-Origin"] == "*"
        assert client.put(path, follow=True)["Allow"] == methods
    for path in ("/", "/feed.atom", "/plot/openapi.json", "/sitemap.xml", "/oembed/", "/healthz"):
        response = client.post(path)
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_icons_are_served_and_named_in_pages(client: Client) -> None:
    for path, format, sizes in (
        ("/favicon.ico", "ICO", {(16, 16), (32, 32), (48, 48)}),
        ("/apple-touch-icon.png", "PNG", {(180, 180)}),
    ):
        response = client.get(path)
        content = response.getvalue()
        image: Any = Image.open(BytesIO(content))
        assert image.format == format and len(content) < 2000
        assert (image.info.get("sizes") or {image.size}) == sizes
        assert "max-age=86400" in response["Cache-Control"]
    for page in ("/", "/presets/two/embed/", "/admin/login/", "/accounts/login/", "/nowhere/"):
        html = client.get(page).content.decode()
        for name in ("favicon.svg", "favicon.ico", "apple-touch-icon.png"):
            assert f"/static/plots/{name}?v=" in html, page


def test_pages_may_not_use_devices(client: Client) -> None:
    for path in ("/", "/admin/login/", "/plot/line.svg?y=1,2", "/nowhere/", "/presets/two/embed/"):
        policy = client.get(path)["Permissions-Policy"]
        for feature in ("camera", "microphone", "geolocation", "usb", "payment"):
            assert f"{feature}=()" in policy


def test_programs_get_errors_as_json(client: Client) -> None:
    accepted = {"accept": "application/json"}
    for path in ("/nowhere/", "/presets/none/", "/presets/private/", "/plot/none/", "/boards/x/"):
        response = client.get(path, headers=accepted)
        assert response.status_code == 404
        assert response.json()["errors"][0].keys() == {"parameter", "code", "message"}
        assert client.get(path)["Content-Type"].startswith("text/html")
    hidden, missing = (
        client.get(f"/presets/{name}/", headers=accepted) for name in ("private", "none")
    )
    assert hidden.content == missing.content and hidden.headers == missing.headers
    assert client.get("/presets/none.png", headers=accepted).json()["errors"]


def test_a_missing_slash_keeps_the_query(client: Client) -> None:
    for path in ("/presets/two", "/plot/line", "/boards", "/accounts/login"):
        response = client.get(f"{path}?a=1&b=%2C")
        assert response.status_code == 301
        assert response["Location"] == f"{path}/?a=1&b=%2C"
