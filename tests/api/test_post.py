"""Plots by POST: permissions, bodies and responses."""

from __future__ import annotations

import json
import logging
from time import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from plots.http.signing import make_token
from plots.http.stored_plots import StoredPlot
from plots.spec.formats import FORMATS
from tests.helpers import pixels

pytestmark = pytest.mark.django_db
BODY = {"y": [1, 2.5, None], "title": "Posted"}


def post(client: Client, path: str, body: Any = BODY, **kwargs: Any) -> Any:
    """Post ``body``, as JSON unless it is text, with a token."""
    headers = {"authorization": f"Bearer {make_token('tests', 1)}"} | kwargs.pop("headers", {})
    content = body if isinstance(body, (str, bytes)) else json.dumps(body)
    kwargs.setdefault("content_type", "application/json")
    return client.post(path, content, headers=headers, **kwargs)


def errors(response: Any) -> list[tuple[str | None, str]]:
    return [(each["parameter"], each["code"]) for each in response.json()["errors"]]


@pytest.mark.parametrize("path", ["/plot/line", "/plot/line/"])
def test_post_stores_a_plot(client: Client, path: str) -> None:
    response = post(client, path)
    assert response.status_code == 201
    plot = StoredPlot.objects.get()
    assert response["Location"] == f"/p/{plot.digest}.png"
    assert "no-store" in response["Cache-Control"]
    said = response.json()
    assert said["digest"] == plot.digest
    assert said["urls"] == {name: f"http://testserver/p/{plot.digest}.{name}" for name in FORMATS}
    table = client.get(said["urls"]["csv"])
    assert table.content.decode().splitlines() == ["y", "1", "2.5", '""']
    assert post(client, path)["Location"] == response["Location"]
    assert StoredPlot.objects.count() == 1


def test_post_returns_an_image(client: Client) -> None:
    response = post(client, "/plot/line.png", BODY | {"width": 300, "height": 200})
    assert response.status_code == 200
    assert pixels(response).size == (300, 200)
    assert "no-store" in response["Cache-Control"]
    assert not response.has_header("ETag")
    assert not StoredPlot.objects.exists()
    got = client.get("/plot/line.png?y=1,2.5,&title=Posted&width=300&height=200")
    assert response.content == got.content


@pytest.mark.parametrize(
    ("kind", "body", "rows"),
    [
        ("line", {"y": "1,2"}, ["y", "1", "2"]),
        ("line", {"y": [True, False], "title": None}, ["y", "true", "false"]),
        ("line", {"x": ["2026-01-01", "2026-01-02"], "y": [1, 2]}, None),
        ("bar", {"x": ["a, b", "c"], "y": [[1, 2], [3, 4]], "label": ["p", "q"]},
         ["x,p,q", '"a, b",1,3', "c,2,4"]),
        ("bar", {"y": [[1, 2], "3,4"], "label": ["p", "q"]}, ["p,q", "1,3", "2,4"]),
        ("line", {"source": "nile", "x": "year", "y": ["flow", "flow"], "label": ["a", "b"]}, None),
        ("line", {"y": [1, 2], "colors": ["teal", "#f00"], "grid": False, "ymin": 0, "w": 99},
         ["y", "1", "2"]),
        ("normal", {"n": 5, "seed": 3}, None),
    ],
)  # fmt: skip
def test_values_as_in_tags(client: Client, kind: str, body: Any, rows: Any) -> None:
    response = post(client, f"/plot/{kind}.csv", body)
    assert response.status_code == 200, response.content
    assert rows is None or response.content.decode().splitlines() == rows


