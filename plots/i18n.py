"""Languages of plots, and translation of texts that plot authors declare in English.

A URL has the same picture for everybody: its language is the parameter ``lang``, never that of the
visitor. Pages write their own language into the URLs of the pictures that they show.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language_info, pgettext

# Message context of declared texts: a project may translate its own “Line” differently.
CONTEXT = "plots"


def language_choices() -> list[tuple[str, str]]:
    """Return the choices of ``lang``: each language under its own name."""
    named = [(code, _name(code, name)) for code, name in settings.LANGUAGES]
    return [("", "the site's language"), *named]


def resolve_language(lang: str) -> str:
    """Return the language code of ``lang``, or that of the site if ``lang`` is empty."""
    return lang or _supported(settings.LANGUAGE_CODE) or settings.LANGUAGE_CODE


def current_language() -> str:
    """Return the active language as a value of ``lang``, which is empty for the site's language."""
    active = _supported(translation.get_language() or "")
    return "" if active == resolve_language("") else active


def override_language(lang: str = "") -> AbstractContextManager[None]:
    """Return a context manager that activates the language of ``lang``."""
    return translation.override(resolve_language(lang))


def translate(text: object) -> str:
    """Translate a text that is declared in English, such as a title or a help text of a kind."""
    return pgettext(CONTEXT, str(text))


def translate_choices(choices: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Translate the labels of a form field's choices, and of groups of choices."""
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


def _supported(code: str) -> str:
    """Return the code in ``settings.LANGUAGES`` that supports ``code``, or an empty string."""
    try:
        return translation.get_supported_language_variant(code)
    except LookupError:
        return ""
