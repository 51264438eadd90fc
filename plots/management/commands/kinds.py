"""``manage.py kinds``: what can be drawn, as a table; ``docs/kinds.md`` is made of it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from plots.registry import FAMILIES, Kind, kinds

TOOLS = ("matplotlib", "QuickChart")
HEAD = ("kind", "draws", "channels", *TOOLS)


class Command(BaseCommand):
    help = "List the plot kinds, by family, in Markdown, with what other tools call them."

    def handle(self, *args: Any, **options: Any) -> None:
        for family in dict.fromkeys((*FAMILIES, *(kind.family for kind in kinds))):
            found = [kind for kind in kinds if kind.family == family]
            if found:
                self.stdout.write(f"## {family}\n\n{_row(HEAD)}\n{_row(['---'] * len(HEAD))}")
                self.stdout.write("\n".join(map(_described, found)) + "\n")


def _described(kind: Kind) -> str:
    channels = ", ".join(f"`{channel.name}`" for channel in kind.taken)
    names = (f"`{kind.name}`", kind.description, channels)
    return _row([*names, *(kind.known_as.get(tool, "") for tool in TOOLS)])


def _row(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"
