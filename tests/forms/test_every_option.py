"""Every option of every kind: each value changes the picture, and invalid values are rejected."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.test import Client

from plots.errors import PlotError
from plots.spec.registry import Kind, kinds
from tests.helpers import problems
from tests.measure import described, drawn

Parameters = dict[str, Any]

OPTIONS = [(kind, name) for kind in kinds for name in kind.options.base_fields]
# Parameters for options that do not change the example of their kind.
FITTING: dict[tuple[str, str], Parameters] = {
    ("area", "baseline"): {"y2": []},
    ("formula", "expr"): {"label": []},
    ("barbs", "zlabel"): {"colormap": "viridis"},
    ("contour", "zlabel"): {"labels": "0"},
    ("hist", "mode"): {"x": ["1,2,3,4", "2,3,3,5"]},
    ("quiver", "colormap"): {"zlabel": ""},
    ("scatter", "colormap"): {"x": "1,2,3", "y": "1,2,3", "color": "1,2,3", "by": []},
    ("scatter", "center"): {"x": "1,2,3", "y": "1,2,3", "color": "1,2,3", "by": []},
    ("stairs", "baseline"): {"fill": "1"},
    ("stream", "colormap"): {"zlabel": ""},
}
# Formats that write every number differently.
ALIKE = {"zformat": ["percent", "of-100", "usd", "krw"]}
# Values of options that cannot be derived from their fields.
VALUES: dict[tuple[str, str], list[str]] = {
    ("contour", "vmin"): ["300"],
    ("contour", "vmax"): ["500"],
    ("contourf", "vmin"): ["300"],
    ("formula", "expr"): ["tan(x)"],
    ("bar", "lines"): ["2", "Online"],
    ("barbs", "flag"): ["20"],
    ("gauge", "thresholds"): ["50"],
    ("tricontour", "vmax"): ["30"],
}


def values_of(kind: Kind, name: str) -> list[str]:
    """Values of an option, other than its default."""
    field: Any = kind.options.base_fields[name]
    initial = field.initial
    if (kind.name, name) in VALUES:
        return VALUES[kind.name, name]
    if name in ALIKE:
        return ALIKE[name]
    if name == "center":
        return ["3", "none"]
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        same = ("auto", "viridis") if initial == "auto" else (initial or "",)
        return [str(choice) for choice, _ in choices if choice not in same]
    if isinstance(field, forms.BooleanField):
        return ["0" if initial else "1"]
    if isinstance(field, (forms.FloatField, forms.IntegerField)):
        bounds: list[Any] = [field.min_value, field.max_value]
        near = [each for each in bounds if each is not None and each != initial and abs(each) < 1e6]
        return [str(each) for each in near or (2, 3)]
    return ["Some text"]


@pytest.mark.parametrize(("kind", "name"), OPTIONS, ids=described)
def test_every_value_of_an_option_changes_the_picture(kind: Kind, name: str) -> None:
    """A value that the data leave nothing to draw for is rejected with a reason."""
    given = {**kind.example, **FITTING.get((kind.name, name), {})}
    given.pop(name, None)
    given |= {"colormap": "RdBu"} if name == "center" else {}
    default = None if name == "expr" else drawn(kind, given)
    pictures = []
    for value in values_of(kind, name):
        try:
            pictures.append(drawn(kind, given | {name: value}))
        except PlotError as error:
            assert error.parameter == name, error
        else:
            assert pictures[-1] != default, f"{name}={value} draws what its default does"
    assert pictures


@pytest.mark.parametrize(("kind", "name"), OPTIONS, ids=described)
def test_invalid_values_of_an_option_are_rejected(kind: Kind, name: str, client: Client) -> None:
    field: Any = kind.options.base_fields[name]
    wrong = ["\x01", "x" * 20_000]
    if isinstance(field, (forms.FloatField, forms.IntegerField)):
        wrong += ["many", "1e999", "nan"]
        low: Any = field.min_value
        high: Any = field.max_value
        assert None not in (low, high), "a number needs bounds"
        wrong += [repr(low - 1)] if low > -1e300 else []
        wrong += [repr(high + 1)] if high < 1e300 else []
    elif isinstance(field, forms.ChoiceField):
        wrong += ["none of these"]
    if isinstance(field, forms.BooleanField):
        return  # any text means yes
    path = f"/plot/{kind.name}.png"
    for value in wrong:
        given = {**kind.example, **FITTING.get((kind.name, name), {}), name: value}
        assert name in [parameter for parameter, _ in problems(client, path, given)], value[:20]
