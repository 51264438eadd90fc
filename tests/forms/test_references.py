"""Parameters of reference lines and bands: hline, vline, hband and vband."""

from __future__ import annotations

import pytest
from django.test import Client

from plots.forms.parameters_to_spec import plot_spec, read_spec
from plots.forms.spec_to_parameters import write_parameters
from tests.helpers import ask

DAYS = {"x": "2026-01-01,2026-02-01,2026-03-01", "y": "10,30,20"}


@pytest.mark.parametrize(
    ("query", "parameter", "code", "hint"),
    [
        ("line.png?y=1,2&hline=Mon", "hline", "not-a-name", "The y axis shows numbers"),
        ("line.png?y=1,2&hline=2026-01-01", "hline", "not-a-number", "y axis shows numbers"),
        ("line.png?x=2026-01-01,2026-01-02&y=1,2&vline=5", "vline", "not-a-date", "shows dates"),
        ("bar.png?x=Mon,Tue&y=1,2&vline=Mno,Today", "vline", "not-a-name", "“Mon”"),
        ("bar.png?x=Mon,Tue&y=1,2&vband=Mon,Wedn", "vband", "not-a-name", "“Wedn”"),
        ("bar.png?x=Mon,Tue&y=1,2&hline=Mon", "hline", "not-a-name", "shows numbers"),
        ("line.png?y=1,2&yscale=log&hline=0", "hline", "out-of-range", "above 0"),
        ("line.png?y=1,2&yscale=log&hband=-1,5", "hband", "out-of-range", "above 0"),
        ("line.png?y=1,2&hline=1,2,3", "hline", "invalid", "100,Target"),
        ("line.png?y=1,2&hline=,Target", "hline", "invalid", "100,Target"),
        ("line.png?y=1,2&hline=nan,Target", "hline", "invalid", "gap"),
        ("line.png?y=1,2&hband=1", "hband", "invalid", "10,20,Normal"),
        ("line.png?y=1,2&hband=5,5", "hband", "invalid", "different"),
        ("line.png?y=1,2&vline=2026-02-30", "vline", "not-a-date", "calendar"),
        ("line.png?y=1,2&hline=1e301", "hline", "out-of-range", "1e300"),
        ('line.png?y=1,2&hline=1,"a', "hline", "invalid-quoting", "quote"),
        ("line.png?y=1,2&hline=1," + 201 * "x", "hline", "too-long-text", "200"),
        ("line.png?y=1,2" + "&hline=1" * 11 + "&vband=1,2" * 10, "vband", "too-many", "20"),
        ("pie.png?y=1,2&hline=1", "hline", "unknown-parameter", "no parameter"),
    ],
)
def test_an_invalid_reference_is_rejected_with_the_fix(
    client: Client, query: str, parameter: str, code: str, hint: str
) -> None:
    (error,) = ask(client, f"/plot/{query}").json()["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code), error
    assert hint in error["message"]


@pytest.mark.parametrize(
    "query",
    [
        "line.png?y=1,2&hline=-1e300&hline=1e300&vline=1e300",
        "line.png?y=1,2&hline=1e-300&hline=1e300&yscale=log",
        "line.png?y=1,2&hline=-1e300&yscale=symlog",
        "line.png?x=2026-01-01,2026-01-02&y=1,2&vline=0001-01-01&vline=9999-12-31",
        "line.png?y=,&hline=1,Target&vband=2,3",
        "bar.svg?x=a&y=1&vband=a,a,Only",
    ],
)
def test_extreme_references_are_drawn(client: Client, query: str) -> None:
    assert client.get(f"/plot/{query}").status_code == 200


def test_references_are_described_and_not_counted_as_points(client: Client) -> None:
    query = "x=Mon,Tue&y=3,5&hline=4,Target&hline=3.5&vband=Mon,Tue,Start&hband=1,2"
    lines = client.get(f"/plot/bar.txt?{query}").content.decode()
    assert "2 bars" in lines
    assert lines.splitlines()[3:7] == [
        "Line at y 4: Target.",
        "Line at y 3.5.",
        "Band of y from 1 to 2.",
        "Band of x from Mon to Tue: Start.",
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"hline": ["100,Target", "2e3", '5,"a, ""b"""', '1,"42"']},
        {"vline": ["1.5, spaced "], "hband": ["20,10,Down"], "vband": ["0,1"]},
    ],
)
def test_references_survive_writing_and_reading(given: dict[str, list[str]]) -> None:
    spec = read_spec("line", {"y": ["1,2,3"], **given})
    assert read_spec("line", write_parameters(spec)) == spec
    day = read_spec("line", {k: [v] for k, v in DAYS.items()} | {"vline": ["2026-02-01T10:00,a"]})
    assert read_spec("line", write_parameters(day)) == day
    named = read_spec("bar", {"x": ['"1",b'], "y": ["1,2"], "vband": ['"1",b,"3"']})
    assert read_spec("bar", write_parameters(named)) == named


def test_tags_take_values_and_pairs() -> None:
    spec = plot_spec("line", y=[1, 2], hline=1.5, vline=[(1, "One"), 0])
    assert (spec.frame.hline, spec.frame.vline) == (((1.5, ""),), ((1.0, "One"), (0.0, "")))
