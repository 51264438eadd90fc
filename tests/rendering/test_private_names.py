"""Only plots/rendering/compat.py uses matplotlib's private names.

Two rules make that sure:

- In every module that imports matplotlib, and in all of rendering and the kinds, which are handed
  its objects, an attribute with a leading underscore is read or set on ``self``, ``cls`` or
  ``super()`` alone, also with ``getattr`` and its like. No module or name with a leading underscore
  is imported from matplotlib. Only the public methods of named tuples are excepted.
- The classes that inherit from matplotlib are imported and inspected: none of the private names in
  their own code, as methods or as attributes of ``self``, is one that matplotlib's base classes
  define or mention. This also finds a name that overrides one of matplotlib's by accident.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.text import Text

ROOT = Path(__file__).parents[2]
COMPAT = ROOT / "plots" / "rendering" / "compat.py"
NAMED_TUPLES = {"_asdict", "_fields", "_make", "_replace"}
MODULES = {
    path: ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "plots").rglob("*.py"))
    if path != COMPAT and "migrations" not in path.parts
}


def is_private(name: object) -> bool:
    return isinstance(name, str) and name.startswith("_") and not name.startswith("__")


def imported(tree: ast.AST) -> set[str]:
    """The full names of all that a module imports from matplotlib."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] in ("matplotlib", "mpl_toolkits")}


def is_own(node: ast.expr) -> bool:
    """Whether ``node`` is ``self``, ``cls`` or ``super()``, or the module ``os``."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "super"
    return isinstance(node, ast.Name) and node.id in ("self", "cls", "os")


def private_uses(tree: ast.AST) -> Iterator[str]:
    """The private names that a module imports from matplotlib or uses of other objects."""
    yield from (name for name in imported(tree) if any(map(is_private, name.split("."))))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            name, owner = node.attr, node.value
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("getattr", "setattr", "hasattr", "delattr")
            and isinstance(node.args[1], ast.Constant)
        ):
            name, owner = str(node.args[1].value), node.args[0]
        else:
            continue
        if is_private(name) and name not in NAMED_TUPLES and not is_own(owner):
            yield ast.unparse(node)


def codes_of(thing: Any) -> Iterator[CodeType]:
    """The code of a function, method or property, with that of the functions in it."""
    if isinstance(thing, property):
        yield from (each for part in (thing.fget, thing.fset) if part for each in codes_of(part))
        return
    thing = inspect.unwrap(getattr(thing, "__func__", thing))
    stack = [thing.__code__] if inspect.isfunction(thing) else []
    while stack:
        yield (code := stack.pop())
        stack += [each for each in code.co_consts if isinstance(each, CodeType)]


def private_names(cls: type) -> set[str]:
    """The private names that a class defines, or mentions in its methods."""
    mentioned = {
        name for thing in vars(cls).values() for code in codes_of(thing) for name in code.co_names
    }
    defined = vars(cls).keys() - {"_subclass_uses_cla"}  # matplotlib sets it on each Axes class
    return {name for name in {*defined, *mentioned} if is_private(name)}


def shared_names(cls: type) -> set[str]:
    """The private names in our classes that ``cls`` inherits from, and in matplotlib's too."""
    theirs = [each for each in cls.__mro__ if each.__module__.startswith("matplotlib")]
    ours = [
        each
        for each in cls.__mro__
        if each not in theirs and each.__module__ not in ("builtins", "plots.rendering.compat")
    ]
    return {name for each in ours for name in private_names(each)} & {
        name for each in theirs for name in private_names(each)
    }


def modules_with_classes() -> list[ModuleType]:
    return [
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for path, tree in MODULES.items()
        if imported(tree) and any(isinstance(node, ast.ClassDef) for node in ast.walk(tree))
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_private_name_of_other_objects(path: Path) -> None:
    part = path.relative_to(ROOT / "plots").parts[0]
    if part in ("rendering", "kinds") or imported(MODULES[path]):
        assert list(private_uses(MODULES[path])) == []


def test_no_private_name_of_base_classes() -> None:
    classes = [
        each
        for module in modules_with_classes()
        for each in vars(module).values()
        if isinstance(each, type) and each.__module__ == module.__name__
    ]
    assert len([each for each in classes if issubclass(each, (Artist, RendererBase))]) >= 8
    assert {each.__qualname__: names for each in classes if (names := shared_names(each))} == {}


@pytest.mark.parametrize(
    ("code", "uses"),
    [
        ("ax._left_title", ["ax._left_title"]),
        ("self.ax._left_title = 1", ["self.ax._left_title"]),
        ("getattr(ax, '_left_title', None)", ["getattr(ax, '_left_title', None)"]),
        ("from matplotlib.backends import _backend_agg", ["matplotlib.backends._backend_agg"]),
        ("import matplotlib._path as paths", ["matplotlib._path"]),
        ("self._mine, super()._theirs, cls._x, row._replace(a=1), _('text'), ax.__dict__", []),
    ],
)
def test_private_uses_are_found(code: str, uses: list[str]) -> None:
    assert list(private_uses(ast.parse(code))) == uses


def test_names_shared_with_base_classes_are_found() -> None:
    class Override(Text):
        def _get_layout(self, renderer: Any) -> Any:
            return None

    class Setter(Text):
        def move(self) -> None:
            self._x = self._own = 3

    class Caller(Text):
        @property
        def layout(self) -> Any:
            return super()._get_layout(None)  # type: ignore[misc]

    assert shared_names(Override) == shared_names(Caller) == {"_get_layout"}
    assert shared_names(Setter) == {"_x"}
