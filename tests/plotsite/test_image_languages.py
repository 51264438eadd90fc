"""Languages of images."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import Client, override_settings
from django.utils import translation
from django.utils.translation import gettext_lazy

import plots
from plots.data.loading import load
from plots.forms.parameters_to_spec import plot_spec
from plots.http.plot_links import Plot
from plots.i18n import current_language
from plots.presets.models import Preset
from plots.rendering.axes.date_ticks import DateFormatter
from plots.rendering.figure import build
from plots.spec.registry import kinds
from tests.helpers import ask, pixels, problems
from tests.plotsite.languages import LANGUAGES

EMPTY = "/plot/line.png?y=,&x=1,2"


@pytest.mark.parametrize("path", [EMPTY, "/plot/line.svg?y=1,2", "/plot/line.txt?y=1,2"])
def test_the_url_decides_the_language_of_an_image(client: Client, path: str) -> None:
    plain = client.get(path, headers={"accept-language": "en"})
    for wanted in LANGUAGES:
        for again in range(2):  # the second is remembered
            same = client.get(path, headers={"accept-language": wanted})
            assert same.content == plain.content, again
            assert same["ETag"] == plain["ETag"]
            assert same["Content-Language"] == "en"
            assert same.get("Vary", "Accept-Encoding") == "Accept-Encoding"
        other = client.get(f"{path}&lang={wanted}", headers={"accept-language": "en"})
        assert other["Content-Language"] == wanted
        assert other.get("Vary", "Accept-Encoding") == "Accept-Encoding"
        assert other.content != plain.content
        assert other["ETag"] != plain["ETag"]
    named = client.get(f"{path}&lang=en", headers={"accept-language": "ko"})
    assert named.content == plain.content and named["ETag"] == plain["ETag"]


@pytest.mark.parametrize("lang", ["", "&lang=ko"])
def test_304_responses_do_not_vary(client: Client, lang: str) -> None:
    first = client.get(EMPTY + lang)
    etag = first["ETag"]
    for known in (etag, f"W/{etag}", f'{etag}, "o"'):  # remembered; the last is decided anew
        again = client.get(EMPTY + lang, headers={
            "if-none-match": known, "accept-language": "zh-hans",
        })  # fmt: skip
        assert again.status_code == 304
        assert not again.has_header("Vary")
        assert again["Content-Language"] == first["Content-Language"]


def test_an_unknown_language_is_an_error(client: Client) -> None:
    assert problems(client, EMPTY + "&lang=zh-han") == [("lang", "invalid_choice")]
    said = ask(client, EMPTY + "&lang=zh-han").json()["errors"][0]["message"]
    assert "Did you mean “zh-hans”?" in said
    assert client.get(EMPTY + "&lang=fr").status_code == 400


def test_descriptions_are_translated(client: Client) -> None:
    query = "y=12345,52,,40&y=3,4,5,6&x=2026-01-01,2026-02-01,2026-03-01,2026-04-01&xlabel=월"
    korean = client.get(f"/plot/line.txt?{query}&lang=ko").content.decode().splitlines()
    assert korean == [
        "월: 꺾은선 그래프. 계열 2개, 점 7개, 2026년 1월 1일에서 2026년 4월 1일까지; "
        "계열 1: 12,345에서 40까지 감소; 계열 2: 3에서 6까지 증가.",
        "x(월): 2026년 1월 1일에서 2026년 4월 1일까지.",
        "y: 3에서 12,345까지.",
        "계열 1: 12,345에서 40까지 감소, 최댓값 12,345(2026년 1월 1일), 최솟값 40(2026년 4월 1일), "
        "빈 값 1개.",
        "계열 2: 3에서 6까지 증가, 최댓값 6(2026년 4월 1일), 최솟값 3(2026년 1월 1일).",
    ]
    chinese = client.get("/plot/line.txt?x=a,b&y=3,5&lang=zh-hans").content.decode()
    assert chinese.splitlines() == [
        "折线图。2 个数据点；最大值 5（b），最小值 3（a）。",
        "x：a、b。",
        "y：从 3 到 5。",
        "最大值 5（b），最小值 3（a）。",
    ]


def test_texts_in_svg_and_png_are_translated(client: Client) -> None:
    svg = client.get("/plot/line.svg?y=1,2&lang=ko").content.decode()
    assert 'xml:lang="ko"' in svg and "<title>꺾은선 그래프. 점 2개" in svg
    png = pixels(client.get("/plot/line.png?y=1,2&lang=zh-hans"))
    assert png.info["Description"].startswith("折线图。2 个数据点")
    pdf = client.get("/plot/line.pdf?y=1,2&lang=ko").content
    assert (
        "꺾은선".encode("utf-16-be") in pdf
        or "꺾은선".encode("utf-16-be").hex().upper().encode() in pdf
    )


DAYS = [20_454.0, 20_455.0], [20_454.0, 20_485.0], [20_454.0, 20_819.0], [20_454.25, 20_454.5]
TICKS = {
    "en": [["Jan 1\n2026", "Jan 2"], ["Jan\n2026", "Feb"], ["2026", "2027"],
           ["06:00\nJan 1, 2026", "12:00"]],
    "ko": [["1월 1일\n2026년", "1월 2일"], ["1월\n2026년", "2월"], ["2026년", "2027년"],
           ["06:00\n2026년 1월 1일", "12:00"]],
    "zh-hans": [["1月1日\n2026年", "1月2日"], ["1月\n2026年", "2月"], ["2026年", "2027年"],
                ["06:00\n2026年1月1日", "12:00"]],
}  # fmt: skip


@pytest.mark.parametrize("lang", TICKS)
def test_date_ticks_are_localized(lang: str) -> None:
    with translation.override(lang):
        assert [DateFormatter().format_ticks(days) for days in DAYS] == TICKS[lang]


@pytest.mark.parametrize(
    ("lang", "empty", "rest", "prices"),
    [
        ("en", "No data", "and 3 more", ["Up", "Down"]),
        ("ko", "데이터 없음", "외 3개", ["상승", "하락"]),
        ("zh-hans", "无数据", "另有 3 项", ["上涨", "下跌"]),
    ],
)
def test_texts_in_images_are_translated(lang: str, empty: str, rest: str, prices: list) -> None:
    def drawn(kind: str, **parameters: Any) -> list[str]:
        spec = plot_spec(kind, lang=lang, **parameters)
        with translation.override(lang):  # as `render` does
            figure = build(spec, load(spec))
        legends = [text.get_text() for each in figure.legends for text in each.get_texts()]
        return legends + [text.get_text() for ax in figure.axes for text in ax.texts]

    assert empty in drawn("line", y=[None], x=[1])
    names = [f"{n} " + 30 * "m" for n in range(20)]
    assert any(re.fullmatch(rest.replace("3", r"\d+"), text) for text in drawn(
        "line", y=[[n, 2] for n in range(20)], label=names
    ))  # fmt: skip
    candle: dict[str, Any] = {"open": [1, 2], "high": [3, 3], "low": [0, 0], "close": [2, 1]}
    assert drawn("candlestick", **candle)[:2] == prices


def test_language_code_is_the_default(client: Client) -> None:
    with override_settings(LANGUAGE_CODE="ko"):
        korean = client.get("/plot/line.txt?y=1,2").content.decode()
        english = client.get("/plot/line.txt?y=1,2&lang=en").content.decode()
        with translation.override("en"):
            assert "lang=en" in Plot(plot_spec("line", y=[1, 2])).url()
        with translation.override("ko"):
            assert "lang" not in Plot(plot_spec("line", y=[1, 2])).url()
    assert korean.startswith("꺾은선 그래프. ") and english.startswith("Line chart. ")


def test_lang_in_a_tag_wins() -> None:
    with translation.override("ko"):
        plain, named = (
            Template("{% load plots %}" + tag).render(Context({}))
            for tag in (
                '{% plot_img "line" y="1,2" %}', '{% plot_img "line" y="1,2" lang="en" %}'
            )
        )  # fmt: skip
    assert "lang=ko" in plain and 'alt="꺾은선 그래프. 점 2개' in plain
    assert Plot(plot_spec("normal", title="Dice", lang="ko")).alt == "임의의 점: Dice"
    assert "lang=en" in named and 'alt="Line chart. 2 points' in named
    assert "lang=ko" not in named


def test_urls_name_only_languages_of_the_site() -> None:
    for active in ("fr", "ko-kr", "en-gb"):
        with translation.override(active):
            assert current_language() == ("ko" if active == "ko-kr" else "")
    translation.deactivate_all()
    try:
        assert current_language() == ""
    finally:
        translation.deactivate()
    with override_settings(LANGUAGE_CODE="en-us"):
        assert current_language() == ""


class OfADay(forms.Form):
    day = forms.DateField(required=False, label=gettext_lazy("Today"), help_text="Any day.")


@pytest.fixture
def dated() -> Iterator[None]:
    """A kind of another author's: lazily translated, and with a field that reads by language."""

    @plots.kind("dated", options=OfADay, channels=plots.XY, example={"y": "1,2"})
    def dated(ax: Any, data: Any, *, day: date | None) -> None:
        """A day."""

    yield
    kinds.unregister("dated")


def test_parameters_are_parsed_alike_in_every_language(client: Client, dated: None) -> None:
    url = "/plot/dated.txt?y=1,2&day=2026년 01월 31일"
    asked = [client.get(url, headers={"accept-language": lang}) for lang in ("en", "ko")]
    assert [each.status_code for each in asked] == [400, 400]
    assert asked[0].content == asked[1].content
    assert client.get("/plot/dated.txt?y=1,2&day=2026-01-31&lang=ko").status_code == 200


@pytest.mark.django_db
def test_options_of_other_apps_are_not_translated(client: Client, dated: None) -> None:
    page = client.get("/plot/dated/", headers={"accept-language": "ko"}).content.decode()
    assert "Any day." in page
    preset = Preset(
        visibility="public",
        title="A",
        slug="a",
        kind="dated",
        overrides=["day"],
        parameters={"y": "1"},
    )
    with translation.override("ko"):
        assert str(next(f for f in preset.form() if f.name == "day").label) == "오늘"
