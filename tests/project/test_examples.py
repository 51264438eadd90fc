"""The examples in docstrings."""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from matplotlib.figure import Figure

import plots
from plots.data.loading import load
from plots.shortcuts import plot_spec
from plots.spec.registry import kinds, sources

ROOT = Path(plots.__file__).parent
MODULES = [
    ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted(ROOT.rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]
NAMES = {"Figure": Figure, "load": load, "plot_spec": plot_spec, "plots": plots}


@pytest.fixture(autouse=True)
def unregister_examples() -> Iterator[None]:
    """Unregister the kinds and sources of the examples."""
    before = {registry: {entry.name for entry in registry} for registry in (kinds, sources)}
    yield
    for registry, names in before.items():
        for name in {entry.name for entry in registry} - names:
            registry.unregister(name)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name: str) -> None:
    results = doctest.testmod(import_module(name), extraglobs=NAMES)
    assert results.attempted and not results.failed
