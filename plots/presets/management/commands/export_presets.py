"""``manage.py export_presets presets.json``: write presets to a file for another site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plots.presets.admin.changelist.resource import FORMATS, write
from plots.presets.models import Preset


class Command(BaseCommand):
    help = (
        "Write all presets, or those with the given slugs, to FILE. "
        "The file name must end in .json or .csv."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("slug", nargs="*", help="default: all")

    def handle(self, *, file: Path, slug: list[str], **options: Any) -> None:
        if (format := file.suffix.lower().removeprefix(".")) not in FORMATS:
            raise CommandError(f"{file}: the file name must end in .json or .csv.")
        presets = Preset.objects.all()
        if slug:
            presets = presets.filter(slug__in=slug)
            if missing := {*slug} - {*presets.values_list("slug", flat=True)}:
                raise CommandError(f"There is no preset {', '.join(sorted(missing))}.")
        try:
            file.write_bytes(write(presets, format))
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}") from error
        self.stdout.write(f"{presets.count():,} presets written to {file}.")
