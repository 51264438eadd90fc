"""``manage.py import_dataset FILE --title Towns``: an upload without a browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from plots.datasets import storage
from plots.datasets.models import TOLD, Dataset
from plots.datasets.staging import stage
from plots.datasets.supply import broken_by
from plots.errors import PlotError
from plots.permissions import Visibility

WIDTH = 30  # of the progress bar


class Command(BaseCommand):
    help = (
        "Read a CSV, TSV, JSON lines or Parquet file as a dataset; one that there is already gets "
        "a new revision. What uploads have left behind is cleared away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="left out: only clear away")
        parser.add_argument("--name", help="of the source; default: the file's")
        parser.add_argument("--title", help="default: the name")
        parser.add_argument("--description")
        parser.add_argument("--origin", help="who made it, and where it is from")
        parser.add_argument("--licence")
        parser.add_argument("--visibility", choices=Visibility.values)
        parser.add_argument(
            "--force", action="store_true", help="even if presets can no longer be drawn then"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"]:
            self.stdout.write(f"{Dataset.objects.sweep():,} left-overs cleared away.")
            return
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        name = options["name"] or _name_of(path)
        dataset = Dataset.objects.filter(name=name).first() or Dataset(name=name, title=name)
        for field in TOLD:
            if options[field] is not None:
                setattr(dataset, field, options[field])
        try:
            dataset.full_clean()
            staged = stage(path, path.name, name, self._tell if self.stderr.isatty() else None)
        except ValidationError as error:
            raise CommandError("\n".join(_lines(error))) from None
        except PlotError as error:
            raise CommandError(error.message) from None
        finally:
            if self.stderr.isatty():
                self.stderr.write("")
        for warning in staged.warnings:
            self.stderr.write(warning, str)
        broken = broken_by(dataset, staged) if dataset.pk else []
        if broken and not options["force"]:
            storage.discard(staged.file)
            lines = [f"  {preset.slug}: {error}" for preset, error in broken]
            raise CommandError(
                "\n".join(["These presets could not be drawn then; --force takes it:", *lines])
            )
        dataset.accept(staged)
        columns = ", ".join(f"{name} ({sort})" for name, sort in dataset.dtypes.items())
        self.stdout.write(
            f"{dataset.name}, revision {dataset.revision}: {dataset.rows:,} rows of {columns}"
        )

    def _tell(self, doing: str, share: float) -> None:
        bar = "#" * round(share * WIDTH)
        self.stderr.write(f"\r{doing:9}[{bar:{WIDTH}}] {share:4.0%}", str, ending="")
        self.stderr.flush()


def _name_of(path: Path) -> str:
    """A name for what is in ``path``, if its own name has one in it."""
    stem = path.name.split(".")[0].lower()
    return re.sub(r"[^a-z0-9_-]+", "-", stem).strip("-")[:50]


def _lines(error: ValidationError) -> list[str]:
    return [f"{field}: {' '.join(each)}" for field, each in error.message_dict.items()]
