"""Which font draws a character that Roboto does not have."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from fontTools.ttLib import TTCollection, TTFont

from plots.text import font_fallback
from plots.text.font_fallback import FALLBACK, REGULAR, Face
from tests.text.fonts import (
    PACKAGE,
    ask,
    draw,
    drawn_in,
    forget,
    gray,
    make_font,
    run,
)


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
def test_the_language_of_chinese_characters(text: str, default: str, language: str) -> None:
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
def test_the_language_of_the_site_is_the_default(site: str, text: str, language: str) -> None:
    with override_settings(LANGUAGE_CODE=site):
        assert font_fallback.language_of(text) == language


@pytest.mark.parametrize(
    ("text", "name"),
    [("한", "KR"), ("の", "JP"), ("门", "SC"), ("門", "TC"), ("中", "SC")],
)
def test_the_package_has_a_face_for_each_language(machine: Path, text: str, name: str) -> None:
    (face,) = font_fallback.required_fonts(text)
    assert face.path == PACKAGE
    with TTCollection(face.path, lazy=True) as collection:
        assert collection.fonts[face.index]["name"].getBestFamilyName() == f"Noto Sans CJK {name}"


def test_all_texts_of_an_image_decide_the_language(machine: Path) -> None:
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


def test_system_fonts_precede_the_package(machine: Path) -> None:
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


def test_the_chosen_face_of_a_collection_is_drawn(machine: Path) -> None:
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


def test_arabic_and_hebrew_fonts(machine: Path) -> None:
    assert (
        font_fallback.required_fonts("ب") == font_fallback.required_fonts("א") == ()
    )  # DejaVu Sans has them
    make_font(machine / "NotoSansArabic-Regular.ttf", "ب")
    make_font(machine / "NotoSansHebrew-Regular.ttf", "א")
    forget()
    assert drawn_in("بא") == ["NotoSansHebrew-Regular.ttf", "NotoSansArabic-Regular.ttf"]


def test_any_system_font_is_a_fallback(machine: Path) -> None:
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
    assert font_fallback.missing_characters("ข") == "ข"  # only in a weight that is too thin


def test_fonts_are_tried_in_the_order_of_their_names(
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


def test_signs_come_from_dejavu_or_the_font_of_the_letters(machine: Path) -> None:
    assert font_fallback.required_fonts("→★") == ()
    assert set(drawn_in("→★")) == {"DejaVuSans.ttf"}
    assert set(drawn_in("→한")) == {Path(PACKAGE).name}
    make_font(machine / "NotoSansJP-Regular.ttf", "の「")
    forget()
    assert set(drawn_in("「の")) == set(drawn_in("の「")) != set(drawn_in("「"))
    assert font_fallback.required_fonts("“é”") == ()


def test_format_characters_need_no_glyph(machine: Path) -> None:
    assert font_fallback.missing_characters("❤\ufe0f a\u200db \u2067\u00ad") == ""


def test_without_the_package_boxes_are_drawn(
    machine: Path, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setitem(sys.modules, "noto_cjk_sans_otc", None)
    forget()
    assert font_fallback.missing_characters("한국 a") == "한국"
    assert set(drawn_in("한")) == {"LastResortHE-Regular.ttf"}
    ask(client, "/plot/line.png", y="1,2", title="한국")
    assert client.get("/plot/line.png", {"y": "한국"}).status_code == 400


FOUND_LATER = """
from tests.text.fonts import drawn_in
from matplotlib.font_manager import fontManager
print("NotoSansRunic" in {entry.name for entry in fontManager.ttflist}, drawn_in("ᚠ")[0])
"""


def test_a_font_installed_after_the_list_of_matplotlib_is_found(tmp_path: Path) -> None:
    places = {"MPLCONFIGDIR": str(tmp_path / "mpl"), "XDG_DATA_HOME": str(tmp_path)}
    assert "LastResort" in run(FOUND_LATER, **places)
    assert list((tmp_path / "mpl").glob("fontlist*.json"))
    make_font(tmp_path / "fonts" / "NotoSansRunic-Regular.ttf", "ᚠ")
    assert run(FOUND_LATER, **places) == "False NotoSansRunic-Regular.ttf\n"


def test_a_face_has_a_file_and_an_index() -> None:
    assert "한" in Face(PACKAGE, 1) and "ᚠ" not in Face(PACKAGE, 1)
    assert "한" not in Face("/no/such/file.ttf")
    assert "é" in REGULAR and "→" in FALLBACK
