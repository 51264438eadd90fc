"""What a stranger's request can do to matplotlib, sent through the real URLs.

Each either draws or is refused with a 400 that names the parameter, soon, and the server still
answers afterwards.
"""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from plots.spec.formats import FORMATS
from plots.spec.registry import source as register_source
from plots.spec.registry import sources
from plots.values.scalars import Value
from tests.helpers import ask, pixels
from tests.measure import axes_of, tick_texts

SECONDS = 2
# The time of a loaded machine is not the code's: what hangs takes far longer than this.
PATIENCE = 5
PICTURES = [name for name, format in FORMATS.items() if format.is_picture]


@pytest.fixture(autouse=True)
def still_served(client: Client) -> Iterator[None]:
    """The next plain request is answered, whatever the test sent."""
    yield
    assert client.get("/plot/line.png?y=1,2,3").status_code == 200


@contextmanager
def deadline(seconds: float = SECONDS * PATIENCE) -> Iterator[None]:
    def give_up(*_: object) -> None:
        raise TimeoutError(f"not done after {seconds} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def drawn(client: Client, kind: str, format: str = "png", **query: Any) -> Any:
    with deadline():
        response = client.get(f"/plot/{kind}.{format}", query)
    assert response.status_code == 200, response.get("X-Plot-Error")
    return response


def refused(client: Client, kind: str, parameter: str, code: str, **query: Any) -> None:
    with deadline():
        told = ask(client, f"/plot/{kind}.png", query)
        shown = client.get(f"/plot/{kind}.png", query)
    assert (told.status_code, shown.status_code) == (400, 400)
    errors = [(error["parameter"], error["code"]) for error in told.json()["errors"]]
    assert (parameter, code) in errors
    assert parameter in shown["X-Plot-Error"]
    assert shown["Cache-Control"] == "no-store"
    assert pixels(shown).format == "PNG"


def numbers(count: int, of: Any = None) -> str:
    of = of or random.Random(count).random
    return ",".join(f"{of():.4f}" for _ in range(count))


# Names that reach files, networks and modules


@pytest.mark.parametrize(
    "theme",
    ["http://127.0.0.1:9/x.mplstyle", "/etc/passwd", "./style", "os.path", "ggplot", "Dark"],
)
def test_a_theme_is_one_of_ours(client: Client, theme: str) -> None:
    refused(client, "line", "theme", "invalid_choice", y="1,2", theme=theme)


@pytest.mark.parametrize(
    "name",
    ["backend", "style", "rc", "dpi", "bbox_inches", "font", "fontfamily", "fmt", "hatch", "url"]
    + ["metadata", "transform", "picker", "autopct", "strftime", "zorder", "clip_path"],
)
def test_no_keyword_passes_through(client: Client, name: str) -> None:
    refused(client, "scatter", name, "unknown-parameter", y="1,2", **{name: "module://x"})


@pytest.mark.parametrize("kind", ["line", "scatter", "normal"])
@pytest.mark.parametrize("marker", ["$x$", "/etc/passwd", "o", "{x.__class__}", "None"])
def test_a_marker_is_one_of_ours(client: Client, kind: str, marker: str) -> None:
    query = {} if kind == "normal" else {"y": "1,2"}
    refused(client, kind, "marker", "invalid_choice", marker=marker, **query)


@pytest.mark.parametrize("color", ["C0", "url(http://x)", "0.5", "red;", "#12", "(1,0,0)", "{x}"])
def test_a_color_is_a_name_or_hex(client: Client, color: str) -> None:
    refused(client, "line", "colors", "invalid-color", y="1,2", colors=color)


# Text


@pytest.mark.parametrize(
    "text",
    [
        r"$\foo$",
        "$" * 200,
        "$5 to $6",
        r"\$",
        "$x^2$",
        "$" + "{" * 99,
        r"$\frac" * 30 + "$",
        "{x.__class__}",
        "%1000000000d",
        "{x:1000000000}",
        "<script>alert(1)</script>&amp;]]>",
        "javascript:alert(1)",
        "_hidden",
        "e" + "\u0301" * 199,
        "월별 매출 2026年",
        "W" * 200,
        "\u202eright to left",
        "\U0001f600",
        "--><!--",
    ],
)
def test_text_is_drawn_literally(client: Client, text: str) -> None:
    query: Any = dict.fromkeys(("title", "xlabel", "ylabel", "label"), text) | {"x": f'"{text}",b'}
    drawn(client, "bar", y="1,2", legend="top", **query)
    svg = drawn(client, "bar", "svg", y="1,2", legend="top", **query)
    root = ElementTree.fromstring(svg.content)
    assert not [
        each for each in root.iter() if each.tag.endswith(("script", "}a", "foreignObject"))
    ]


def test_dollars_are_not_maths(client: Client) -> None:
    """“$5 to $6” as maths would be set in italics, without dollars or spaces: much narrower."""
    ax = axes_of("bar", x='"$5 to $6",b', y="1,2", title="$5 to $6", xlabel="$5", label="$a$ $b$",
                 legend="upper left")  # fmt: skip
    assert tick_texts(ax.xaxis) == [r"\$5 to \$6", "b"]  # an escaped one is drawn as a dollar
    texts = [ax.xaxis.label, *ax.figure.texts, *ax.get_legend().get_texts()]
    assert texts and not [text for text in texts if text.get_parse_math()]
    label = ax.xaxis.get_major_ticks()[0].label1
    assert label._preprocess_math(label.get_text()) == ("$5 to $6", False)


@pytest.mark.parametrize(
    "character", ["\0", "\x01", "\x1b", "\x7f", "\ufffe", "\uffff", "\U0001ffff"]
)
@pytest.mark.parametrize("parameter", ["title", "label", "alt", "x"])
def test_characters_that_no_xml_can_hold(client: Client, parameter: str, character: str) -> None:
    # Django has a word of its own for NUL.
    text = parameter in ("title", "alt") and character == "\0"
    code = "null_characters_not_allowed" if text else "invalid-text"
    refused(client, "line", parameter, code, y="1", **{parameter: f"a{character}b"})


def test_lone_surrogates(client: Client) -> None:
    # Bytes that are no UTF-8 become U+FFFD while the query is read, before they are ours to see.
    response = client.get("/plot/line.svg?y=1,2&title=%ED%A0%80")
    assert response.status_code == 200
    assert ElementTree.fromstring(response.content) is not None


@pytest.mark.parametrize("parameter", ["title", "xlabel", "ylabel", "alt", "label"])
def test_text_too_long(client: Client, parameter: str) -> None:
    refused(client, "line", parameter, "too-long-text", y="1,2", **{parameter: "x" * 201})
    refused(client, "line", parameter, "too-long-text", y="1,2", **{parameter: "x" * 100_000})


# Numbers


@pytest.mark.parametrize(
    "number",
    ["1_000", "\u0661\u0662", "0x10", "1e", "1e9999", "1" * 400, "１２", "1,5;2", "1e309", "1 2"]
    + ["--1", "1j", "True"],
)
def test_one_number_syntax(client: Client, number: str) -> None:
    told = ask(client, "/plot/line.png", {"y": f"1,{number}"})
    assert told.status_code == 400
    assert told.json()["errors"][0]["parameter"] == "y"
    assert told.json()["errors"][0]["code"] in ("not-a-number", "out-of-range")


@pytest.mark.parametrize("number", ["1e301", "-1e301", "1e308", "-1e308", "9e999"])
def test_numbers_beyond_reason(client: Client, number: str) -> None:
    refused(client, "line", "y", "out-of-range", y=f"1,{number}")
    refused(client, "hist", "x", "out-of-range", x=f"1,{number}")


@pytest.mark.parametrize("gap", ["inf", "-inf", "nan", "Infinity", ""])
def test_what_is_not_finite_is_a_gap(client: Client, gap: str) -> None:
    drawn(client, "line", y=f"1,{gap},3")
    assert b"null" in client.get("/plot/line.json", {"y": f"1,{gap},3"}).content


@pytest.mark.parametrize("kind", ["line", "scatter", "bar", "hist"])
@pytest.mark.parametrize(
    "values",
    ["-1e300,1e300", "1e-300,2e-300", "0,1e-300", "1e300,1e300", "1e20,1e20", "-1e20", "nan", "7"]
    + ["1,1.0000000000000002", "1e-323,1", "0,0", "1e15,1e15"],
)
def test_extreme_spans(client: Client, kind: str, values: str) -> None:
    channel = "x" if kind == "hist" else "y"
    for format in ("png", "svg"):
        drawn(client, kind, format, **{channel: values})
    for scale in ("log", "symlog"):
        response = client.get(f"/plot/{kind}.png", {channel: values, f"{channel}scale": scale})
        assert response.status_code in (200, 400)


@pytest.mark.parametrize("scale", ["linear", "symlog", "log"])
@pytest.mark.parametrize(
    ("low", "high"),
    [("-1e300", "1e300"), ("1e-300", "2e-300"), ("1", "1.0000000000000002"), ("1e9", "1e300")]
    + [("", "1e-300"), ("1e300", ""), ("", "-1e300"), ("-1e300", "")],
)
def test_extreme_limits(client: Client, scale: str, low: str, high: str) -> None:
    for name in "xy":
        query = {f"{name}min": low, f"{name}max": high, f"{name}scale": scale}
        if scale == "log" and "-" in (low[:1], high[:1]):
            end = f"{name}min" if low.startswith("-") else f"{name}max"
            refused(client, "line", end, "out-of-range", x="1,2", y="1,2", **query)
        else:
            drawn(client, "line", x="1,2", y="1,2", **query)


# Sizes


@pytest.mark.parametrize("format", PICTURES)
@pytest.mark.parametrize(
    ("size", "parameter", "code"),
    [
        ({"width": 0, "height": 0}, "width", "out-of-range"),
        ({"height": 15}, "height", "out-of-range"),
        ({"width": 10_000, "height": 10_000}, "width", "out-of-range"),
        ({"width": 65_535}, "width", "out-of-range"),
        ({"width": 4096, "height": 4096}, "width", "too-many-pixels"),
        ({"width": 2000, "height": 2000, "scale": 2}, "scale", "too-many-pixels"),
        ({"scale": 5}, "scale", "out-of-range"),
        ({"scale": 0}, "scale", "out-of-range"),
        ({"width": 4096, "height": 16, "scale": 400}, "scale", "out-of-range"),
        ({"width": "-5"}, "width", "out-of-range"),
        ({"width": "1e3"}, "width", "invalid"),
    ],
)
def test_sizes(client: Client, format: str, size: Any, parameter: str, code: str) -> None:
    with deadline():
        told = ask(client, f"/plot/line.{format}", {"y": "1,2", **size})
    assert told.status_code == 400
    assert (parameter, code) in [(e["parameter"], e["code"]) for e in told.json()["errors"]]


def test_a_format_holds_less_than_others(client: Client, settings: Any) -> None:
    settings.PLOTS = {"MAX_SCALE": 8}
    query: Any = {"y": "1,2", "width": 4096, "height": 16, "scale": 4.5}
    assert ask(client, "/plot/line.webp", query).json()["errors"][0]["parameter"] == "scale"
    assert pixels(drawn(client, "line", **query)).size == (18432, 72)


@pytest.mark.parametrize("format", PICTURES)
def test_the_largest_picture(client: Client, format: str) -> None:
    drawn(client, "line", format, y="1,3,2", width=4096, height=2197)


@pytest.mark.parametrize(
    ("kind", "option", "value"),
    [("line", "linewidth", "1e5"), ("line", "linewidth", "0"), ("line", "markersize", "1e5")]
    + [("scatter", "markersize", "1e5"), ("scatter", "alpha", "1.5"), ("normal", "n", "1000000")]
    + [("line", "alpha", "-1"), ("line", "markersize", "nan"), ("hist", "bins", "100000")]
    + [("hist", "bins", "0"), ("hist", "bins", "fd"), ("normal", "seed", "1" * 40)]
    + [("normal", "variance", "-1"), ("normal", "mean", "1e300"), ("line", "linestyle", "(0,(1))")],
)
def test_options_out_of_bounds(client: Client, kind: str, option: str, value: str) -> None:
    data = {"hist": {"x": "1,2"}, "normal": {}}.get(kind, {"y": "1,2"})
    told = ask(client, f"/plot/{kind}.png", {option: value, **data})
    assert told.status_code == 400
    assert told.json()["errors"][0]["parameter"] == option


# Axes


@pytest.mark.parametrize("count", [51, 3000, 10_000])
@pytest.mark.parametrize("kind", ["bar", "line"])
def test_many_names(client: Client, kind: str, count: int) -> None:
    names = ",".join(f"name {i}" for i in range(count))
    values = ",".join(str(i % 7) for i in range(count))
    drawn(client, kind, x=names, y=values)
    table = client.get(f"/plot/{kind}.csv", {"x": names, "y": values}).content
    assert table.count(b"\n") == count + 1
    for orientation in ("vertical", "horizontal"):
        options = {"orientation": orientation} if kind == "bar" else {}
        ax = axes_of(kind, x=names, y=values, width="2000", height="2000", **options)
        axis = ax.yaxis if options == {"orientation": "horizontal"} else ax.xaxis
        assert 20 < len(tick_texts(axis)) <= 50


@pytest.mark.parametrize("text", ["0000-01-01", "10000-01-01", "2026-02-30", "2026-13-01"])
def test_dates_outside_the_calendar(client: Client, text: str) -> None:
    told = ask(client, "/plot/line.png", {"x": f"2026-01-01,{text}", "y": "1,2"})
    assert told.status_code == 400
    assert (told.json()["errors"][0]["parameter"], told.json()["errors"][0]["code"]) == (
        "x",
        "not-a-date",
    )


@pytest.mark.parametrize(
    "dates",
    [
        "0001-01-01,9999-12-31",
        "0001-01-01",
        "9999-12-31",
        "2026-05-05",
        "2026-05-05,2026-05-05",
        "2026-01-01T00:00:00.000001,2026-01-01T00:00:00.000002",
        "9999-12-31T23:59:59.999999",
        "2026-01-01T00:00:00+23:59,2026-01-01T00:00:00-23:59",
        "nan,2026-05-05",
    ],
)
@pytest.mark.parametrize("kind", ["line", "scatter", "bar"])
def test_dates_at_the_ends(client: Client, kind: str, dates: str) -> None:
    values = ",".join(["1"] * (dates.count(",") + 1))
    drawn(client, kind, x=dates, y=values)
    drawn(client, kind, x=dates, y=values, xmin="0001-01-01")
    drawn(client, kind, x=dates, y=values, xmax="0001-01-01")
    drawn(client, kind, x=dates, y=values, xmin="9999-12-31")
    drawn(client, kind, x=dates, y=values, xmax="9999-12-31")


def test_a_date_with_an_offset_that_leaves_the_calendar(client: Client) -> None:
    refused(client, "line", "x", "not-a-date", x="0001-01-01T00:00+10:00", y="1")


DATES, NAMES = "2026-01-01,2026-01-02", "a,b"


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ({"y": "0,1", "yscale": "log"}, "yscale", "invalid-scale"),
        ({"y": "-1,1", "yscale": "log"}, "yscale", "invalid-scale"),
        ({"x": "0,1", "xscale": "log"}, "xscale", "invalid-scale"),
        ({"x": DATES, "xscale": "log"}, "xscale", "invalid-scale"),
        ({"x": NAMES, "xscale": "log"}, "xscale", "invalid-scale"),
        ({"x": NAMES, "xscale": "symlog"}, "xscale", "invalid-scale"),
        ({"yscale": "log", "ymin": "0"}, "ymin", "out-of-range"),
        ({"yscale": "log", "ymax": "-1"}, "ymax", "out-of-range"),
        ({"x": "1,2", "xmin": "2026-01-01"}, "xmin", "not-a-number"),
        ({"x": NAMES, "xmax": "2026-01-01"}, "xmax", "not-a-category"),
        ({"x": DATES, "xmin": "5"}, "xmin", "not-a-date"),
        ({"ymax": "2026-01-01"}, "ymax", "not-a-number"),
        ({"xmin": "2", "xmax": "1"}, "xmin", "invalid"),
        ({"xmin": "1_000"}, "xmin", "invalid"),
        ({"xmin": "1e301"}, "xmin", "invalid"),
    ],
)
def test_scales_and_limits_that_do_not_fit(
    client: Client, query: Any, parameter: str, code: str
) -> None:
    refused(client, "line", parameter, code, **({"y": "1,2"} | query))


