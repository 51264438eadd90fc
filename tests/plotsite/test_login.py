"""The login page of visitors, and what follows a login."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.shortcuts import resolve_url
from django.test import Client

from tests.html_pages import check, page

pytestmark = pytest.mark.django_db

LOGIN, LOGOUT = "/accounts/login/", "/accounts/logout/"
MEMBER = {"username": "ann", "password": "an honest login"}


@pytest.fixture(autouse=True)
def member() -> Any:
    return get_user_model().objects.create_user(**MEMBER)


def names_of(response: Any) -> set[str]:
    """Return which of the two links are in the header of a page."""
    html = response.content.decode()
    return {name for name in ("login", "logout") if f"/accounts/{name}/" in html}


def test_a_login_leads_to_a_page(client: Client, settings: Any) -> None:
    check(page(client, LOGIN))
    followed = client.post(LOGIN, MEMBER, follow=True)
    assert followed.redirect_chain == [("/", 302)] and followed.status_code == 200
    assert client.get(resolve_url(settings.LOGIN_REDIRECT_URL)).status_code == 200
    assert client.get(resolve_url(settings.LOGIN_URL)).status_code == 200
    followed = client.post(LOGOUT, follow=True)
    assert followed.redirect_chain == [("/", 302)] and followed.status_code == 200
    assert not followed.context["user"].is_authenticated


def test_the_header_links_back_to_the_page(client: Client) -> None:
    here = "/plot/line/?y=1,2&title=a%26b"
    response = client.get(f"{here}&utm_source=news")
    assert names_of(response) == {"login"}
    link = page(client, f"{here}&utm_source=news").find(".//header//a[@rel='nofollow']")
    assert link is not None
    url = urlsplit(link.attrib["href"])
    assert (url.path, parse_qs(url.query)) == (LOGIN, {"next": [here]})
    followed = client.post(LOGIN, MEMBER | {"next": here}, follow=True)
    assert followed.redirect_chain == [(here, 302)]
    assert names_of(followed) == {"logout"}


def test_error_pages_and_the_login_page_have_the_right_links(client: Client) -> None:
    missing = client.get("/nowhere/")
    assert missing.status_code == 404 and b"/accounts/login/?next=%2Fnowhere%2F" in missing.content
    assert b"?next=" not in client.get(LOGIN).content
    client.force_login(get_user_model().objects.get())
    assert names_of(client.get("/nowhere/")) == {"logout"}
    again = client.get(LOGIN, {"next": "/presets/hidden/"})
    assert "The account “ann” may not view this page." in again.content.decode()


@pytest.mark.parametrize(
    "unsafe", ["https://other.example/", "//other.example/", "javascript:alert(1)", "/\\other"]
)
def test_a_login_never_leads_to_another_site(client: Client, unsafe: str) -> None:
    response = client.post(f"{LOGIN}?next={unsafe}", MEMBER | {"next": unsafe})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_a_wrong_password_is_explained(client: Client) -> None:
    response = client.post(LOGIN, MEMBER | {"password": "wrong", "next": "/plot/"})
    assert response.status_code == 200 and b'role="alert"' in response.content
    assert b'name="next" value="/plot/"' in response.content
    assert "no-store" in response["Cache-Control"]


def test_members_do_not_see_the_admin(client: Client) -> None:
    client.post(LOGIN, MEMBER)
    assert "/admin/" not in client.get("/").content.decode()
    assert client.get("/admin/").status_code == 302
