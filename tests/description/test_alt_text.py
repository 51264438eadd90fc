"""Plots in words, through the doors that say them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.test import Client

from plots.data.loading import load
from plots.description.numbers import write_number
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import plot_spec, read_spec
from plots.http.plot_links import Plot
from plots.presets.models import Preset
from plots.presets.preset_plot import PresetPlot
from plots.spec.registry import kinds
from tests.helpers import pixels, problems

SVG = "http://www.w3.org/2000/svg"


def lines(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return response.content.decode().splitlines()


def test_description_of_a_line_of_dates(client: Client) -> None:
    url = "/plot/line.txt?x=2026-01-01,2026-02-01,2026-03-01,2026-04-01&y=12,52,,40"
    assert lines(client, url + "&ylabel=Visits&xlabel=Month") == [
        "Line chart of Visits by Month. 3 points, from Jan. 1, 2026 to April 1, 2026; rises from "
        "12 to 40, highest 52 at Feb. 1, 2026, lowest 12 at Jan. 1, 2026, 1 gap.",
        "x (Month): from Jan. 1, 2026 to April 1, 2026.",
        "y (Visits): from 12 to 52.",
        "Rises from 12 to 40, highest 52 at Feb. 1, 2026, lowest 12 at Jan. 1, 2026, 1 gap.",
    ]


def test_several_series_are_described_one_by_one(client: Client) -> None:
    url = "/plot/bar.txt?x=Mon,Tue&y=3,5&y=2,1&label=Shop&label=Web&title=Orders"
    assert lines(client, url) == [
        "Bar chart: Orders. 2 series, 4 bars; Shop: highest 5 at Tue; Web: highest 2 at Mon.",
        "x: Mon, Tue.",
        "y: from 1 to 5.",
        "Shop: highest 5 at Tue, lowest 3 at Mon.",
        "Web: highest 2 at Mon, lowest 1 at Tue.",
    ]


def test_more_series_than_one_can_listen_to_are_counted(client: Client) -> None:
    told = lines(client, "/plot/line.txt?" + "&".join(f"y=1,{n}" for n in range(2, 17)))
    assert told[-1] == "And 3 more series."
    assert len(told) == 1 + 2 + 12 + 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("line.txt?y=5,4,3", "falls from 5 to 3"),
        ("line.txt?y=5,4,5", "begins and ends at 5"),
        ("line.txt?y=5,5,5", "always 5"),
        ("line.txt?y=,", "No data."),
        ("line.txt?x=3,1,2&y=1,2,3", "highest 3 at 2, lowest 1 at 3"),
        ("hist.txt?x=1,2,3,4,100", "from 1 to 100, median 3"),
        ("image.txt?z=1,2;3,4", "highest 4 at (1, 1), lowest 1 at (0, 0), median 2.5"),
        ("line.txt?x=2026-01-01T10:30:00,2026-01-01T11:00:00,2026-01-01T12:00:00&y=1,2,3",
         "highest 3 at Jan. 1, 2026, noon"),
    ],
)  # fmt: skip
def test_tooltip_texts(client: Client, query: str, said: str) -> None:
    assert said in lines(client, f"/plot/{query}")[0]


def test_the_authors_words_come_first(client: Client) -> None:
    told = lines(client, "/plot/line.txt?y=1,2,3&alt=Up+it+goes")
    assert told[:2] == ["Up it goes", "Line chart."]


def test_descriptions_of_random_plots_have_no_numbers(client: Client) -> None:
    assert Plot(plot_spec("normal", title="Dice")).alt == "Random points: Dice"
    first, second = (lines(client, "/plot/normal.txt") for _ in range(2))
    assert first != second
    assert "no-store" in client.get("/plot/normal.txt")["Cache-Control"]


def test_words_do_not_depend_on_size_or_colours() -> None:
    small, large = (
        Plot(plot_spec("line", y=[1, 2], **f)) for f in ({"width": 99}, {"theme": "dark"})
    )
    assert small.alt == large.alt


@pytest.mark.django_db
def test_description_of_a_preset_uses_its_title(client: Client) -> None:
    preset = Preset.objects.create(
        visibility="public", slug="a", title="The <Nile>", kind="line", parameters={"y": ["1,2,4"]}
    )
    alt = PresetPlot.of_preset(preset).alt
    assert alt.startswith("Line chart: The <Nile>. 3 points; rises from 1 to 4")
    page = client.get("/presets/a/").content.decode()
    assert 'alt="Line chart: The &lt;Nile&gt;. 3 points' in page
    assert "<p>Rises from 1 to 4, highest 4 at 2, lowest 1 at 0.</p>" in page
    assert lines(client, "/presets/a.txt")[1:] == PresetPlot.of_preset(preset).description[1:]


def test_plots_that_cannot_be_drawn_have_no_description(client: Client) -> None:
    assert problems(client, "/plot/line.txt?y=a") == [("y", "not-a-number")]


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0"), (1959, "1959"), (12345, "12,345"), (3.14159, "3.14159"), (-0.00041, "-0.00041"),
        (1234.56, "1234.56"), (99999.6, "99,999.6"), (2.5e12, "2,500,000,000,000"),
        (1e-7, "10⁻⁷"), (2.5e20, "2.5×10²⁰"), (0.5, "0.5"), (0.1 + 0.2, "0.3"),
        (1 / 3, "0.3333"), (200 / 3, "66.67"), (1e6 / 3, "333,333"), (12345.678, "12,346"),
    ],
)  # fmt: skip
def test_numbers_in_descriptions_are_exact_or_short(number: float, written: str) -> None:
    assert write_number(number) == written


NASTY = "/plot/bar.{}?x=a<b,]]>&y=1,2&title=%26amp;+</title><script>"


def test_svg_contains_the_description(client: Client) -> None:
    root = ElementTree.fromstring(client.get(NASTY.format("svg")).content)
    title, desc = root[0], root[1]
    assert root.get("role") == "img"
    assert (title.tag, desc.tag) == (f"{{{SVG}}}title", f"{{{SVG}}}desc")
    first, *rest = lines(client, NASTY.format("txt"))
    assert title.text == first and "</title><script>" in first
    assert desc.text == " ".join(rest)


def test_png_and_pdf_contain_the_description(client: Client) -> None:
    first, *rest = lines(client, NASTY.format("txt"))
    png = pixels(client.get(NASTY.format("png")))
    assert png.info["Description"] == first
    pdf = client.get("/plot/line.pdf?y=1,2&title=Up").content
    assert b"/Title (Line chart: Up. 2 points;" in pdf and b"/Subject (x: from 0 to 1." in pdf


# What a picture merges or leaves out


MANY = ",".join(map(str, range(1, 601)))
AVERAGED = "Rows at the same position are averaged."
ADDED = "Rows with the same x are added up."
BEYOND = "Some numbers are outside the range that is shown."


@pytest.mark.parametrize(
    ("kind", "query", "note"),
    [
        ("pie", {"y": ",".join(["1"] * 40)}, "The 17 smallest slices are drawn as one."),
        ("pie", {"x": "a,b,a", "y": "1,2,3"},
         "Rows with the same name are added up to one slice."),
        ("bar", {"x": "a,b,a", "y": "1,2,3"}, ADDED),
        ("stem", {"x": "a,b,a", "y": "1,2,3"}, ADDED),
        ("bar", {"y": MANY, "values": "1"},
         "The values are not written, because there are more than 500."),
        ("timeline", {"start": MANY, "end": MANY, "y": MANY, "text": MANY},
         "The values are not written, because there are more than 500."),
        ("heatmap", {"z": ";".join([",".join(["1"] * 26)] * 26)},
         "The values are not written, because there are more than 625."),
        ("heatmap", {"x": "a,b,a", "y": "c,c,c", "z": "1,2,3"},
         "Rows with the same x and y are added up."),
        ("tripcolor", {"x": "1,2,1,1", "y": "1,1,2,1", "z": "1,2,3,4"}, AVERAGED),
        ("triplot", {"x": "1,2,1,1", "y": "1,1,2,1"},
         "Rows at the same position are drawn as one point."),
        ("radar", {"x": "a,b,c,a", "y": "1,2,3,4"}, AVERAGED),
        ("stack", {"x": "1,2,1", "y": "1,2,3"}, ADDED),
        ("radar", {"x": "a,b,c", "y": "1,2,3", "rmax": "2"}, BEYOND),
        ("radar", {"x": "a,b,c", "y": "1,2,3", "rmin": "2"}, BEYOND),
        ("polar", {"x": "a,b,c", "y": "1,2,3", "rmax": "2"}, BEYOND),
        ("gauge", {"value": "101"}, BEYOND),
        ("image", {"z": "1,2;3,4", "vmin": "2"}, BEYOND),
        ("contourf", {"z": "1,2;3,4", "vmax": "3"}, BEYOND),
        ("event", {"x": ",".join(map(str, range(5000)))},
         "Ticks that are too close to be told apart are drawn as one."),
        ("line", {"y": "1,2,3", "ymax": "2.5"}, "1 point lies outside the limits of the axes."),
        ("bar", {"y": "1,2,3", "xmax": "1.5", "orientation": "horizontal"},
         "2 points lie outside the limits of the axes."),
        ("line", {"x": "2026-01-01,2026-02-01,2026-03-01", "y": "1,2,3", "xmin": "2026-02-01"},
         "1 point lies outside the limits of the axes."),
    ],
)  # fmt: skip
def test_descriptions_mention_changed_data(
    client: Client, settings, kind: str, query: dict[str, str], note: str
) -> None:
    settings.PLOTS = {**settings.PLOTS, "MAX_QUERY": 100_000}
    told = client.get(f"/plot/{kind}.txt", query).content.decode().splitlines()
    assert note in told


@pytest.mark.parametrize("kind", list(kinds), ids=lambda kind: kind.name)
def test_examples_have_no_clashes(kind) -> None:
    spec = read_spec(kind.name, as_parameters(kind.example))
    assert load(spec).notes == ()
    assert not [line for line in Plot(spec).description if "outside" in line]
