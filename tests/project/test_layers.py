"""The layers of the packages, and what only ``plots.rendering`` may use."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATHS = sorted(
    path
    for name in ("plots", "plotsite")
    for path in (ROOT / name).rglob("*.py")
    if "migrations" not in path.parts
)

# From the bottom up. A package imports only packages that are listed above it.
BOTTOM = ("conf", "errors", "i18n", "permissions", "metrics")
PACKAGES = (
    "values", "text", "spec", "sources", "data", "description", "forms", "kinds", "rendering",
    "delivery", "http", "api", "catalog", "integrations", "templatetags",
)  # fmt: skip
# An optional app imports the core and the apps named here, never the reverse.
OPTIONAL: dict[str, tuple[str, ...]] = {"presets": (), "datasets": (), "boards": ("presets",)}


def name_of(path: Path) -> str:
    """Return the dotted name of the module at ``path``."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in PATHS}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def statements(name: str) -> Iterator[tuple[str, ast.stmt]]:
    """Yield the full names that a module imports anywhere, with the import statements."""
    package = name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            above = parts[: len(parts) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from ((f"{base}.{alias.name}", node) for alias in node.names)


def imports(name: str) -> set[str]:
    """Return the modules of the project that a module imports, in functions and for types too."""
    found = set()
    for full, _ in statements(name):
        target = full if full in MODULES else full.rpartition(".")[0]
        if target in MODULES:
            found.add(target)
    return found - {name}


def layer_of(name: str) -> int:
    """Return the layer of a module of the core, counted from the bottom."""
    part = name.split(".")[1]
    if part in BOTTOM:
        return 0
    return PACKAGES.index(part) + 1 if part in PACKAGES else len(PACKAGES) + 1


def test_no_import_cycle() -> None:
    # TopologicalSorter raises CycleError, which lists the modules of the cycle.
    tuple(TopologicalSorter({name: imports(name) for name in MODULES}).static_order())


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("plots.")])
def test_imports_follow_the_layers(name: str) -> None:
    part = name.split(".")[1]
    for target in sorted(imports(name)):
        root, *rest = target.split(".")
        assert root != "plotsite", f"{name} imports the example site: {target}"
        if not rest:  # the public names of plots
            continue
        if part in OPTIONAL:
            others = set(OPTIONAL) - {part, *OPTIONAL[part]}
            assert rest[0] not in others, f"{name} imports {target}"
        else:
            assert rest[0] not in OPTIONAL, f"{name} imports the optional app {target}"
            assert layer_of(target) <= layer_of(name), f"{name} imports {target}"


def test_packages_are_small() -> None:
    counts = Counter(path.parent for path in PATHS if path.name != "__init__.py")
    for folder, count in counts.items():
        most = 15 if folder == ROOT / "plots" else 10
        assert count <= most, f"{folder.relative_to(ROOT)} has {count} modules"


def lines_of(node: ast.stmt) -> int:
    """Return how many lines a statement spans."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("folder", ["plots", "plotsite", "tests", "benchmarks"])
def test_modules_and_functions_are_short(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 300, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                docstring = lines_of(node.body[0]) if ast.get_docstring(node) else 0
                assert lines_of(node) - docstring <= 40, f"{path}: {node.name}"


@pytest.mark.parametrize("name", MODULES)
def test_no_global_state_of_matplotlib_is_used(name: str) -> None:
    forbidden = {"pyplot", "rcParams", "rc_context", "rcParamsDefault", "rcdefaults", "pylab"}
    if name == "plots.delivery.worker_process":
        forbidden -= {"rcParams", "rcParamsDefault"}
    for node in ast.walk(TREES[name]):
        named = {getattr(node, field, None) for field in ("id", "attr", "name")}
        named |= set(str(getattr(node, "module", "")).split("."))
        assert not named & forbidden, f"{name}: {ast.unparse(node)}"
        if isinstance(node, ast.Attribute) and node.attr in ("use", "rc"):
            assert ast.unparse(node.value) not in ("matplotlib", "mpl"), name
    for full, _ in statements(name):
        assert full not in ("matplotlib.use", "matplotlib.rc"), name
        assert not set(full.split(".")) & forbidden, f"{name} imports {full}"


@pytest.mark.parametrize("name", MODULES)
def test_only_rendering_imports_matplotlib_at_module_level(name: str) -> None:
    if name.startswith("plots.rendering."):
        return
    for full, node in statements(name):
        assert not (node in TREES[name].body and full.split(".")[0] == "matplotlib"), name
