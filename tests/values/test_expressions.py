"""Formulas of x: their values, and the errors of those that are refused."""

from __future__ import annotations

import random
import warnings

import numpy as np
import pytest
from numpy.testing import assert_allclose

from plots.errors import PlotError
from plots.values.expressions import CALLABLE, FUNCTIONS, MAX_DEPTH, parse

X = np.linspace(0.1, 4, 40)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", X),
        ("3", np.full(40, 3.0)),
        (".5*x + 2.", 0.5 * X + 2),
        ("1e3 - 2E-1*x", 1000 - 0.2 * X),
        ("sin(x)*exp(-x/5)", np.sin(X) * np.exp(-X / 5)),
        ("-x**2", -(X**2)),
        ("2**3**x", 2 ** (3**X)),
        ("x % 1.5", X % 1.5),
        ("-x % 3", -X % 3),
        ("pi*e", np.full(40, np.pi * np.e)),
        ("max(x, 1, 2 - x) - min(x,3)", np.maximum(np.maximum(X, 1), 2 - X) - np.minimum(X, 3)),
        ("  (x + +1) / - (2)  ", (X + 1) / -2),
        ("log(x) + ln(x) + log2(x) + log10(x)", 2 * np.log(X) + np.log2(X) + np.log10(X)),
        ("1/3", np.full(40, 1 / 3)),
    ],
)
def test_value_of_a_formula(text: str, expected: np.ndarray) -> None:
    assert_allclose(parse(text, "expr")(X), expected)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_is_computed_by_numpy(name: str) -> None:
    x = np.array([-0.7, 0.0, 0.4])
    with np.errstate(all="ignore"):
        expected = getattr(np, FUNCTIONS[name])(x)
    assert_allclose(
        parse(f"{name}(x)", "expr")(x), np.where(np.isfinite(expected), expected, np.nan)
    )


@pytest.mark.parametrize(
    "text", ["1/0", "log(-x)", "sqrt(-1)", "9**9**9**9", "exp(exp(exp(exp(x))))", "0/0 + x"]
    + ["1e999", "9" * 199, "(-8)**(1/3)", "1 % 0", "-(1e308*10)"]
)  # fmt: skip
def test_results_that_are_not_finite_are_gaps(text: str) -> None:
    y = parse(text, "expr")(np.linspace(9, 10, 3))
    assert y.dtype == np.float64 and y.shape == (3,)
    assert np.isnan(y).all() or text == "9" * 199


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The formula ends too early (column 1)."),
        ("   ", "The formula ends too early (column 1)."),
        ("sin(x) +", "ends too early (column 9)"),
        ("2x", "An operator is missing (column 2). Write * between factors."),
        (".5x", "An operator is missing (column 3)"),
        ("2.x", "An operator is missing (column 3)"),
        ("2 sin(x)", "An operator is missing (column 3)"),
        ("x(2)", "An operator is missing (column 2)"),
        ("(x)(x)", "An operator is missing (column 4)"),
        ("x x", "An operator is missing (column 3)"),
        ("1_000", "“_000” is not known (column 2)"),
        ("0x10", "“x10” is not known (column 2)"),
        ("1j", "“j” is not known (column 2)"),
        ("sine(x)", "“sine” is not known (column 1). Did you mean “sin”? You can use x, pi, e"),
        ("x + arctan(x)", "“arctan” is not known (column 5). Did you mean “atan”?"),
        ("y", "“y” is not known (column 1). You can use x, pi, e, abs, acos"),
        ("x if x else 1", "“if” is not known (column 3)"),
        ("lambda", "“lambda” is not known"),
        ("__import__(1)", "“__import__” is not known (column 1)"),
        ("x.real", "“.” is not allowed here (column 2)"),
        ("x[0]", "“[” is not allowed here (column 2)"),
        ("'a'", "“'” is not allowed here (column 1)"),
        ("x^2", "“^” is not allowed here (column 2). Write ** for a power."),
        ("x\n+1", "is not allowed here (column 2)"),
        ("x = 2", "“=” is not allowed here (column 3)"),
        ("x < 2", "“<” is not allowed here (column 3)"),
        ("２*x", "“２” is not allowed here (column 1)"),
        ("sin", "sin needs parentheses (column 4). Write sin(x)."),
        ("sin x", "sin needs parentheses"),
        ("sin + 1", "sin needs parentheses"),
        ("sin()", "sin takes one value (column 1). It has 0."),
        ("sin(x, 2)", "sin takes one value (column 1). It has 2."),
        ("1 + max(x)", "max takes two or more values (column 5). It has 1."),
        ("max(*x, 1)", "can combine values (column 5)"),
        ("(max)(x, 1)", "max needs parentheses"),
        ("max(x, **x)", "can combine values (column 1)"),
        ("x, x", "can combine values (column 1)"),
        ("x // 2", "can combine values (column 1)"),
        ("()", "can combine values (column 1)"),
        ("(x", "This parenthesis is not closed (column 1)."),
        ("x)", "This parenthesis has no opening one (column 2)."),
        ("x * / 2", "The formula cannot be read from column 5 on: “/ 2”."),
        ("007", "The formula cannot be read from column 1 on"),
    ],
)  # fmt: skip
def test_message_names_problem_and_column(text: str, message: str) -> None:
    with pytest.raises(PlotError) as caught:
        parse(text, "expr")
    assert (caught.value.parameter, caught.value.status) == ("expr", 400)
    assert message in caught.value.message
    assert caught.value.message.endswith((".", "?"))


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("(" * 99 + "x" + ")" * 99, False),
        ("+".join("x" * 100), False),
        ("sin(" * 39 + "x" + ")" * 39, False),
        ("-" * 199 + "x", True),
        ("x" + "**x" * 66, False),
    ],
)
def test_nesting_is_limited(text: str, is_refused: bool) -> None:
    if is_refused:
        with pytest.raises(PlotError, match=f"More than {MAX_DEPTH}"):
            parse(text, "expr")
    else:
        assert parse(text, "expr")(X).shape == X.shape


def test_length_is_limited() -> None:
    with pytest.raises(PlotError, match="at most 200"):
        parse("x" + "+x" * 100, "expr")
    parse(f"max({','.join('x' * 98)})", "expr")(X)


ODD_TOKENS = [
    " ", "7e", "if", "lambda x:", "'", '"', "\\d", "0x", "_", "ſ", "\0", "[", "\t", "^", "=", "~",
]  # fmt: skip
TOKENS = [*CALLABLE, "x", "pi", "e", "2", "0.5", "1e3", "(", "(", ")", ")", ",", *"+-*/%", "**"]


def random_text(rng: random.Random) -> str:
    """Tokens of the grammar and others, or any characters."""
    if rng.random() < 0.3:
        characters = (rng.choice([rng.randrange(32, 127), rng.randrange(0x300)]) for _ in range(30))
        return "".join(map(chr, characters))[: rng.randrange(30)]
    weights = [3] * len(TOKENS) + [1] * len(ODD_TOKENS)
    return "".join(rng.choices([*TOKENS, *ODD_TOKENS], weights, k=rng.randrange(1, 7)))


def test_random_text_is_evaluated_or_refused() -> None:
    """Random tokens and characters raise no other exception than PlotError."""
    rng = random.Random(1)
    counts = {"evaluated": 0, "refused": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(600):
            try:
                y = parse(random_text(rng), "expr")(X)
            except PlotError as error:
                counts["refused"] += 1
                assert error.parameter == "expr"
            else:
                counts["evaluated"] += 1
                assert y.shape == X.shape and not np.isinf(y).any()
    assert min(counts.values()) > 10
