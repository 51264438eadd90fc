"""Sources with a viewer: every user gets only their own rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.template import Context, RequestContext, Template
from django.test import Client, RequestFactory

import plots
from plots.forms.parameters_to_spec import plot_spec
from plots.http import response_cache
from plots.http.stored_plots import StoredPlot
from plots.presets.models import Preset
from plots.spec.registry import sources

pytestmark = pytest.mark.django_db


ROWS = {"ann": [11.0, 12.0], "bob": [71.0, 72.0, 73.0], "": [5.0]}


MINE = {"source": "mine", "y": "n"}


URL = "/plot/line.{}?source=mine&y=n"


VERSIONS = [None, lambda viewer: f"1 {viewer}", lambda viewer: "the same for all"]


@pytest.fixture(params=VERSIONS, ids=["unversioned", "versioned", "versioned alike"])
def mine(request: pytest.FixtureRequest) -> Iterator[dict[str, list[float]]]:
    """A source that returns the rows of its viewer."""
    rows = {name: [*values] for name, values in ROWS.items()}

    @plots.source("mine", visibility="public", viewer=True, version=request.param, age=300)
    def mine(*, viewer: User | AnonymousUser) -> dict[str, Any]:
        return {"n": rows[viewer.username]}

    yield rows
    sources.unregister("mine")


@pytest.fixture
def clients() -> dict[str, Client]:
    """Clients of Ann, Bob and an anonymous visitor, by name."""
    clients = {name: Client() for name in ROWS}
    for name in filter(None, ROWS):
        clients[name].force_login(User.objects.create_user(name))
    return clients


def numbers(response: Any) -> list[float]:
    assert response.status_code == 200, response.content
    return json.loads(response.content)["columns"][0]["values"]


def assert_private(response: Any, *, is_post: bool) -> None:
    assert "private" in response["Cache-Control"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    if is_post:
        assert "no-store" in response["Cache-Control"]
    else:
        assert response["Cache-Control"] == "private, no-cache"
        assert "Cookie" in response["Vary"]


def assert_only_rows_of(name: str, text: str) -> None:
    found = {*re.findall(r"\b[0-9]+\b", text)}
    assert f"{ROWS[name][-1]:g}" in found
    assert not found & {f"{n:g}" for other in ROWS.keys() - {name} for n in ROWS[other]}


@pytest.mark.parametrize("view", ["plot", "preset", "stored", "post"])
def test_every_view_returns_only_the_viewer_s_rows(
    mine: Any, clients: dict[str, Client], view: str, settings: Any
) -> None:
    settings.PLOTS = {**settings.PLOTS, "POST": "anyone"}
    Preset.objects.create(visibility="public", slug="own", title="Own", kind="line", source="mine",
                          parameters={"y": ["n"]})  # fmt: skip
    stored = StoredPlot.objects.store("line", {"source": ["mine"], "y": ["n"]})

    def get(client: Client, format: str, **headers: str) -> Any:
        if view == "post":
            url = f"/plot/line.{format}"
            return client.post(url, MINE, "application/json", headers=headers)
        url = {
            "plot": URL.format(format),
            "preset": f"/presets/own.{format}",
            "stored": stored.url(format),
        }[view]
        return client.get(url, headers=headers)

    etags: dict[str, str] = {}
    svgs: dict[str, str] = {}
    for _ in range(2):  # the second response comes from the cache
        for name, client in clients.items():
            response = get(client, "json")
            assert numbers(response) == ROWS[name]
            assert_private(response, is_post=view == "post")
            if view != "post":
                assert etags.setdefault(name, response["ETag"]) == response["ETag"]
            svgs[name] = get(client, "svg").content.decode()
            for format in ("csv", "txt"):
                assert_only_rows_of(name, get(client, format).content.decode())
    assert len({*svgs.values()}) == 3
    if view == "post":
        return
    # The ETag of another user does not match.
    assert len({*etags.values()}) == 3
    assert get(clients["ann"], "json", **{"if-none-match": etags["ann"]}).status_code == 304
    assert numbers(get(clients["bob"], "json", **{"if-none-match": etags["ann"]})) == ROWS["bob"]
    assert not len(response_cache.response_cache)


def test_pages_show_only_the_viewer_s_rows(mine: Any, clients: dict[str, Client]) -> None:
    Preset.objects.create(visibility="public", slug="own", title="Own", kind="line", source="mine",
                          parameters={"y": ["n"]})  # fmt: skip
    for url in ("/presets/own/", "/plot/line/?source=mine&y=n"):
        for name, client in [*clients.items(), *clients.items()]:
            page = client.get(url)
            html = page.content.decode()
            assert (page["Cache-Control"], page["Vary"].count("Cookie")) == ("private, no-cache", 1)
            assert [row[0] for row in page.context["rows"]] == [f"{n:g}" for n in ROWS[name]]
            for other in ROWS.keys() - {name}:
                assert not any(f"{n:g}</td>" in html for n in ROWS[other])
                assert not any(f"highest {n:g}" in html for n in ROWS[other])
            assert "v=" not in page.context["downloads"][0][1]
            told = f"highest {max(ROWS[name]):g}"
            assert (told in page.context["alt"]) == bool(name)


def test_tag_contains_no_rows_and_its_image_depends_on_the_viewer(
    mine: Any, clients: dict[str, Client]
) -> None:
    html = render('{% plot_img "line" source="mine" y="n" %}', user=None)
    for rows in ROWS.values():
        assert not any(f"{n:g}" in html for n in rows)
    url = html.split('src="')[1].split('"')[0].replace("&amp;", "&")
    assert "v=" not in url
    for name, client in clients.items():
        assert numbers(client.get(url.replace(".png", ".json"))) == ROWS[name]


def render(tag: str, user: Any, **more: Any) -> str:
    template = Template("{% load plots %}" + tag)
    if user is None:
        return template.render(Context(more))
    request = RequestFactory().get("/")
    request.user = user
    return template.render(RequestContext(request, more))


def test_inline_plot_depends_on_the_user_of_the_request(
    mine: Any, clients: dict[str, Client]
) -> None:
    tag = '{% plot_inline "line" source="mine" y="n" marker="circle" %}'
    ann, bob = User.objects.get(username="ann"), User.objects.get(username="bob")
    drawn = {name: render(tag, user) for name, user in (("ann", ann), ("bob", bob), ("", None))}
    for name, html in drawn.items():
        titles = {part.split("</title>")[0] for part in html.split("<title>")[1:]}
        assert titles == {f"n, {i}: {n:g}" for i, n in enumerate(ROWS[name])}
    # The viewer can be set in Python, for example for mails, which have no request.
    spec = plot_spec("line", **MINE, marker="circle").seen_by(bob)
    assert "1: 72" in render("{% plot_inline plot %}", None, plot=spec)
    assert "1: 72" in render("{% plot_inline plot %}", ann, plot=spec)


def test_commands_and_inactive_users_are_anonymous(
    mine: Any, clients: dict[str, Client], tmp_path: Path
) -> None:
    call_command("plot", "line", source=["mine"], y=["n"], output=str(tmp_path / "a.csv"))
    assert (tmp_path / "a.csv").read_text().split() == ["n", "5"]
    User.objects.filter(username="ann").update(is_active=False)
    assert numbers(clients["ann"].get(URL.format("json"))) == ROWS[""]


def test_viewer_is_part_of_the_digest(mine: Any, clients: dict[str, Client]) -> None:
    """Render processes get the primary key of the viewer in the spec."""
    ann, bob = User.objects.get(username="ann"), User.objects.get(username="bob")
    one, other = (plot_spec("line", **MINE).seen_by(user) for user in (ann, bob))
    assert (one.viewer, other.viewer) == (ann.pk, bob.pk)
    assert one.digest != other.digest
    assert one.digest == plot_spec("line", **MINE).seen_by(ann).digest


def test_new_version_is_drawn_at_once(clients: dict[str, Client]) -> None:
    rows = {"ann": [1.0], "bob": [2.0], "": [3.0]}
    plots.source(
        "mine", visibility="public", viewer=True, version=lambda viewer: str(rows[viewer.username])
    )(lambda viewer: {"n": rows[viewer.username]})
    try:
        first = clients["ann"].get(URL.format("json"))
        rows["ann"] = [9.0]
        again = clients["ann"].get(URL.format("json"), headers={"if-none-match": first["ETag"]})
        assert numbers(again) == [9.0]
        assert numbers(clients["bob"].get(URL.format("json"))) == [2.0]
    finally:
        sources.unregister("mine")


def test_cached_responses_are_dropped_when_a_source_gets_a_viewer(
    clients: dict[str, Client],
) -> None:
    plots.source("mine", visibility="public", version="1")(lambda: {"n": [1.0]})
    assert numbers(clients["ann"].get(URL.format("json"))) == [1.0]
    sources.unregister("mine")
    plots.source("mine", visibility="public", viewer=True, version=lambda viewer: "1")(
        lambda viewer: {"n": ROWS[viewer.username]}
    )
    try:
        cache.clear()
        for name, client in clients.items():
            assert numbers(client.get(URL.format("json"))) == ROWS[name]
    finally:
        sources.unregister("mine")


def declare(function: Any, **declared: Any) -> None:
    try:
        plots.source("declared", visibility="public", **declared)(function)
    finally:
        if "declared" in sources:
            sources.unregister("declared")


@pytest.mark.parametrize(
    ("function", "declared", "words"),
    [
        (lambda: {}, {"viewer": True}, "add a keyword viewer"),
        (lambda viewer: {}, {}, "declare it with viewer=True"),
        (lambda viewer: {}, {"viewer": True, "version": "1"}, "its version must depend"),
        (lambda viewer: {}, {"viewer": True, "version": lambda: "1"}, "its version must depend"),
    ],
    ids=["takes none", "undeclared", "fixed version", "shared version"],
)
def test_contradictory_declarations_are_refused(
    function: Any, declared: dict[str, Any], words: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=words):
        declare(function, **declared)


def test_option_called_viewer_is_refused() -> None:
    from django import forms

    class Options(forms.Form):
        viewer = forms.CharField(required=False)

    declare(lambda viewer: {}, options=Options)
    with pytest.raises(ImproperlyConfigured, match="rename the option"):
        declare(lambda viewer: {}, options=Options, viewer=True)
