"""Formulas of x from strangers: a closed grammar, parsed and worked out, never evaluated as code.

An expression is made of numbers, x, pi, e, ``+ - * / % **``, brackets and the functions below.
Every step is one NumPy ufunc on float64, so that no number can grow without bound.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from plots.errors import PlotError, nearest

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[np.float64]]

MOST_CHARACTERS = 200
DEEPEST = 100  # brackets, functions and operators inside one another

# Our names to NumPy's; those that take several arguments join them two by two.
FUNCTIONS = {
    "sin": "sin", "cos": "cos", "tan": "tan", "asin": "arcsin", "acos": "arccos",
    "atan": "arctan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "exp": "exp",
    "log": "log", "ln": "log", "log2": "log2", "log10": "log10", "sqrt": "sqrt", "cbrt": "cbrt",
    "abs": "absolute", "sign": "sign", "floor": "floor", "ceil": "ceil", "round": "rint",
}  # fmt: skip
JOINING = {"min": "fmin", "max": "fmax"}
OPERATORS = {
    ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide",
    ast.Mod: "remainder", ast.Pow: "power", ast.USub: "negative", ast.UAdd: "positive",
}  # fmt: skip
CONSTANTS = {"pi": 3.141592653589793, "e": 2.718281828459045}
VALUES = {"x", *CONSTANTS}
CALLABLE = {**FUNCTIONS, **JOINING}
KNOWN = f"Known are x, pi, e and {', '.join(sorted(CALLABLE))}."

_TOKEN = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+(?![\w.]))?)"
    r"|(?P<name>[A-Za-z_]\w*)|(?P<mark>\*\*|[-+*/%(),])",
    re.ASCII,
)


@dataclass(frozen=True)
class Expression:
    """A formula of x. Called with float64 of any shape, it returns as many; NaN where it has none.

    What is infinite, or not a real number such as ``sqrt(-1)``, is returned as NaN too.
    """

    text: str
    tree: ast.expr

    def __call__(self, x: Numbers) -> Numbers:
        import numpy as np

        with np.errstate(all="ignore"):
            y = np.array(np.broadcast_to(_work_out(self.tree, x), x.shape), dtype="float64")
        y[~np.isfinite(y)] = np.nan
        return y


def parse(text: str, parameter: str) -> Expression:
    """The expression that ``text`` spells; a PlotError that says where it does not."""
    text = text.strip()
    if len(text) > MOST_CHARACTERS:
        message = f"This is {len(text)} characters long; at most {MOST_CHARACTERS} are read."
        raise PlotError(message, "too-long-text", parameter)
    try:
        _check_tokens(text)
        tree = ast.parse(text, mode="eval").body
        _check(tree)
    except _Mistake as mistake:
        message = f"{mistake.message} (column {mistake.column})"
        raise PlotError(f"{message}.{mistake.hint}", "invalid-expression", parameter) from None
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = getattr(error, "offset", None) or 1
        message = f"This cannot be read from column {column} on: {_shown(text, column)}."
        raise PlotError(message, "invalid-expression", parameter) from None
    return Expression(text, tree)


class _Mistake(Exception):
    def __init__(self, message: str, column: int, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.column, self.hint = message, column, hint and f" {hint}"


def _shown(text: str, column: int) -> str:
    return f"“{text[column - 1 :][:30]}”" if column <= len(text) else "it ends too early"


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """The sort, the text and the column, from 1, of each token."""
    end = 0
    while end < len(text):
        if text[end] == " ":
            end += 1
            continue
        match = _TOKEN.match(text, end)
        if match is None:
            hint = "Write ** for a power." if text[end] == "^" else ""
            raise _Mistake(f"“{text[end]}” has no meaning here", end + 1, hint)
        yield str(match.lastgroup), match[0], end + 1
        end = match.end()


def _check_tokens(text: str) -> None:
    """Refuse what ``ast`` would understand otherwise than a reader of formulas, or says badly."""
    opened: list[int] = []
    before, is_value = "", False  # the token in front, and whether a value ends with it
    for sort, token, column in _tokens(text):
        if sort == "name" and token not in VALUES and token not in CALLABLE:
            raise _unknown(token, column)
        if is_value and (sort != "mark" or token == "("):
            raise _Mistake("An operator is missing", column, "Write * between factors.")
        if before in CALLABLE and token != "(":
            raise _uncalled(before, column)
        if token == "(":
            opened.append(column)
        elif token == ")":
            if not opened:
                raise _Mistake("This bracket was never opened", column)
            opened.pop()
        before, is_value = token, sort == "number" or token in VALUES or token == ")"
    if before in CALLABLE:
        raise _uncalled(before, len(text) + 1)
    if not is_value and before != "(":
        raise _Mistake("The expression ends too early", len(text) + 1, "Write one such as sin(x).")
    if opened:
        raise _Mistake("This bracket is not closed", opened[-1])


def _unknown(name: str, column: int) -> _Mistake:
    match = nearest(name, [*VALUES, *CALLABLE])
    hint = f"Did you mean “{match}”? {KNOWN}" if match else KNOWN
    return _Mistake(f"“{name[:40]}” is not known", column, hint)


def _uncalled(name: str, column: int) -> _Mistake:
    return _Mistake(f"{name} needs brackets", column, f"Write {name}(x).")


def _check(node: ast.expr, depth: int = 1) -> None:
    """Refuse every sort of node but those that ``_work_out`` knows."""
    column = node.col_offset + 1
    if depth > DEEPEST:
        message = f"More than {DEEPEST} brackets and operators are inside one another"
        raise _Mistake(message, column)
    for operand in _operands(node, column):
        _check(operand, depth + 1)


def _operands(node: ast.expr, column: int) -> list[ast.expr]:
    match node:
        case ast.Constant(value=float() | int()) | ast.Name():
            return []
        case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
            return [operand]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return [left, right]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            if name in FUNCTIONS and len(arguments) != 1:
                raise _Mistake(f"{name} takes one value", column, f"It has {len(arguments)}.")
            if name in JOINING and len(arguments) < 2:
                raise _Mistake(f"{name} takes two values or more", column)
            return arguments
    raise _Mistake("Only + - * / % ** and functions may join values", column)


def _work_out(node: ast.expr, x: Numbers) -> Any:
    import numpy as np

    ufunc: Callable[..., Any]
    match node:
        case ast.Constant(value=value):
            return np.float64(value)  # type: ignore[arg-type]  # _check let numbers through only
        case ast.Name(id=name):
            return x if name == "x" else np.float64(CONSTANTS[name])
        case ast.UnaryOp(op=op, operand=operand):
            return getattr(np, OPERATORS[type(op)])(_work_out(operand, x))
        case ast.BinOp(left=left, op=op, right=right):
            ufunc = getattr(np, OPERATORS[type(op)])
            return ufunc(_work_out(left, x), _work_out(right, x))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            ufunc = getattr(np, CALLABLE[name])
            return (
                reduce(ufunc, values) if len(values := _all(arguments, x)) > 1 else ufunc(*values)
            )
    raise AssertionError(node)


def _all(nodes: list[ast.expr], x: Numbers) -> list[Any]:
    return [_work_out(node, x) for node in nodes]
