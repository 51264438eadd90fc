"""Signed URLs: only URLs made by this site are drawn."""

from __future__ import annotations

import re
from html import unescape
from time import time
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

import pytest
from django.template import Context, Template
from django.test import Client, override_settings

from plots.errors import PlotError
from plots.forms.parameters_to_spec import plot_spec
from plots.http import signing
from plots.http.plot_links import Plot
from plots.presets.models import Preset
from plots.spec.registry import kinds
from tests.helpers import ask, problems

DAY = 86_400
BAD = [("sig", "bad-signature")]


@pytest.fixture(autouse=True)
def signed(settings: Any) -> None:
    settings.PLOTS = {"SIGNED_URLS": True}


def made(**parameters: Any) -> str:
    """Return a URL as tags make it."""
    return Plot(plot_spec("line", **({"y": [1, 2]} | parameters))).url()


def addresses(html: str) -> set[str]:
    """Return all URLs of ad-hoc plots in a page, including its embed codes."""
    found = re.findall(r'/plot/\w+\.\w+\?[^\s"<]+', unescape(unescape(html)))
    return {url.rstrip(")").partition('"')[0] for url in found}


def test_urls_of_tags_are_signed(client: Client) -> None:
    html = Template('{% load plots %}{% plot_picture "bar" x=x y=y title="Ü & ?" %}').render(
        Context({"x": ["a b", 'say "c"', "d,e"], "y": [[1, 2, 3], [4, 5, 6]]})
    )
    urls = [unescape(url) for url in re.findall(r"/plot/bar[^\s]+(?= [12]x)", html)]
    assert len(urls) == 4
    for url in urls:
        assert client.get(url).status_code == 200, url


def test_unsigned_urls_are_refused(client: Client) -> None:
    response = client.get("/plot/line.png?y=1,2")
    assert response.status_code == 403
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "no-store"
    assert problems(client, "/plot/line.png?y=1,2") == BAD
    assert problems(client, "/plot/line.svg?y=1,2&sig=") == BAD
    assert problems(client, f"{made()}&sig=a") == BAD


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("y=1,2", "y=1,3"),
        ("y=1,2", "y=1,2&y=1,2"),
        ("y=1,2", ""),
        ("y=1,2", "y=1,2&title=More"),
        ("y=1,2", "y=1,2&until=99999999999"),
        (".png", ".csv"),
        ("line", "bar"),
        ("sig=", "sig=A"),
        ("sig=", "sig=é"),
        ("sig=", "sig=:"),
        ("sig=", "Sig="),
    ],
)
def test_changed_urls_are_refused(client: Client, old: str, new: str) -> None:
    url = made()
    assert old in url
    response = client.get(url.replace(old, new))
    assert response.status_code == 403
    assert "sig: " in response["X-Plot-Error"]


def test_order_and_encoding_do_not_matter(client: Client) -> None:
    url = made(y=[[1, 2], [3, 4]], label=["a b", "é"], title="T")
    path, _, query = url.partition("?")
    pairs = parse_qsl(query)
    by_name = sorted(
        pairs, key=lambda pair: pair[0], reverse=True
    )  # values of one parameter keep their order
    spelled = "&".join(
        f"{name}={''.join(f'%{b:02x}' for b in value.encode())}" for name, value in by_name
    )
    assert client.get(f"{path}?{spelled}").status_code == 200
    assert (
        client.get(f"{path}?{query.replace('+', '%20').replace(',', quote(','))}").status_code
        == 200
    )
    swapped = "&".join(query.split("&")[1::-1] + query.split("&")[2:])
    assert swapped != query
    assert client.get(f"{path}?{swapped}").status_code == 403, "the series are others"


def test_revision_is_not_signed(client: Client) -> None:
    url = made()
    assert "immutable" in client.get(url)["Cache-Control"]
    without = re.sub(r"&v=\w+", "", url)
    assert client.get(without)["Cache-Control"].startswith("public, max-age=3600,")
    past = client.get(re.sub(r"v=\w+", "v=0", url))
    assert past["Cache-Control"].startswith("public, max-age=60,")


def test_304_needs_a_signature(client: Client) -> None:
    etag = client.get(made())["ETag"]
    assert client.get(made(), headers={"if-none-match": etag}).status_code == 304
    bare = client.get("/plot/line.png?y=1,2", headers={"if-none-match": etag})
    assert bare.status_code == 403


