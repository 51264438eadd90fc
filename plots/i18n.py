"""The language that a plot speaks, and what plot authors declare in English in other languages.

A picture is what its address says, whoever asks: its language is a parameter, ``lang``, and never
its visitor's. Pages put the language that they are read in into the addresses that they write.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language_info, pgettext

# The msgctxt of what is declared: a plot's “Line” is none of a project's own.
CONTEXT = "plots"


def language_choices() -> list[tuple[str, str]]:
    """What ``lang`` may be, as a form has it: each language under its own name."""
    named = [(code, _name(code, name)) for code, name in settings.LANGUAGES]
    return [("", "the site's own"), *named]


def resolve_language(lang: str) -> str:
    """The language that ``lang`` asks for: the site's own where it is empty."""
    return lang or _listed(settings.LANGUAGE_CODE) or settings.LANGUAGE_CODE


def current_language() -> str:
    """The language of now as a plot's ``lang``: empty where it is the site's own."""
    now = _listed(translation.get_language() or "")
    return "" if now == resolve_language("") else now


def override_language(lang: str = "") -> AbstractContextManager[None]:
    """Whatever is translated within is in the language that ``lang`` asks for."""
    return translation.override(resolve_language(lang))


def translate(text: object) -> str:
    """What is declared in English as ``text``, in the language of now if a catalogue has it."""
    return pgettext(CONTEXT, str(text))


def translate_choices(choices: Iterable[Any]) -> list[tuple[Any, Any]]:
    """The choices of a form's field, or groups of them, with their labels ``translated``."""
    return [
        (translate(value), translate_choices(label))
        if isinstance(label, (list, tuple))
        else (value, translate(label))
        for value, label in choices
    ]


def _name(code: str, name: object) -> str:
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return str(name)


def _listed(code: str) -> str:
    """``code`` as ``settings.LANGUAGES`` has it, or nothing."""
    try:
        return translation.get_supported_language_variant(code)
    except LookupError:
        return ""
