"""What kinds and sources have in common."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ImproperlyConfigured

NAME = r"[a-z][a-z0-9_-]{0,49}"


@dataclass(frozen=True)
class Entry:
    """A name, a function and the form of its options."""

    name: str
    function: Callable[..., Any]
    options: type[forms.Form]

    @property
    def title(self) -> str:
        """The name for people."""
        return self.name.replace("-", " ").replace("_", " ").capitalize()

    @property
    def other_names(self) -> frozenset[str]:
        """What other tools call it, in lower case."""
        return frozenset()

    @property
    def description(self) -> str:
        """The first paragraph of the function's docstring, on one line."""
        return " ".join((inspect.getdoc(self.function) or "").partition("\n\n")[0].split())


def check_name(noun: str, name: str) -> None:
    """Raise ImproperlyConfigured if a kind or source cannot have this name."""
    if not re.fullmatch(NAME, name):
        raise ImproperlyConfigured(
            f"{name!r} cannot be the name of a {noun}. Use up to 50 small letters, digits, - and "
            "_, and begin with a letter."
        )
