"""Tables inside of CSV files: titles above, headers of two lines, units, notes and totals below."""

from __future__ import annotations

from typing import Any

import pytest

from plots.errors import PlotError
from tests.datasets.uploads import read

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "names", "rows", "message"),
    [
        ("Sales report 2024,,\nGenerated 2024-01-05,,\n,,\nregion,quarter,sales\nN,Q1,1\nS,Q1,2\n",
         ["region", "quarter", "sales"], [("N", "Q1", 1), ("S", "Q1", 2)],
         "first 3 lines, from “Sales report 2024”, were left out"),
        ("Sales report\n\nregion,quarter,sales\nN,Q1,1\nS,Q1,2\n",
         ["region", "quarter", "sales"], [("N", "Q1", 1), ("S", "Q1", 2)],
         "first 2 lines, from “Sales report”, were left out"),
        ("Table 1: People,\ntown,people\nUlm,5\nKiel,7\n", ["town", "people"],
         [("Ulm", 5), ("Kiel", 7)], "The first line, “Table 1: People”, was left out"),
        ("region,sales\nN,1\nS,2\nSource: Office for Statistics,\n", ["region", "sales"],
         [("N", 1), ("S", 2)], "The last line, “Source: Office for Statistics”, was left out"),
        ("region,sales\nN,1\nS,2\n\nData from database: Indicators\nLast Updated: 10/26/2023\n",
         ["region", "sales"], [("N", 1), ("S", 2)], "last 2 lines, from “Data from database"),
        ("region,sales\nN,1\nS,2\nTotal,3\n", ["region", "sales"],
         [("N", 1), ("S", 2), ("Total", 3)], "The last row, “Total”, seems to be a total"),
        (",2019,2019,2020,2020\nregion,men,women,men,women\nN,1,2,3,4\nS,5,6,7,8\n",
         ["region", "2019 men", "2019 women", "2020 men", "2020 women"],
         [("N", 1, 2, 3, 4), ("S", 5, 6, 7, 8)], "header has two lines, which were joined"),
        ("region,2019,,2020,\n,men,women,men,women\nN,1,2,3,4\nS,5,6,7,8\n",
         ["region", "2019 men", "2019 women", "2020 men", "2020 women"],
         [("N", 1, 2, 3, 4), ("S", 5, 6, 7, 8)], "header has two lines, which were joined"),
        ("time,temp,rain\n,°C,mm\n2020-01,3.4,0\n2020-02,4.4,2\n", ["time", "temp", "rain"],
         None, "Line 2 holds units or explanations (“°C”, “mm”) and was left out"),
        ("sep=;\nname;wert\nUlm;1,5\nKöln;2,5\n", ["name", "wert"], [("Ulm", 1.5), ("Köln", 2.5)],
         "written like 1.234,5"),
        ("city:country:pop\nUlm:DE:5\nKøge:DK:7\n", ["city", "country", "pop"],
         [("Ulm", "DE", 5), ("Køge", "DK", 7)], ""),
        ("Southborough,MA,United States,9686\nNorthbridge,MA,United States,14061\n",
         ["column 1", "column 2", "column 3", "column 4"],
         [("Southborough", "MA", "United States", 9686), ("Northbridge", "MA", "United States",
          14061)], "the table has no header. The columns are called “column 1”"),
        ("2026-01-01,5.5\n2026-01-02,6.5\n", ["column 1", "column 2"], None, "has no header"),
        ("region,sales\nN,1\n,\nS,2\n,\n,\n", ["region", "sales"], [("N", 1), ("S", 2)], ""),
        ("# a\n\nregion,sales\nN,1\n", ["region", "sales"], [("N", 1)], "The first line begins"),
        ("name,1960,1961,1962\nAruba,4.8,4.6,4.4\nAfrica,6.7,6.7,6.8\n",
         ["name", "1960", "1961", "1962"], None, "columns “1960” to “1962” are named after years"),
    ],
)  # fmt: skip
def test_table_inside_a_file(content: str, names: list[str], rows: Any, message: str) -> None:
    staged, found = read(content.encode())
    assert [*staged.dtypes] == names
    assert rows is None or found == rows
    assert message in " ".join(staged.warnings) if message else not staged.warnings


@pytest.mark.parametrize(
    ("content", "names", "rows"),
    [
        # Names that are numbers, years or dates
        ("name,2019,2020\nA,5,6\nB,7,8\n", ["name", "2019", "2020"], 2),
        ("name,1,2,3\nA,5,6,7\nB,7,8,9\n", ["name", "1", "2", "3"], 2),
        ("0,1\n5,6\n7,8\n", ["0", "1"], 2),
        ("name,1/22/20,1/23/20\nA,5,6\nB,7,8\n", ["name", "1/22/20", "1/23/20"], 2),
        # Rows that look like titles, units or notes but are rows
        (",x\nA,1\nB,2\n", ["column 1", "x"], 2),
        ("name,\nA,1\nB,2\n", ["name", "column 2"], 2),
        ("region,sales\nN,1\nSouth,\n", ["region", "sales"], 2),
        ("key,a,b\nx,lost,lost\ny,1,2\nz,lost,3\nu,4,5\n", ["key", "a", "b"], 4),
        ("team,notes\nA,none\nNotes,1\n", ["team", "notes"], 2),
        ('name,text\nA,"first\nSource: me"\n', ["name", "text"], 1),
        ("time\n09:30\n10:30\n", ["time"], 2),
        ("text\nhello there\nTotal\n", ["text"], 2),
    ],
)
def test_ordinary_tables_are_left_whole(content: str, names: list[str], rows: int) -> None:
    staged, _found = read(content.encode())
    assert ([*staged.dtypes], staged.rows) == (names, rows)
    for word in ("left out", "no header", "joined"):
        assert word not in " ".join(staged.warnings)


def test_lines_are_counted_from_the_begin_of_the_file() -> None:
    content = "Report,,\n\nday,n,x\n2026-01-01,1,a\n,,\nlater,2,b\n2026-01-03,3,c\n"
    staged, _rows = read(content.encode())
    assert "“day” is text: line 6 has “later”" in " ".join(staged.warnings)
    with pytest.raises(PlotError, match="Line 5 has 4 values, but the header has 3 columns"):
        read(b"Report,,\n\nday,n,x\n1,2,3\n1,2,3,4\n")


@pytest.mark.parametrize("encoding", ["cp949", "gbk", "shift_jis"])
def test_other_encodings_are_named_truthfully(encoding: str) -> None:
    text = {
        "cp949": "도시,인구\n서울,9411\n부산,3300\n",
        "gbk": "城市,人口\n北京,2189\n上海,2487\n",
        "shift_jis": "都市,人口\n東京,1396\n大阪,275\n",
    }[encoding]
    staged, _rows = read(text.encode(encoding))
    assert "not UTF-8 and does not look like Western European text" in staged.warnings[0]
    assert "Save it as UTF-8" in staged.warnings[0]


@pytest.mark.parametrize("text", ["größer", "Zoë", "“quoted”", "naïve café"])
def test_western_letters_are_read(text: str) -> None:
    staged, rows = read(f"a,b\n1,{text}\n".encode("cp1252"))
    assert rows == [(1, text)]
    assert "Check its accented letters" in staged.warnings[0]
