"""Plots as csv and json."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any

import pytest

from tests.rendering.examples import draw


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
