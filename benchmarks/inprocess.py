"""Measurements without a server, each in a process of its own.

``python -m benchmarks.inprocess PART`` writes the results to standard output as JSON.
"""

from __future__ import annotations

import gc
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks import rows

POINTS = 100
RENDERS = 5000
SPECS = 200
Numbers = dict[str, float]


def line(seed: int) -> dict[str, list[str]]:
    """Return parameters of a line of 100 points, 800 × 600, which depend on ``seed``."""
    random = Random(seed)
    x = [number / 10 for number in range(POINTS)]
    y = [math.sin(number) + random.random() / 3 for number in x]
    columns = {"x": x, "y": y}
    written = {name: [",".join(f"{v:.4g}" for v in column)] for name, column in columns.items()}
    return written | {"width": ["800"], "height": ["600"]}


def measure(part: str) -> Numbers:
    """Measure ``part`` in a new process."""
    command = [sys.executable, "-m", "benchmarks.inprocess", part]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=900)
    found: Numbers = json.loads(done.stdout)
    return found


def _timed(work: Callable[..., Any], *given: Any) -> float:
    begin = perf_counter()
    work(*given)
    return perf_counter() - begin


def _same_figure() -> Numbers:
    """Measure print_png and our encoder with the same Figure, in seconds."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from plots.data.loading import load
    from plots.forms.parameters_to_spec import read_spec
    from plots.rendering.figure import build
    from plots.rendering.render import render_figure

    theirs, ours = [], []
    for seed in range(40):
        spec = read_spec("line", line(seed))
        figure = build(spec, load(spec))
        render_figure(figure, "png")  # warm-up
        theirs.append(_timed(FigureCanvasAgg(figure).print_png, BytesIO()))
        ours.append(_timed(render_figure, figure, "png"))
    return {"theirs": median(theirs), "ours": median(ours)}


def _bytes() -> Numbers:
    """Measure the size of PNGs of random plots, relative to print_png for the same Figure."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from plots.data.loading import load
    from plots.forms.binding import as_parameters
    from plots.forms.parameters_to_spec import read_spec
    from plots.rendering.figure import build
    from plots.rendering.render import render_figure
    from tests.random_specs import random_plots

    parts = []
    for kind, parameters in random_plots(SPECS, seed=100, sizes=(100, 900)):
        spec = read_spec(kind, as_parameters(parameters))
        figure, theirs = build(spec, load(spec)), BytesIO()
        FigureCanvasAgg(figure).print_png(theirs)
        ours = render_figure(figure, "png").content
        parts.append(len(ours) / len(theirs.getvalue()))
    return {"median": median(parts), "most": max(parts), "count": len(parts)}


def _memory() -> Numbers:
    """Measure the memory of this process after 500 and 5,000 different images, in MiB."""
    from plots.forms.binding import as_parameters
    from plots.forms.parameters_to_spec import read_spec
    from plots.rendering.render import render
    from tests.random_specs import random_plots

    found = {}
    for number, (kind, each) in enumerate(random_plots(RENDERS, seed=200, sizes=(60, 300)), 1):
        render(read_spec(kind, as_parameters(each)))
        if number in (500, RENDERS):
            gc.collect()
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            found[str(number)] = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return found


PARTS = {
    "same-figure": _same_figure,
    "bytes": _bytes,
    "memory": _memory,
    "arrays": rows.of_arrays,
    "points": rows.of_points,
    "table": rows.of_a_table,
    "dataset": rows.of_a_dataset,
}

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    json.dump(PARTS[sys.argv[1]](), sys.stdout)
