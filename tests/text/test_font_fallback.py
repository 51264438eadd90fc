"""Words in any script: drawn with their own glyphs wherever a picture has words, or warned about.

Fonts of the machine are played by small ones that the tests make, so that they say the same on
every machine; what needs a real font says which.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from django.core.checks import run_checks
from django.test import Client, override_settings
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from PIL import Image, ImageOps

from plots.delivery import renderers
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.presets.models import Preset
from plots.rendering.output import agg
from plots.rendering.output.glyphs import files_of, glyphs_of
from plots.rendering.render import render
from plots.rendering.text import matplotlib_fonts
from plots.rendering.text.measuring import Ruler
from plots.text import font_fallback, wrapping
from plots.text.font_fallback import FALLBACK, REGULAR, Face
from tests.measure import figure_of, layout_problems

ROOT = Path(__file__).parents[2]
PACKAGE = font_fallback._package()
# What pip alone brings can draw these; there is no font for Runic.
SCRIPTS = {
    "Korean": "한국어 매출",
    "Simplified Chinese": "简体中文",
    "Traditional Chinese": "繁體中文",
    "Japanese": "日本語のグラフ",
    "Arabic": "العربية",
    "Hebrew": "עברית",
    "Greek": "Ελληνικά",
    "Cyrillic": "Кириллица",
    "Vietnamese": "Tiếng Việt",
    "signs": "✓ → € ★ ☀ ① ∑ ≤ ½",
}
RUNIC = "ᚠᚢᚦ"
LONG = {name: " ".join([text] * 12) for name, text in SCRIPTS.items()}


def make_font(
    path: Path, characters: str, weight: int = 400, *, name: str = "", height: int = 900
) -> Path:
    """A font whose every character is the same rectangle."""
    names = [".notdef", *(f"u{ord(c):04X}" for c in characters)]
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for corner in ((100, height), (400, height), (400, 0)):
        pen.lineTo(corner)
    pen.closePath()
    font = FontBuilder(1000)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(c): f"u{ord(c):04X}" for c in characters})
    font.setupGlyf(dict.fromkeys(names, pen.glyph()))
    font.setupHorizontalMetrics(dict.fromkeys(names, (500, 100)))
    font.setupHorizontalHeader(ascent=900, descent=-100)
    font.setupNameTable({"familyName": name or path.stem, "styleName": "Regular", "psName": name})
    font.setupOS2(sTypoAscender=900, sTypoDescender=-100, usWeightClass=weight)
    font.setupPost()
    path.parent.mkdir(parents=True, exist_ok=True)
    font.save(path)
    return path


def forget() -> None:
    for cached in vars(font_fallback).values():
        if hasattr(cached, "cache_clear") and cached is not font_fallback._known:
            cached.cache_clear()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a machine's fonts, all of them: empty."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "none"))
    monkeypatch.setenv("HOME", str(tmp_path / "none"))
    forget()
    yield tmp_path / "fonts"
    forget()


def drawn_in(text: str) -> list[str]:
    """The name of the font file of each glyph that ``text`` becomes in a picture."""
    prop = matplotlib_fonts.suited(matplotlib_fonts.font(12), text)
    glyphs = glyphs_of(text, files_of(prop), 12, 100)
    return [Path(glyph[0]).name for glyph in glyphs]


def draw(kind: str, format: str = "png", **parameters: Any) -> bytes:
    return render(read_spec(kind, as_parameters(parameters), format)).content


def ask(client: Client, path: str, **query: Any) -> bytes:
    response = client.get(path, query)
    assert response.status_code == 200, response.get("X-Plot-Error")
    return bytes(response.content)


def gray(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(content)).convert("L")).astype(int)


@pytest.fixture
def boxed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., bytes]:
    """Draws as if there were no fonts but Roboto, which has a box for what it lacks."""

    def draw_boxes(*args: Any, **kwargs: Any) -> bytes:
        with monkeypatch.context() as patch:
            patch.setattr(font_fallback, "required_fonts", lambda text, language="": ())
            patch.setattr(matplotlib_fonts, "FALLBACK", REGULAR_FAMILY)
            return draw(*args, **kwargs)

    return draw_boxes


REGULAR_FAMILY = matplotlib_fonts.REGULAR


# Glyphs of their own


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_every_letter_has_a_glyph(text: str) -> None:
    assert font_fallback.missing_characters(text) == ""
    assert not [name for name in drawn_in(text) if "LastResort" in name]
    assert (
        font_fallback.missing_characters(RUNIC + text) == RUNIC or font_fallback._files()
    )  # some machine may have it


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("line", {"title": "한국어"}),
        ("line", {"xlabel": "한국어"}),
        ("line", {"ylabel": "한국어"}),
        ("bar", {"x": "한국,어,b"}),
        ("bar", {"x": "한국어 서울특별시,부산광역시 해운대구,대구광역시 수성구", "width": "200"}),
        ("line", {"label": "한국어", "legend": "top"}),
        ("line", {"label": "한국어", "legend": "upper left"}),
        ("pie", {"x": "한,국,어"}),
        ("heatmap", {"x": "한,국,어", "y": "가,나,다", "z": "1,2,3", "zlabel": "한국어"}),
        ("gauge", {"value": "3", "unit": "명"}),
    ],
)
def test_wherever_a_picture_has_words(
    client: Client,
    boxed: Any,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    parameters: dict[str, str],
) -> None:
    used: set[str] = set()

    def bitmap(face: str, *args: Any, real: Any = agg.bitmap) -> Any:
        used.add(Path(face).name)
        return real(face, *args)

    monkeypatch.setattr(agg, "bitmap", bitmap)
    data = parameters if {"value", "z"} & set(parameters) else {"y": "1,3,2"} | parameters
    drawn = ask(client, f"/plot/{kind}.png", **data)
    assert "LastResortHE-Regular.ttf" not in used
    assert used - {"Roboto-Regular.ttf", "Roboto-Medium.ttf", "DejaVuSans.ttf"} or kind == "gauge"
    assert (gray(drawn) != gray(boxed(kind, **data))).any()
    vectors = ask(client, f"/plot/{kind}.svg", **data)
    assert b"LastResort" not in vectors
    assert vectors != boxed(kind, "svg", **data)


@pytest.mark.parametrize("format", ["png", "svg"])
@pytest.mark.parametrize(
    "given",
    [
        {"subtitle": "{}"}, {"hline": "2,{}"}, {"vband": "0,1,{}"}, {"facet": "{0},{0},{0}"},
    ],
    ids=str,
)  # fmt: skip
def test_a_letter_is_itself_wherever_it_stands(given: dict[str, str], format: str) -> None:
    """Not the box that any other would be: labels with a halo are drawn another way."""
    one, other = (
        draw("line", format, y="1,3,2", alt="-", **{k: v.format(c) for k, v in given.items()})
        for c in "한국"
    )
    if format == "svg":
        # Without the words about the picture, and what marks say under the pointer.
        one, other = (re.sub(rb"<(title|desc)>.*?</\1>", b"", each) for each in (one, other))
    assert one != other


def test_what_is_measured_is_what_is_drawn() -> None:
    ruler = Ruler(agg.Renderer(100, 100, 100))
    for text in SCRIPTS.values():
        prop = matplotlib_fonts.suited(matplotlib_fonts.font(12), text)
        *_, last = glyphs_of(text, files_of(prop), 12, 100)
        assert 0 < ruler.width(text, matplotlib_fonts.font(12)) - last[2] < 30, text


def test_a_missing_glyph_is_the_box_that_everything_missing_is(boxed: Any) -> None:
    """What the tests here compare with: the same for two letters of one script."""
    one, other = (gray(boxed("line", y="1,2", title=letter)) for letter in "한국")
    assert (one == other).all()
    one, other = (gray(draw("line", y="1,2", title=letter)) for letter in "한국")
    assert (one != other).any()


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_a_pdf_shows_what_the_png_does_and_holds_the_words(
    client: Client, boxed: Any, text: str
) -> None:
    query: Any = {"y": "1,3,2", "title": text, "width": 400, "height": 300, "scale": 4}
    with pypdfium2.PdfDocument(ask(client, "/plot/line.pdf", **query)) as document:
        page = document[0]
        shown = page.render(scale=400 / 72).to_pil()
        words = page.get_textpage().get_text_range()
    if text not in (SCRIPTS["Arabic"], SCRIPTS["Hebrew"]):  # read from the left
        assert text in words

    def likeness(content: bytes) -> float:
        """Of the titles, made as large: a PDF knows no whole pixels."""
        found = []
        for each in (shown, Image.open(BytesIO(content))):
            title = ImageOps.invert(each.convert("L").crop((0, 0, 1600, 120)))
            found.append(np.asarray(title.crop(title.getbbox()).resize((240, 24))).ravel())
        return float(np.corrcoef(found[0], found[1])[0, 1])

    assert likeness(draw("line", **query)) > 0.9
    if not all(character in REGULAR for character in text):
        assert likeness(boxed("line", **query)) < 0.3


@pytest.mark.parametrize("size", [(640, 480), (343, 280), (150, 90)])
@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_nothing_overlaps_or_is_cut_off(text: str, size: tuple[int, int]) -> None:
    names = ",".join(f"{text[:12]} {number}" for number in range(5))
    figure = figure_of(
        "bar", x=names, y=["1,2,3,4,5", "2,3,4,5,6"], label=[text[:20], text[:40]],
        title=text[:200], xlabel=text[:100], ylabel=text[:100], width=size[0], height=size[1],
    )  # fmt: skip
    assert layout_problems(figure) == []


# Shaped, and from right to left


def shaped(text: str) -> list[tuple[str, int]]:
    prop = matplotlib_fonts.suited(matplotlib_fonts.font(12), text)
    return [glyph[:2] for glyph in glyphs_of(text, files_of(prop), 12, 100)]


def test_arabic_is_joined_and_runs_from_right_to_left() -> None:
    alone, joined = shaped("ب\u200cب\u200cب"), shaped("ببب")
    assert set(joined) & set(alone) == set()
    assert len(set(joined)) == 3  # first, middle, last
    assert shaped("بت")[0] == shaped("ـت")[0]  # what is read last stands first
    assert len(shaped("لا")) == 1  # the two are one glyph
    assert shaped("לב") == [*shaped("ב"), *shaped("ל")]


def test_what_is_mixed_keeps_the_order_of_what_begins_it() -> None:
    hebrew, latin = shaped("א"), shaped("a")
    assert shaped("a א b")[0] == latin[0]
    assert shaped("א a ב")[-1] == hebrew[0]
    assert shaped("ב 12 א")[2:4] == shaped("12")


@pytest.fixture
def devanagari() -> None:
    if font_fallback.missing_characters("नमस्ते"):
        missing = "no font for Devanagari: apt install fonts-lohit-deva"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)


def test_devanagari_is_shaped(devanagari: None) -> None:
    assert len(shaped("क्ष")) == 1  # two letters and what joins them
    assert shaped("कि") == [shaped("कि")[0], *shaped("क")]  # a vowel that is read after its letter
    assert not [name for name in drawn_in("नमस्ते क्‍ष") if "LastResort" in name]


# Which font


@pytest.mark.parametrize(
    ("text", "default", "language"),
    [
        ("한국 大學", "", "ko"),
        ("売上の推移", "", "ja"),
        ("東京", "ja", "ja"),
        ("한국", "ja", "ko"),
        ("简体中文", "", "zh-hans"),
        ("繁體中文", "", "zh-hant"),
        ("中文", "", "zh-hans"),
        ("a", "", "zh-hans"),
    ],
)
def test_what_chinese_characters_are(text: str, default: str, language: str) -> None:
    assert font_fallback.language_of(text, default) == language


@pytest.mark.parametrize(
    ("site", "text", "language"),
    [
        ("ja", "東京", "ja"),
        ("ko-kr", "大學", "ko"),
        ("zh-hant", "中文", "zh-hant"),
        ("zh-hant", "简体", "zh-hans"),
        ("zh-hans", "繁體", "zh-hant"),
    ],
)
def test_the_language_of_the_site_tells_what_a_text_does_not(
    site: str, text: str, language: str
) -> None:
    with override_settings(LANGUAGE_CODE=site):
        assert font_fallback.language_of(text) == language


@pytest.mark.parametrize(
    ("text", "name"),
    [("한", "KR"), ("の", "JP"), ("门", "SC"), ("門", "TC"), ("中", "SC")],
)
def test_the_face_of_the_package_for_each_language(machine: Path, text: str, name: str) -> None:
    (face,) = font_fallback.required_fonts(text)
    assert face.path == PACKAGE
    with TTCollection(face.path, lazy=True) as collection:
        assert collection.fonts[face.index]["name"].getBestFamilyName() == f"Noto Sans CJK {name}"


def test_all_words_of_a_picture_tell_what_its_chinese_characters_are(machine: Path) -> None:
    """直 and 骨 look different in Japanese, by themselves and beside kana."""
    alone, japanese = (
        draw("bar", "svg", x="直,骨", y="1,2", title=title).decode() for title in ("abc", "の")
    )
    assert "NotoSansCJKsc" in alone and "NotoSansCJKjp" not in alone
    assert "NotoSansCJKjp" in japanese and "NotoSansCJKsc" not in japanese
    first, second = (
        gray(draw("bar", x="直,骨", y="1,2", title=title))[400:] for title in ("a", "の")
    )
    assert (first != second).any()


def test_a_font_of_the_machine_comes_first(machine: Path) -> None:
    assert font_fallback.required_fonts("한국")[0].path == PACKAGE
    noto = make_font(machine / "deep" / "NotoSansKR-Regular.ttf", "한")
    nanum = make_font(machine / "NanumGothic.ttf", "한국")
    make_font(machine / "NanumGothicBold.ttf", "한국", 700)
    forget()
    assert [face.path for face in font_fallback.required_fonts("한")] == [str(noto)]
    assert [face.path for face in font_fallback.required_fonts("한국")] == [str(noto), str(nanum)]
    assert [face.path for face in font_fallback.required_fonts("한국어")] == [
        str(noto),
        str(nanum),
        PACKAGE,
    ]
    assert set(drawn_in("한국어")) == {noto.name, nanum.name, Path(PACKAGE).name}
    with override_settings(PLOTS={"SYSTEM_FONTS": False}):
        assert [face.path for face in font_fallback.required_fonts("한국")] == [PACKAGE]


def test_a_collection_is_drawn_from_the_face_that_was_chosen(machine: Path) -> None:
    collection = TTCollection()
    for height, name in ((300, "Noto Sans CJK JP"), (900, "Noto Sans CJK KR")):
        made = make_font(machine / f"{name}.ttf", "漢", name=name, height=height)
        collection.fonts.append(TTFont(made))
        made.unlink()
    collection.save(machine / "NotoSansCJK-Regular.ttc")
    forget()
    pictures = [gray(draw("line", y="1,2", title=f"漢{kana}")) for kana in ("の", "가")]
    low, high = ((picture[:32, 14:22] < 128).any(axis=1).sum() for picture in pictures)
    assert 0 < low * 2 < high


def test_arabic_and_hebrew_too(machine: Path) -> None:
    assert (
        font_fallback.required_fonts("ب") == font_fallback.required_fonts("א") == ()
    )  # DejaVu Sans has them
    make_font(machine / "NotoSansArabic-Regular.ttf", "ب")
    make_font(machine / "NotoSansHebrew-Regular.ttf", "א")
    forget()
    assert drawn_in("بא") == ["NotoSansHebrew-Regular.ttf", "NotoSansArabic-Regular.ttf"]


def test_any_font_of_the_machine_is_better_than_none(machine: Path) -> None:
    assert font_fallback.missing_characters("กข ᚠ") == "กขᚠ"
    make_font(machine / "Garuda-Bold.ttf", "กขᚠ", 700)
    make_font(machine / "Garuda.ttf", "ก")
    make_font(machine / "Narrow.ttf", "ข", 100)
    make_font(machine / "NotoSansThai.ttf", "กข")
    (machine / "Broken.ttf").write_bytes(b"\0\1\0\0 no font")
    (machine / "Broken.ttc").write_bytes(b"ttcf")
    forget()
    assert font_fallback.missing_characters("กข ᚠ") == "ᚠ"
    assert drawn_in("กข") == ["NotoSansThai.ttf"] * 2
    (machine / "NotoSansThai.ttf").unlink()
    forget()
    assert drawn_in("ก") == ["Garuda.ttf"]
    assert font_fallback.missing_characters("ข") == "ข"  # not in a weight to read


def test_the_first_by_name_wins_whatever_the_disk_lists_first(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rglob(path: Path, pattern: str, real: Any = Path.rglob) -> list[Path]:
        return sorted(real(path, pattern), reverse=True)

    monkeypatch.setattr(Path, "rglob", rglob)
    for name in ("c", "a", "b"):
        make_font(machine / f"{name}.ttf", "ᚠ")
    for folder in ("z", "y"):
        make_font(machine / folder / "a.ttf", "ᚠ")
    forget()
    assert [face.path for face in font_fallback.required_fonts("ᚠ")] == [str(machine / "a.ttf")]


def test_a_text_of_all_scripts_opens_few_files(machine: Path) -> None:
    letters = "กऄঅઅஅఅಅഅ"
    for letter in letters:
        make_font(machine / f"{ord(letter):x}.ttf", letter)
    forget()
    assert len(font_fallback.required_fonts(letters)) == font_fallback.MOST
    assert font_fallback.missing_characters(letters) == ""
    draw("line", y="1,2", title=letters)


def test_signs_come_from_dejavu_and_from_beside_the_letters(machine: Path) -> None:
    assert font_fallback.required_fonts("→★") == ()
    assert set(drawn_in("→★")) == {"DejaVuSans.ttf"}
    assert set(drawn_in("→한")) == {Path(PACKAGE).name}
    make_font(machine / "NotoSansJP-Regular.ttf", "の「")
    forget()
    assert set(drawn_in("「の")) == set(drawn_in("の「")) != set(drawn_in("「"))
    assert font_fallback.required_fonts("“é”") == ()


def test_what_only_guides_others_needs_no_glyph(machine: Path) -> None:
    assert font_fallback.missing_characters("❤\ufe0f a\u200db \u2067\u00ad") == ""


def test_without_the_package_there_are_boxes(
    machine: Path, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setitem(sys.modules, "noto_cjk_sans_otc", None)
    forget()
    assert font_fallback.missing_characters("한국 a") == "한국"
    assert set(drawn_in("한")) == {"LastResortHE-Regular.ttf"}
    ask(client, "/plot/line.png", y="1,2", title="한국")
    assert client.get("/plot/line.png", {"y": "한국"}).status_code == 400


def run(code: str, **environment: str) -> str:
    """What a fresh process prints."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys, django; django.setup()\n" + code],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


