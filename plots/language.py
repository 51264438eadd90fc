"""The language that a plot speaks, and what plot authors declare in English in other languages.

A picture is what its address says, whoever asks: its language is a parameter, ``lang``, and never
its visitor's. Pages put the language that they are read in into the addresses that they write.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, pgettext

CONTEXT = "plots"  # msgctxt of what is declared: “Line” is no word of a project's own catalogue


def choices() -> list[tuple[str, str]]:
    """What ``lang`` may be, as a form has it."""
    return [("", "the site's own"), *((code, str(name)) for code, name in settings.LANGUAGES)]


def resolve(lang: str) -> str:
    """The language that ``lang`` asks for: the site's own where it is empty."""
    return lang or _listed(settings.LANGUAGE_CODE) or settings.LANGUAGE_CODE


def spoken() -> str:
    """The language of now as a plot's ``lang``: empty where it is the site's own."""
    now = _listed(translation.get_language() or "")
    return "" if now == resolve("") else now


def speaking(lang: str = "") -> AbstractContextManager[None]:
    """Whatever is translated within is in the language that ``lang`` asks for."""
    return translation.override(resolve(lang))


def translated(text: object) -> str:
    """What is declared in English as ``text``, in the language of now.

    Lazily translated texts may be declared, too; so may those that no catalogue has.
    """
    plain = str(text)
    found = pgettext(CONTEXT, plain)
    return gettext(plain) if found == plain else found


def _listed(code: str) -> str:
    """``code`` as ``settings.LANGUAGES`` has it, or nothing."""
    try:
        return translation.get_supported_language_variant(code)
    except LookupError:
        return ""