NESTED = "[" * 100_000


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('{"y": [1], "y": [2]}', ("y", "repeated-parameter")),
        ('{"y": [1, NaN]}', ("y", "invalid-value")),
        ('{"y": [1, -Infinity]}', ("y", "invalid-value")),
        ('{"y": [1, 1e999]}', ("y", "invalid-value")),
        (f'{{"y": [1, 1{"0" * 400}]}}', ("y", "invalid-value")),
        (f'{{"y": [1, 1{"0" * 5000}]}}', (None, "invalid-json")),
        ('{"y": {"a": 1}}', ("y", "invalid-value")),
        ('{"y": [[[1]]]}', ("y", "invalid-value")),
        ('{"y": [[1], {}]}', ("y", "invalid-value")),
        ('{"y": [1, "a"]}', ("y", "mixed")),
        ('{"y": [1], "label": [["a"]]}', ("label", "invalid-value")),
        ('{"y": [1], "title": ["a", "b"]}', ("title", "repeated-parameter")),
        ('{"y": [1], "title": {}}', ("title", "invalid-value")),
        ('{"y": [1], "titel": "a"}', ("titel", "unknown-parameter")),
        ('{"y": [1], "width": "wide"}', ("width", "invalid")),
        ('{"y": [1], "v": "a"}', ("v", "unknown-parameter")),
        ('{"y": [1], "sig": "a"}', ("sig", "unknown-parameter")),
        ('{"y": null}', ("y", "required")),
        ("{}", ("y", "required")),
        ('{"source": "no"}', ("source", "unknown-source")),
        (" ", (None, "invalid-json")),
        ("{", (None, "invalid-json")),
        (b'{"y": [1], "title": "\xff"}', (None, "invalid-json")),
        ("[1, 2]", (None, "invalid-json")),
        ("null", (None, "invalid-json")),
        (NESTED, (None, "invalid-json")),
        (f'{{"y": {NESTED}', (None, "invalid-json")),
        ('{"y": [1], "title": "\\u0000"}', ("title", "null_characters_not_allowed")),
        ('{"y": [1], "label": "\\ud800"}', ("label", "invalid-text")),
    ],
)
def test_errors_name_the_parameter(client: Client, body: Any, problem: Any) -> None:
    response = post(client, "/plot/line", body)
    assert response.status_code == (404 if problem[1] == "unknown-source" else 400)
    assert errors(response) == [problem]
    assert response["Cache-Control"] == "no-store"
    assert not StoredPlot.objects.exists()


def test_too_many_parameters_or_values(client: Client) -> None:
    response = post(client, "/plot/line", {f"p{i}": 1 for i in range(201)})
    assert (response.status_code, errors(response)) == (413, [(None, "too-much")])
    with override_settings(PLOTS={"MAX_POINTS": 100}):
        for y in ([0] * 101, [[0] * 60, [0] * 60]):
            response = post(client, "/plot/line", {"y": y})
            assert (response.status_code, errors(response)) == (413, [("y", "too-much")])


def test_hundred_thousand_points(client: Client) -> None:
    points = [i + 0.12345678901234567 for i in range(50_000)]
    response = post(client, "/plot/line", {"x": points, "y": points})
    assert response.status_code == 201
    lines = client.get(response.json()["urls"]["csv"]).content.splitlines()
    assert len(lines) == 50_001


@override_settings(PLOTS={"MAX_BODY": 1000})
def test_long_body_is_not_read(client: Client) -> None:
    fits = json.dumps(BODY)
    assert post(client, "/plot/line", fits.ljust(1000)).status_code == 201
    response = post(client, "/plot/line.png", fits.ljust(1001))
    assert response.status_code == 413
    assert "more than 1,000 bytes" in response["X-Plot-Error"]
    unread = post(client, "/plot/line", "{}", CONTENT_LENGTH="1001")
    assert unread.status_code == 413


def test_other_content_types_are_refused(client: Client) -> None:
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        response = post(client, "/plot/line", "y=1", content_type=content_type)
        assert response.status_code == 415
        assert "Content-Type: application/json" in response.json()["errors"][0]["message"]
    charset = post(client, "/plot/line", content_type="application/json; charset=utf-8")
    assert charset.status_code == 201


def test_parameters_in_the_url_are_refused(client: Client) -> None:
    assert errors(post(client, "/plot/line?title=a")) == [("title", "not-allowed")]
    assert post(client, "/plot/no-such", {}).status_code == 404
    assert post(client, "/plot/line.gif").status_code == 404


