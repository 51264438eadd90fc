"""The three examples of plotsite/examples.py."""

from __future__ import annotations

import numpy as np
import pytest
from django.test import Client

from tests.helpers import pixels, problems


def test_random_points_in_the_url(client: Client) -> None:
    first, second = client.get("/fig/0_1"), client.get("/fig/0_1")
    assert pixels(first).size == (800, 600)  # 4 × 3 in at 200 dpi
    assert first.content != second.content
    assert "no-store" in first["Cache-Control"]
    red, green, _ = np.asarray(pixels(first).convert("RGB"), dtype="int64").transpose(2, 0, 1)
    assert np.count_nonzero(red - green > 60) > 1000


@pytest.mark.parametrize(
    ("path", "parameter"),
    [("/fig/a_1", "mean"), ("/fig/0_b", "variance"), ("/fig/0_-1", "variance")],
)
def test_invalid_numbers_in_the_path(client: Client, path: str, parameter: str) -> None:
    assert client.get(path).status_code == 400
    assert problems(client, path)[0][0] == parameter


def test_page_of_random_points(client: Client) -> None:
    html = client.get("/normal/-1.5_2").content.decode()
    assert 'src="/fig/-1.5_2"' in html
    assert 'width="400"' in html and 'height="300"' in html


def test_numbers_in_the_query(client: Client) -> None:
    good = client.get("/plot.png?x=1,2,3,4&y=100,200,300,400")
    assert good.status_code == 200
    assert good["Cache-Control"].startswith("public")
    assert client.get("/plot.png?x=1.5,2&y=-1e3,.5").status_code == 200


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("x=1,2,abc&y=1,2,3", "x"),
        ("x=1,2,3&y=1,two,3", "y"),
        ("x=1,2,3&y=1,2", "y"),
        ("x=1,2,3", "y"),
        ("", "y"),
        ("x=1,2&y=1,1e999", "y"),
    ],
)
def test_invalid_numbers_in_the_query(client: Client, query: str, parameter: str) -> None:
    assert client.get(f"/plot.png?{query}").status_code == 400
    assert problems(client, f"/plot.png?{query}")[0][0] == parameter


@pytest.mark.django_db
def test_two_sources(client: Client) -> None:
    assert pixels(client.get("/days/visits/plot.png")).size == (640, 480)
    missing = client.get("/days/visit/plot.png")
    assert missing.status_code == 404
    assert "visits" in missing["X-Plot-Error"]


def test_figure_view_and_figure_response(client: Client) -> None:
    png = client.get("/sine.png")
    assert pixels(png).size == (640, 320)
    assert png["Cache-Control"].startswith("public, max-age=3600")
    assert client.get("/sine.png", headers={"if-none-match": png["ETag"]}).status_code == 304
    assert b"<svg" in client.get("/cosine.svg").content
