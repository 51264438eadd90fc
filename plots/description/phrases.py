"""Parts of sentences: lists and full stops, in the current language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

# What may end a sentence, and what may follow that.
_STOPS, _QUOTES = ".!?…。！？", "\"'”’»」』"
LONGEST = 200  # characters of the names in a list
_LISTED = (",", ";", "、", "，", "；")


def end_sentence(text: str) -> str:
    """End ``text`` with a full stop, unless it ends a sentence already, as “a.m.” does."""
    return text if ends_sentence(text) else _("%(sentence)s.") % {"sentence": text}


def ends_sentence(text: str) -> bool:
    """Return whether ``text`` ends in a full stop, or in something like it."""
    return text.rstrip(_QUOTES).endswith(tuple(_STOPS))


def single_stop(sentence: str) -> str:
    """Remove the full stop of ``sentence`` if what comes before it ends in one, too."""
    if sentence[-1:] in (".", "。") and ends_sentence(sentence[:-1]):
        return sentence[:-1]
    return sentence


def join_sentences(sentences: Iterable[str]) -> str:
    """Join those of ``sentences`` that are not empty."""
    return pgettext("between sentences", " ").join(filter(None, sentences))


def join_names(names: Iterable[str]) -> str:
    """Join ``names`` with the comma of the language. Names that have one are quoted."""
    return pgettext("between names", ", ").join(map(quote_if_listed, names))


def quote_if_listed(name: str) -> str:
    """Quote a ``name`` that would look like several in a list."""
    if any(comma in name for comma in _LISTED):
        return pgettext("a name that contains a comma", "“%(name)s”") % {"name": name}
    return name


def list_names(names: Sequence[str], most: int) -> str:
    """Join the first ``most`` of ``names``, or as many as are not too long; count the others."""
    lengths = accumulate(len(name) for name in names)
    shown = max(1, min(most, sum(length <= LONGEST for length in lengths)))
    listed, more = join_names(names[:shown]), len(names) - shown
    if more <= 0:
        return listed
    return ngettext(
        "%(names)s and %(count)s more", "%(names)s and %(count)s more", more
    ) % {"names": listed, "count": format_count(more)}  # fmt: skip


def join_facts(facts: Iterable[str]) -> str:
    """Join those of ``facts`` that are not empty."""
    return pgettext("between facts", ", ").join(filter(None, facts))


def join_parts(parts: Iterable[str]) -> str:
    """Join those of ``parts`` that are not empty, such as facts about several series."""
    return pgettext("between series", "; ").join(filter(None, parts))


def about(name: str, facts: str) -> str:
    """Say ``facts`` about what is called ``name``; either may be empty."""
    if not (name and facts):
        return name or facts
    return _("%(series)s: %(facts)s") % {"series": name, "facts": facts}


def format_count(count: float) -> str:
    """Write a whole number, with separators of thousands."""
    return number_format(round(count), force_grouping=True)
