"""``manage.py import_presets presets.json``: import presets from a file, all or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plots.errors import PlotError
from plots.presets.admin.changelist.resource import Row, import_rows, read


class Command(BaseCommand):
    help = (
        "Import presets from FILE, as export_presets writes it. "
        "If one is invalid, none is imported."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only show what would change")

    def handle(self, *, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            dataset = read(file.read_bytes(), file.name)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        except PlotError as error:
            raise CommandError(f"{file}: {error}") from error
        rows = import_rows(dataset, dry_run=dry_run)
        for row in rows:
            self._print_row(row)
        if any(row.state == "invalid" for row in rows):
            raise CommandError("Nothing was changed. Fix these rows first.")
        if dry_run:
            self.stdout.write("Nothing was changed because this was a dry run.")

    def _print_row(self, row: Row) -> None:
        self.stdout.write(f"{row.number}. {row.slug}: {row.state}")
        for label, message in row.problems:
            self.stderr.write(f"   {label}: {message}" if label else f"   {message}")
        for each in row.changes if row.state == "changed" else ():
            self.stdout.write(f"   {each.label}: {each.old!r} → {each.new!r}")
