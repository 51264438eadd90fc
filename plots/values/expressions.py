"""Formulas of x: a closed grammar that is parsed and evaluated with NumPy, never run as code.

An expression consists of numbers, x, pi, e, ``+ - * / % **``, parentheses and the functions below.
Each step is one NumPy ufunc on float64, which bounds the size of every number.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from plots.errors import PlotError, nearest

Numbers = np.ndarray[Any, np.dtype[np.float64]]

MAX_CHARACTERS = 200
MAX_DEPTH = 100  # nested parentheses, functions and operators

# Names of functions and the NumPy ufuncs that compute them.
FUNCTIONS = {
    "sin": "sin", "cos": "cos", "tan": "tan", "asin": "arcsin", "acos": "arccos",
    "atan": "arctan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "exp": "exp",
    "log": "log", "ln": "log", "log2": "log2", "log10": "log10", "sqrt": "sqrt", "cbrt": "cbrt",
    "abs": "absolute", "sign": "sign", "floor": "floor", "ceil": "ceil", "round": "rint",
}  # fmt: skip
# Functions of two or more arguments, applied from left to right.
VARIADIC_FUNCTIONS = {"min": "fmin", "max": "fmax"}
OPERATORS = {
    ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide",
    ast.Mod: "remainder", ast.Pow: "power", ast.USub: "negative", ast.UAdd: "positive",
}  # fmt: skip
CONSTANTS = {"pi": 3.141592653589793, "e": 2.718281828459045}
VALUES = {"x", *CONSTANTS}
CALLABLE = {**FUNCTIONS, **VARIADIC_FUNCTIONS}
NAMES = ", ".join(["x", "pi", "e", *sorted(CALLABLE)])  # for help texts and messages

_TOKEN = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+(?![\w.]))?)"
    r"|(?P<name>[A-Za-z_]\w*)|(?P<mark>\*\*|[-+*/%(),])",
    re.ASCII,
)


@dataclass(frozen=True)
class Expression:
    """A formula of x.

    Parameters
    ----------
    text : str
        The formula as it was written.
    tree : ast.expr
        Its syntax tree, which holds only the nodes that ``parse`` allows.

    Examples
    --------
    >>> parse("2*x + 1", "expr")(np.array([0.0, 1.0])).tolist()
    [1.0, 3.0]
    """

    text: str
    tree: ast.expr

    def __call__(self, x: Numbers) -> Numbers:
        """Evaluate the formula.

        Parameters
        ----------
        x : ndarray of float64, any shape

        Returns
        -------
        ndarray of float64, the shape of ``x``
            NaN where the result is infinite or not a real number, such as ``sqrt(-1)``.
        """
        with np.errstate(all="ignore"):
            y = np.array(np.broadcast_to(_evaluate(self.tree, x), x.shape), dtype="float64")
        y[~np.isfinite(y)] = np.nan
        return y


def parse(text: str, parameter: str) -> Expression:
    """Parse the formula ``text``.

    Parameters
    ----------
    text : str
        A formula such as ``sin(x) * exp(-x/5)``, at most 200 characters long.
    parameter : str
        The name of the parameter that errors name.

    Raises
    ------
    PlotError
        If ``text`` is not a formula. The message says what is wrong, in which column, and how to
        fix it.
    """
    text = text.strip()
    if len(text) > MAX_CHARACTERS:
        message = _("This formula has %(count)d characters; at most %(most)d are allowed.")
        message %= {"count": len(text), "most": MAX_CHARACTERS}
        raise PlotError(message, "too-long-text", parameter)
    try:
        _check_tokens(text)
        tree = ast.parse(text, mode="eval").body
        _check_node(tree)
    except _FormulaError as error:
        raise PlotError(str(error), "invalid-expression", parameter) from None
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = getattr(error, "offset", None) or 1
        raise PlotError(_unreadable(text, column), "invalid-expression", parameter) from None
    return Expression(text, tree)


class _FormulaError(Exception):
    """A mistake in a formula: ``problem`` without a full stop, its column, and how to fix it."""

    def __init__(self, problem: str, column: int, fix: str = "") -> None:
        message = _("%(problem)s (column %(column)d).") % {"problem": problem, "column": column}
        super().__init__(f"{message} {fix}".rstrip())


def _unreadable(text: str, column: int) -> str:
    if column > len(text):
        return _("The formula ends too early (column %(column)d).") % {"column": column}
    message = _("The formula cannot be read from column %(column)d on: “%(text)s”.")
    return message % {"column": column, "text": text[column - 1 :][:30]}


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """The type, the text and the column, from 1, of each token."""
    end = 0
    while end < len(text):
        if text[end] == " ":
            end += 1
            continue
        match = _TOKEN.match(text, end)
        if match is None:
            problem = _("“%(character)s” is not allowed here") % {"character": text[end]}
            raise _FormulaError(
                problem, end + 1, _("Write ** for a power.") if text[end] == "^" else ""
            )
        yield str(match.lastgroup), match[0], end + 1
        end = match.end()


def _check_tokens(text: str) -> None:
    """Refuse what ``ast`` would read in another way than people do, or reports unclearly."""
    opened: list[int] = []
    before, is_value = "", False  # the token in front, and whether a value ends with it
    for kind, token, column in _tokens(text):
        if kind == "name" and token not in VALUES and token not in CALLABLE:
            raise _unknown_name(token, column)
        if is_value and (kind != "mark" or token == "("):
            problem, fix = _("An operator is missing"), _("Write * between factors.")
            raise _FormulaError(problem, column, fix)
        if before in CALLABLE and token != "(":
            raise _without_parentheses(before, column)
        if token == "(":
            opened.append(column)
        elif token == ")":
            if not opened:
                raise _FormulaError(_("This parenthesis has no opening one"), column)
            opened.pop()
        before, is_value = token, kind == "number" or token in VALUES or token == ")"
    if before in CALLABLE:
        raise _without_parentheses(before, len(text) + 1)
    if not is_value and before != "(":
        problem, fix = _("The formula ends too early"), _("Write one such as sin(x).")
        raise _FormulaError(problem, len(text) + 1, fix)
    if opened:
        raise _FormulaError(_("This parenthesis is not closed"), opened[-1])


def _unknown_name(name: str, column: int) -> _FormulaError:
    fix = _("You can use %(names)s.") % {"names": NAMES}
    if match := nearest(name, [*VALUES, *CALLABLE]):
        fix = _("Did you mean “%(name)s”?") % {"name": match} + " " + fix
    return _FormulaError(_("“%(name)s” is not known") % {"name": name[:40]}, column, fix)


def _without_parentheses(name: str, column: int) -> _FormulaError:
    problem = _("%(name)s needs parentheses") % {"name": name}
    return _FormulaError(problem, column, _("Write %(name)s(x).") % {"name": name})


def _check_node(node: ast.expr, depth: int = 1) -> None:
    """Refuse all types of nodes that ``_evaluate`` does not handle."""
    column = node.col_offset + 1
    if depth > MAX_DEPTH:
        problem = _("More than %(most)d parentheses and operators are nested")
        raise _FormulaError(problem % {"most": MAX_DEPTH}, column, _("Simplify the formula."))
    for operand in _operands(node, column):
        _check_node(operand, depth + 1)


def _operands(node: ast.expr, column: int) -> list[ast.expr]:
    match node:
        case ast.Constant(value=float() | int()) | ast.Name():
            return []
        case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
            return [operand]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return [left, right]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            _check_arguments(name, len(arguments), column)
            return arguments
    problem = _("Only + - * / % ** and functions can combine values")
    raise _FormulaError(problem, column)


def _check_arguments(name: str, count: int, column: int) -> None:
    given = _("It has %(count)d.") % {"count": count}
    if name in FUNCTIONS and count != 1:
        problem = _("%(name)s takes one value") % {"name": name}
        raise _FormulaError(problem, column, given)
    if name in VARIADIC_FUNCTIONS and count < 2:
        problem = _("%(name)s takes two or more values") % {"name": name}
        raise _FormulaError(problem, column, given)


def _evaluate(node: ast.expr, x: Numbers) -> Any:
    ufunc: Callable[..., Any]
    match node:
        case ast.Constant(value=value):
            return np.float64(value)  # type: ignore[arg-type]  # _check_node admits numbers only
        case ast.Name(id=name):
            return x if name == "x" else np.float64(CONSTANTS[name])
        case ast.UnaryOp(op=op, operand=operand):
            return getattr(np, OPERATORS[type(op)])(_evaluate(operand, x))
        case ast.BinOp(left=left, op=op, right=right):
            ufunc = getattr(np, OPERATORS[type(op)])
            return ufunc(_evaluate(left, x), _evaluate(right, x))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            ufunc = getattr(np, CALLABLE[name])
            values = [_evaluate(argument, x) for argument in arguments]
            return reduce(ufunc, values) if len(values) > 1 else ufunc(*values)
    raise AssertionError(node)
