"""Hostile names and text: drawn literally or refused."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.hazards import drawn, refused
from tests.measure import axes_of, tick_texts

pytestmark = pytest.mark.usefixtures("still_served")


@pytest.mark.parametrize(
    "theme",
    ["http://127.0.0.1:9/x.mplstyle", "/etc/passwd", "./style", "os.path", "ggplot", "Dark"],
)
def test_unknown_themes_are_refused(client: Client, theme: str) -> None:
    refused(client, "line", "theme", "invalid_choice", y="1,2", theme=theme)


@pytest.mark.parametrize(
    "name",
    ["backend", "style", "rc", "dpi", "bbox_inches", "font", "fontfamily", "fmt", "hatch", "url"]
    + ["metadata", "transform", "picker", "autopct", "strftime", "zorder", "clip_path"],
)
def test_matplotlib_keywords_are_refused(client: Client, name: str) -> None:
    refused(client, "scatter", name, "unknown-parameter", y="1,2", **{name: "module://x"})


@pytest.mark.parametrize("kind", ["line", "scatter", "normal"])
@pytest.mark.parametrize("marker", ["$x$", "/etc/passwd", "o", "{x.__class__}", "None"])
def test_unknown_markers_are_refused(client: Client, kind: str, marker: str) -> None:
    query = {} if kind == "normal" else {"y": "1,2"}
    refused(client, kind, "marker", "invalid_choice", marker=marker, **query)


@pytest.mark.parametrize("color", ["C0", "url(http://x)", "0.5", "red;", "#12", "(1,0,0)", "{x}"])
def test_colors_are_names_or_hex(client: Client, color: str) -> None:
    refused(client, "line", "colors", "invalid-color", y="1,2", colors=color)


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


def test_dollar_signs_are_literal(client: Client) -> None:
    """As math, “$5 to $6” would be in italics, without dollar signs and spaces."""
    ax = axes_of("bar", x='"$5 to $6",b', y="1,2", title="$5 to $6", xlabel="$5", label="$a$ $b$",
                 legend="upper left")  # fmt: skip
    assert tick_texts(ax.xaxis) == [r"\$5 to \$6", "b"]  # drawn as dollar signs
    texts = [ax.xaxis.label, *ax.figure.texts, *ax.get_legend().get_texts()]
    assert texts and not [text for text in texts if text.get_parse_math()]
    label = ax.xaxis.get_major_ticks()[0].label1
    assert label._preprocess_math(label.get_text()) == ("$5 to $6", False)


@pytest.mark.parametrize(
    "character", ["\0", "\x01", "\x1b", "\x7f", "\ufffe", "\uffff", "\U0001ffff"]
)
@pytest.mark.parametrize("parameter", ["title", "label", "alt", "x"])
def test_characters_invalid_in_xml_are_refused(
    client: Client, parameter: str, character: str
) -> None:
    # Django has an error code of its own for NUL.
    text = parameter in ("title", "alt") and character == "\0"
    code = "null_characters_not_allowed" if text else "invalid-text"
    refused(client, "line", parameter, code, y="1", **{parameter: f"a{character}b"})


def test_lone_surrogates(client: Client) -> None:
    # Django replaces invalid UTF-8 in the query with U+FFFD.
    response = client.get("/plot/line.svg?y=1,2&title=%ED%A0%80")
    assert response.status_code == 200
    assert ElementTree.fromstring(response.content) is not None


@pytest.mark.parametrize("parameter", ["title", "xlabel", "ylabel", "alt", "label"])
def test_long_text_is_refused(client: Client, parameter: str) -> None:
    refused(client, "line", parameter, "too-long-text", y="1,2", **{parameter: "x" * 201})
    refused(client, "line", parameter, "too-long-text", y="1,2", **{parameter: "x" * 100_000})
