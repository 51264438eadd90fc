"""A spec, written as the parameters of a URL and read again, is the same spec, for every kind."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django import forms
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from plots.errors import PlotError
from plots.forms.axis_fields import FormatField, LimitField, OrderField, ReferenceField, ZoneField
from plots.forms.binding import as_parameters, read_query
from plots.forms.fields import ColorsField, SwitchField
from plots.forms.frame import FrameForm
from plots.forms.parameters_to_spec import read_spec
from plots.forms.spec_to_parameters import write_parameters
from plots.http.plot_links import Plot
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import kinds
from plots.values.column_text import write_column
from tests.properties.test_values import days, moments, numbers, words

Parameters = dict[str, list[str]]

values = st.one_of(numbers, days, moments, words)
columns = values.map(lambda value: write_column([value]))
labelled = st.tuples(values, values, words).map(write_column)
OF_FIELDS: dict[type[forms.Field], st.SearchStrategy[str]] = {
    LimitField: columns,
    OrderField: st.lists(words, min_size=1, max_size=3).map(write_column),
    ReferenceField: labelled | columns | st.tuples(values, words).map(write_column),
    ZoneField: st.sampled_from(["Asia/Seoul", "America/St_Johns", "UTC"]),
    FormatField: st.sampled_from(["percent", "usd", "month", "si", "compact", "0.00"]),
    ColorsField: st.lists(st.sampled_from(["red", "0a7d6c", "#abc", "ff00aa80"]), min_size=1).map(
        ",".join
    ),
    SwitchField: st.sampled_from("10"),
    forms.BooleanField: st.sampled_from("10"),
    forms.FloatField: st.floats(-20, 20).map(repr) | st.integers(1, 900).map(str),
    forms.IntegerField: st.integers(1, 900).map(str),
}


def values_of(field: Any) -> st.SearchStrategy[str]:
    """Return values for ``field``, of which some may be invalid."""
    if isinstance(field, forms.ChoiceField) and not isinstance(field, SwitchField):
        return st.sampled_from([str(choice) for choice, _ in field.widget.choices])
    for kind, strategy in OF_FIELDS.items():
        if isinstance(field, kind):
            return strategy
    return words | columns


@st.composite
def specs(draw: st.DrawFn, kind: str) -> PlotSpec:
    """Draw a spec: the example of the kind with other options, as far as they are valid."""
    fields = {**kinds.get(kind).options.base_fields, **FrameForm.base_fields}
    parameters = as_parameters(kinds.get(kind).example)
    spec = read_spec(kind, parameters)
    for name in draw(st.lists(st.sampled_from(sorted(fields)), unique=True, max_size=8)):
        changed = {**parameters, name: [draw(values_of(fields[name]))]}
        try:
            spec, parameters = read_spec(kind, changed), changed
        except PlotError:
            continue
    return spec


@pytest.mark.parametrize("kind", [kind.name for kind in kinds])
@given(data=st.data())
def test_a_spec_is_read_from_its_url(kind: str, data: st.DataObject) -> None:
    spec = data.draw(specs(kind))
    url = urlsplit(Plot(spec, trusted=False).url("png", revision=False))
    assert url.path == f"/plot/{kind}.png"
    parameters = read_query(dict(QueryDict(url.query).lists()), kind)
    again = read_spec(kind, parameters)
    assert again == spec
    assert again.digest == spec.digest
    assert write_parameters(again) == write_parameters(spec)


@pytest.mark.parametrize(
    "data",
    [
        {"x": numbers, "y": numbers},
        {"x": days, "y": numbers},
        {"x": moments, "y": numbers},
        {"x": words, "y": numbers},
    ],
    ids=["numbers", "days", "moments", "words"],
)
@given(draw=st.data(), count=st.integers(1, 12), series=st.integers(1, 3))
def test_data_are_read_from_their_url(
    data: dict[str, Any], draw: st.DataObject, count: int, series: int
) -> None:
    def column(values: st.SearchStrategy[Any]) -> str:
        gaps = st.none() | values if values is numbers else values
        return write_column(draw.draw(st.lists(gaps, min_size=count, max_size=count)))

    parameters = {"x": [column(data["x"])], "y": [column(data["y"]) for _ in range(series)]}
    spec = read_spec("line", parameters)
    url = urlsplit(Plot(spec, trusted=False).url("png", revision=False))
    again = read_spec("line", dict(QueryDict(url.query).lists()))
    assert again == spec and again.digest == spec.digest
