"""Fonts are opened only if a text needs them, and are part of the digest only then."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.test import Client, override_settings

from plots.delivery import renderers
from plots.forms.parameters_to_spec import read_spec
from plots.text import font_fallback
from tests.text.fonts import (
    PACKAGE,
    ask,
    draw,
    forget,
    make_font,
    run,
)


def test_a_text_of_all_scripts_opens_few_files(machine: Path) -> None:
    letters = "กऄঅઅஅఅಅഅ"
    for letter in letters:
        make_font(machine / f"{ord(letter):x}.ttf", letter)
    forget()
    assert len(font_fallback.required_fonts(letters)) == font_fallback.MOST
    assert font_fallback.missing_characters(letters) == ""
    draw("line", y="1,2", title=letters)


OPENED = """
from pathlib import Path
opened = set()
def note(event, args):
    if event in ("open", "os.scandir", "os.listdir") and args and isinstance(args[0], str):
        opened.add(args[0])
from tests.text.fonts import draw
draw("line", y="1,2", title="warm")
sys.addaudithook(note)
for format in ("png", "svg", "pdf"):
    draw("bar", format, x="a,Ü,→,★,…", y="-1,2,3,4,5", title=sys.argv[1] if sys.argv[1:] else TITLE,
         ylabel="Größe – 5 €", xlabel="Привет α", label="10⁻⁷ ½ ✓")
print(sorted(path for path in opened if path.endswith((".ttc", ".otf")) or "/fonts" in path))
"""


def test_latin_text_opens_no_large_font(tmp_path: Path) -> None:
    make_font(tmp_path / "fonts" / "NotoSansKR-Regular.ttf", "한→★")
    places = {"XDG_DATA_HOME": str(tmp_path)}
    ours = {"Roboto-Regular.ttf", "DejaVuSans.ttf", "LastResortHE-Regular.ttf"}
    assert {Path(path).name for path in eval(run("TITLE = 'a'\n" + OPENED, **places))} <= ours
    assert "NotoSansKR" in run("TITLE = '한'\n" + OPENED, **places)
    assert PACKAGE in run("TITLE = '国'\n" + OPENED, **places)


@pytest.mark.xdist_group("pool")
def test_a_render_process_opens_a_large_font(client: Client) -> None:
    expected = draw("line", y="1,2", title="한국어 简体")
    with override_settings(PLOTS={"PROCESSES": 1, "MEMORY": 256}):
        try:
            assert ask(client, "/plot/line.png", y="1,2", title="한국어 简体") == expected
        finally:
            renderers.close()


def digest(title: str) -> str:
    return read_spec("line", {"y": ["1,2"], "title": [title]}).digest


def test_the_digest_depends_on_the_fonts_of_the_text(machine: Path) -> None:
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


WITHOUT_MATPLOTLIB = """
from plots.text.font_fallback import missing_characters
assert missing_characters("한국 ᚠ") in ("ᚠ", "")
print([name for name in sys.modules if name.split(".")[0] == "matplotlib"])
"""


def test_no_warning_loads_matplotlib() -> None:
    assert run(WITHOUT_MATPLOTLIB) == "[]\n"
