"""What sources return, and queries of them in URLs, tags and presets."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas
import polars
import pyarrow
import pytest
from django.template import Context, Template
from django.test import Client, override_settings

from plots.data.loading import load
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.forms.spec_to_parameters import write_parameters
from plots.presets.models import Preset

DAYS = [date(2024, 1, 30), date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 2)]


MOMENTS = [datetime(2024, 1, 31, hour, tzinfo=UTC) for hour in (1, 2, 3, 4)]


SALES: dict[str, list[Any]] = {
    "day": DAYS,
    "at": MOMENTS,
    "town": ["Ulm", None, "Køge", "Ulm"],
    "sold": [3, None, 5, 7],
    "price": [1.5, float("nan"), 2.5, float("inf")],
}


ROWS = [dict(zip(SALES, row, strict=True)) for row in zip(*SALES.values(), strict=True)]


Sale = namedtuple("Sale", "day at town sold price")  # noqa: PYI024 - as people have them


STRUCTURED = np.array(
    [(d, str(t or ""), s or np.nan, p) for d, _, t, s, p in zip(*SALES.values(), strict=True)],
    dtype=[("day", "datetime64[D]"), ("town", "U9"), ("sold", "f8"), ("price", "f4")],
)


RETURNED: dict[str, Callable[[], Any]] = {
    "mapping": lambda: SALES,
    "mapping of arrays": lambda: {
        "day": np.array(DAYS, "datetime64[D]"),
        "at": np.array([moment.replace(tzinfo=None) for moment in MOMENTS], "datetime64[ns]"),
        "town": np.array(SALES["town"], dtype=object),
        "sold": np.ma.masked_equal([3, 0, 5, 7], 0),
        "price": np.array(SALES["price"], dtype=np.float32),
    },
    "dicts": lambda: ROWS,
    "a generator of dicts": lambda: (row for row in ROWS),
    "dicts that lack some": lambda: [
        {name: value for name, value in row.items() if value is not None} for row in ROWS
    ],
    "named tuples": lambda: [Sale(**row) for row in ROWS],
    "decimals": lambda: [{**row, "sold": row["sold"] and Decimal(row["sold"])} for row in ROWS],
    "structured array": lambda: STRUCTURED,
    "pandas": lambda: pandas.DataFrame(SALES),
    "pandas, indexed": lambda: pandas.DataFrame(SALES, index=[7, 5, 3, 1]),
    "pandas categories": lambda: pandas.DataFrame(SALES).astype({"town": "category"}),
    "polars": lambda: polars.DataFrame(SALES),
    "polars, lazy": lambda: polars.DataFrame(SALES).lazy(),
    "arrow": lambda: pyarrow.table(SALES),
}


def table(**parameters: Any) -> dict[str, tuple[Any, ...]]:
    return dict(load(read_spec("bar", as_parameters({"source": "sales", **parameters}))).table)


@pytest.mark.parametrize("returned", RETURNED)
def test_supported_return_values(source: Any, returned: str) -> None:
    source("sales", RETURNED[returned])
    assert table(x="day", y="sold") == {"day": tuple(DAYS), "sold": (3, None, 5, 7)}
    assert table(x="town", y="price") == {
        "town": ("Ulm", None, "Køge", "Ulm"),
        "price": (1.5, None, 2.5, None),
    }
    assert table(x="town", y="sold", stat="sum") == {
        "town": ("Køge", "Ulm", None),
        "Sum of sold": (5, 10, None),
    }
    if returned != "structured array":
        hours = tuple(moment.replace(tzinfo=None) for moment in MOMENTS)
        assert table(x="at", y="sold")["at"] == hours


@pytest.mark.parametrize("returned", [7, "day,sold", None], ids=repr)
def test_unsupported_return_values_are_logged(
    client: Client, source: Any, returned: Any, caplog: pytest.LogCaptureFixture
) -> None:
    source("sales", lambda: returned)
    response = client.get("/plot/bar.png?source=sales&x=day&y=sold")
    assert response.status_code == 500
    assert "return a QuerySet, a mapping of column names to values" in caplog.text


def test_columns_of_unequal_length_are_logged(
    client: Client, source: Any, caplog: pytest.LogCaptureFixture
) -> None:
    source("sales", lambda: {"day": DAYS, "sold": [1, 2]})
    assert client.get("/plot/bar.png?source=sales&x=day&y=sold").status_code == 500
    assert "unequal length: day 4, sold 2" in caplog.text


SHOP = "source=sales&x=town&y=sold&stat=sum&filter=sold__gte:4&order=-sold&limit=1"


def test_query_in_a_url_is_read_and_written(client: Client, source: Any) -> None:
    source("sales", lambda: SALES)
    answer = client.get(f"/plot/bar.csv?{SHOP}").content.decode()
    assert answer.split() == ["town,Sum", "of", "sold", "Ulm,7"]
    spec = read_spec("bar", as_parameters(dict(pair.split("=", 1) for pair in SHOP.split("&"))))
    written = write_parameters(spec)
    assert written["filter"] == ["sold__gte:4"]
    assert read_spec("bar", written) == spec
    assert read_spec("bar", written).digest == spec.digest
    assert read_spec("bar", {**written, "limit": ["2"]}).digest != spec.digest


def test_quoted_filter_values_are_read_and_written(source: Any) -> None:
    source("sales", lambda: SALES)
    given = {
        "source": ["sales"],
        "x": ["day"],
        "y": ["sold"],
        "filter": ['town__in:"Ulm, old",Køge'],
    }
    spec = read_spec("bar", given)
    assert read_spec("bar", write_parameters(spec)) == spec
    assert spec.data.query.filter[0].values == ("Ulm, old", "Køge")  # type: ignore[union-attr]


def test_description_names_the_stat(client: Client, source: Any) -> None:
    source("sales", lambda: SALES)
    words = client.get(f"/plot/bar.txt?{SHOP}").content.decode()
    assert words.startswith("Bar chart of Sum of sold by town.")
    counted = client.get("/plot/bar.txt?source=sales&x=town&stat=count").content.decode()
    assert counted.startswith("Bar chart of Count by town.")


def test_query_in_a_tag(source: Any) -> None:
    source("sales", lambda: SALES)
    tag = '{% plot_url "bar" source="sales" x="town" y="sold" stat="sum" filter=f limit=1 %}'
    url = Template("{% load plots %}" + tag).render(Context({"f": ["sold__gte:4", "town:Ulm"]}))
    assert "stat=sum" in url
    assert url.count("filter=") == 2
    assert "limit=1" in url


@pytest.mark.django_db
def test_query_in_a_preset(client: Client, source: Any) -> None:
    source("sales", lambda: SALES)
    preset = Preset(
        visibility="public",
        title="Sales",
        slug="sales",
        kind="bar",
        source="sales",
        overrides=["limit"],
    )
    preset.parameters = {"x": ["town"], "y": ["sold"], "stat": ["sum"], "order": ["-sold"]}
    preset.full_clean()
    preset.save()
    assert client.get("/presets/sales.csv").content.decode().split("\r\n")[1:3] == [
        "Ulm,10",
        "Køge,5",
    ]
    limited = client.get("/presets/sales.csv?limit=1").content.decode().split("\r\n")
    assert limited[1:] == ["Ulm,10", ""]
    assert client.get("/presets/sales.csv?stat=mean").status_code == 400


def test_query_without_a_source_is_refused(client: Client) -> None:
    response = client.get("/plot/bar.png?y=1,2&stat=sum", headers={"accept": "application/json"})
    (error,) = response.json()["errors"]
    assert error["parameter"] == "stat"
    assert "source" in error["message"]


def test_stat_is_refused_by_kinds_that_draw_single_rows(client: Client, source: Any) -> None:
    source("sales", lambda: SALES)
    url = "/plot/hist.png?source=sales&x=sold&stat=sum"
    response = client.get(url, headers={"accept": "application/json"})
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == "stat"


@pytest.mark.parametrize("rows", [[], [{"day": None, "sold": None}]], ids=["none", "gaps"])
def test_no_rows_are_drawn_as_an_empty_plot(client: Client, source: Any, rows: list[Any]) -> None:
    source(
        "sales",
        lambda: {"day": [row["day"] for row in rows], "sold": [row["sold"] for row in rows]},
    )
    url = "/plot/line.png?source=sales&x=day&y=sold&stat=sum&bin=month&filter=sold__gte:1"
    assert client.get(url).status_code == 200


@override_settings(PLOTS={"MAX_AGE": 600, "SOURCE_AGE": 60})
def test_age_of_a_source(client: Client, source: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    values = [1.0, 2.0]
    source("slow", lambda: {"n": values}, version=None, age=300)
    source("fast", lambda: {"n": values}, version=None, age=0)
    source("other", lambda: {"n": values}, version=None)
    source("known", lambda: {"n": values}, age=0)  # the version takes precedence over the age
    ages = {
        name: client.get(f"/plot/line.csv?source={name}&y=n")["Cache-Control"]
        for name in ("slow", "fast", "other", "known")
    }
    assert [each.split(",")[1] for each in ages.values()] == [
        " max-age=300", " max-age=0", " max-age=60", " max-age=600"
    ]  # fmt: skip
    values.append(3.0)
    assert "3" not in client.get("/plot/line.csv?source=slow&y=n").content.decode()
    # The first request for an old image gets it and starts another rendering.
    client.get("/plot/line.csv?source=fast&y=n")
    assert "3" in client.get("/plot/line.csv?source=fast&y=n").content.decode()


def test_groups_are_ordered_by_name(client: Client, source: Any) -> None:
    source("sales", lambda: SALES)
    parameters = "/plot/bar.csv?source=sales&x=town&stat=count&order=-town"
    assert client.get(parameters).content.decode().split() == [
        "town,Count",
        "Ulm,2",
        "Køge,1",
        ",1",
    ]


@pytest.mark.django_db
def test_unknown_source_is_the_only_error(client: Client) -> None:
    url = "/plot/line.png?source=nowhere&x=day&y=sold&stat=sum"
    response = client.get(url, headers={"accept": "application/json"})
    assert response.status_code == 404
    assert [error["parameter"] for error in response.json()["errors"]] == ["source"]
