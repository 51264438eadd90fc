"""Lines are broken and cut between characters."""

from __future__ import annotations

import re

import pytest

from plots.text import wrapping


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("ab cd ef", ["ab cd", "ef"]),
        ("abcdefghi", ["abcde", "fghi"]),
        ("전국 매출 현황", ["전국", "매출", "현황"]),
        ("销售 报告很长", ["销售", "报告", "很长"]),
        ("销售额，很长", ["销售", "额，", "很长"]),
        ("销（售额）长", ["销", "（售", "额）", "长"]),
        ("のデータだ", ["の", "デー", "タだ"]),
    ],
)
def test_lines_break_between_words_or_syllables(text: str, lines: list[str]) -> None:
    def width(text: str) -> float:
        return sum(1 if c.isascii() else 2.5 for c in text if c != "…")

    assert wrapping.wrap(text, 5, 9, width) == lines


@pytest.mark.parametrize(
    "text", ["नमस्ते", "क्षत्रिय", "👩\u200d👩\u200d👧", "e\u0301e\u0301", "❤\ufe0f❤\ufe0f", "กุ้ง"]
)
def test_cuts_do_not_split_grapheme_clusters(text: str) -> None:
    heads = {wrapping.cut(text, room, len)[:-1] for room in range(len(text))}
    for head in heads - {""}:
        rest = text[len(head)]
        assert not re.match(r"[\u0300-\u036f\u093e-\u094d\u0e31\u0e34-\u0e4e\u200d\ufe0f]", rest)
        assert head[-1] not in "\u200d\u094d"
