"""Parameters of random plots, reproducible from a seed."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

KINDS = ("line", "bar", "scatter", "hist", "normal")
WORDS = (
    "Orders", "Returns", "年間", "매출", "Größe", "$5", "to", "$6", "Temperature", "of", "sea",
    "AVATAR", "fjord", "x²", "{%}",
)  # fmt: skip


def random_plots(
    count: int, *, seed: int = 0, sizes: tuple[int, int] = (60, 700)
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield ``count`` kinds with parameters. Sides are within ``sizes``, in CSS pixels."""
    for number in range(count):
        random = Random(seed * 1_000_003 + number)
        kind = random.choice(KINDS)
        yield kind, _data(random, kind) | _options(random, kind) | _frame(random, sizes)


def _data(random: Random, kind: str) -> dict[str, Any]:
    if kind == "normal":
        return {"n": str(random.randint(1, 400)), "seed": str(random.randint(0, 999))}
    length = random.choice((1, 2, 5, 12, 40, 150))
    series = random.choice((1, 1, 2, 3, 7))
    low, high = sorted(random.choice((-1e6, -50, -1, 0, 0.5, 3, 1000, 4e7)) for _ in range(2))
    columns = [
        ",".join(_number(random, i, low, high) for i in range(length)) for _ in range(series)
    ]
    if kind == "hist":
        return {"x": columns}
    return {"y": columns} | _places(random, length)


def _number(random: Random, row: int, low: float, high: float) -> str:
    return "" if row and random.random() < 0.03 else f"{random.uniform(low, high):.4g}"


def _places(random: Random, length: int) -> dict[str, Any]:
    match random.choice(("none", "numbers", "days", "names")):
        case "numbers":
            return {"x": ",".join(f"{random.uniform(-5, 500):.3g}" for _ in range(length))}
        case "days":
            days = (f"2026-{1 + i // 28 % 12:02}-{1 + i % 28:02}" for i in range(length))
            return {"x": ",".join(days)}
        case "names":
            return {"x": ",".join(f"{random.choice(WORDS)} {i}" for i in range(length))}
    return {}


def _options(random: Random, kind: str) -> dict[str, Any]:
    options: dict[str, Any] = {"alpha": random.choice(("1", "0.4"))}
    if kind == "line":
        options["linestyle"] = random.choice(("solid", "dashed", "dotted"))
        options["marker"] = random.choice(("none", "circle", "square"))
        options["linewidth"] = random.choice(("0.5", "2", "6"))
        options["yscale"] = random.choice(("linear", "linear", "symlog"))
    elif kind == "bar":
        options["mode"] = random.choice(("grouped", "stacked"))
        options["orientation"] = random.choice(("vertical", "horizontal"))
    return options


def _frame(random: Random, sizes: tuple[int, int]) -> dict[str, Any]:
    frame: dict[str, Any] = {
        "width": str(random.randint(*sizes)),
        "height": str(random.randint(*sizes)),
        "scale": random.choice(("1", "1", "1", "2", "0.5", "1.37")),
        "theme": random.choice(("light", "dark")),
        "grid": random.choice(("1", "0")),
        "legend": random.choice(("auto", "auto", "right", "upper left")),
    }
    for name in ("title", "xlabel", "ylabel"):
        if random.random() < 0.5:
            frame[name] = " ".join(random.choices(WORDS, k=random.randint(1, 9)))
    return frame