def test_scales_follow_bars_that_lie(client: Client) -> None:
    lying = {"x": NAMES, "y": "1,100", "orientation": "horizontal"}
    drawn(client, "bar", xscale="log", **lying)
    refused(client, "bar", "yscale", "invalid-scale", yscale="log", **lying)


@pytest.fixture
def cold_source() -> Iterator[None]:
    @register_source("cold")
    def cold() -> dict[str, list[Value]]:
        return {"t": [-1.0, 2.0], "n": [1.0, 2.0]}

    yield
    sources.unregister("cold")


@pytest.mark.usefixtures("cold_source")
def test_scales_and_limits_of_a_source(client: Client) -> None:
    drawn(client, "line", source="cold", x="n", y="t")
    refused(client, "line", "yscale", "invalid-scale", source="cold", y="t", yscale="log")
    refused(client, "line", "xmin", "not-a-number", source="cold", x="n", y="t", xmin="2026-01-01")


# Amounts


@pytest.mark.parametrize("mode", ["overlay", "stacked"])
@pytest.mark.parametrize("bins", ["", "500"])
def test_skewed_data_has_few_bins(client: Client, bins: str, mode: str) -> None:
    skewed = ",".join(["1e20", *(str(i / 1000) for i in range(1000))])
    drawn(client, "hist", x=skewed, bins=bins, mode=mode)


