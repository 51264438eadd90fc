"""What the gallery shows: the presets that an address asks for, and what else it may ask."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import QueryDict

from plots.conf import conf
from plots.spec.registry import sources

from .models import PresetQuerySet, tag_words

LONGEST = 200
# Kinds and tags that are shown at once; the others unfold.
SHOWN = 12
ORDERS = {"": ("order", "title", "pk"), "newest": ("-created", "-pk"), "title": ("title", "pk")}


@dataclass(frozen=True)
class Choice:
    """One kind or tag, how many presets it would leave, and the query that chooses it."""

    name: str
    count: int
    chosen: bool
    query: str


@dataclass(frozen=True)
class Filter:
    """The kinds or the tags to choose from: the commonest, the others, and how to have all."""

    shown: list[Choice]
    more: list[Choice]
    all: str
    is_set: bool


def search_context(presets: PresetQuerySet, given: QueryDict) -> dict[str, Any]:
    """The page of ``presets`` that the query ``given`` asks for, as its template shows it.

    What is no kind, tag, order or page is not an error: nothing has it, or it is left aside.
    """
    asked = read_search(given)
    query, kind, tag = (asked.get(name, "") for name in ("q", "kind", "tag"))
    matching = presets.matching(query)
    found: QuerySet[Any] = matching.tagged(tag) if tag else matching
    if kind:
        found = found.filter(kind=kind)
    page = Paginator(found.order_by(*ORDERS[asked.get("sort", "")]), conf.PAGE_SIZE).get_page(
        given.get("page")
    )
    sources.expect(preset.source for preset in page)
    # Each as it would be with the other filters left as they are.
    rows = matching.values_list("kind", "tags")
    known = [(its_kind, tag_words(its_tags)) for its_kind, its_tags in rows]
    kinds = Counter(its_kind for its_kind, words in known if not tag or tag in words)
    tags = Counter(word for its_kind, words in known for word in words if kind in ("", its_kind))
    return {
        "page": page,
        "asked": asked,
        "narrowed": bool(query or kind or tag),
        "kinds": filter_by("kind", kinds, asked),
        "tags": filter_by("tag", tags, asked),
    }


def read_search(given: QueryDict) -> QueryDict:
    """What ``given`` asks for, without the page and what is empty: links go on from there."""
    asked = QueryDict(mutable=True)
    for name in ("q", "kind", "tag", "sort"):
        value = given.get(name, "").replace("\0", "").strip()[:LONGEST]
        if name == "tag":
            value = next(iter(tag_words(value.replace(",", " "))), "")
        if value and (name != "sort" or value in ORDERS):
            asked[name] = value
    return asked


def filter_by(parameter: str, counts: Counter[str], asked: QueryDict) -> Filter:
    """What there is to choose, each part by name.

    What is chosen is shown even if nothing has it, or who could undo it?
    """
    chosen = asked.get(parameter, "")

    def query(value: str) -> str:
        wanted = {**asked.dict(), parameter: value}
        return "?" + urlencode({name: each for name, each in wanted.items() if each})

    def choices(names: list[str]) -> list[Choice]:
        return [Choice(each, counts[each], each == chosen, query(each)) for each in sorted(names)]

    names = sorted({*counts, chosen} - {""}, key=lambda name: (name != chosen, -counts[name], name))
    return Filter(choices(names[:SHOWN]), choices(names[SHOWN:]), query(""), bool(chosen))