FOUND_LATER = """
from tests.text.test_font_fallback import drawn_in
from matplotlib.font_manager import fontManager
print("NotoSansRunic" in {entry.name for entry in fontManager.ttflist}, drawn_in("ᚠ")[0])
"""


def test_a_font_that_came_after_matplotlib_made_its_list_is_found(tmp_path: Path) -> None:
    places = {"MPLCONFIGDIR": str(tmp_path / "mpl"), "XDG_DATA_HOME": str(tmp_path)}
    assert "LastResort" in run(FOUND_LATER, **places)
    assert list((tmp_path / "mpl").glob("fontlist*.json"))
    make_font(tmp_path / "fonts" / "NotoSansRunic-Regular.ttf", "ᚠ")
    assert run(FOUND_LATER, **places) == "False NotoSansRunic-Regular.ttf\n"


# Latin pays nothing

OPENED = """
from pathlib import Path
opened = set()
def note(event, args):
    if event in ("open", "os.scandir", "os.listdir") and args and isinstance(args[0], str):
        opened.add(args[0])
from tests.text.test_font_fallback import draw
draw("line", y="1,2", title="warm")
sys.addaudithook(note)
for format in ("png", "svg", "pdf"):
    draw("bar", format, x="a,Ü,→,★,…", y="-1,2,3,4,5", title=sys.argv[1] if sys.argv[1:] else TITLE,
         ylabel="Größe – 5 €", xlabel="Привет α", label="10⁻⁷ ½ ✓")
print(sorted(path for path in opened if path.endswith((".ttc", ".otf")) or "/fonts" in path))
"""


