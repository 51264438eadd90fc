"""Images."""

from __future__ import annotations

import numpy as np
from django.test import Client

from tests.gridded import Z, mapped
from tests.helpers import problems
from tests.measure import axes_of


def test_image_draws_its_numbers() -> None:
    drawn = mapped("image", z="1,2;3,;5,6", x="10,20", y="1,2,3")
    assert np.ma.filled(drawn.get_array(), -1).tolist() == [[1, 2], [3, -1], [5, 6]]
    assert list(drawn.get_extent()) == [5, 25, 0.5, 3.5]
    assert drawn.origin == "lower"


def test_image_of_one_number_row_and_column() -> None:
    assert list(mapped("image", z="7").get_extent()) == [-0.5, 0.5, -0.5, 0.5]
    assert list(mapped("image", z="7,8").get_extent()) == [-0.5, 1.5, -0.5, 0.5]
    assert list(mapped("image", z="7;8").get_extent()) == [-0.5, 0.5, -0.5, 1.5]


def test_image_options() -> None:
    drawn = mapped("image", z=Z, interpolation="bicubic", colormap="magma")
    assert (drawn.get_interpolation(), drawn.get_cmap().name) == ("bicubic", "magma")
    assert axes_of("image", z=Z, origin="upper").yaxis.get_inverted()
    assert not axes_of("image", z=Z).yaxis.get_inverted()


def test_images_need_even_spacing(client: Client) -> None:
    for query, found in (
        ({"x": "1,2,4"}, ("x", "uneven")),
        ({"x": "1,2,3", "xscale": "log"}, ("xscale", "invalid-scale")),
        ({"yscale": "symlog"}, ("yscale", "invalid-scale")),
    ):
        assert problems(client, "/plot/image.png", {"z": Z} | query) == [found]
