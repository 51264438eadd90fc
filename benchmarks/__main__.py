"""Compare the site with common snippets, and print one table. Takes a few minutes."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from statistics import median
from urllib.parse import urlencode

from benchmarks.client import Answers, ask
from benchmarks.inprocess import line, measure
from benchmarks.server import Server, served

ROUNDS = 7
COLD, WARM = 15, 200  # requests in a round for rendered and for cached responses
STAMPEDE = 200
_seed = count(1)

Row = tuple[str, str, str, str]


def unique(path: str) -> str:
    """Return a URL of ``path`` that has not been requested before."""
    return f"{path}?{urlencode(line(next(_seed)), doseq=True)}"


def _cold(path: str) -> Callable[[Server], Answers]:
    return lambda server: ask(server.port, [unique(path) for _ in range(COLD)])


def _warm(path: str, etag: str = "") -> Callable[[Server], Answers]:
    return lambda server: ask(server.port, [path] * WARM, etag=etag)


def alternatives(server: Server) -> Mapping[str, Callable[[Server], Answers]]:
    """Return functions that request each alternative, by name."""
    picture = unique("/plot/line.png")
    etag = ask(server.port, [picture]).etag
    return {
        "pasted, pyplot": _cold("/pasted/pyplot"),
        "pasted, Figure": _cold("/pasted/figure"),
        "ours, cold": _cold("/plot/line.png"),
        "hello": _warm("/hello"),
        "ours, hot": _warm(picture),
        "ours, 304": _warm(picture, etag),
    }


# The alternative that each one is compared with, and the target ratio.
BASELINES = {
    "pasted, pyplot": "pasted, Figure",
    "ours, cold": "pasted, Figure",
    "ours, hot": "hello",
    "ours, 304": "hello",
}
TARGETS = {"ours, cold": "≤ 0.45", "ours, hot": "≤ 1.25", "ours, 304": "≤ 1.11"}


def latencies(server: Server) -> Iterator[Row]:
    """Measure one client. Alternatives take turns, so slow moments affect all of them."""
    measured = alternatives(server)
    found: dict[str, list[float]] = {name: [] for name in measured}
    for send in measured.values():
        send(server)  # warm-up
    for _ in range(ROUNDS):
        for name, send in measured.items():
            answers = send(server)
            expected = {304} if "304" in name else {200}
            assert set(answers.statuses) == expected, (name, answers.statuses)
            found[name].append(median(answers.seconds))
    for name, medians in found.items():
        spread = f"{_ms(median(medians))} ({_ms(min(medians))}–{_ms(max(medians))})"
        other = BASELINES.get(name)
        if other is None:
            yield name, spread, "", ""
            continue
        ratios = [a / b for a, b in zip(medians, found[other], strict=True)]
        ratio = f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}) of {other}"
        yield name, spread, ratio, TARGETS.get(name, "")


def throughput(one: Server, two: Server) -> Iterator[Row]:
    """Measure cold images per second for eight clients, with one and two render processes."""
    rates: dict[str, list[float]] = {"1": [], "2": []}
    for _ in range(3):
        for name, server in (("1", one), ("2", two)):
            answers = ask(server.port, [unique("/plot/line.png") for _ in range(160)], clients=8)
            rates[name].append(len(answers.statuses) / answers.elapsed)
    for name, found in rates.items():
        processes = "1 render process" if name == "1" else "2 render processes"
        rate = f"{median(found):.0f} per second ({min(found):.0f}–{max(found):.0f})"
        ratio = median(b / a for a, b in zip(rates["1"], found, strict=True))
        target = "≥ 1.7" if name == "2" else ""
        yield f"cold, {processes}", rate, f"{ratio:.2f} of one" if target else "", target


def stampede(server: Server) -> Iterator[Row]:
    """Request one cold URL from many clients at once."""
    before = server.drawn.stat().st_size
    answers = ask(server.port, [unique("/plot/counted.png")] * STAMPEDE, clients=STAMPEDE)
    drawn = server.drawn.stat().st_size - before
    good = answers.statuses.count(200)
    what = f"{good} responses in {_ms(answers.elapsed)}"
    yield f"stampede of {STAMPEDE}", what, f"{drawn} drawn", "1"


def without_server() -> Iterator[Row]:
    same, sizes, memory = (measure(part) for part in ("same-figure", "bytes", "memory"))
    yield (
        "one Figure, ours", f"{_ms(same['ours'])}", f"{same['ours'] / same['theirs']:.2f} of "
        f"print_png, {_ms(same['theirs'])}", "",
    )  # fmt: skip
    yield (
        "bytes of an image", f"{sizes['median']:.2f} of print_png's",
        f"at most {sizes['most']:.2f} of {sizes['count']:.0f}", "≤ 1",
    )  # fmt: skip
    grown = memory["5000"] - memory["500"]
    what = f"{memory['5000']:.0f} MiB"
    yield "memory after 5,000 images", what, f"{grown:+.1f} since the 500th", ""


def many_rows() -> Iterator[Row]:
    for part, what, target in (
        ("arrays", "a line of 10 million points", "≤ 0.08"),
        ("points", "a scatter of 10 million points", "≤ 0.1"),
        ("table", "a line of 1 million rows of SQLite, by an indexed date", "≤ 0.1"),
    ):
        found = measure(part)
        sent = f"; {found['sent']:,.0f} rows sent" if "sent" in found else ""
        ratio = f"{found['ours'] / found['theirs']:.3f} of drawing all, {_ms(found['theirs'])}"
        yield what, _ms(found["ours"]), ratio + sent, target
    found = measure("dataset")
    for kind in ("line", "hist", "scatter"):
        yield f"a {kind} of 20 million rows of Parquet", _ms(found[kind]), "", "≤ 1500 ms"
    yield "memory for these, above idle", f"{found['memory']:.0f} MiB", "", "≤ 300"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"


def run() -> Iterator[Row]:
    with served(processes=1) as one, served(processes=2) as two:
        yield "start to first answer", _ms(two.seconds), "", ""
        yield from latencies(two)
        yield from throughput(one, two)
        yield from stampede(two)
    yield from without_server()
    yield from many_rows()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PLOTSITE_VAR"] = folder
        print(f"\n{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
        print("\n| what | median (min–max) | ratio | target |\n| --- | --- | --- | --- |")
        for row in run():
            print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
