"""The template tags: the markup, and the responses of its URLs."""

from __future__ import annotations

import logging
import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.template import TemplateSyntaxError
from django.test import Client, override_settings

from plots.http.response_cache import response_cache
from plots.presets.models import Preset
from tests.helpers import pixels
from tests.markup import Reader, show


def img(template: str, **context: Any) -> dict[str, str]:
    ((tag, attributes),) = Reader(show(template, **context)).elements
    assert tag == "img"
    return attributes


def test_plot_img_has_all_attributes(client: Client) -> None:
    tag = img(
        '{% plot_img "line" x=days y=totals title="Orders" width=300 height=200 class="chart" '
        'data_id=7 aria_describedby="more" %}',
        days=[date(2026, 1, 1), date(2026, 1, 2)],
        totals=(3, Decimal("4.5")),
    )
    assert list(tag)[:2] == ["src", "srcset"]
    assert tag["width"] == "300" and tag["height"] == "200"
    assert tag["loading"] == "lazy" and tag["decoding"] == "async"
    assert tag["class"] == "chart" and tag["data-id"] == "7"
    assert tag["aria-describedby"] == "more"
    assert tag["alt"] == (
        "Line chart: Orders. 2 points, from Jan. 1, 2026 to Jan. 2, 2026; "
        "highest 4.5 at Jan. 2, 2026, lowest 3 at Jan. 1, 2026."
    )
    assert "class" not in tag["src"] and "alt" not in tag["src"]
    once, twice = (part.split(" ") for part in tag["srcset"].split(", "))
    assert once == [tag["src"].replace(",", "%2C"), "1x"] and twice[1] == "2x"
    assert pixels(client.get(tag["src"])).size == (300, 200)
    assert pixels(client.get(twice[0])).size == (600, 400)
    data = client.get(tag["src"].replace("line.png", "line.csv").partition("&v=")[0])
    assert data.content.decode().splitlines() == ["x,y", "2026-01-01,3", "2026-01-02,4.5"]


@pytest.mark.parametrize(
    ("values", "rows"),
    [
        ([1, 2.5, None], ["1", "2.5", ""]),
        ((True, float("nan"), float("inf")), ["true", "", ""]),
        (range(3), ["0", "1", "2"]),
        (np.array([1.5, np.nan]), ["1.5", ""]),
        (np.array([1, 2], dtype="int8"), ["1", "2"]),
        ("1,2,,4", ["1", "2", "", "4"]),
    ],
)
def test_a_column_is_a_list_an_array_or_text(client: Client, values: Any, rows: list[str]) -> None:
    url = show('{% plot_url "line" y=values format="csv" as u %}{{ u }}', values=values)
    assert client.get(unescape(url)).content.decode().splitlines()[1:] == (
        [row or '""' for row in rows]
    )


def test_several_series_and_their_labels(client: Client) -> None:
    url = show(
        '{% plot_url "bar" x=names y=both label=labels format="csv" %}',
        names=["a, b", 'say "c"'],
        both=[[1, 2], range(3, 5)],
        labels=["One", "Two"],
    )
    body = client.get(unescape(url)).content.decode()
    assert body.splitlines() == ["x,One,Two", '"a, b",1,3', '"say ""c""",2,4']


@pytest.mark.django_db
def test_a_queryset_is_a_column(client: Client) -> None:
    for name in ("ann", "bob"):
        User.objects.create(username=name)
    users = User.objects.order_by("username")
    url = show(
        '{% plot_url "bar" x=names y=ids format="csv" %}',
        names=users.values_list("username", flat=True),
        ids=users.values_list("pk", flat=True),
    )
    first, second = users.values_list("pk", flat=True)
    lines = client.get(unescape(url)).content.decode().splitlines()
    assert lines[1:] == [f"ann,{first}", f"bob,{second}"]


def test_markup_is_escaped(client: Client) -> None:
    evil = '"><script>alert(1)</script>'
    html = show(
        '{% plot_img "bar" x=x y=y title=evil alt=evil class=evil data_x=evil %}',
        x=[evil, "b"], y=[1, 2], evil=evil,
    )  # fmt: skip
    assert "<script" not in html
    ((_, attributes),) = Reader(html).elements
    assert attributes["alt"] == attributes["class"] == attributes["data-x"] == evil
    assert client.get(attributes["src"]).status_code == 200


