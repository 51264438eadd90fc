"""Imports run downwards only, and nothing reaches what matplotlib keeps for a whole process."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(path for name in ("plots", "plotsite") for path in (ROOT / name).rglob("*.py"))

# From the bottom up; a module may import those of its own layer and of the layers below.
LAYERS = (
    "errors conf visibility formats themes columns fields grids facets channels numerals "
    "expressions registry options query references clocks order spec sources source_columns data "
    "picture description hover wrapping faces watch language",
    "kinds",
    "rendering",
    "delivery",
    "forms binding frame_form query_form signing stored history uses models datasets "
    "boards.models migrations",
    "responses recall shortcuts inline notice",
    "views boards admin studio gallery pages widgets related responsive sharing oembed feeds "
    "templatetags middleware management checks urls plots apps health posting openapi",
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names.split()}


def level_of(parts: tuple[str, ...]) -> int:
    """The layer of ``plots.<parts>``; below all, what every app imports: the names of ``plots``."""
    return LEVEL.get(".".join(parts[:2]), LEVEL.get(parts[0], -1))


def imports(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """The full names of all that ``path`` imports, with the statements that do."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*above, *filter(None, [node.module])))
            yield from ((f"{base}.{alias.name}", node) for alias in node.names)


def only_for_types(tree: ast.Module) -> set[ast.stmt]:
    """The statements below ``if TYPE_CHECKING``."""
    return {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
        if isinstance(inner, ast.stmt)
    }


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_module_has_a_layer() -> None:
    known = {"__init__", *LEVEL}
    own = [
        path.relative_to(ROOT / "plots").parts[0]
        for path in MODULES
        if ROOT / "plots" in path.parents
    ]
    unknown = {Path(name).stem for name in own} - known
    assert not unknown, f"give {sorted(unknown)} a layer"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_downwards(path: Path) -> None:
    package, *own = path.relative_to(ROOT).with_suffix("").parts
    if package == "plotsite" or own == ["__init__"]:
        return
    mine = level_of(tuple(own))
    for name, _ in imports(path):
        parts = name.split(".")
        assert parts[0] != "plotsite", f"{name_of(path)} imports the site: {name}"
        if parts[0] == "plots" and len(parts) > 1:
            assert level_of(tuple(parts[1:])) <= mine, f"{name_of(path)} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_of_the_whole_process_is_touched(path: Path) -> None:
    forbidden = {"pyplot", "rcParams", "rc_context", "rcParamsDefault", "rcdefaults", "pylab"}
    if path.name == "worker.py":  # the process is its own, and draws nothing before
        forbidden -= {"rcParams", "rcParamsDefault"}
    for node in ast.walk(ast.parse(path.read_text())):
        named = {getattr(node, field, None) for field in ("id", "attr", "name")}
        named |= set(str(getattr(node, "module", "")).split("."))
        assert not named & forbidden, f"{name_of(path)}: {ast.unparse(node)}"
        if isinstance(node, ast.Attribute) and node.attr in ("use", "rc"):
            assert ast.unparse(node.value) not in ("matplotlib", "mpl"), name_of(path)
    for name, _ in imports(path):
        assert name not in ("matplotlib.use", "matplotlib.rc"), name_of(path)
        assert not set(name.split(".")) & forbidden, f"{name_of(path)} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_rendering_loads_matplotlib(path: Path) -> None:
    if ROOT / "plots" / "rendering" in path.parents:
        return
    tree = ast.parse(path.read_text())
    types = {ast.dump(node) for node in only_for_types(tree)}
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)) and ast.dump(node) not in types:
            names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            assert not [name for name in names if name.split(".")[0] == "matplotlib"], name_of(path)
