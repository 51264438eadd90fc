"""All pages: valid markup, error pages, caching, escaping and colours."""

import re
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.views import defaults
from django.views.csrf import csrf_failure

import plots
from plots.presets.models import Preset
from plots.presets.pages import search
from plots.spec.themes import DARK, LIGHT
from tests.html_pages import check, page, parse, picture, words
from tests.pages import OTHERS, VISITOR

NASTY = "<script>alert(1)</script>\"'&"


@pytest.mark.parametrize("path", [*VISITOR.values(), OTHERS["normal"]])
@pytest.mark.parametrize("visitor", ["client", "admin_client"])
def test_every_page_is_valid_and_accessible(path, visitor, starters, request):
    check(page(request.getfixturevalue(visitor), path))


@pytest.mark.parametrize("path", VISITOR.values())
def test_pages_work_without_the_templates_of_a_project(path, starters, client, settings):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": []}]
    tree = page(client, path)
    check(tree)
    assert tree.find(".//*[@class='wordmark']") is None


@pytest.mark.parametrize("path", ["/nowhere/", "/presets/nothing/", "/plot/spiral/"])
def test_a_missing_page(path, client, db):
    tree = page(client, path, status=404)
    check(tree)
    assert "Page not found" in words(tree.find(".//h1"))


@pytest.mark.parametrize(
    ("view", "status"),
    [(defaults.bad_request, 400), (defaults.permission_denied, 403), (csrf_failure, 403)],
)
def test_the_other_error_pages(view, status, rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    response = view(request, PermissionDenied("secret"))
    assert response.status_code == status
    assert b"secret" not in response.content
    check(parse(response.content))


@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        (ValueError("secret"), 500, "Server error"),
        (OperationalError("secret"), 503, "Temporarily unavailable"),
    ],
)
def test_the_error_page_needs_no_database(error, status, heading, client, monkeypatch):
    """The test has no database fixture, so any query would fail."""
    client.raise_request_exception = False
    monkeypatch.setattr(search, "search_context", Mock(side_effect=error))
    monkeypatch.setattr(Preset.objects, "visible_to", Mock())
    tree = page(client, "/", status)
    check(tree)
    assert words(tree.find(".//h1")) == heading
    assert "secret" not in words(tree)
    assert client.get("/").get("Retry-After") == ("30" if status == 503 else None)


@pytest.mark.parametrize("path", ["/", "/presets/two/", "/plot/"])
def test_a_page_is_private(path, line, client):
    response = client.get(path)
    assert response["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response["Vary"]


@pytest.mark.parametrize("path", ["/", "/presets/two/", "/plot/"])
def test_a_page_takes_no_post(path, line, client):
    assert client.post(path).status_code == 405


def test_text_of_users_is_escaped(db, client):
    Preset.objects.create(visibility="public",
        title=NASTY, slug="nasty", description=NASTY, kind="line",
        parameters={"y": "1,2", "x": f'"a","{NASTY.replace(chr(34), "")}"', "alt": NASTY},
        overrides=["linewidth"],
    )  # fmt: skip
    Preset.objects.create(visibility="public", title=NASTY, slug="gone", kind=NASTY)
    paths = ["/", "/presets/nasty/", "/presets/gone/"]
    query = {"q": NASTY, "kind": NASTY, "linewidth": NASTY, NASTY: NASTY}
    for path in [*paths, "/plot/line/"]:
        for given in ({}, query, {"linewidth": NASTY}):
            response = client.get(path, given)
            assert b"<script>alert" not in response.content
            check(parse(response.content))
    tree = page(client, "/presets/nasty/")
    assert words(tree.find(".//h1")) == NASTY
    assert picture(tree).get("alt") == NASTY


def colours(scheme: str) -> dict[str, str]:
    sheet = (Path(plots.__file__).parent / "static/plots/plots.css").read_text()
    declared = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", sheet)
    return {name: dark if scheme == "dark" else light for name, light, dark in declared}


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("name", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_colours_have_contrast_and_match_the_themes(name, theme):
    of = colours(name)
    assert of["ground"] == theme.ground
    texts = [(text, on) for text in ("ink", "muted", "accent") for on in ("ground", "page")]
    texts += [("on-accent", "accent"), ("wrong", "ground"), ("wrong", "wrong-ground")]
    assert [pair for pair in texts if contrast(of[pair[0]], of[pair[1]]) < 4.5] == []
    assert contrast(of["edge"], of["ground"]) >= 3 and contrast(of["edge"], of["page"]) >= 3
