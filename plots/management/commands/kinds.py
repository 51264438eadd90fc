"""``manage.py kinds`` lists the plot kinds in Markdown; ``docs/kinds.md`` is its output."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.base import BaseCommand
from django.forms import BoundField

from plots.catalog.parameter_docs import accepted_values
from plots.forms.frame import FrameForm
from plots.spec.registry import FAMILIES, Kind, kinds

TOOLS = ("matplotlib", "QuickChart")
KIND_COLUMNS = ("kind", "draws", "channels", *TOOLS)
PARAMETER_COLUMNS = ("parameter", "takes", "default", "says")


class Command(BaseCommand):
    help = "List the plot kinds by family, and the parameters of every kind, in Markdown."

    def handle(self, *args: Any, **options: Any) -> None:
        for family in dict.fromkeys((*FAMILIES, *(kind.family for kind in kinds))):
            found = [kind for kind in kinds if kind.family == family]
            if found:
                self._write_table(family, KIND_COLUMNS, map(_kind_row, found))
        self._write_table("Every kind", PARAMETER_COLUMNS, map(_parameter_row, FrameForm()))

    def _write_table(self, title: str, columns: Sequence[str], rows: Iterable[str]) -> None:
        head = [_row(columns), _row(["---"] * len(columns))]
        self.stdout.write("\n".join([f"## {title}", "", *head, *rows]) + "\n")


def _kind_row(kind: Kind) -> str:
    channels = ", ".join(f"`{channel.name}`" for channel in kind.accepted_channels)
    names = (f"`{kind.name}`", kind.description, channels)
    return _row([*names, *(kind.aliases.get(tool, "") for tool in TOOLS)])


def _parameter_row(field: BoundField) -> str:
    initial = field.field.initial
    default = (
        "" if initial in (None, "") or callable(initial) else f"`{str(initial).removesuffix('.0')}`"
    )
    return _row([f"`{field.name}`", accepted_values(field.field), default, str(field.help_text)])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
