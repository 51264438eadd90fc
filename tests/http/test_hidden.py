"""What one may not see answers exactly as what is not there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import plots
from plots.boards.models import Board
from plots.http import signing
from plots.http.stored_plots import StoredPlot
from plots.presets.models import Preset
from plots.spec.registry import sources
from tests.datasets.uploads import create_dataset

pytestmark = pytest.mark.django_db
VISIBILITIES = ("staff", "groups", "members")
QUERY = "source=towns&x=town&y=people"
BODY = {"source": "towns", "x": "town", "y": "people"}
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture(params=["registered", "dataset"])
def source(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Callable[[], None]]]:
    """Return a function that makes the source "towns" and returns one that removes it."""

    def make(visibility: str) -> Callable[[], None]:
        groups = ["Editors"] if visibility == "groups" else []
        if request.param == "registered":

            @plots.source("towns", visibility=visibility, groups=groups, version="1")
            def towns() -> Any:
                raise AssertionError("It was read for somebody who may not see it.")

            return lambda: sources.unregister("towns")
        dataset = create_dataset(visibility=visibility)
        dataset.groups.set(Group.objects.get_or_create(name=name)[0] for name in groups)
        return lambda: dataset.delete() and None

    yield make
    if "towns" in sources:
        sources.unregister("towns")


def visitors() -> dict[str, Client]:
    """A stranger, one with an old cookie, and users who may see less than the source needs."""
    member, other = User.objects.create(username="member"), User.objects.create(username="other")
    other.groups.add(Group.objects.get_or_create(name="Others")[0])
    found = {"stranger": Client(), "old cookie": Client(), "member": Client(), "other": Client()}
    found["old cookie"].cookies["sessionid"] = "gone"
    found["member"].force_login(member)
    found["other"].force_login(other)
    return found


def answers(client: Client, stored: str) -> dict[str, tuple[Any, ...]]:
    """Status, all headers, body and number of queries of each way to ask for the source."""
    token = {"authorization": f"Bearer {signing.make_token('ci', 1)}"}
    as_json = {"accept": "application/json"}

    def post(url: str, **headers: str) -> Any:
        return client.post(url, json.dumps(BODY), "application/json", headers=token | headers)

    asked: dict[str, Callable[[], Any]] = {}
    for format in ("png", "svg", "webp", "pdf", "csv", "json", "txt"):
        for url in (f"/plot/bar.{format}?{QUERY}", f"{stored}.{format}"):
            asked[url] = lambda url=url: client.get(url)  # type: ignore[misc]
            asked[f"HEAD {url}"] = lambda url=url: client.head(url)  # type: ignore[misc]
            asked[f"JSON {url}"] = lambda url=url: client.get(url, headers=as_json)  # type: ignore[misc]
    more = ("&wrong=1", "&x=other", "&filter=people__gt:1", "&sig=a", "&v=1", "&stat=sum")
    for each in more:
        asked[each] = lambda each=each: client.get(f"/plot/bar.png?{QUERY}{each}")  # type: ignore[misc]
    asked["conditional"] = lambda: client.get(
        f"/plot/bar.png?{QUERY}", headers={"if-none-match": '"a"'}
    )
    asked["post"] = lambda: post("/plot/bar.png")
    asked["post json"] = lambda: post("/plot/bar.csv", **as_json)
    asked["store"] = lambda: post("/plot/bar/")
    asked["page"] = lambda: client.get(f"/plot/bar/?{QUERY}")
    asked["column"] = lambda: client.get("/towns/towns/plot.png")
    asked["other column"] = lambda: client.get("/towns/days/plot.png")
    return {name: _answer(ask) for name, ask in asked.items()}


def _answer(ask: Callable[[], Any]) -> tuple[Any, ...]:
    with CaptureQueriesContext(connection) as caught:
        response = ask()
    body = _TOKEN.sub(b"", response.content)
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(response.headers.items()))
    headers = re.sub(r"^Expires: .*", "Expires: now", headers, flags=re.MULTILINE)
    return response.status_code, headers.splitlines(), body.splitlines(), len(caught)


def assert_equal(hidden: dict[str, Any], missing: dict[str, Any]) -> None:
    for url, (status, headers, body, queries) in hidden.items():
        other = missing[url]
        assert (url, status, queries) == (url, other[0], other[3])
        assert [line for line in headers if line not in other[1]] == [], url
        assert [line for line in other[1] if line not in headers] == [], url
        assert [line for line in body if line not in other[2]] == [], url
        assert (headers, body) == (other[1], other[2]), url


@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_a_hidden_source_is_like_none(visibility: str, source: Any) -> None:
    remove = source(visibility)
    stored = StoredPlot.objects.store("bar", {name: [value] for name, value in BODY.items()})
    stored_url = stored.url("png").removesuffix(".png")
    clients = visitors()
    if visibility == "members":
        del clients["member"], clients["other"]
    before = {name: answers(client, stored_url) for name, client in clients.items()}
    stored.delete()
    remove()
    for name, client in clients.items():
        after = answers(client, stored_url)
        assert_equal(before[name], after)
        pictures = {url: each[0] for url, each in after.items() if url != "page"}
        assert {*pictures.values()} == {404}, pictures


@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_hidden_presets_and_boards_are_like_none(visibility: str) -> None:
    Preset.objects.create(slug="p", title="P", kind="line", visibility="public")  # for the feed
    preset = Preset.objects.create(
        slug="own", title="Own", kind="line", parameters={"y": "1,2"}, visibility=visibility
    )
    board = Board.objects.create(slug="own", title="Own", visibility=visibility)
    urls = (
        "/presets/own/", "/presets/own/?theme=dark", "/presets/own/embed/", "/presets/own.png",
        "/presets/own.csv", "/presets/own.txt?width=300", "/presets/own.png?wrong=1",
        "/presets/own.gif", "/boards/own/", "/boards/own/?theme=dark", "/", "/boards/",
        "/?q=own", "/feed.atom", "/sitemap.xml",
        "/oembed/?url=http://testserver/presets/own/",
        "/oembed/?url=http://testserver/presets/own/embed/&format=xml",
    )  # fmt: skip

    def ask(client: Client) -> dict[str, tuple[Any, ...]]:
        found = {}
        for url in urls:
            found[url] = _answer(lambda url=url: client.get(url))  # type: ignore[misc]
            found[f"HEAD {url}"] = _answer(lambda url=url: client.head(url))  # type: ignore[misc]
            found[f"JSON {url}"] = _answer(
                lambda url=url: client.get(url, headers={"accept": "application/json"})  # type: ignore[misc]
            )
        return found

    clients = visitors()
    if visibility == "members":
        del clients["member"], clients["other"]
    before = {name: ask(client) for name, client in clients.items()}
    preset.delete()
    board.delete()
    for name, client in clients.items():
        after = ask(client)
        assert_equal(before[name], after)


def test_errors_name_only_sources_that_one_may_see(client: Client, settings: Any) -> None:
    plots.source("salaries-of-all", groups=["Editors"], visibility="groups")(lambda: {"n": [1]})
    plots.source("salaries-by-link", visibility="unlisted")(lambda: {"n": [1]})
    preset = Preset.objects.create(
        slug="p", title="P", kind="bar", source="salaries-of-al", visibility="public"
    )
    editor = User.objects.create(username="editor")
    try:
        urls = (
            "/plot/bar.png?source=salaries-of-al&y=n", "/presets/p.png", "/presets/p/",
            "/plot/bar/?source=salaries-of-al&y=n", "/plot/bar.csv?source=Salaries-by-link&y=n",
            "/salaries-of-al/days/plot.png",
        )  # fmt: skip
        for url in urls:
            answer = client.get(url)
            shown = answer.content.decode(errors="replace") + answer.get("X-Plot-Error", "")
            assert "salaries-of-all" not in shown and "salaries-by-link" not in shown, url
        client.force_login(editor)
        assert "mean" not in client.get(urls[0])["X-Plot-Error"]
        editor.groups.add(Group.objects.create(name="Editors"))
        assert "salaries-of-all" in client.get(urls[0])["X-Plot-Error"]
        assert "mean" not in client.get(urls[1])["X-Plot-Error"]  # the same for all visitors
    finally:
        sources.unregister("salaries-of-all")
        sources.unregister("salaries-by-link")
    assert preset.pk