def test_secret_key_rotation(client: Client, settings: Any) -> None:
    old, url = settings.SECRET_KEY, made()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [old]
    assert client.get(url).status_code == 200
    new = made()
    assert new != url and client.get(new).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(url).status_code == 403
    assert client.get(new).status_code == 200


def test_signatures_expire(client: Client, settings: Any, monkeypatch: Any) -> None:
    settings.PLOTS = {"SIGNED_URLS": True, "SIGNED_DAYS": 2}
    noon = (time() // DAY + 0.5) * DAY
    clock = [noon]
    for module in ("signing", "responses"):
        monkeypatch.setattr(f"plots.http.{module}.time", lambda: clock[0])
    url = made()
    until = int(dict(parse_qsl(urlsplit(url).query))["until"])
    assert until == noon + 2.5 * DAY
    clock[0] += 3600
    assert made() == url, "it is the same all day"
    assert client.get(url)["Cache-Control"] == f"public, max-age={until - int(clock[0])}, immutable"
    clock[0] = until - 5
    assert client.get(re.sub(r"&v=\w+", "", url))["Cache-Control"].startswith("public, max-age=5,")
    clock[0] = until
    assert problems(client, url) == BAD
    assert "expired" in ask(client, url).json()["errors"][0]["message"]
    assert problems(client, url.replace(f"until={until}", f"until={until + DAY}")) == BAD
    assert client.get(made()).status_code == 200


def test_signed_urls_work_without_signing(client: Client, settings: Any) -> None:
    settings.PLOTS = {"SIGNED_URLS": True, "SIGNED_DAYS": 1}
    url = made()
    settings.PLOTS = {}
    assert client.get(url).status_code == 200
    assert client.get("/plot/line.png?y=1,2").status_code == 200
    assert "sig=" not in made()


def test_stored_plots_need_no_signature(client: Client, db: None) -> None:
    url = made(y=list(range(1000)))
    assert re.fullmatch(r"/p/\w+\.png\?v=\w+", url)
    assert client.get(url).status_code == 200


def test_presets_need_no_signature(client: Client, db: None) -> None:
    Preset.objects.create(
        visibility="public",
        slug="p",
        title="P",
        kind="line",
        parameters={"y": "1,2"},
        overrides=["title"],
    )
    assert client.get("/presets/p.png?title=New&width=300").status_code == 200
    page = client.get("/presets/p/?title=New").content.decode()
    assert "/presets/p.png?title=New" in page and "sig=" not in page


def test_pages_of_kinds_show_signed_examples(client: Client, db: None) -> None:
    urls = addresses(client.get("/plot/").content.decode())
    assert len(urls) >= len(list(kinds))
    urls |= addresses(client.get("/plot/line/").content.decode())
    for url in urls:
        assert "sig=" in url and client.get(url).status_code == 200, url


def test_pages_do_not_sign_parameters_of_visitors(client: Client, db: None) -> None:
    page = client.get("/plot/line/?y=7,7,7&title=Mine").content.decode()
    main = page.partition("<main")[2]  # the link to the login leads back here
    assert "7,7,7" not in main and "Mine" not in main
    assert "only staff" in page
    assert "data-plot-form" not in page
    example = client.get("/plot/line/").content.decode()
    assert addresses(page) == addresses(example) != set()


def test_playground_signs_for_staff(admin_client: Client) -> None:
    page = admin_client.get("/plot/line/?y=7,7,7&title=Mine").content.decode()
    assert "data-plot-form" in page
    urls = {url for url in addresses(page) if "7,7,7" in url}
    assert len(urls) > 10
    for url in urls:
        assert Client().get(url).status_code == 200, url
    (tag,) = re.findall(r"{% plot_img .+? %}", unescape(page))
    assert tag == '{% plot_img "line" y="7,7,7" title="Mine" %}'


def test_views_of_the_project_need_no_signature(client: Client) -> None:
    assert client.get("/sine.png").status_code == 200


def test_check_and_expires() -> None:
    query = parse_qs(urlsplit(made()).query)
    assert not signing.check("line", "png", query)
    with pytest.raises(PlotError):
        signing.check("line", "svg", query)
    assert signing.expires(query) is None
    with override_settings(PLOTS={"SIGNED_URLS": True, "SIGNED_DAYS": 1}):
        end = signing.expires(parse_qs(urlsplit(made()).query))
        assert end is not None and end % DAY == 0 and DAY < end - time() <= 2 * DAY
