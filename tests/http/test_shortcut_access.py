"""Functions for views of other projects decide access as URLs do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Template
from django.test import Client

import plots
from plots.http.stored_plots import StoredPlot
from plots.shortcuts import Plot, plot_spec, plot_view
from plots.spec.registry import sources

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.http.access_views")]
# Views that decide by the visitor, with the query they need.
VIEWS = ("column/%s", "spec/%s", "options/%s?y=n", "figure/%s", "response/%s")
PRIVATE = ("private, no-cache", "same-origin")


@pytest.fixture(params=["staff", "groups", "members"], autouse=True)
def visibility(request: pytest.FixtureRequest) -> Iterator[str]:
    groups = ["Editors"] if request.param == "groups" else ()
    plots.source("salaries", visibility=request.param, groups=groups, version="1")(
        lambda: {"n": [1, 2, 9]}
    )
    plots.source("seen", visibility="public", version="1")(lambda: {"n": [1, 2, 9]})
    plots.source("mine", visibility="members", viewer=True)(
        lambda *, viewer: {"n": [1, len(viewer.username)]}
    )
    yield request.param
    for name in ("salaries", "seen", "mine"):
        sources.unregister(name)


@pytest.fixture
def allowed(visibility: str) -> tuple[Client, User]:
    """The least user who may see the source."""
    user = User.objects.create(username="ada", is_staff=visibility == "staff")
    if visibility == "groups":
        user.groups.add(Group.objects.create(name="Editors"))
    client = Client()
    client.force_login(user)
    return client, user


def withdraw(user: User, visibility: str) -> None:
    user.is_staff = False
    user.is_active = visibility != "members"
    user.save()
    user.groups.clear()


def policy(response: Any) -> tuple[str, str]:
    return response["Cache-Control"], response["Cross-Origin-Resource-Policy"]


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_shows_a_source_only_to_its_users(
    view: str, client: Client, allowed: tuple[Client, User], visibility: str
) -> None:
    user_client, user = allowed
    hidden, missing = client.get(f"/{view % 'salaries'}"), client.get(f"/{view % 'nothing'}")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert [*hidden.headers] == [*missing.headers]
    assert hidden["Vary"] == missing["Vary"]
    assert hidden["X-Plot-Error"].replace("salaries", "nothing") == missing["X-Plot-Error"]
    shown = user_client.get(f"/{view % 'salaries'}")
    assert (shown.status_code, *policy(shown)) == (200, *PRIVATE)
    assert "Cookie" in shown["Vary"]
    again = user_client.get(f"/{view % 'salaries'}", headers={"if-none-match": shown["ETag"]})
    if "response" not in view:
        assert (again.status_code, again["Cache-Control"]) == (304, PRIVATE[0])
    withdraw(user, visibility)
    gone = user_client.get(f"/{view % 'salaries'}", headers={"if-none-match": shown["ETag"]})
    assert gone.status_code == 404 and gone.content != shown.content


@pytest.mark.parametrize("view", VIEWS)
def test_public_pictures_stay_public(view: str, allowed: tuple[Client, User]) -> None:
    user_client, _user = allowed
    assert user_client.get(f"/{view % 'salaries'}").status_code == 200
    shown = user_client.get(f"/{view % 'seen'}")  # in the same thread, right after a private one
    assert shown["Cache-Control"].startswith("public, max-age=")
    assert "Cookie" not in shown.get("Vary", "")
    assert user_client.get("/open")["Cache-Control"].startswith("public, max-age=3600")


@pytest.mark.parametrize("query", ["", "?y=wrong", "?wrong=1", "?y=n&filter=m:1", "?y=n&stat=sum"])
def test_no_mistake_tells_that_a_source_exists(query: str, client: Client) -> None:
    hidden, missing = (client.get(f"/options/{name}{query}") for name in ("salaries", "nothing"))
    assert hidden.status_code == missing.status_code == 404
    assert hidden["X-Plot-Error"].replace("salaries", "nothing") == missing["X-Plot-Error"]


@pytest.mark.parametrize("view", ["published", "published-column"])
def test_a_view_publishes_only_what_it_names(view: str, client: Client) -> None:
    shown = client.get(f"/{view}/salaries")
    assert shown.status_code == 200
    assert shown["Cache-Control"].startswith("public") and "Cookie" not in shown.get("Vary", "")
    assert client.get(f"/{view}/mine").status_code == 404
    assert client.get("/spec/salaries").status_code == 404  # the other views do not


def test_publish_is_a_list() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"publish=\['salaries'\]"):
        plot_view(publish="salaries")


@pytest.mark.parametrize("view", ["column", "spec", "figure", "response"])
def test_a_source_of_the_viewer_is_read_for_the_viewer(view: str, client: Client) -> None:
    assert client.get(f"/{view}/mine").status_code == 404
    seen = []
    for name in ("a", "a-long-name"):
        client.force_login(User.objects.create(username=name))
        shown = client.get(f"/{view}/mine")
        assert policy(shown) == PRIVATE
        seen.append(shown.content)
    assert seen[0] != seen[1]


def test_urls_of_published_plots_are_signed(client: Client, settings: Any) -> None:
    settings.PLOTS = {"MAX_URL": 200}
    for url in client.get("/link").content.decode().split():
        shown = client.get(url)
        assert (shown.status_code, *policy(shown)) == (200, *PRIVATE), url
        assert client.get(url.replace("&v=", "&w=")).status_code == 404
        for change in ("&width=301", "&filter=n__gt:1", "&stat=sum"):
            assert client.get(url + change).status_code == 404, change
        for old, new in (("y=n", "y=m"), ("/line.", "/bar."), ("sig=", "sig=a"), ("sig=", "x=")):
            changed = client.get(url.replace(old, new))
            assert changed.status_code == 404, new
            assert changed["X-Plot-Error"].startswith("source: There is no source")
    long = Plot(plot_spec("line", source="salaries", y="n", title="a" * 199))
    assert "sig=" in long.url() and client.get(long.url()).status_code == 200
    assert not StoredPlot.objects.exists()


def test_tags_publish_and_visitors_do_not(client: Client) -> None:
    tag = Template('{% load plots %}{% plot_url "line" source="salaries" y="n" %}')
    url = tag.render(Context()).replace("&amp;", "&")
    assert "sig=" in url and client.get(url).status_code == 200
    visitors = Plot(plot_spec("line", source="salaries", y="n"), trusted=False).url()
    assert "sig=" not in visitors and client.get(visitors).status_code == 404
    public = Plot(plot_spec("line", source="seen", y="n")).url()
    assert "sig=" not in public


def test_pages_for_staff_publish_nothing(client: Client, settings: Any) -> None:
    for signed in (False, True):
        settings.PLOTS = {"SIGNED_URLS": signed}
        staff = Client()
        user, _ = User.objects.get_or_create(username="s", is_staff=True)
        staff.force_login(user)
        page = staff.get("/plot/line/?source=salaries&y=n")
        url = page.context["plot"].url()
        assert staff.get(url).status_code == 200
        assert client.get(url).status_code == 404


def test_a_signature_expires(client: Client, settings: Any, monkeypatch: Any) -> None:
    settings.PLOTS = {"SIGNED_DAYS": 1}
    url = Plot(plot_spec("line", source="salaries", y="n")).url()
    assert client.get(url).status_code == 200
    monkeypatch.setattr("plots.http.signing.time", lambda: 2e10)
    late = client.get(url)
    assert late.status_code == 403 and "has expired" in late["X-Plot-Error"]
    assert "until=" in urlsplit(url).query


def test_an_ordinary_signature_grants_nothing(client: Client, settings: Any) -> None:
    settings.PLOTS = {"SIGNED_URLS": True}
    sources.unregister("salaries")
    plots.source("salaries", visibility="public", version="1")(lambda: {"n": [1, 2, 9]})
    url = Plot(plot_spec("line", source="salaries", y="n")).url()
    assert client.get(url).status_code == 200
    sources.unregister("salaries")
    plots.source("salaries", version="2")(lambda: {"n": [1, 2, 9]})
    assert client.get(url).status_code == 404
