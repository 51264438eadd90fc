"""Reading CSV: the rows of the csv module, without its limit for the whole process."""

from __future__ import annotations

import csv
import random
from io import StringIO

import pytest

from plots.errors import PlotError
from plots.values import csv_rows
from plots.values.csv_rows import read_rows


def rows_of(text: str, delimiter: str = ",", *, strict: bool = True) -> list[list[str]]:
    lines = StringIO(text, newline="")
    return [row for _, row in read_rows(lines, delimiter, strict=strict)]


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("seed", range(20))
def test_rows_are_those_of_the_csv_module(seed: int, strict: bool) -> None:
    chance = random.Random(seed)
    refused = 0
    for _ in range(200):
        text = "".join(chance.choices('ab",;\n"', k=chance.randint(0, 25)))
        text = text.replace("\n", chance.choice(["\n", "\r\n"]))
        reader = csv.reader(StringIO(text, newline=""), delimiter=",", strict=strict)
        try:
            expected = list(reader)
        except csv.Error:
            refused += 1
            with pytest.raises(PlotError, match="a double quote is in the wrong place"):
                rows_of(text, strict=strict)
        else:
            assert rows_of(text, strict=strict) == expected, text
    assert bool(refused) == strict


def test_rows_are_numbered_by_their_first_line() -> None:
    lines = ["# about\n", "a,b\n", "\n", '1,"x\n', '"\n', "2,y"]
    assert [*read_rows(lines, skip=1)] == [
        (2, ["a", "b"]), (3, []), (4, ["1", "x\n"]), (6, ["2", "y"])
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line"), [('a\n"b', 2), ('a\n"b\n\nc', 2), ('a,"b"c\n', 1), ('"a\nb"c\n', 1)]
)
def test_misplaced_quotes_are_refused(text: str, line: int) -> None:
    with pytest.raises(PlotError, match=f"^file: Line {line}: a double quote") as caught:
        list(read_rows(StringIO(text), parameter="file"))
    assert caught.value.code == "unreadable"


def test_long_values_are_read_whatever_the_limit_of_the_process() -> None:
    limit = csv.field_size_limit(10)
    try:
        value = 'x,"' * 100_000
        quoted = '"' + value.replace('"', '""') + '"'
        assert rows_of(f"a,b\n1,{quoted}\n") == [["a", "b"], ["1", value]]
        assert csv.field_size_limit() == 10
    finally:
        csv.field_size_limit(limit)


def test_length_of_a_row_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "MAX_ROW", 1000)
    assert rows_of("x" * 999 + "\n")
    with pytest.raises(PlotError, match="The row in line 2 has more than 1,000 characters"):
        rows_of('a\n"' + "x\n" * 501 + '"')
