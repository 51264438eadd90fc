"""Pages in their visitor's language, pictures in that of their address, and no string forgotten."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django import forms
from django.contrib.auth import get_user_model
from django.template import Context, Template
from django.test import Client, RequestFactory, override_settings
from django.utils import translation
from django.utils.translation import gettext_lazy

import plots
from plots.catalog.parameter_docs import parameter_reference
from plots.data.loading import load
from plots.forms.options import COLORMAPS
from plots.forms.parameters_to_spec import plot_spec
from plots.forms.plot_form import PlotForm
from plots.http.plot_links import Plot
from plots.i18n import current_language, translate
from plots.presets.models import Preset
from plots.rendering.axes.date_ticks import DateFormatter
from plots.rendering.figure import build
from plots.spec.formats import FORMATS
from plots.spec.registry import kinds, sources
from plotsite.management.commands.prepare import STARTERS
from tests import messages
from tests.helpers import ask, pixels, problems

LANGUAGES = ("ko", "zh-hans")
EMPTY = "/plot/line.png?y=,&x=1,2"
KOREAN, CHINESE = re.compile("[가-힣]"), re.compile("[一-鿿]")


# The catalogues


@pytest.mark.parametrize("locale", messages.LOCALES)
@pytest.mark.parametrize("app", messages.APPS)
def test_every_string_is_translated_and_compiled(app: str, locale: str) -> None:
    catalog, path = messages.update(app, locale), messages.po_file(app, locale)
    missing = [each.id for each in catalog if each.id and not all(messages.forms_of(each.string))]
    assert not missing, f"translate them in {path}, then `make messages`"
    assert path.read_bytes() == messages.written(catalog), "run `make messages`"
    compiled = path.with_suffix(".mo").read_bytes()
    assert compiled == messages.compiled(catalog), "run `make messages`"


PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@pytest.mark.parametrize("locale", messages.LOCALES)
@pytest.mark.parametrize("app", messages.APPS)
def test_translations_say_what_they_are_given(app: str, locale: str) -> None:
    for each in messages.read(app, locale):
        ids, said = messages.forms_of(each.id), messages.forms_of(each.string)
        wanted = {name for id in ids for name in PLACEHOLDER.findall(id)}
        given = {name for text in said for name in PLACEHOLDER.findall(text)}
        if each.context == "date":  # a month has a name or a number
            given = {name.replace("%(number)d", "%(month)s") for name in given}
        assert given == wanted, each.id
        assert "  " not in "".join(said)


# Pictures


@pytest.mark.parametrize("path", [EMPTY, "/plot/line.svg?y=1,2", "/plot/line.txt?y=1,2"])
def test_a_picture_is_what_its_address_says_whoever_asks(client: Client, path: str) -> None:
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
def test_what_is_known_already_does_not_vary_either(client: Client, lang: str) -> None:
    first = client.get(EMPTY + lang)
    etag = first["ETag"]
    for known in (etag, f"W/{etag}", f'{etag}, "o"'):  # remembered; the last is decided anew
        again = client.get(EMPTY + lang, headers={
            "if-none-match": known, "accept-language": "zh-hans",
        })  # fmt: skip
        assert again.status_code == 304
        assert not again.has_header("Vary")
        assert again["Content-Language"] == first["Content-Language"]


def test_an_unknown_language_is_refused_with_the_nearest(client: Client) -> None:
    assert problems(client, EMPTY + "&lang=zh-han") == [("lang", "invalid_choice")]
    said = ask(client, EMPTY + "&lang=zh-han").json()["errors"][0]["message"]
    assert "Did you mean “zh-hans”?" in said
    assert client.get(EMPTY + "&lang=fr").status_code == 400


def test_words_are_whole_sentences_of_their_language(client: Client) -> None:
    query = "y=12345,52,,40&y=3,4,5,6&x=2026-01-01,2026-02-01,2026-03-01,2026-04-01&xlabel=월"
    korean = client.get(f"/plot/line.txt?{query}&lang=ko").content.decode().splitlines()
    assert korean == [
        "월: 꺾은선 그래프. 계열 2개, 점 7개, 2026년 1월 1일에서 2026년 4월 1일까지; "
        "계열 1: 12,345에서 40까지 감소, 최댓값 12,345(2026년 1월 1일), 최솟값 40(2026년 4월 1일), "
        "빈 값 1개.",
        "x(월): 2026년 1월 1일에서 2026년 4월 1일까지.",
        "y: 3에서 12,345까지.",
        "계열 1: 12,345에서 40까지 감소, 최댓값 12,345(2026년 1월 1일), 최솟값 40(2026년 4월 1일), "
        "빈 값 1개.",
        "계열 2: 3에서 6까지 증가, 최댓값 6(2026년 4월 1일), 최솟값 3(2026년 1월 1일).",
    ]
    chinese = client.get("/plot/bar.txt?x=a,b&y=3,5&lang=zh-hans").content.decode()
    assert chinese.splitlines() == [
        "柱状图。2 个数据点；最大值 5（b），最小值 3（a）。",
        "x：a、b。",
        "y：从 3 到 5。",
        "最大值 5（b），最小值 3（a）。",
    ]


def test_a_svg_and_a_png_say_it_in_that_language(client: Client) -> None:
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
def test_ticks_of_dates_are_written_as_they_are_there(lang: str) -> None:
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
def test_words_drawn_are_in_the_language(lang: str, empty: str, rest: str, prices: list) -> None:
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


def test_a_site_of_another_language_draws_in_its_own(client: Client) -> None:
    with override_settings(LANGUAGE_CODE="ko"):
        korean = client.get("/plot/line.txt?y=1,2").content.decode()
        english = client.get("/plot/line.txt?y=1,2&lang=en").content.decode()
        with translation.override("en"):
            assert "lang=en" in Plot(plot_spec("line", y=[1, 2])).url()
        with translation.override("ko"):
            assert "lang" not in Plot(plot_spec("line", y=[1, 2])).url()
    assert korean.startswith("꺾은선 그래프. ") and english.startswith("Line chart. ")


def test_an_author_who_names_a_language_keeps_it() -> None:
    with translation.override("ko"):
        plain, named = (
            Template("{% load plots %}" + tag).render(Context({}))
            for tag in (
                '{% plot_img "line" y="1,2" %}', '{% plot_img "line" y="1,2" lang="en" %}'
            )
        )  # fmt: skip
    assert "lang=ko" in plain and 'alt="꺾은선 그래프. 점 2개' in plain
    assert Plot(plot_spec("normal", title="Dice", lang="ko")).alt == "정규 분포 점 그래프: Dice"
    assert "lang=en" in named and 'alt="Line chart. 2 points' in named
    assert "lang=ko" not in named


def test_no_language_but_those_of_the_site_gets_into_an_address() -> None:
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


def test_an_address_is_read_the_same_for_everybody(client: Client, dated: None) -> None:
    url = "/plot/dated.txt?y=1,2&day=2026년 01월 31일"
    asked = [client.get(url, headers={"accept-language": lang}) for lang in ("en", "ko")]
    assert [each.status_code for each in asked] == [400, 400]
    assert asked[0].content == asked[1].content
    assert client.get("/plot/dated.txt?y=1,2&day=2026-01-31&lang=ko").status_code == 200


@pytest.mark.django_db
def test_what_others_declare_is_shown_as_it_is(client: Client, dated: None) -> None:
    page = client.get("/plot/dated/", headers={"accept-language": "ko"}).content.decode()
    assert "Any day." in page
    preset = Preset(title="A", slug="a", kind="dated", overrides=["day"], parameters={"y": "1"})
    with translation.override("ko"):
        assert str(next(f for f in preset.form() if f.name == "day").label) == "오늘"


# Pages


@pytest.fixture
def starters(db: None) -> None:
    for order, entry in enumerate(json.loads(STARTERS.read_text(encoding="utf-8"))):
        Preset.objects.create(order=order, **entry)


def page(client: Client, path: str, language: str = "", status: int = 200) -> Element:
    headers = {"accept-language": language} if language else {}
    response = client.get(path, headers=headers)
    assert response.status_code == status
    tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(
        response.content
    )
    return tree


SAID = ("alt", "aria-label", "placeholder", "title", "content")
# What is quoted, not said: code, values, and the rows of a plot's own data.
QUOTED = {"code", "textarea", "script", "style"}
# What machines read of a card.
TERMS = re.compile(r"https?://.*|website|image/png|summary_large_image")


def texts(element: Element, kept: bool = True) -> Iterator[str]:
    """All that a page says, shown or spoken."""
    kept = kept and element.tag not in QUOTED and element.get("id") != "data"
    if kept:
        yield from (element.get(name) or "" for name in SAID)
        yield element.text or ""
    for child in element:
        # What marks say under the pointer is data too.
        is_data = element.get("aria-labelledby") == "data" or str(child.tag).endswith("svg")
        yield from texts(child, kept and not is_data)
        if kept:
            yield child.tail or ""


def names() -> set[str]:
    """What is called the same in every language, and what authors of presets have written."""
    found = {"plotsite", "HTML", "Markdown", "PNG 2×", "English", *COLORMAPS}
    found |= {format.upper() for format in FORMATS}
    found |= {field.name for kind in kinds for field in PlotForm(kind, {})}
    found |= {name for source in sources for name in (source.title, *source.options.base_fields)}
    found |= {source.description for source in sources}
    for preset in Preset.objects.all():
        found |= {preset.title, preset.description, preset.parameters.get("alt", "")}
        found |= {*preset.tag_list}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [
    "/", "/?q=nothing+at+all", "/?kind=line", "/plot/", "/plot/line/", "/plot/heatmap/",
    "/plot/gauge/", "/presets/share-growth/", "/presets/random-cloud/", "/normal/0_1",
])  # fmt: skip
def test_nothing_is_left_in_english(
    client: Client, starters: None, path: str, language: str
) -> None:
    english, other = (
        {" ".join(each.split()) for each in texts(page(client, path, lang))}
        for lang in ("en", language)
    )
    prose = {each for each in english & other if re.search(r"[A-Za-z]{2}", each)}
    # Pictures have their authors' words in their alts, titles of pages those of presets.
    left = {
        each for each in prose - names()
        if not TERMS.fullmatch(each)
        if not re.fullmatch(r"width=device-width.*|light dark|[\w, ×.-]+ · plotsite", each)
        and not any(each.startswith(title[:40]) for title in names() if len(title) > 20)
    }  # fmt: skip
    # The reference quotes what a closed list takes, as an address has it; words quote the data.
    quoted = {each for each in left if re.fullmatch(r"([xy]: )?[\w-]+(, [\w -]+)+\.?", each)}
    assert not left - quoted, sorted(left - quoted)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "letters"), [("ko", KOREAN), ("zh-hans", CHINESE)])
def test_all_that_a_kind_takes_is_told(language: str, letters: re.Pattern[str]) -> None:
    with translation.override(language):
        for kind in kinds:
            assert letters.search(translate(kind.title))
            assert letters.search(translate(kind.description))
            for _, rows in parameter_reference(kind):
                assert all(letters.search(row["help"]) for row in rows), kind.name


def test_a_page_is_read_and_shown_in_its_language(client: Client, starters: None) -> None:
    for path in ("/", "/plot/line/", "/presets/carbon-dioxide/"):
        for language, tag in (("ko-KR,ko;q=0.9", "ko"), ("zh-CN", "zh-hans")):
            response = client.get(path, headers={"accept-language": language})
            assert response["Content-Language"] == tag
            assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))
            assert response["Cache-Control"] == "private, no-cache"
            tree = page(client, path, language)
            assert tree.get("lang") == tag
            for image in tree.iterfind(".//main//img"):
                assert f"lang={tag}" in image.attrib["src"]
                for address in re.findall(r"\S+/\S+", image.attrib["srcset"]):
                    assert f"lang={tag}" in address
    for image in page(client, "/").iterfind(".//main//img"):
        assert "lang=" not in image.attrib["src"] + image.attrib["srcset"]


def test_the_pictures_of_a_page_may_be_kept_for_ever(client: Client, starters: None) -> None:
    image = page(client, "/presets/carbon-dioxide/", "ko").find(".//main//figure//img")
    assert image is not None
    answer = client.get(image.attrib["src"])
    assert answer.status_code == 200 and "immutable" in answer["Cache-Control"]
    assert answer["Content-Language"] == "ko" and not answer.has_header("Vary")


def test_words_downloads_and_embeds_are_in_the_language_of_the_page(
    client: Client, starters: None
) -> None:
    tree = page(client, "/presets/nile/", "ko")
    words = "".join("".join(tree.find(".//section[@aria-labelledby='words']").itertext()))  # type: ignore[union-attr]
    assert "최댓값" in words and "highest" not in words
    assert all("lang=ko" in each.attrib["href"] for each in tree.iterfind(".//a[@download]"))
    codes = {each.attrib["id"]: each.text or "" for each in tree.iterfind(".//textarea[@readonly]")}
    assert "lang=ko" in codes["code-html"]
    assert "lang" not in codes["code-tag"]  # it will follow the page that it is put into
    english = page(client, "/presets/nile/?lang=en", "ko").find(
        ".//section[@aria-labelledby='words']"
    )
    assert english is not None and "highest" in "".join(english.itertext())


def test_the_language_is_switched_without_a_script_and_stays(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    form = page(client, "/plot/line/").find(".//form[@method='post']")
    assert form is not None
    assert [b.attrib["value"] for b in form.iterfind("button")] == ["en", "ko", "zh-hans"]
    token = form.find("input")
    assert token is not None and form.find("button[@aria-current]").text == "English"  # type: ignore[union-attr]
    origin = "http://testserver/plot/line/?y=1,2"
    data = {token.attrib["name"]: token.attrib["value"], "language": "ko"}
    answer = client.post(form.attrib["action"], data, headers={"referer": origin})
    assert answer.status_code == 302 and answer["Location"] == origin
    assert "no-store" in answer["Cache-Control"]
    assert page(client, "/plot/line/").get("lang") == "ko"
    assert page(client, "/plot/line/", "en").get("lang") == "ko"
    # A picture's address still says it all.
    assert client.get("/plot/line.txt?y=1,2").content.startswith(b"Line chart.")
    assert client.post(form.attrib["action"], {"language": "en"}).status_code == 403


@pytest.mark.django_db
def test_a_page_says_what_is_wrong_in_its_language(client: Client) -> None:
    path = "/plot/line/?x=1,2&y=1,two&width=9&linewidth=0&linewidht=3"
    for language, said in (
        ("ko", ["2번째 항목 “two”은(는) 수가 아닙니다.", "16픽셀부터 4096픽셀까지", "“linewidth”"]),
        (
            "zh-hans",
            ["第 2 项“two”不是数字。", "边长为 16 到 4096 像素。", "您是指“linewidth”吗？"],
        ),
    ):
        alert = "".join(page(client, path, language).find(".//*[@role='alert']").itertext())  # type: ignore[union-attr]
        for text in said:
            assert text in alert
        assert not re.search(r"\b(is|has|must|the|than)\b", alert)


def test_programs_are_told_what_is_wrong_in_one_language(client: Client) -> None:
    path = "/plot/line.png?y=1,two&linewidth=0"
    english, korean = (
        client.get(path, headers={"accept": "application/json", "accept-language": lang})
        for lang in ("en", "ko")
    )
    assert english.content == korean.content and english.status_code == korean.status_code == 400
    pictures = [client.get(path, headers={"accept-language": lang}) for lang in ("en", "ko")]
    assert pictures[0].content == pictures[1].content
    with override_settings(PLOTS={"POST": "anyone", "PROCESSES": 0}):
        posted = [
            client.post(
                "/plot/line",
                {"y": [1, 2], "linewidth": 0},
                content_type="application/json",
                headers={"accept-language": lang},
            )
            for lang in ("en", "ko")
        ]
    assert posted[0].status_code == 400 and posted[0].content == posted[1].content


@override_settings(DEBUG=False)
def test_errors_of_pages_are_translated(client: Client, db: None) -> None:
    tree = page(client, "/nowhere/", "ko", 404)
    assert tree.get("lang") == "ko" and KOREAN.search("".join(tree.find(".//h1").itertext()))  # type: ignore[union-attr]
    client.raise_request_exception = False
    assert CHINESE.search(
        client.get("/nowhere/", headers={"accept-language": "zh"}).content.decode()
    )


def test_the_admin_s_form_is_translated(client: Client, starters: None) -> None:
    client.force_login(get_user_model().objects.create_superuser("admin"))
    preset = Preset.objects.get(slug="share-growth")
    for path in (f"{preset.pk}/change/", "add/?kind=gauge"):
        html = client.get(
            f"/admin/plots_presets/preset/{path}", headers={"accept-language": "ko"}
        ).content.decode()
        for text in ("프리셋", "방문자가 바꿀 수 있는 항목", "너비(픽셀)입니다.",
                     "여기에 적은 값", "이 종류와 데이터 출처의 입력란 보기"):  # fmt: skip
            assert text in html, text
        assert "Besides width" not in html and ">light<" not in html
        label = "단위" if "gauge" in path else "x축 이름"
        assert re.search(rf"<label[^>]*>\s*{label}:?\s*</label>", html)
    # What is not chosen is not saved as English.
    assert '<option value="" selected>사이트 기본 언어</option>' in html


def test_the_openapi_document_speaks_english(client: Client) -> None:
    english, korean = (
        client.get("/plot/openapi.json", headers={"accept-language": lang}).json()
        for lang in ("en", "ko")
    )
    assert english == korean


def test_a_project_without_the_switch_has_none(rf: RequestFactory) -> None:
    template = Template('{% include "plots/_languages.html" %}')
    assert "<form" in template.render(Context({"request": rf.get("/")}))
    with override_settings(LANGUAGES=[("en", "English")]):
        assert "<form" not in template.render(Context({"request": rf.get("/")}))
    with override_settings(ROOT_URLCONF="plots.urls"):
        assert "<form" not in template.render(Context({"request": rf.get("/")}))