def test_latin_looks_for_no_font_and_opens_no_large_one(tmp_path: Path) -> None:
    make_font(tmp_path / "fonts" / "NotoSansKR-Regular.ttf", "한→★")
    places = {"XDG_DATA_HOME": str(tmp_path)}
    ours = {"Roboto-Regular.ttf", "DejaVuSans.ttf", "LastResortHE-Regular.ttf"}
    assert {Path(path).name for path in eval(run("TITLE = 'a'\n" + OPENED, **places))} <= ours
    assert "NotoSansKR" in run("TITLE = '한'\n" + OPENED, **places)
    assert PACKAGE in run("TITLE = '国'\n" + OPENED, **places)


@pytest.mark.xdist_group("pool")
def test_a_render_process_opens_it_within_its_memory(client: Client) -> None:
    expected = draw("line", y="1,2", title="한국어 简体")
    with override_settings(PLOTS={"PROCESSES": 1, "MEMORY": 256}):
        try:
            assert ask(client, "/plot/line.png", y="1,2", title="한국어 简体") == expected
        finally:
            renderers.close()


# Digests


def digest(title: str) -> str:
    return read_spec("line", {"y": ["1,2"], "title": [title]}).digest


def test_a_digest_tells_which_fonts_there_are_if_it_matters(machine: Path) -> None:
    latin, korean = digest("Größe → 5 €"), digest("한국")
    make_font(machine / "NotoSansKR-Regular.ttf", "한")
    forget()
    assert digest("Größe → 5 €") == latin
    assert digest("한국") != korean
    with override_settings(PLOTS={"SYSTEM_FONTS": False}):
        without = digest("한국")
    shutil.rmtree(machine)
    forget()
    assert digest("한국") == korean
    with override_settings(PLOTS={"SYSTEM_FONTS": False}):
        assert digest("한국") == without
    with override_settings(LANGUAGE_CODE="ja"):
        assert digest("한국") != korean


# Lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("ab cd ef", ["ab cd", "ef"]),
        ("abcdefghi", ["abcde", "fghi"]),
        ("전국 매출 현황", ["전국", "매출", "현황"]),
        ("销售 报告很长", ["销售", "报告", "很长"]),
        ("销售额，很长", ["销售", "额，", "很长"]),
        ("销（售额）长", ["销", "（售", "额）", "长"]),
        ("のデータだ", ["の", "デー", "タだ"]),
    ],
)
def test_lines_break_where_readers_expect_it(text: str, lines: list[str]) -> None:
    def width(text: str) -> float:
        return sum(1 if c.isascii() else 2.5 for c in text if c != "…")

    assert wrapping.wrap(text, 5, 9, width) == lines


@pytest.mark.parametrize(
    "text", ["नमस्ते", "क्षत्रिय", "👩\u200d👩\u200d👧", "e\u0301e\u0301", "❤\ufe0f❤\ufe0f", "กุ้ง"]
)
def test_a_cut_leaves_whole_characters(text: str) -> None:
    heads = {wrapping.cut(text, room, len)[:-1] for room in range(len(text))}
    for head in heads - {""}:
        rest = text[len(head)]
        assert not re.match(r"[\u0300-\u036f\u093e-\u094d\u0e31\u0e34-\u0e4e\u200d\ufe0f]", rest)
        assert head[-1] not in "\u200d\u094d"


