"""Languages of pages and errors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.contrib.auth import get_user_model
from django.template import Context, Template
from django.test import Client, RequestFactory, override_settings
from django.utils import translation

from plots.catalog.parameter_docs import parameter_reference
from plots.forms.options import COLORMAPS
from plots.forms.plot_form import PlotForm
from plots.i18n import translate
from plots.presets.models import Preset
from plots.spec.formats import FORMATS
from plots.spec.registry import kinds, sources
from plotsite.management.commands.prepare import STARTERS
from tests.plotsite.languages import CHINESE, KOREAN, LANGUAGES


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


TEXT_ATTRIBUTES = ("alt", "aria-label", "placeholder", "title", "content")
# What is quoted, not said: code, values, and the rows of a plot's own data.
LITERAL_ELEMENTS = {"code", "textarea", "script", "style"}
# What machines read of a card.
MACHINE_VALUES = re.compile(r"https?://.*|website|image/png|summary_large_image")


def texts(element: Element, kept: bool = True) -> Iterator[str]:
    """All that a page says, shown or spoken."""
    kept = kept and element.tag not in LITERAL_ELEMENTS and element.get("id") != "data"
    if kept:
        yield from (element.get(name) or "" for name in TEXT_ATTRIBUTES)
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
def test_pages_have_no_english_texts(
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
        if not MACHINE_VALUES.fullmatch(each)
        if not re.fullmatch(r"width=device-width.*|light dark|[\w, ×.-]+ · plotsite", each)
        and not any(each.startswith(title[:40]) for title in names() if len(title) > 20)
    }  # fmt: skip
    # The reference quotes what a closed list takes, as an address has it; words quote the data.
    quoted = {each for each in left if re.fullmatch(r"([xy]: )?[\w-]+(, [\w -]+)+\.?", each)}
    assert not left - quoted, sorted(left - quoted)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "letters"), [("ko", KOREAN), ("zh-hans", CHINESE)])
def test_parameter_references_are_translated(language: str, letters: re.Pattern[str]) -> None:
    with translation.override(language):
        for kind in kinds:
            assert letters.search(translate(kind.title))
            assert letters.search(translate(kind.description))
            for _, rows in parameter_reference(kind):
                assert all(letters.search(row["help"]) for row in rows), kind.name


def test_page_language_follows_the_browser(client: Client, starters: None) -> None:
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


def test_images_of_pages_are_immutable(client: Client, starters: None) -> None:
    image = page(client, "/presets/carbon-dioxide/", "ko").find(".//main//figure//img")
    assert image is not None
    answer = client.get(image.attrib["src"])
    assert answer.status_code == 200 and "immutable" in answer["Cache-Control"]
    assert answer["Content-Language"] == "ko" and not answer.has_header("Vary")


def test_urls_on_pages_have_the_language(client: Client, starters: None) -> None:
    tree = page(client, "/presets/nile/", "ko")
    words = "".join("".join(tree.find(".//section[@aria-labelledby='description']").itertext()))  # type: ignore[union-attr]
    assert "최댓값" in words and "highest" not in words
    assert all("lang=ko" in each.attrib["href"] for each in tree.iterfind(".//a[@download]"))
    codes = {each.attrib["id"]: each.text or "" for each in tree.iterfind(".//textarea[@readonly]")}
    assert "lang=ko" in codes["code-html"]
    assert "lang" not in codes["code-tag"]  # it will follow the page that it is put into
    english = page(client, "/presets/nile/?lang=en", "ko").find(
        ".//section[@aria-labelledby='description']"
    )
    assert english is not None and "highest" in "".join(english.itertext())


def test_language_switch_without_javascript(db: None) -> None:
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
def test_page_errors_are_translated(client: Client) -> None:
    path = "/plot/line/?x=1,2&y=1,two&width=9&linewidth=0&linewidht=3"
    for language, said in (
        ("ko", ["2번째 항목 “two”은(는) 수가 아닙니다.", "16픽셀부터 4096픽셀까지", "“linewidth”"]),
        (
            "zh-hans",
            [
                "第 2 项“two”不是数字。",
                "请选择 16 到 4096 像素之间的尺寸。",
                "您是指“linewidth”吗？",
            ],
        ),
    ):
        alert = "".join(page(client, path, language).find(".//*[@role='alert']").itertext())  # type: ignore[union-attr]
        for text in said:
            assert text in alert
        assert not re.search(r"\b(is|has|must|the|than)\b", alert)


def test_json_errors_have_one_language(client: Client) -> None:
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
def test_error_pages_are_translated(client: Client, db: None) -> None:
    tree = page(client, "/nowhere/", "ko", 404)
    assert tree.get("lang") == "ko" and KOREAN.search("".join(tree.find(".//h1").itertext()))  # type: ignore[union-attr]
    client.raise_request_exception = False
    assert CHINESE.search(
        client.get("/nowhere/", headers={"accept-language": "zh"}).content.decode()
    )


def test_admin_form_is_translated(client: Client, starters: None) -> None:
    client.force_login(get_user_model().objects.create_superuser("admin"))
    preset = Preset.objects.get(slug="share-growth")
    for path in (f"{preset.pk}/change/", "add/?kind=gauge"):
        html = client.get(
            f"/admin/plots_presets/preset/{path}", headers={"accept-language": "ko"}
        ).content.decode()
        for text in ("프리셋", "방문자가 바꿀 수 있는 항목", "너비(픽셀)입니다.",
                     "아래에 입력한 값", "입력란 업데이트 및 미리 보기"):  # fmt: skip
            assert text in html, text
        assert "Visitors can always" not in html and ">light<" not in html
        label = "단위" if "gauge" in path else "x축 이름"
        assert re.search(rf"<label[^>]*>\s*{label}:?\s*</label>", html)
    # What is not chosen is not saved as English.
    assert '<option value="" selected>사이트 언어</option>' in html


def test_openapi_is_english(client: Client) -> None:
    english, korean = (
        client.get("/plot/openapi.json", headers={"accept-language": lang}).json()
        for lang in ("en", "ko")
    )
    assert english == korean


def test_no_language_switch_without_its_url(rf: RequestFactory) -> None:
    template = Template('{% include "plots/_language_switch.html" %}')
    assert "<form" in template.render(Context({"request": rf.get("/")}))
    with override_settings(LANGUAGES=[("en", "English")]):
        assert "<form" not in template.render(Context({"request": rf.get("/")}))
    with override_settings(ROOT_URLCONF="plots.urls"):
        assert "<form" not in template.render(Context({"request": rf.get("/")}))
