"""The same spec gives the same bytes, in any process and thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import product

from tests.rendering.examples import EXAMPLES, PICTURES, digest, draw, run

DIGESTS = """
from tests.rendering.examples import EXAMPLES, PICTURES, digest
for kind in EXAMPLES:
    for format in PICTURES:
        print(kind, format, digest(kind, format))
"""


def test_same_spec_same_bytes_in_any_process() -> None:
    here = "".join(
        f"{kind} {format} {digest(kind, format)}\n" for kind, format in product(EXAMPLES, PICTURES)
    )
    assert here.count("\n") == len(EXAMPLES) * len(PICTURES)
    for seed in ("1", "2"):
        assert run(DIGESTS, PYTHONHASHSEED=seed) == here


def test_threads_render_the_same_images() -> None:
    wanted = [
        (kind, {"theme": theme, "width": width, "height": "90"} | EXAMPLES[kind])
        for kind, (theme, width) in product(
            EXAMPLES, zip(("light", "dark"), ("80", "150"), strict=True)
        )
    ]
    alone = [draw(kind, **parameters) for kind, parameters in wanted]
    assert len(set(alone)) == len(wanted)
    jobs = [(i + j) % len(wanted) for i in range(8) for j in range(100)]
    with ThreadPoolExecutor(8) as pool:
        drawn = pool.map(lambda i: (i, draw(wanted[i][0], **wanted[i][1])), jobs)
    assert [i for i, content in drawn if content != alone[i]] == []
