"""Every kind's example, pixel by pixel as it was when somebody last looked at it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from django.conf import settings as site
from django.test import override_settings
from matplotlib import ft2font
from PIL import Image

from plots.delivery import renderers
from plots.rendering.render import render
from plots.spec.registry import kinds
from tests.references import FOLDER, path_of, pixels_of, references

ROOT = FOLDER.parent.parent
SEEN = ROOT / "screenshots" / "references"  # what was drawn instead, for somebody to look at
NAMES = sorted(references())


def differences(reference: str, png: bytes) -> str | None:
    """What is wrong with the picture ``png``, or None; then SEEN shows it."""
    path = path_of(reference)
    if not path.exists():
        return f"{path.relative_to(ROOT)} is missing: `make references`, look at it, commit it"
    expected, actual = pixels_of(path.read_bytes()), pixels_of(png)
    if expected.shape == actual.shape and (expected == actual).all():
        return None
    SEEN.mkdir(parents=True, exist_ok=True)
    (SEEN / f"{reference}.png").write_bytes(png)
    if expected.shape != actual.shape:
        what = f"is {actual.shape[1]} × {actual.shape[0]}"
    else:
        apart = (expected != actual).any(axis=2)
        Image.fromarray(np.where(apart, 0, 255).astype("uint8")).save(
            SEEN / f"{reference}-difference.png"
        )
        what = f"has {apart.sum()} other pixels"
    return (
        f"{reference} {what} than {path.relative_to(ROOT)}: see it, and where they differ, in "
        f"{SEEN.relative_to(ROOT)}/. If it is better now, accept it with `make references`."
    )


@pytest.fixture(scope="module", autouse=True)
def pinned_matplotlib() -> None:
    """Another version, or another FreeType, draws other pixels without being wrong."""
    pinned = re.search(r"^matplotlib==(.+)$", (ROOT / "requirements.txt").read_text(), re.M)
    assert pinned and matplotlib.__version__ == pinned[1], (
        f"The references are drawn by matplotlib {pinned and pinned[1]}, as requirements.txt pins "
        f"it; {matplotlib.__version__} is installed. Install that, or draw them anew."
    )
    assert ft2font.__freetype_build_type__ == "local", (
        "This matplotlib uses the system's FreeType; the references are drawn by the one that "
        "matplotlib's own wheels bring along. Install the wheel."
    )


def test_every_kind_has_a_reference_and_every_reference_its_kind() -> None:
    assert {kind.name for kind in kinds} <= set(NAMES)
    assert {path.stem for path in FOLDER.glob("*.png")} == set(NAMES)


@pytest.mark.parametrize("reference", NAMES)
def test_a_picture_is_its_reference(reference: str) -> None:
    """After whatever this process drew before."""
    assert not (found := differences(reference, render(references()[reference]).content)), found


def test_the_references_are_few_bytes() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.png")) < 600_000


ELSEWHERE = """
import os, sys, time
time.time = lambda: 2e9  # another day, in 2033
import django
django.setup()
from plots.rendering.render import render
from tests.rendering.test_reference_pictures import NAMES, differences, references

for name in NAMES:
    if not (child := os.fork()):  # a process that has drawn nothing yet
        found = differences(name, render(references()[name]).content)
        print(found or "", end="\\n" if found else "", flush=True)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0, name
"""


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_images_do_not_depend_on_earlier_renders(tmp_path: Path, zone: str) -> None:
    """By a process of another language, place, folder, font list and day."""
    elsewhere = {"TZ": zone, "TIME_ZONE": zone, "LC_ALL": "de_DE.UTF-8", "LANGUAGE_CODE": "de"}
    folders = {"HOME": str(tmp_path), "MPLCONFIGDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        env=os.environ | elsewhere | folders,
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


@pytest.mark.xdist_group("pool")
@pytest.mark.django_db
def test_a_picture_is_the_same_from_the_pool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the machine's owner likes lines and type to be elsewhere."""
    liked = tmp_path / "matplotlibrc"
    liked.write_text("lines.linewidth: 9\nfont.size: 30\naxes.linewidth: 5\npath.simplify: False\n")
    monkeypatch.setenv("MATPLOTLIBRC", str(liked))
    with override_settings(PLOTS={**site.PLOTS, "PROCESSES": 1}):
        try:
            drawn = {name: renderers.renderer().render(references()[name]) for name in NAMES}
        finally:
            renderers.close()
    assert not [found for name in NAMES if (found := differences(name, drawn[name].content))]
