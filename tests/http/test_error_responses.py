"""Errors as images, JSON and text."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import pytest
from django.test import Client

import plots
from plots.http import responses
from plots.presets.models import Preset
from plots.spec.registry import kinds, sources
from tests.helpers import ask, pixels

PLOT = "/plot/line.png?y=1,2,3"


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize(
    ("path", "allowed"), [(PLOT, "GET, HEAD, POST"), ("/presets/two.png", "GET, HEAD")]
)
def test_other_methods_are_refused(client: Client, method: str, path: str, allowed: str) -> None:
    if method.upper() in allowed:
        return
    response = getattr(client, method)(path)
    assert response.status_code == 405
    assert response["Allow"] == allowed
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "status", "content_type"),
    [
        ("/plot/line.png?y=a", 400, "image/png"),
        ("/plot/line.svg?y=a", 400, "image/svg+xml; charset=utf-8"),
        ("/plot/line.pdf?y=a", 400, "application/pdf"),
        ("/plot/line.webp?y=a", 400, "image/webp"),
        ("/plot/line.jpg?y=a", 400, "image/jpeg"),
        ("/plot/line.csv?y=a", 400, "text/plain; charset=utf-8"),
        ("/plot/line.json?y=a", 400, "application/json"),
        ("/plot/gauge.png?value=1,2", 400, "image/png"),  # too many values, not requests
        ("/plot/line.bmp?y=1", 404, "image/png"),
        ("/plot/lien.png?y=1", 404, "image/png"),
        ("/plot/line.png?source=nope", 404, "image/png"),
    ],
)
@pytest.mark.django_db
def test_error_has_the_requested_format(
    client: Client, path: str, status: int, content_type: str
) -> None:
    response = client.get(path, headers={"accept": "image/avif,image/webp,image/*,*/*;q=0.8"})
    assert (response.status_code, response["Content-Type"]) == (status, content_type)
    assert response["Cache-Control"] == "no-store"
    assert response["X-Plot-Error"].isascii()
    assert response["X-Content-Type-Options"] == "nosniff"
    if content_type in ("image/png", "image/webp", "image/jpeg"):
        assert pixels(response).size == (480, 160)


def test_error_image_is_deterministic(client: Client) -> None:
    one = client.get("/plot/line.png?y=a").content
    assert one == client.get("/plot/line.png?y=a").content
    assert one != client.get("/plot/line.png?y=b").content


def test_errors_as_json(client: Client) -> None:
    response = ask(client, "/plot/line.png?y=1,b&tilte=x")
    assert response.json() == {
        "errors": [
            {
                "parameter": "tilte",
                "code": "unknown-parameter",
                "message": "line has no parameter “tilte”. Did you mean “title”?",
            },
            {
                "parameter": "y",
                "code": "not-a-number",
                "message": "Item 2, “b”, is not a number.",
            },
        ]
    }


@pytest.mark.parametrize("format", ["png", "svg", "csv", "json"])
def test_quoted_input_is_escaped_in_errors(client: Client, format: str) -> None:
    evil = "<script>alert(1)</script>\r\nX-Evil: 1"
    response = client.get(f"/plot/line.{format}", {"y": "1", evil: "2"})
    assert response.status_code == 400
    assert "X-Evil" not in response
    assert "\n" not in response["X-Plot-Error"]
    if format == "svg":
        assert b"<script" not in response.content


@pytest.fixture
def broken():
    @plots.kind("broken")
    def draw(ax: Any, data: Any) -> None:
        """Raise an exception."""
        raise RuntimeError("the password is hunter2")

    yield
    kinds.unregister("broken")


@pytest.mark.usefixtures("broken")
def test_exception_in_a_kind_is_logged_but_not_shown(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "plots"):
        response = client.get("/plot/broken.svg?title=mine")
    assert response.status_code == 500
    assert response["Content-Type"].startswith("image/svg+xml")
    assert response["Cache-Control"] == "no-store"
    for text in (response.content.decode(), response["X-Plot-Error"]):
        assert "hunter2" not in text and "Traceback" not in text and "RuntimeError" not in text
    (record,) = [record for record in caplog.records if record.name == "plots"]
    assert "/plot/broken.svg?title=mine" in record.getMessage()
    assert record.exc_info
    assert "kind='broken'" in "".join(traceback.format_exception(record.exc_info[1]))
    assert client.get(PLOT).status_code == 200


@pytest.mark.django_db
def test_exception_in_a_source_is_logged_but_not_shown(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    @plots.source("failing", visibility="public", version="1")
    def read() -> dict[str, list[float]]:
        """Raise an exception."""
        raise RuntimeError("the password is hunter2")

    @plots.source("unsure", visibility="public", version=lambda: str(1 / 0))
    def unsure() -> dict[str, list[float]]:
        """Raise an exception in its version."""
        return {"n": [1.0]}

    try:
        for name in ("failing", "unsure"):
            response = ask(client, f"/plot/line.png?source={name}&y=n")
            assert response.status_code == 500
            assert response.json()["errors"][0]["code"] == "failed"
            assert "hunter2" not in response.content.decode()
            Preset.objects.create(
                visibility="public",
                slug=name,
                title=name,
                kind="line",
                source=name,
                parameters={"y": "n"},
            )
            assert client.get(f"/presets/{name}/").status_code == 200
            assert client.get(f"/plot/line/?source={name}&y=n").status_code == 200
        assert client.get("/").status_code == 200
        assert "hunter2" in caplog.text and "ZeroDivisionError" in caplog.text
    finally:
        for name in ("failing", "unsure"):
            sources.unregister(name)


@pytest.mark.parametrize(
    ("lang", "message"),
    [
        ("", "Item 2, “two”, is not a number."),
        ("ko", "2번째 항목 “two”은(는) 수가 아닙니다."),
        ("zh-hans", "第 2 项“two”不是数字。"),
    ],
)
def test_error_language_depends_on_url_only(client: Client, lang: str, message: str) -> None:
    path = f"/plot/line.png?y=1,two&lang={lang}"
    for visitor in ("en", "ko"):
        response = ask(client, path, HTTP_ACCEPT_LANGUAGE=visitor)
        assert message in [error["message"] for error in response.json()["errors"]]
        assert response["Content-Language"] == (lang or "en")
        assert response["Cache-Control"] == "no-store"
    english = client.get("/plot/line.png?y=1,two").content
    assert (client.get(path).content == english) is (lang == "")


def test_error_language_of_an_unknown_language(client: Client) -> None:
    response = ask(client, "/plot/line.png?y=1,2&lang=fr", HTTP_ACCEPT_LANGUAGE="ko")
    assert response["Content-Language"] == "en"
    assert response.json()["errors"][0]["parameter"] == "lang"


def test_errors_are_in_english_without_a_font(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responses, "missing_characters", lambda text: text)
    responses._has_font.cache_clear()
    try:
        response = ask(client, "/plot/line.png?y=1,two&lang=ko")
    finally:
        responses._has_font.cache_clear()
    assert response.json()["errors"][0]["message"] == "Item 2, “two”, is not a number."


@pytest.mark.django_db
def test_missing_stored_plot_is_reported_in_language_of_url(client: Client) -> None:
    path = f"/p/{'0' * 64}.png"
    for visitor in ("en", "ko"):
        response = ask(client, path, HTTP_ACCEPT_LANGUAGE=visitor)
        assert response["Content-Language"] == "en"
        assert "Stored plots are deleted" in response.json()["errors"][0]["message"]
