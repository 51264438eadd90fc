"""Registering kinds and sources, and what is wrong at start-up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

import plots
from plots.spec.registry import Registry, kinds, sources


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ImproperlyConfigured, match="'line' is registered already"):
        plots.kind("line")(lambda ax, data: None)
    with pytest.raises(ImproperlyConfigured, match="'days' is registered already"):
        plots.source("days", visibility="public")(lambda: {})


@pytest.mark.parametrize("name", ["", "Line", "a b", "1st", "a.png", "a/b", "x" * 51])
def test_names_that_are_refused(name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="small letters"):
        plots.kind(name)(lambda ax, data: None)
    assert name not in kinds


def test_built_in_kinds_are_registered() -> None:
    assert {"line", "scatter", "bar", "hist", "normal"} <= {kind.name for kind in kinds}
    assert isinstance(sources, Registry)
    assert all(kind.description.endswith(".") for kind in kinds)
    assert all(source.description.endswith((".", ")")) for source in sources), [
        s.description for s in sources
    ]


def test_kinds_of_an_app_are_found_and_a_broken_module_is_an_error(
    tmp_path: Path,
) -> None:
    app = tmp_path / "shop"
    app.mkdir()
    (app / "__init__.py").touch()
    (app / "plots.py").write_text(
        "import plots\n"
        "@plots.kind('steps', channels=plots.XY)\n"
        "def steps(ax, data):\n"
        "    '''A staircase.'''\n"
        "    ax.step(data.series[0].x, data.series[0].y)\n"
    )
    program = (
        "from django.conf import settings\n"
        "import django, sys\n"
        "DJANGO = ['django.contrib.contenttypes', 'django.contrib.auth']\n"
        "settings.configure(INSTALLED_APPS=[*DJANGO, 'plots', 'shop'], USE_TZ=True,\n"
        "    DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}})\n"
        "django.setup()\n"
        "from plots.forms.parameters_to_spec import plot_spec\n"
        "from plots.delivery.deliver import deliver\n"
        "assert deliver(plot_spec('steps', y=[1, 2])).content[:4] == b'\\x89PNG'\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )

    def run() -> subprocess.CompletedProcess[str]:
        path = [str(tmp_path), str(Path(plots.__file__).parents[1])]
        program_ = f"import sys; sys.path[:0] = {path!r}\n{program}"
        return subprocess.run([sys.executable, "-c", program_], capture_output=True, text=True)

    good = run()
    assert good.returncode == 0, good.stderr
    (app / "plots.py").write_text("import nothing_of_this_name\n")
    broken = run()
    assert broken.returncode != 0
    assert "nothing_of_this_name" in broken.stderr
