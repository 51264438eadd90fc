"""Small files as people have them: uploaded in the admin, imported by the command, and drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from plots.datasets.models import Dataset
from tests.datasets.uploads import ADD, FIELDS

pytestmark = pytest.mark.django_db

# file name, content, kind, parameters, the rows that are drawn, and what the preview says
CASES: list[tuple[str, str, str, dict[str, Any], list[str], str]] = [
    ("money.csv", 'city,income\nUlm,"$65,548"\nKöge,"$62,283"\n', "bar",
     {"x": "city", "y": "income"}, ["Ulm,65548", "Köge,62283"], "written like $1,234.5"),
    ("percent.csv", "state,turnout\nVA,42.10%\nNC,-3%\n", "bar", {"x": "state", "y": "turnout"},
     ["VA,42.1", "NC,-3"], "written like 12.5%"),
    ("parens.csv", 'item,profit\na,"(1,234)"\nb,"2,000"\n', "bar", {"x": "item", "y": "profit"},
     ["a,-1234", "b,2000"], "written like 1,234.5"),
    ("iso_unpadded.csv", "date,t\n2014-7-1,72\n2014-10-12,66\n", "line", {"x": "date", "y": "t"},
     ["2014-07-01,72", "2014-10-12,66"], ""),
    ("us_2digit_year.csv", "date,n\n3/27/18,6\n2/27/18,5\n12/31/17,1\n", "scatter",
     {"x": "date", "y": "n"}, ["2018-03-27,6", "2018-02-27,5", "2017-12-31,1"], "1969 to 2068"),
    ("slash_datetime.csv", "time,count\n2015/01/01 01:00:00,2\n2015/01/01 04:00:00,3\n", "line",
     {"x": "time", "y": "count"}, ["2015-01-01T01:00:00,2", "2015-01-01T04:00:00,3"], ""),
    ("us_datetime.csv", "when,n\n1/22/2020 17:00,6\n1/23/2020 9:30,5\n", "line",
     {"x": "when", "y": "n"}, ["2020-01-22T17:00:00,6", "2020-01-23T09:30:00,5"], ""),
    ("month_name.csv", "date,price\nJan 1 2000,39.81\nFeb 1 2000,36.35\n", "line",
     {"x": "date", "y": "price"}, ["2000-01-01,39.81", "2000-02-01,36.35"], ""),
    ("day_mon_year.csv", "date,price\n5-Jan-20,1\n12-Mar-20,2\n", "line",
     {"x": "date", "y": "price"}, ["2020-01-05,1", "2020-03-12,2"], "like 31-Jan-26"),
    ("year_month.csv", "month,v\n2020-01,1\n2020-02,2\n", "line", {"x": "month", "y": "v"},
     ["2020-01-01,1", "2020-02-01,2"], ""),
    ("quarter.csv", "q,gdp\n2020Q1,1\n2020Q2,2\n", "bar", {"x": "q", "y": "gdp"},
     ["2020-01-01,1", "2020-04-01,2"], ""),
    ("clock.csv", "time,n\n08:15,1\n09:30,2\n13:05,5\n", "line", {"x": "time", "y": "n"},
     ["08:15,1", "09:30,2", "13:05,5"], ""),
    ("durations.csv", "job,took\nbuild,00:12:30\nbackup,26:10:00\n", "bar",
     {"x": "job", "y": "took"}, ["build,00:12:30", "backup,26:10:00"], "read as durations"),
    ("ns_rfc3339.csv", "ts,value\n2020-04-02T23:00:00.749079563Z,1\n2020-04-02T23:00:01Z,2\n",
     "line", {"x": "ts", "y": "value"}, ["2020-04-02T23:00:00.749079,1", "2020-04-02T23:00:01,2"],
     "stored to the microsecond"),
    ("yes_no.csv", "name,ok\na,Yes\nb,No\nc,Yes\n", "bar", {"x": "ok", "stat": "count"},
     ["false,1", "true,2"], ""),
    ("nulls.csv", "a,b,c\n1,(null),?\n2,5,6\n3,6,7\n", "line", {"x": "a", "y": ["b", "c"]},
     ["1,,", "2,5,6", "3,6,7"], "“(null)”, “?” means that there is no value"),
    ("compact_date.csv", "date,v\n20200101,1\n20200102,2\n", "line", {"x": "date", "y": "v"},
     ["20200101,1", "20200102,2"], "“20200101” may be 2020-01-01"),
    ("long_ids.csv", "id,n\n1007232378128805888,1\n1007232378128805889,2\n", "bar",
     {"x": "id", "y": "n"}, ["1007232378128805888,1", "1007232378128805889,2"], "more digits"),
    ("preamble.csv", "Report 2024,,\n,,\nregion,quarter,sales\nNorth,Q1,100\nSouth,Q1,120\n", "bar",
     {"x": "region", "y": "sales"}, ["North,100", "South,120"], "the header is below them"),
    ("two_headers.csv", ",2019,2019\nregion,men,women\nNorth,1,2\nSouth,5,6\n", "bar",
     {"x": "region", "y": "2019 men"}, ["North,1", "South,5"], "two lines, which were joined"),
    ("units_row.csv", "time,temp,rain\n,°C,mm\n2020-01-01,3.4,0\n2020-01-02,4.4,2\n", "line",
     {"x": "time", "y": "temp"}, ["2020-01-01,3.4", "2020-01-02,4.4"], "Line 2 holds units"),
    ("footer.csv", "region,sales\nNorth,100\nSouth,120\nSource: Office for Statistics,\n", "bar",
     {"x": "region", "y": "sales"}, ["North,100", "South,120"], "it is a note and not a row"),
    ("total.csv", "region,sales\nNorth,100\nSouth,120\nTotal,220\n", "bar",
     {"x": "region", "y": "sales"}, ["North,100", "South,120", "Total,220"], "to be a total"),
    ("no_header.csv", "Southborough,MA,9686\nNorthbridge,MA,14061\n", "bar",
     {"x": "column 1", "y": "column 3"}, ["Southborough,9686", "Northbridge,14061"], "no header"),
    ("sep_line.csv", "sep=;\nname;wert\nUlm;1,5\nKöln;2,5\n", "bar", {"x": "name", "y": "wert"},
     ["Ulm,1.5", "Köln,2.5"], "written like 1.234,5"),
    ("colon.csv", "city:country:pop\nUlm:DE:126000\nKøge:DK:38000\n", "bar",
     {"x": "city", "y": "pop"}, ["Ulm,126000", "Køge,38000"], ""),
    ("array.json", '[\n {"a":1,"b":"x"},\n {"a":2,"b":"y"}\n]\n', "bar", {"x": "b", "y": "a"},
     ["x,1", "y,2"], ""),
    ("years.csv", "Country,1960,1961,1962\nAruba,4.8,4.6,4.4\nAfrica,6.7,6.7,6.7\n", "bar",
     {"x": "Country", "y": ["1960", "1962"]}, ["Aruba,4.8,4.4", "Africa,6.7,6.7"],
     "“1960” to “1962” are named after years"),
    ("2024-sales.csv", "region,sales\nNorth,100\nSouth,50\n", "bar", {"x": "region", "y": "sales"},
     ["North,100", "South,50"], ""),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_file_is_uploaded_imported_and_drawn(
    case: tuple[str, str, str, dict[str, Any], list[str], str],
    admin_client: Client,
    client: Client,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    filename, content, kind, parameters, rows, message = case
    file = SimpleUploadedFile(filename, content.encode(), "text/csv")
    preview = admin_client.post(ADD, {**FIELDS, "upload": file})
    assert preview.status_code == 200
    warnings = " ".join(preview.context["staged"].warnings)
    assert message in warnings and (message or not warnings)
    saved = admin_client.post(ADD, {**FIELDS, "token": preview.context["token"]})
    assert saved.status_code == 302
    query = urlencode({"source": "towns", **parameters}, doseq=True)
    table = client.get(f"/plot/{kind}.csv?{query}")
    assert table.content.decode("utf-8-sig").splitlines()[1:] == rows
    picture = client.get(f"/plot/{kind}.png?{query}")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    (tmp_path / filename).write_text(content, encoding="utf-8")
    call_command("import_dataset", str(tmp_path / filename))
    uploaded, imported = Dataset.objects.order_by("pk")
    assert imported.columns == uploaded.columns
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("2024-sales.csv", "sales-2024"),
        ("2024.csv.gz", "data-2024"),
        ("2024_Q1 Umsätze.csv", "q1-umsatze-2024"),
        ("palmer_penguins.csv", "palmer_penguins"),
        ("My towns.csv", "my-towns"),
        ("매출.csv", "dataset"),
        ("_x_.csv", "x"),
    ],
)
def test_names_of_files_are_usable(filename: str, name: str, tmp_path: Path) -> None:
    (tmp_path / filename).write_bytes(b"a,b\n1,2\n")
    call_command("import_dataset", str(tmp_path / filename))
    assert Dataset.objects.get().name == name


def test_title_and_name_are_made_from_the_file(admin_client: Client) -> None:
    file = SimpleUploadedFile("2024-EU sales.csv", b"a,b\n1,2\n", "text/csv")
    preview = admin_client.post(ADD, {"visibility": "staff", "title": "", "upload": file})
    form = preview.context["adminform"].form
    assert (form["title"].value(), form["name"].value()) == ("2024 EU sales", "eu-sales-2024")
    fields = {"title": form["title"].value(), "name": form["name"].value(), "visibility": "staff"}
    saved = admin_client.post(ADD, {**fields, "token": preview.context["token"]})
    assert saved.status_code == 302 and Dataset.objects.get().title == "2024 EU sales"