def test_error_image_of_a_post(client: Client) -> None:
    response = post(client, "/plot/line.png", {"y": [1], "titel": "a"})
    assert response.status_code == 400
    assert pixels(response).format == "PNG"
    accepting = post(client, "/plot/line.png", {}, headers={"accept": "application/json"})
    assert errors(accepting) == [("y", "required")]


def test_allowed_methods(client: Client) -> None:
    redirect = client.get("/plot/line?y=1,2")
    assert (redirect.status_code, redirect["Location"]) == (301, "/plot/line/?y=1,2")
    refused = client.put("/plot/line/")
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, POST")


# Permissions


def test_anonymous_posts_are_refused(client: Client) -> None:
    for path in ("/plot/line", "/plot/line.json"):
        response = client.post(path, BODY, content_type="application/json")
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Bearer"
        assert "manage.py plot_token" in response.json()["errors"][0]["message"]


def test_staff_session_needs_a_csrf_token(admin_user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    forged = client.post("/plot/line", BODY, content_type="application/json")
    assert (forged.status_code, errors(forged)) == (403, [(None, "forbidden")])
    assert "X-CSRFToken" in forged.json()["errors"][0]["message"]
    client.get("/admin/password_change/")  # any page with a form
    headers = {"x-csrftoken": client.cookies["csrftoken"].value}
    for path, status in (("/plot/line", 201), ("/plot/line.png", 200)):
        response = client.post(path, BODY, content_type="application/json", headers=headers)
        assert response.status_code == status
    elsewhere = headers | {"origin": "https://evil.example"}
    forged = client.post("/plot/line", BODY, content_type="application/json", headers=elsewhere)
    assert forged.status_code == 403


@pytest.mark.parametrize("state", [{"is_staff": False}, {"is_staff": True, "is_active": False}])
def test_posts_of_other_users_are_refused(client: Client, state: dict[str, bool]) -> None:
    client.force_login(User.objects.create(username="visitor", **state))
    response = client.post("/plot/line", BODY, content_type="application/json")
    assert response.status_code == (403 if state.get("is_active", True) else 401)


def test_post_with_a_token(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    call_command("plot_token", "reports", "--days", "2")
    headers = {"authorization": f"bearer {capsys.readouterr().out.strip()}"}
    client = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.INFO, "plots"):
        assert post(client, "/plot/line", headers=headers).status_code == 201
    assert "token reports posted a plot" in caplog.text
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[]):
        assert post(client, "/plot/line", headers=headers).status_code == 401


def test_invalid_and_expired_tokens(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    token = make_token("reports", 1)
    good = {"authorization": f"Bearer {token}"}
    wrong = {"authorization": f"Bearer {token[:-1]}{'A' if token[-1] != 'A' else 'B'}"}
    refused = post(client, "/plot/line", headers=wrong)
    assert (refused.status_code, errors(refused)) == (401, [(None, "unauthorized")])
    now = time()
    monkeypatch.setattr("plots.http.signing.time", lambda: now + 86_400 - 5)
    assert post(client, "/plot/line", headers=good).status_code == 201
    monkeypatch.setattr("plots.http.signing.time", lambda: now + 86_400 + 5)
    refused = post(client, "/plot/line", headers=good)
    assert refused.status_code == 401
    assert "“reports” has expired" in refused.json()["errors"][0]["message"]


@pytest.mark.parametrize("arguments", [["a", "--days", "0"], ["a\nb"], [""]])
def test_token_needs_a_name(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("plot_token", *arguments)


def test_post_setting(client: Client, admin_client: Client) -> None:
    with override_settings(PLOTS={"POST": "anyone"}):
        response = client.post("/plot/line", BODY, content_type="application/json")
        assert response.status_code == 201
    with override_settings(PLOTS={"POST": "nobody"}):
        for each in (client, admin_client):
            response = post(each, "/plot/line")
            assert (response.status_code, errors(response)) == (403, [(None, "forbidden")])
