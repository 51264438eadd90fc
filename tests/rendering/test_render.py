"""From a spec to bytes: the same for the same, of the right size, legible, alone in the process."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO, StringIO
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure
from PIL import Image, ImageColor

from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.rendering.render import render, render_figure
from plots.shortcuts import figure_response
from plots.spec.formats import FORMATS
from plots.spec.themes import THEMES
from tests.measure import LONG, SIZES, axes_of, figure_of, layout_problems, tick_texts

ROOT = Path(__file__).parents[2]
PICTURES = [name for name, format in FORMATS.items() if format.is_picture]
RASTERS = [name for name in PICTURES if name not in ("svg", "pdf")]
EXAMPLES: dict[str, dict[str, Any]] = {
    "line": {"x": "2026-01-01,2026-02-01,2026-03-01", "y": ["1,3,2", "2,,4"], "title": "A line"},
    "scatter": {"x": "1,2,3", "y": "-5,0.5,12", "xlabel": "x", "ylabel": "y"},
    "bar": {"x": "Ann,Bob,한국", "y": ["3,-2,1", "1,1,1"], "label": ["$5 to $6", "b"]},
    "hist": {"x": "1,2,2,3,3,3,4,4,5,9", "colors": "teal"},
    "normal": {"seed": "3", "n": "50"},
}


def draw(kind: str, format: str = "png", **parameters: Any) -> bytes:
    return render(read_spec(kind, as_parameters(parameters), format)).content


def image(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def run(code: str, **environment: str) -> str:
    """What a fresh process prints."""
    setup = "import sys, django; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", setup + code],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# The same for the same

DIGESTS = """
from tests.test_rendering import EXAMPLES, PICTURES, digest
for kind in EXAMPLES:
    for format in PICTURES:
        print(kind, format, digest(kind, format))
"""


def digest(kind: str, format: str) -> str:
    drawn = draw(kind, format, width="320", height="240", **EXAMPLES[kind])
    return hashlib.sha256(drawn).hexdigest()


def test_same_spec_same_bytes_in_any_process() -> None:
    here = "".join(
        f"{kind} {format} {digest(kind, format)}\n" for kind, format in product(EXAMPLES, PICTURES)
    )
    assert here.count("\n") == len(EXAMPLES) * len(PICTURES)
    for seed in ("1", "2"):
        assert run(DIGESTS, PYTHONHASHSEED=seed) == here


def test_threads_draw_what_one_alone_does() -> None:
    wanted = [
        (kind, {"theme": theme, "width": width, "height": "90"} | EXAMPLES[kind])
        for kind, (theme, width) in product(
            EXAMPLES, zip(("light", "dark"), ("80", "150"), strict=True)
        )
    ]
    alone = [draw(kind, **parameters) for kind, parameters in wanted]
    assert len(set(alone)) == len(wanted)
    jobs = [(i + j) % len(wanted) for i in range(8) for j in range(100)]
    with ThreadPoolExecutor(8) as pool:
        drawn = pool.map(lambda i: (i, draw(wanted[i][0], **wanted[i][1])), jobs)
    assert [i for i, content in drawn if content != alone[i]] == []


GROWTH = """
import gc
from tests.test_rendering import EXAMPLES, draw

def resident():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 2**20

def many(count):
    for i in range(count):
        kind = ("line", "bar", "hist", "scatter")[i % 4]
        draw(kind, **EXAMPLES[kind] | {"width": "80", "height": "60", "title": str(i)})

