"""Search and filter the presets of the gallery."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import QueryDict

from plots.conf import conf
from plots.forms.binding import Parameters, last_value
from plots.permissions import User
from plots.presets.models import PresetQuerySet, tag_words
from plots.spec.registry import sources

MAX_LENGTH = 200  # characters of a search parameter
# Kinds and tags that are visible at first; the others are behind a disclosure.
VISIBLE = 12
ORDERS = {"": ("order", "title", "pk"), "newest": ("-created", "-pk"), "title": ("title", "pk")}


@dataclass(frozen=True)
class Choice:
    """A kind or tag, the number of presets that have it, and the query string that selects it."""

    name: str
    count: int
    chosen: bool
    query: str


@dataclass(frozen=True)
class Filter:
    """The kinds or tags of the gallery: the most frequent, the others, and a link to all."""

    shown: list[Choice]
    more: list[Choice]
    all: str
    is_set: bool


def search_context(presets: PresetQuerySet, given: Parameters, user: User) -> dict[str, Any]:
    """Return the template context of the page of ``presets`` that ``user`` requests.

    An unknown kind or tag matches nothing. An unknown order or page is ignored.
    """
    search = read_search(given)
    query, kind, tag = (search.get(name, "") for name in ("q", "kind", "tag"))
    matching = presets.matching(query, user)
    found: QuerySet[Any] = matching.tagged(tag) if tag else matching
    if kind:
        found = found.filter(kind=kind)
    page = Paginator(found.order_by(*ORDERS[search.get("sort", "")]), conf.PAGE_SIZE).get_page(
        last_value(given, "page")
    )
    sources.expect(preset.source for preset in page)
    # The counts of one filter assume that the other filters stay.
    rows = matching.values_list("kind", "tags")
    known = [(its_kind, tag_words(its_tags)) for its_kind, its_tags in rows]
    kinds = Counter(its_kind for its_kind, words in known if not tag or tag in words)
    tags = Counter(word for its_kind, words in known for word in words if kind in ("", its_kind))
    return {
        "page": page,
        "asked": search,
        "words": query,
        "narrowed": bool(query or kind or tag),
        "kinds": build_filter("kind", kinds, search),
        "tags": build_filter("tag", tags, search),
    }


def read_search(given: Parameters) -> QueryDict:
    """Return the search parameters of ``given``, without the page number and empty ones."""
    search = QueryDict(mutable=True)
    for name in ("q", "kind", "tag", "sort"):
        value = last_value(given, name).replace("\0", "").strip()[:MAX_LENGTH]
        if name == "tag":
            value = next(iter(tag_words(value.replace(",", " "))), "")
        if value and (name != "sort" or value in ORDERS):
            search[name] = value
    return search


def build_filter(parameter: str, counts: Counter[str], search: QueryDict) -> Filter:
    """Return the choices of a filter, sorted by name.

    The selected choice is included even if no preset has it, so that it can be removed.
    """
    chosen = search.get(parameter, "")

    def query(value: str) -> str:
        parameters = {**search.dict(), parameter: value}
        return "?" + urlencode({name: each for name, each in parameters.items() if each})

    def choices(names: list[str]) -> list[Choice]:
        return [Choice(each, counts[each], each == chosen, query(each)) for each in sorted(names)]

    names = sorted({*counts, chosen} - {""}, key=lambda name: (name != chosen, -counts[name], name))
    return Filter(choices(names[:VISIBLE]), choices(names[VISIBLE:]), query(""), bool(chosen))
