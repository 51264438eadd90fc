"""The examples in the catalogue."""

from __future__ import annotations

from typing import Any

import pytest

from plots.forms.parameters_to_spec import read_spec
from plots.rendering.render import render
from plots.spec.registry import kinds
from tests.measure import axes_of, layout_problems


@pytest.mark.parametrize("kind", list(kinds), ids=lambda kind: kind.name)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_examples_have_a_clean_layout(kind: Any, theme: str) -> None:
    for width, height in (("640", "480"), ("320", "240"), ("160", "100"), ("16", "16")):
        frame = {"width": width, "height": height, "theme": theme}
        assert layout_problems(axes_of(kind.name, **kind.example, **frame).figure) == []


def test_each_option_changes_the_picture() -> None:
    """Each option of a kind has an effect."""
    data: dict[str, dict[str, Any]] = {
        "line": {"y": "1,3,,2", "marker": "square"},
        "hist": {"x": ["1,2,2,5", "1,1,4,4"]},
    }
    data |= {"scatter": {"y": "1,3,2"}, "bar": {"y": ["1,3", "2,2"]}, "normal": {"seed": "1"}}
    others = {"bins": "3", "n": "5", "seed": "2", "mean": "9", "variance": "9", "alpha": "0.3"}
    others |= {"markersize": "30", "linewidth": "9", "density": "1", "cumulative": "1"}
    others |= {"marker": "star", "linestyle": "dotted", "mode": "stacked"}
    data["scatter"] |= {"color": "1,2,3", "colormap": "RdBu"}
    others |= {"colormap": "magma", "orientation": "horizontal", "values": "1", "steps": "after"}
    others |= {"lines": "2", "center": "2"}
    for name, given in data.items():
        lists = {key: value if isinstance(value, list) else [value] for key, value in given.items()}
        plain = render(read_spec(name, lists)).content
        for option in kinds.get(name).options.base_fields:
            changed = render(read_spec(name, lists | {option: [others[option]]})).content
            assert changed != plain, f"{name}: {option}"
