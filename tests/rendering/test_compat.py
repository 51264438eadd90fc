"""Every kind draws with the matplotlib that is installed, with an unknown one, and with 3.10."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from matplotlib import font_manager
from matplotlib.axis import Axis
from matplotlib.text import Text

from plots.rendering import compat
from plots.spec.registry import kinds

ROOT = Path(__file__).parents[2]
OLDEST = ROOT / ".venv-oldest"

# Draws every kind's example in every format, SVG twice. Prints the version, whether the fallback
# drew, what failed, which SVG differ, and by how much a PNG differs from its reference at most: the
# part of its pixels in which a colour is another by more than a quarter.
DRAW_ALL = """
import json, sys
import matplotlib

if version := sys.argv[1]:
    matplotlib.__version__ = version

import django
django.setup()
from dataclasses import replace

import numpy as np
from plots.rendering import compat
from plots.rendering.axes.axes import PlotAxes
from plots.rendering.figure_pool import take
from plots.rendering.render import render
from plots.spec.formats import FORMATS
from plots.spec.plot_spec import Frame
from tests.references import path_of, pixels_of, references

failed, unstable, apart = {}, [], {}
for name, spec in references().items():
    if name != spec.kind:
        continue
    for format in (each for each, about in FORMATS.items() if about.is_picture):
        try:
            content = render(replace(spec, format=format)).content
        except Exception as error:
            failed[f"{name}.{format}"] = repr(error)
            continue
        if format == "svg" and render(replace(spec, format=format)).content != content:
            unstable.append(name)
        if format == "png":
            drawn, expected = (
                pixels_of(each).astype(int) for each in (content, path_of(name).read_bytes())
            )
            assert drawn.shape == expected.shape
            apart[name] = (np.abs(drawn - expected).max(axis=2) > 64).mean()
figure, ax = take(Frame())
print(json.dumps({
    "version": matplotlib.__version__, "stock": compat.STOCK, "failed": failed,
    "unstable": unstable, "apart": max(apart.values()), "drawn": len(apart),
    "axis": type(ax.xaxis).__module__, "renderer": type(figure.canvas.get_renderer()).__name__,
}))
"""


def draw_all(version: str = "", *paths: Path) -> dict[str, Any]:
    """Draw everything with matplotlib from ``paths``, which says that it is ``version``."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", DRAW_ALL, version],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONPATH": os.pathsep.join(map(str, [*paths, ROOT])),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_the_installed_matplotlib_is_tested() -> None:
    assert compat.missing() == []
    assert not compat.STOCK


def test_an_unknown_matplotlib_draws_every_kind_with_its_own_classes() -> None:
    report = draw_all("99.1.0")
    assert (report["version"], report["stock"]) == ("99.1.0", True)
    assert (report["axis"], report["renderer"]) == ("matplotlib.axis", "StockRenderer")
    assert (report["failed"], report["unstable"]) == ({}, [])
    assert report["drawn"] == len(list(kinds)) and report["apart"] < 0.002


def test_the_oldest_matplotlib_draws_every_kind() -> None:
    if not OLDEST.exists():
        missing = f"{OLDEST.name} is missing: run `make {OLDEST.name}/stamp`"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    report = draw_all("", OLDEST)
    assert report["version"].startswith("3.10.") and report["stock"]
    assert (report["failed"], report["unstable"]) == ({}, [])
    assert report["drawn"] == len(list(kinds))


@pytest.mark.parametrize(
    ("owner", "name"),
    [(Text, "_get_layout"), (Axis, "_update_ticks"), (font_manager, "FontPath")],
)
def test_a_name_that_is_gone_is_missed(
    owner: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(owner, name)
    assert compat.missing() == [name]


def test_an_attribute_of_instances_that_is_gone_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        compat, "MENTIONED", ((Text.set_x, "_x"), (Text.set_x, "_gone"), (Text.get_text, "_text"))
    )
    assert compat.missing() == ["_gone"]


@pytest.mark.parametrize(
    ("version", "tested"), [("3.11.0", True), ("3.11.2", True), ("3.10.9", False), ("3.1", False)]
)
def test_other_patch_releases_of_a_tested_version_are_tested(version: str, tested: bool) -> None:
    assert compat.is_tested(version) is tested
    assert compat.is_tested(matplotlib.__version__)
