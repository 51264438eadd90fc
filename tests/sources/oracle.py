"""The grammar of queries in plain Python: slow, obvious, and shared by no engine.

Rows are dicts. Random rows have what databases treat differently: text that differs in case,
accents or spaces, years 1 and 9999, microseconds, gaps of all sorts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from statistics import fmean, median, stdev
from typing import Any
from zoneinfo import ZoneInfo

Row = Mapping[str, Any]

NUMBERS = ("number", "count", "price", "good")
NAMES = ("at", "day", *NUMBERS, "town")
TOWNS = ("a", "A", "a ", " ", "ä", "Ä", "B", "ß", "SS", "ΣΑΣ", "σας", "9", "10", "", None)
ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York", "Pacific/Apia")
UNITS = ("hour", "day", "week", "month", "quarter", "year")
STATS: dict[str, Callable[[Sequence[float]], float]] = {
    "sum": math.fsum, "mean": fmean, "median": median, "min": min, "max": max, "std": stdev,
}  # fmt: skip


def random_rows(random: Random, count: int = 150) -> list[dict[str, Any]]:
    """Rows of the model Reading."""
    begin = datetime(random.choice((1890, 1960, 2019, 2036)), 3, 1, tzinfo=UTC)
    span = random.choice((3, 90, 5000))  # days
    return [_random_row(random, begin, span) for _ in range(count)]


def _random_row(random: Random, begin: datetime, span: int) -> dict[str, Any]:
    def gap(value: Any) -> Any:
        return None if random.random() < 0.1 else value

    at = begin + timedelta(days=random.random() * span)
    return {
        "at": at if random.random() < 0.3 else at.replace(minute=0, second=0, microsecond=0),
        "day": gap(random.choice((
            date(1, 1, 1), date(1, 2, 7), date(1969, 12, 29), date(9999, 12, 31),
            date(2024, 2, 29), date(2024, 12, 29) + timedelta(days=random.randrange(9)),
        ))),
        "number": gap(random.choice((0.1, 0.25, -0.1, 1e-9, 1e15, round(random.gauss(0, 9), 3)))),
        "count": gap(random.choice((2**31 - 1, -(2**31), *range(-4, 9)))),
        "price": gap(random.randint(-900, 10**4) / 100),
        "town": random.choice(TOWNS),
        "good": random.random() < 0.5,
    }  # fmt: skip


def random_query(random: Random, rows: Sequence[Row]) -> dict[str, Any]:
    """A query in the words of a URL."""
    stat = random.choice(("", "count", *STATS))
    x = random.choice(NAMES)
    query: dict[str, Any] = {"x": x, "tz": random.choice(ZONES)}
    if stat != "count" or random.random() < 0.7:
        query["y"] = random.sample([each for each in NUMBERS if each != x], random.choice((1, 2)))
    if stat:
        query["stat"] = stat
        if x != "town" and random.random() < 0.7:
            query["bin"] = random.choice(
                UNITS if x in ("at", "day") else ("0.1", "1", "2.5", "1000")
            )
    for channel in ("by", "facet"):
        if random.random() < 0.3:
            query[channel] = random.choice([each for each in ("town", "good") if each != x])
    if query.get("by") == query.get("facet"):
        query.pop("facet", None)
    query["filter"] = [_random_filter(random, rows) for _ in range(random.choice((0, 1, 1, 2)))]
    if random.random() < 0.4:
        results = [query["x"], *query.get("y", ["count"] if stat else []), *([] if stat else NAMES)]
        query["order"] = random.choice(("", "-")) + random.choice(results)
    if random.random() < 0.4:
        query["limit"] = str(random.randint(1, 30))
    return query


def _random_filter(random: Random, rows: Sequence[Row]) -> str:
    name = random.choice(NAMES)
    lookups = ("exact", "in", "isnull", "gt", "gte", "lt", "lte", "range")
    lookup = random.choice(lookups[:3] if name == "good" else lookups)  # true is not above false
    if name == "town" and random.random() < 0.4:
        return f"town__icontains:{random.choice(('A', 'ss', 'ß', 'Σ', 'ς', 'Ä', ' ', '%', '_'))}"
    if lookup == "isnull":
        return f"{name}__isnull:{random.randint(0, 1)}"
    count = {"in": 3, "range": 2}.get(lookup, 1)
    given = [random.choice(rows)[name] for _ in range(count)]
    values = [_as_text(random, name, value) for value in given]
    if lookup == "range":
        values.sort(key=lambda text: _read(name, text.strip('"')))
    return f"{name}__{lookup}:{','.join(values) if count > 1 else values[0]}"


def _as_text(random: Random, name: str, value: Any) -> str:
    if value in (None, ""):
        value = {"town": "a", "day": date(2024, 12, 30), "good": True}.get(name, 0)
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)
    elif isinstance(value, date) and random.random() < 0.3:
        value = datetime.combine(value, time(random.choice((0, 12))))
    elif isinstance(value, bool):
        return random.choice((("false", "0"), ("true", "1"))[value])
    elif isinstance(value, int | float) and random.random() < 0.3:
        value += 0.5
    if isinstance(value, str):
        return f'"{value}"' if value != value.strip() else value
    return value.isoformat() if isinstance(value, date) else repr(value)


def answer(rows: Sequence[Row], query: Mapping[str, Any]) -> list[list[Any]]:
    """The rows of the result: x, y, by and facet. Gaps are None, times are local."""
    zone = ZoneInfo(query["tz"])
    known = [{name: _clean(value, zone) for name, value in row.items()} for row in rows]
    for each in query["filter"]:
        known = [row for row in known if _matches(row, each)]
    ys = query.get("y", [])
    keys = [query[channel] for channel in ("x", "by", "facet") if channel in query]
    order = query.get("order", "")
    name = order.removeprefix("-")
    if "stat" in query:
        known = _grouped(known, query, keys, ys)
        ys = [f"{query['stat']} of {y}" for y in ys] or ["count"]
        name = next((y for y in ys if y.endswith(f" of {name}")), name)
    if order:
        known.sort(key=lambda row: _rank(_rounded(row[name])), reverse=order[0] == "-")
        known.sort(key=lambda row: row[name] is None)
    limited = known[: int(query.get("limit", len(known)))]
    return [[row[name] for name in (keys[0], *ys, *keys[1:])] for row in limited]


def _clean(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None)
    if isinstance(value, bool | int | float):
        return float(value)
    return None if value == "" else value


def _rank(value: Any) -> Any:
    """Sort key of values of one type; gaps are equal."""
    return (0, value) if value is not None else (1,)


def _rounded(value: Any) -> Any:
    """Averages that are equal on paper differ in their last digits."""
    return float(f"{value:.12g}") if isinstance(value, float) else value


def _matches(row: Row, filter: str) -> bool:
    name, _, rest = filter.partition("__")
    lookup, _, text = rest.partition(":")
    value = row[name]
    if lookup == "isnull":
        return (value is None) == (text == "1")
    if value is None:
        return False
    if lookup == "icontains":
        return text.casefold() in value.casefold()
    texts = text.split(",") if lookup in ("in", "range") else [text]
    values = [_read(name, each.strip('"') if lookup in ("in", "range") else each) for each in texts]
    if name == "day":
        value = datetime.combine(value, time())
    low, high = values[0], values[-1]
    return {
        "exact": value == low, "in": value in values, "range": low <= value <= high,
        "gt": value > low, "gte": value >= low, "lt": value < low, "lte": value <= low,
    }[lookup]  # fmt: skip


def _read(name: str, text: str) -> Any:
    if name == "town":
        return text
    if name == "good":
        return float(text in ("true", "1"))
    return datetime.fromisoformat(text) if name in ("at", "day") else float(text)


def _grouped(
    rows: Sequence[Row], query: Mapping[str, Any], keys: Sequence[str], ys: Sequence[str]
) -> list[dict[str, Any]]:
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        key: list[Any] = [row[name] for name in keys]
        if "bin" in query and key[0] is not None:
            key[0] = _start(key[0], query["bin"])
        groups.setdefault(tuple(key), []).append(row)
    result = []
    for group in sorted(groups, key=lambda key: [*map(_rank, key)]):
        made = dict(zip(keys, group, strict=True))
        for y in ys:
            values = [row[y] for row in groups[group] if row[y] is not None]
            made[f"{query['stat']} of {y}"] = _summary(query["stat"], values)
        if not ys:
            made["count"] = float(len(groups[group]))
        result.append(made)
    return result


def _summary(stat: str, values: Sequence[float]) -> float | None:
    if stat == "count":
        return float(len(values))
    return STATS[stat](values) if len(values) > (stat == "std") else None


def _start(value: Any, width: str) -> Any:
    if not isinstance(value, date):
        return math.floor(value / float(width)) * float(width)
    if width == "hour":
        if not isinstance(value, datetime):
            return value
        return value.replace(minute=0, second=0, microsecond=0)
    day = value.date() if isinstance(value, datetime) else value
    if width == "week":
        return day - timedelta(days=day.weekday())
    month = {"year": 1, "quarter": day.month - (day.month - 1) % 3}.get(width, day.month)
    return day if width == "day" else day.replace(month=month, day=1)