# Warnings


@pytest.fixture
def preset(db: None) -> Preset:
    parameters = {"y": ["1,2"], "title": ["한국 " + RUNIC], "label": ["ᛟ"], "alt": ["ᛝ"]}
    return Preset.objects.create(slug="runes", title="Runes", kind="line", parameters=parameters)


def test_w002_a_preset_with_text_that_no_font_has(machine: Path, preset: Preset) -> None:
    Preset.objects.create(
        slug="ok", title="한국", kind="line", parameters={"y": "1", "title": "한"}
    )
    (warning,) = run_checks(tags=["plots"], databases=["default"])
    assert warning.id == "plots.W002" and warning.obj == preset
    assert "'runes'" in warning.msg
    assert "title: “ᚠ” (U+16A0), “ᚢ” (U+16A2), “ᚦ” (U+16A6); label: “ᛟ” (U+16DF)" in warning.msg
    make_font(machine / "runes.ttf", RUNIC + "ᛟ")
    forget()
    assert run_checks(tags=["plots"], databases=["default"]) == []


def test_saving_it_warns_and_saves(machine: Path, admin_client: Client, preset: Preset) -> None:
    url = f"/admin/plots_presets/preset/{preset.pk}/change/"
    data = {
        "title": "Runes", "slug": "runes", "kind": "line", "source": "", "visibility": "public",
        "cache": "default", "order": "1", "plot_y": "1,2", "plot_title": "ᚠ 한국",
    }  # fmt: skip
    response = admin_client.post(url, data, follow=True)
    assert Preset.objects.get().parameters["title"] == ["ᚠ 한국"]
    said = [str(message) for message in response.context["messages"]]
    assert "title: no font here can draw “ᚠ” (U+16A0); there will be boxes." in said
    response = admin_client.post(url, data | {"plot_title": "한국"}, follow=True)
    assert not [m for m in response.context["messages"] if "no font" in str(m)]


def test_a_long_list_is_not_named_in_full() -> None:
    assert font_fallback.character_names("abcdefgh").endswith("“e” (U+0065), …")
    assert font_fallback.character_names("ᚠ") == "“ᚠ” (U+16A0)"


WITHOUT_MATPLOTLIB = """
from plots import faces
assert faces.missing("한국 ᚠ") in ("ᚠ", "")
print([name for name in sys.modules if name.split(".")[0] == "matplotlib"])
"""


def test_no_warning_loads_matplotlib() -> None:
    assert run(WITHOUT_MATPLOTLIB) == "[]\n"


def test_a_face_is_its_file_and_its_place() -> None:
    assert "한" in Face(PACKAGE, 1) and "ᚠ" not in Face(PACKAGE, 1)
    assert "한" not in Face("/no/such/file.ttf")
    assert "é" in REGULAR and "→" in FALLBACK