many(300)
before = resident()
many(2000)
print(resident() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads Linux's /proc")
def test_memory_does_not_grow() -> None:
    assert float(run(GROWTH)) < 20


# Alone in the process

IMPORTS = """
import plots.urls, plots.shortcuts, plots.admin
print([name for name in sys.modules if name.split(".")[0] == "matplotlib"])
"""

STATE = """
import matplotlib
state = lambda: dict(dict.items(matplotlib.rcParams))  # by itself, it imports pyplot to look
before = state()
from tests.test_rendering import EXAMPLES, PICTURES, draw
for kind in EXAMPLES:
    for format in PICTURES:
        draw(kind, format, theme="dark", **EXAMPLES[kind])
print(state() == before, [n for n in sys.modules if n.endswith("pyplot")])
"""


def test_matplotlib_is_not_imported_before_it_draws() -> None:
    assert run(IMPORTS) == "[]\n"


def test_drawing_leaves_the_process_as_it_was() -> None:
    assert run(STATE) == "True []\n"


# Sizes and formats


@pytest.mark.parametrize("format", RASTERS)
@pytest.mark.parametrize(
    ("scale", "size"), [("1", (321, 123)), ("2", (642, 246)), ("0.5", (160, 61))]
)
def test_pixels(format: str, scale: str, size: tuple[int, int]) -> None:
    drawn = image(draw("line", format, y="1,2", width="321", height="123", scale=scale))
    assert drawn.size == size
    drawn.load()
    assert (drawn.format or "").lower() == {"jpg": "jpeg"}.get(format, format)
    assert drawn.mode == "RGB"
    assert set(drawn.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "loop"} | {
        "background", "timestamp", "duration", "Description"
    }  # fmt: skip


def test_svg_is_as_many_pixels_as_the_others() -> None:
    for scale in ("1", "2"):
        drawn = draw("bar", "svg", width="640", height="360", scale=scale, **EXAMPLES["bar"])
        root = ElementTree.fromstring(drawn)
        assert (root.get("width"), root.get("height")) == ("640", "360")
        assert root.get("viewBox") == "0 0 460.8 259.2"


def test_svg_refers_to_nothing_outside_itself() -> None:
    text = draw("scatter", "svg", y=",".join("12" * 3000), title="<script>").decode()
    assert text.startswith("<svg ")
    assert "DOCTYPE" not in text and "Matplotlib" not in text
    for each in ElementTree.fromstring(text).iter():
        assert not each.tag.endswith(("}script", "}foreignObject", "}image}"))
        for name, value in each.attrib.items():
            assert not name.startswith("on")
            if name.endswith("href"):
                assert value.startswith(("#", "data:image/png;base64,"))
    assert not re.search(r"url\((?!#)", text)


@pytest.mark.parametrize("format", ["svg", "pdf"])
def test_many_marks_are_a_picture_in_the_picture(format: str) -> None:
    few, many = (draw("scatter", format, y=",".join("1" * n)) for n in (5000, 5001))
    mark = b"<image" if format == "svg" else b"/Subtype /Image"
    assert (mark in few, mark in many) == (False, True)


def test_pdf_has_the_pictures_proportions() -> None:
    drawn = draw("line", "pdf", y="1,2", width="640", height="320")
    assert drawn.startswith(b"%PDF") and b"/MediaBox [ 0 0 460.8 230.4 ]" in drawn
    assert b"CreationDate" not in drawn and b"Matplotlib" not in drawn


@pytest.mark.parametrize("theme", THEMES)
def test_theme_colors_are_in_the_pixels(theme: str) -> None:
    used = {
        color for _, color in image(draw("bar", y=["1", "2"], theme=theme)).getcolors(1 << 20) or []
    }
    colors = THEMES[theme]
    for wanted in (colors.ground, *colors.palette[:2], *([colors.grid] if colors.rules else [])):
        assert ImageColor.getrgb(wanted) in used, wanted


def test_given_colors_are_in_the_pixels() -> None:
    drawn = image(draw("bar", y=["1", "2", "3"], colors="ff0000,00ff00"))
    used = {color for _, color in drawn.getcolors(1 << 20) or []}
    assert {(255, 0, 0), (0, 255, 0)} <= used


def test_a_figure_keeps_its_transparency_canvas_and_dpi() -> None:
    figure = Figure(figsize=(2, 1), dpi=50, facecolor="none")
    canvas = figure.canvas
    drawn = image(figure_response(figure).content)
    assert drawn.mode == "RGBA" and drawn.getpixel((0, 0)) == (255, 255, 255, 0)
    assert image(figure_response(figure, "webp").content).mode == "RGBA"
    assert image(figure_response(figure, "jpg").content).getpixel((0, 0)) == (255, 255, 255)
    for format in PICTURES:
        render_figure(figure, format)
        assert (figure.canvas, figure.dpi) == (canvas, 50)


# Tables


def table(kind: str, **parameters: Any) -> list[list[str]]:
    return list(csv.reader(StringIO(draw(kind, "csv", **parameters).decode(), newline="")))


def test_csv_is_the_numbers_given() -> None:
    assert table("line", x="2026-01-01,,2026-01-03T06:00", y=["1,2.5,", "1e-9,1e300,-0.1"],
                 label=["a", "b"]) == [
        ["x", "a", "b"],
        ["2026-01-01T00:00:00", "1", "1e-09"],
        ["", "2.5", "1e+300"],
        ["2026-01-03T06:00:00", "", "-0.1"],
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1"[1:]])
def test_csv_runs_no_formulas(text: str) -> None:
    rows = table("bar", x=f'"{text}",b', y="-1,2", label=text)
    assert rows == [["x", "'" + text], ["'" + text, "-1"], ["b", "2"]]


def test_json_is_the_numbers_given() -> None:
    drawn = json.loads(draw("bar", "json", x='"a ""b""",,c', y="1,,2.5", title="T"))
    assert drawn == {
        "kind": "bar",
        "title": "T",
        "columns": [
            {"name": "x", "values": ['a "b"', None, "c"]},
            {"name": "y", "values": [1, None, 2.5]},
        ],
    }


# Layout

NAMES = ",".join(f"Category number {i} of them all" for i in range(30))
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "names": ("bar", {"x": NAMES, "y": ",".join(map(str, range(30))), "title": LONG}),
    "names that lie": (
        "bar",
        {"x": NAMES, "y": ",".join(map(str, range(30))), "orientation": "horizontal"},
    ),
    "no spaces": ("line", dict.fromkeys(("title", "xlabel", "ylabel"), "W" * 200) | {"y": "1,2"}),
    "other scripts": ("line", {"y": "1,2", "title": "월별 매출 " * 20, "xlabel": "年" * 100}),
    "50 series": ("line", {"y": [f"{i},{i + 1}" for i in range(50)], "title": "Many"}),
    "50 beside": ("line", {"y": [f"{i},{i + 1}" for i in range(50)], "legend": "right"}),
    "long names beside": ("line", {"y": ["1,2", "2,1"], "label": [LONG], "legend": "right"}),
    "long names above": ("bar", {"y": ["1,2", "2,1"], "label": [LONG, "W" * 200]}),
    "large": ("line", {"x": "1e15,2e15,3e15", "y": "-1e12,1e12,3"}),
    "negative": ("scatter", {"x": "-1000000,-999999.5", "y": "-0.00001,-0.00002", "ylabel": "y"}),
    "huge": ("scatter", {"x": "-1e300,1e300", "y": "1e-300,1e300", "yscale": "symlog"}),
    "log": ("line", {"x": "1,1e9", "y": "1e-9,1e9", "xscale": "log", "yscale": "log"}),
    "days": ("line", {"x": "2025-12-20,2026-01-20", "y": "1,2", "xlabel": "Day", "title": LONG}),
    "times": ("line", {"x": "2025-12-31T20:00,2026-01-01T05:30", "y": "1,2"}),
    "microseconds": (
        "scatter",
        {"x": "2026-01-01T00:00:00.000001,2026-01-01T00:00:00.000007", "y": "1,2"},
    ),
    "ages": ("line", {"x": "0001-01-01,9999-12-31", "y": "1,2"}),
    "limits": ("bar", {"y": "1,2,3", "ymin": "1", "ymax": "2.5", "title": "Cut", "xlabel": LONG}),
    "hist": ("hist", {"x": "1e6,2e6,2e6,9e6", "title": "Counts", "ylabel": LONG}),
}


@pytest.mark.parametrize("case", CASES)
def test_nothing_overlaps_or_is_cut_off(case: str) -> None:
    kind, parameters = CASES[case]
    for (width, height), scale in product(SIZES, ("1", "2")):
        size = {"width": str(width), "height": str(height), "scale": scale}
        problems = layout_problems(figure_of(kind, **parameters, **size))
        assert problems == [], f"{width} × {height} at {scale}"


def test_words_and_ticks_give_way_to_the_drawing() -> None:
    words = {"title": "Title", "xlabel": "x", "y": ["1,2", "2,1"]}
    large = axes_of("line", **words)
    assert large.figure.texts and large.figure.legends and tick_texts(large.xaxis)
    small = axes_of("line", width="80", height="40", **words)
    assert not (small.figure.texts or small.figure.legends or tick_texts(small.xaxis))
    box = small.get_position()
    assert box.width > 0.8 and box.height > 0.7


@pytest.mark.parametrize(
    ("x", "labels"),
    [
        ("2004-01-20,2026-07-09", ["2005", "2010", "2015", "2020", "2025"]),
        ("2025-11-20,2026-03-09", ["Dec\n2025", "Jan\n2026", "Feb", "Mar"]),
        ("2026-01-30,2026-02-03", ["Jan 30\n2026", "Jan 31", "Feb 1", "Feb 2", "Feb 3"]),
        ("2025-12-31T22:00,2026-01-01T02:00",
         ["22:00\nDec 31, 2025", "23:00", "00:00\nJan 1, 2026", "01:00", "02:00"]),
        ("2026-01-01T00:00:00,2026-01-01T00:00:02",
         ["00:00:00.0\nJan 1, 2026", "00:00:00.5", "00:00:01.0", "00:00:01.5", "00:00:02.0"]),
        ("1,2", ["1.0", "1.2", "1.4", "1.6", "1.8", "2.0"]),
        ("0,40000", ["0", "10,000", "20,000", "30,000", "40,000"]),
        ("0,4e6", ["0", "1M", "2M", "3M", "4M"]),
        ("-2e-9,2e-9", ["−2×10⁻⁹", "−10⁻⁹", "0", "10⁻⁹", "2×10⁻⁹"]),
    ],
)  # fmt: skip
def test_ticks_say_where_they_stand(x: str, labels: list[str]) -> None:
    assert tick_texts(axes_of("line", x=x, y="1,2").xaxis) == labels


@pytest.mark.parametrize(
    ("y", "labels"),
    [
        ("200,40000", ["200", "500", "1,000", "2,000", "5,000", "10,000", "20,000"]),
        ("20,4000", ["100", "1000"]),
        ("0.01,2e7", ["0.1", "10", "1,000", "100,000", "10M"]),
    ],
)
def test_ticks_of_a_log_axis_are_written_alike(y: str, labels: list[str]) -> None:
    found = tick_texts(axes_of("line", y=y, yscale="log").yaxis)
    assert set(labels) <= set(found), found


def test_an_empty_plot_says_so() -> None:
    (text,) = axes_of("line", y="nan,nan").texts
    assert text.get_text() == "No data"
    assert not axes_of("line", y="1").texts
