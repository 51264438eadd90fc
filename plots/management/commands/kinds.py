"""``manage.py kinds``: what can be drawn, as a table; ``docs/kinds.md`` is made of it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.forms import BoundField

from plots.catalog.parameter_docs import accepted_values
from plots.forms.frame import FrameForm
from plots.spec.registry import FAMILIES, Kind, kinds

TOOLS = ("matplotlib", "QuickChart")
HEAD = ("kind", "draws", "channels", *TOOLS)
FRAME = ("parameter", "takes", "default", "says")


class Command(BaseCommand):
    help = "List the plot kinds, by family, and the parameters of them all, in Markdown."

    def handle(self, *args: Any, **options: Any) -> None:
        for family in dict.fromkeys((*FAMILIES, *(kind.family for kind in kinds))):
            found = [kind for kind in kinds if kind.family == family]
            if found:
                self.stdout.write(f"## {family}\n\n{_row(HEAD)}\n{_row(['---'] * len(HEAD))}")
                self.stdout.write("\n".join(map(_described, found)) + "\n")
        self.stdout.write(f"## Every kind\n\n{_row(FRAME)}\n{_row(['---'] * len(FRAME))}")
        self.stdout.write("\n".join(map(_framed, FrameForm())) + "\n")


def _described(kind: Kind) -> str:
    channels = ", ".join(f"`{channel.name}`" for channel in kind.accepted_channels)
    names = (f"`{kind.name}`", kind.description, channels)
    return _row([*names, *(kind.aliases.get(tool, "") for tool in TOOLS)])


def _framed(field: BoundField) -> str:
    initial = field.field.initial
    default = (
        "" if initial in (None, "") or callable(initial) else f"`{str(initial).removesuffix('.0')}`"
    )
    return _row([f"`{field.name}`", accepted_values(field.field), default, str(field.help_text)])


def _row(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"
