"""Rendering leaves the state of the process as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rendering.examples import run

GROWTH = """
import gc
from tests.rendering.examples import EXAMPLES, draw

def resident():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 2**20

def many(count):
    for i in range(count):
        kind = ("line", "bar", "hist", "scatter")[i % 4]
        draw(kind, **EXAMPLES[kind] | {"width": "80", "height": "60", "title": str(i)})

many(300)
before = resident()
many(2000)
print(resident() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads Linux's /proc")
def test_memory_does_not_grow() -> None:
    assert float(run(GROWTH)) < 20


IMPORTS = """
import plots.urls, plots.shortcuts, plots.admin
print([name for name in sys.modules if name.split(".")[0] == "matplotlib"])
"""
STATE = """
import matplotlib
state = lambda: dict(dict.items(matplotlib.rcParams))  # by itself, it imports pyplot to look
before = state()
from tests.rendering.examples import EXAMPLES, PICTURES, draw
for kind in EXAMPLES:
    for format in PICTURES:
        draw(kind, format, theme="dark", **EXAMPLES[kind])
print(state() == before, [n for n in sys.modules if n.endswith("pyplot")])
"""


def test_matplotlib_is_not_imported_before_it_draws() -> None:
    assert run(IMPORTS) == "[]\n"


def test_rendering_does_not_change_global_state() -> None:
    assert run(STATE) == "True []\n"
