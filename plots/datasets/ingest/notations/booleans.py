"""Notations of true and false."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from plots.sources.parquet.sql import quote_text

from .notation import Notation


def _boolean(true: str, false: str) -> Callable[[str], str]:
    words = f"WHEN {quote_text(true)} THEN true WHEN {quote_text(false)} THEN false"
    return lambda text: f"(CASE lower({text}) {words} END)"


PAIRS = (("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("on", "off"))
BOOLEANS = tuple(
    Notation(f"{true} or {false}", "boolean", f"(?i:{true}|{false})", _boolean(true, false))
    for true, false in PAIRS
)


def boolean_notations(texts: Iterable[str]) -> list[Notation]:
    """Return the notations of booleans that ``texts`` may have.

    A single letter means something else if the other one is missing.
    """
    found = {text.lower() for text in texts if len(text) <= 5}
    return [
        each
        for each, pair in zip(BOOLEANS, PAIRS, strict=True)
        if found >= {*pair} or (found & {*pair} and len(pair[0]) > 2)
    ]
