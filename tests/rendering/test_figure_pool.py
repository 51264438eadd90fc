"""A figure begun while the process was idle becomes what one begun now would have."""

from __future__ import annotations

from plots.data.loading import load
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.rendering import figure_pool
from plots.rendering.figure import build
from plots.rendering.render import prepare_blank, render, warm
from tests.random_specs import random_plots

SPECS = [
    read_spec(kind, as_parameters(each)) for kind, each in random_plots(25, seed=5, sizes=(60, 300))
]


def test_a_picture_is_the_same_with_a_blank_and_without() -> None:
    figure_pool._ready.clear()
    without = [render(spec).content for spec in SPECS]
    for spec, picture in zip(SPECS, without, strict=True):
        prepare_blank()  # of the size of the last, which is another
        assert len(figure_pool._ready) == 1
        assert render(spec).content == picture
        assert not figure_pool._ready


def test_a_blank_is_used_once() -> None:
    prepare_blank()
    prepare_blank()
    figures = [build(spec, load(spec)) for spec in SPECS[:3]]
    assert len({id(figure) for figure in figures}) == 3
    assert [len(figure.axes) for figure in figures] == [1, 1, 1]


def test_warming_up_changes_no_picture() -> None:
    before = [render(spec).content for spec in SPECS[:5]]
    warm()
    assert [render(spec).content for spec in SPECS[:5]] == before