def test_equal_plots_have_equal_urls() -> None:
    first = show('{% plot_url "line" y="1,2,3" width=640 grid=True %}')
    second = show('{% plot_url "line" y=values %}', values=[1, 2, 3])
    assert first == second
    assert re.fullmatch(r"/plot/line\.png\?y=1,2,3&amp;v=[0-9a-f]{12}", first) or re.fullmatch(
        r"/plot/line\.png\?y=1,2,3&v=[0-9a-f]{12}", first
    )


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ('{% plot_img "lien" y="1" %}', "Did you mean “line”"),
        ('{% plot_img "line" y="1" widht=3 %}', "Did you mean “width”"),
        ('{% plot_img "line" y="1,b" %}', "Item 2"),
        ('{% plot_img "line" x="1,2" y="1" %}', "1 values, but x has 2"),
        ('{% plot_img "line" y=nothing %}', "This is required"),
        ('{% plot_img "line" y=things %}', "Only numbers, dates"),
        ("{% plot_img %}", "Name a kind"),
        ('{% plot_url "line" y="1" format="gif" %}', "no format “gif”"),
        ('{% plot_picture "line" y="b" %}', "not a number"),
    ],
)
def test_a_mistake_is_raised_with_debug_and_logged_without(
    template: str, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    things = [object()]
    with override_settings(DEBUG=True), pytest.raises(TemplateSyntaxError, match=message):
        show(template, things=things)
    with caplog.at_level(logging.ERROR, "plots"):
        html = show(template, things=things)
    assert message in caplog.text
    assert "/static/plots/unavailable.svg" in html
    if "plot_url" not in template:
        assert img(template, things=things)["alt"] == "This chart cannot be drawn."


@pytest.fixture
def preset(db: None) -> Preset:
    preset = Preset(visibility="public",
        slug="monthly", title="Monthly <orders>", kind="line",
        parameters={"y": "3,1,2", "theme": "dark", "title": "Before"}, overrides=["title", "ymin"],
    )  # fmt: skip
    preset.full_clean()
    preset.save()
    return preset


def test_a_preset_is_given_by_slug_or_as_a_row(client: Client, preset: Preset) -> None:
    by_slug = img('{% plot_img preset="monthly" %}')
    assert by_slug == img("{% plot_img preset=preset %}", preset=preset)
    assert by_slug["alt"] == (
        "Line chart: Before. 3 points; falls from 3 to 2, highest 3 at 0, lowest 1 at 1."
    )
    assert by_slug["src"].startswith("/presets/monthly.png?v=")
    assert client.get(by_slug["src"]).content == client.get("/presets/monthly.png").content


def test_a_preset_with_overrides(client: Client, preset: Preset) -> None:
    tag = img('{% plot_img preset="monthly" title="After" ymin=0 width=300 %}')
    response = client.get(tag["src"])
    assert response.status_code == 200
    assert "immutable" in response["Cache-Control"]
    assert response.content != client.get("/presets/monthly.png?width=300").content
    light = img('{% plot_img preset="monthly" theme="light" %}')
    assert pixels(client.get(light["src"])).convert("RGB").getpixel((1, 1)) == (255, 255, 255)
    with override_settings(DEBUG=True), pytest.raises(TemplateSyntaxError, match="cannot be chang"):
        show('{% plot_img preset="monthly" ymax=3 %}')
    with override_settings(DEBUG=True), pytest.raises(TemplateSyntaxError, match="no preset"):
        show('{% plot_img preset="weekly" %}')


def test_saving_a_preset_changes_its_url(preset: Preset) -> None:
    before = img('{% plot_img preset="monthly" %}')["src"]
    assert before == img('{% plot_img preset="monthly" %}')["src"]
    preset.parameters["title"] = "Changed"
    preset.save()
    assert img('{% plot_img preset="monthly" %}')["src"] != before


def test_plot_picture_is_light_and_dark(client: Client, preset: Preset) -> None:
    html = show('{% plot_picture preset="monthly" class="wide" %}')
    (picture, _), (source, dark), (tag, light) = Reader(html).elements
    assert (picture, source, tag) == ("picture", "source", "img")
    assert dark["media"] == "(prefers-color-scheme: dark)"
    assert light["class"] == "wide"
    dark_src = dark["srcset"].split(" ")[0]
    for src, ground in ((dark_src, (18, 23, 31)), (light["src"], (255, 255, 255))):
        assert pixels(client.get(src)).convert("RGB").getpixel((1, 1)) == ground


def test_commas_in_a_srcset_are_encoded(client: Client) -> None:
    """Programs that split a ``srcset`` at commas find whole URLs, and the picture of ``src``."""
    response_cache.clear()
    for template in ("{% plot_img 'line' y=y %}", "{% plot_img 'line' y=y title='a,b' %}"):
        tag = img(template, y=[1, 2, 3])
        assert "y=1,2,3" in tag["src"]
        candidates = [each.split() for each in tag["srcset"].split(",")]
        assert [name for _, name in candidates] == ["1x", "2x"]
        assert client.get(tag["src"])["ETag"] == client.get(candidates[0][0])["ETag"]
        assert client.get(candidates[0][0])["Server-Timing"] == "cache;desc=hit"
