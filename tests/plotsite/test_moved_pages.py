"""Redirects from former URLs of the admin."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from plots.boards.models import Board
from plots.datasets.models import Dataset
from plots.presets.models import Preset

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("plots/preset/", "plots_presets/preset/"),
        ("plots/preset/?kind=bar&q=a+b", "plots_presets/preset/?kind=bar&q=a+b"),
        ("plots/preset/7/history/compare/", "plots_presets/preset/7/history/compare/"),
        ("plots/preset/7/", "plots_presets/preset/7/"),
        ("plots/dataset/3/change/", "plots_datasets/dataset/3/change/"),
        ("plots/board/add/?title=%E2%82%AC", "plots_boards/board/add/?title=%E2%82%AC"),
    ],
)
def test_former_urls_redirect_permanently(client: Client, old: str, new: str) -> None:
    response = client.get(f"/admin/{old}")
    assert (response.status_code, response["Location"]) == (301, f"/admin/{new}")


def test_redirects_lead_to_pages(admin_client: Client) -> None:
    preset = Preset.objects.create(
        visibility="public", title="One", slug="one", kind="line", parameters={"y": ["1"]}
    )
    board = Board.objects.create(visibility="public", title="All", slug="all")
    dataset = Dataset.objects.create(name="rows", title="Rows")
    for path in (
        f"plots/preset/{preset.pk}/change/",
        f"plots/board/{board.pk}/change/",
        f"plots/dataset/{dataset.pk}/delete/",
    ):
        assert admin_client.get(f"/admin/{path}", follow=True).status_code == 200


def test_a_form_that_is_open_during_the_upgrade_is_sent_on(admin_client: Client) -> None:
    board = Board.objects.create(visibility="public", title="All", slug="all")
    url = f"/admin/plots/board/{board.pk}/delete/"
    response = admin_client.post(url, {"post": "yes"}, follow=True)
    assert response.redirect_chain[0] == (url.replace("plots/", "plots_boards/"), 308)
    assert not Board.objects.exists()


@pytest.mark.parametrize("path", ["plots/report/", "plots/presets/1/change/"])
def test_unknown_pages_do_not_redirect(client: Client, admin_user: User, path: str) -> None:
    response = client.get(f"/admin/{path}")
    assert response["Location"].startswith("/admin/login/")
    client.force_login(admin_user)
    assert client.get(f"/admin/{path}").status_code == 404


def test_missing_slashes_are_appended(admin_client: Client) -> None:
    response = admin_client.get("/admin/plots/preset", follow=True)
    assert response.redirect_chain[-1] == ("/admin/plots_presets/preset/", 301)


def test_stored_plots_stay(admin_client: Client) -> None:
    assert admin_client.get("/admin/plots/storedplot/").status_code == 200
