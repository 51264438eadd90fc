"""The unit of a column of money or shares is the format of an axis that shows it."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import Client

from plots.datasets.models import Dataset
from tests.datasets.uploads import ADD, LIST, create_dataset, upload
from tests.measure import axes_of, tick_texts

pytestmark = pytest.mark.django_db

CONTENT = (
    b'city,income,turnout,rent,n\nUlm,"$65,548",42.1%,$700,5\nKiel,"$62,283",66%,$500,7\n'
    b"Bonn,$900,55%,$600,9\n"
)


def ticks(client: Client, query: str, kind: str = "bar") -> str:
    """Draw the picture of a URL. Returns the tick labels of both of its axes."""
    assert client.get(f"/plot/{kind}.png?source=towns&{query}").status_code == 200
    values = QueryDict(f"source=towns&{query}")
    ax = axes_of(kind, **{name: values.getlist(name) for name in values})
    return " ".join([*tick_texts(ax.xaxis), *tick_texts(ax.yaxis)])


def test_axes_show_the_unit_of_their_column(client: Client) -> None:
    create_dataset(CONTENT)
    assert "$60,000" in ticks(client, "x=city&y=income")
    assert "60%" in ticks(client, "x=city&y=turnout")
    assert "$60,000" in ticks(client, "x=income&y=turnout", "scatter")
    assert "$60,000" in ticks(client, "x=city&y=income&orientation=horizontal")
    assert "$60,000" in ticks(client, "x=city&y=income&stat=sum")
    assert "$60,000" in ticks(client, "x=city&y=income&y=rent")


def test_axes_without_one_unit_show_none(client: Client) -> None:
    create_dataset(CONTENT)
    assert "$" not in ticks(client, "x=city&y=n")
    assert "$" not in ticks(client, "x=city&y=income&y=n")
    assert "$" not in ticks(client, "x=city&stat=count")
    assert "$" not in ticks(client, "x=city&y=income&yformat=plain")
    assert "$" not in ticks(client, "x=city&y=income&y=rent&mode=percent")
    assert "$" not in ticks(client, "x=n&y=turnout", "scatter")


def test_preview_and_page_show_the_unit(admin_client: Client) -> None:
    preview = upload(admin_client, ADD, CONTENT).content.decode()
    dataset = create_dataset(CONTENT)
    page = admin_client.get(f"{LIST}{dataset.pk}/change/").content.decode()
    for html in (preview, page):
        assert "number ($)" in html and "number (%)" in html and "number<" in html


def test_datasets_saved_before_there_were_formats_are_drawn(client: Client) -> None:
    dataset = create_dataset(CONTENT)
    assert dataset.columns[1] == ["income", "number", "usd"]
    Dataset.objects.update(columns=[column[:2] for column in dataset.columns])
    old = Dataset.objects.get()
    assert old.dtypes["income"] == "number" and old.formats == {}
    assert "60,000" in ticks(client, "x=city&y=income")
    assert "$" not in ticks(client, "x=city&y=income")