@pytest.mark.parametrize("format", ["png", "svg"])
@pytest.mark.parametrize(
    ("kind", "options"),
    [("line", {}), ("line", {"marker": "star"}), ("line", {"linestyle": "dotted"})]
    + [("scatter", {}), ("bar", {}), ("bar", {"orientation": "horizontal"}), ("hist", {})],
)
def test_as_many_points_as_may_be_given(
    client: Client, settings: Any, kind: str, options: Any, format: str
) -> None:
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    points = numbers(100_000)
    query = {"x" if kind == "hist" else "y": points, **options}
    response = drawn(client, kind, format, **query)
    assert len(response.content) < 1_500_000  # as marks of their own, 11 MB


def test_noise_on_a_large_picture(client: Client, settings: Any) -> None:
    """Agg holds 16 million cells of a path; a line this long and tall has hundreds of them."""
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    drawn(client, "line", y=numbers(60_000), width=1400, height=1400)


def test_too_many_points(client: Client, settings: Any) -> None:
    settings.PLOTS = {"MAX_QUERY": 10_000_000}
    told = ask(client, "/plot/line.png", {"y": "1," * 100_000 + "1"})
    assert (told.status_code, told.json()["errors"][0]["parameter"]) == (413, "y")


def test_too_many_series(client: Client) -> None:
    names = ",".join(map(str, range(3000)))
    refused(client, "line", "by", "too-many-series", x=names, y=names, by=names)
    refused(client, "line", "y", "too-many-series", y=["1,2"] * 51)
    drawn(client, "line", y=["1,2"] * 50)


def test_a_query_too_long(client: Client) -> None:
    told = ask(client, "/plot/line.png", {"y": "1," * 150_000})
    assert told.status_code == 414
