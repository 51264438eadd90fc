"""Parameters written from a spec are read back as the same spec."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from plots.forms.parameters_to_spec import read_spec
from plots.forms.spec_to_parameters import write_parameters
from plots.spec.plot_spec import Inline
from plots.spec.registry import kinds


@pytest.mark.parametrize(
    "parameters",
    [
        {"y": ["1,2,3"]},
        {"x": ["2024-01-01,2024-01-02"], "y": ["1,"], "xmin": ["2023-12-31"]},
        {"x": ["2024-01-01T10:00,2024-01-01T11:30:15.5"], "y": [",1"], "title": ["a, “b” & c"]},
        {"x": ['"1","2024-01-01","a,b","c""d"," e "'], "y": ["1,2,3,4,5"], "grid": ["0"]},
        {"x": ["a,b,a"], "y": ["1,2,3", "4,5,6"], "label": ["p", "q"], "colors": ["red,0a7d6c80"]},
        {"y": ["1,2,3"], "by": ["1,2,nan"], "legend": ["upper left"], "scale": ["1.5"]},
        {"source": ["stocks"], "x": ["date"], "y": ["IBM", "AAPL"], "since": ["2000"]},
        {"y": ["nan"], "alpha": ["0.25"], "marker": ["star"], "yscale": ["symlog"]},
        {"y": ["1e300,-1.5e-300,0.1,12345678901234567890"]},
    ],
)
def test_written_parameters_are_read_as_the_same_spec(parameters: dict[str, list[str]]) -> None:
    spec = read_spec("line", parameters)
    written = write_parameters(spec)
    again = read_spec("line", written)
    assert again == spec
    assert again.digest == spec.digest
    assert write_parameters(again) == written


@pytest.mark.parametrize("kind", [kind.name for kind in kinds])
def test_defaults_are_not_written(kind: str) -> None:
    example = {
        name: value if isinstance(value, list) else [value]
        for name, value in kinds.get(kind).example.items()
    }
    spec = read_spec(kind, example)
    assert set(write_parameters(spec)) <= set(example)
    assert read_spec(kind, write_parameters(spec)) == spec


def test_data_types_of_values_are_inferred() -> None:
    spec = read_spec("line", {"x": ["2024-02-29,,2024-03-01T12:00"], "y": ["1,,-2.5e1"]})
    assert isinstance(spec.data, Inline)
    assert spec.data.columns["x"] == ((datetime(2024, 2, 29), None, datetime(2024, 3, 1, 12)),)
    assert spec.data.columns["y"] == ((1.0, None, -25.0),)


def test_a_date_and_the_same_text_have_different_digests() -> None:
    as_date = read_spec("line", {"x": ["2024-01-01"], "y": ["1"]})
    as_text = read_spec("line", {"x": ['"2024-01-01"'], "y": ["1"]})
    assert isinstance(as_date.data, Inline) and isinstance(as_text.data, Inline)
    assert as_date.data.columns["x"] == ((date(2024, 1, 1),),)
    assert as_text.data.columns["x"] == (("2024-01-01",),)
    assert as_date.digest != as_text.digest
