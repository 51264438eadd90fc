"""Import a dataset from a file: ``manage.py import_dataset towns.csv --title Towns``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plots.datasets import storage
from plots.datasets.models import METADATA_FIELDS, Dataset, Staged
from plots.datasets.sources import broken_by
from plots.datasets.staging import name_from_file, stage
from plots.errors import PlotError
from plots.permissions import SITE, Visibility

PROGRESS_WIDTH = 30  # characters


class Command(BaseCommand):
    help = (
        "Import a CSV, TSV, JSON or Parquet file as a dataset, or as a new revision of an "
        "existing one. Files of abandoned uploads are deleted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            help="without it, files of abandoned uploads are deleted and nothing else is done",
        )
        parser.add_argument(
            "--name", help="the name of the dataset in URLs; default: that of the file"
        )
        parser.add_argument("--title", help="default: the name")
        parser.add_argument("--description")
        parser.add_argument("--origin", help="who made it, and where it comes from")
        parser.add_argument("--licence")
        parser.add_argument("--visibility", choices=Visibility.values)
        parser.add_argument(
            "--force",
            action="store_true",
            help="import it even if presets can then no longer be drawn",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"]:
            count = Dataset.objects.clean_up()
            message = ngettext(
                "%(count)s file of an abandoned upload was deleted.",
                "%(count)s files of abandoned uploads were deleted.",
                count,
            )
            self.stdout.write(message % {"count": f"{count:,}"})
            return
        path = Path(options["file"])
        if not path.is_file():
            message = _("The file %(path)s does not exist. Check the path.")
            raise CommandError(message % {"path": path})
        if not os.access(path, os.R_OK):
            message = _("The file %(path)s cannot be read. Check its permissions.")
            raise CommandError(message % {"path": path})
        name = options["name"] or name_from_file(path.name)
        dataset = Dataset.objects.filter(name=name).first() or Dataset(name=name, title=name)
        for field in METADATA_FIELDS:
            if options[field] is not None:
                setattr(dataset, field, options[field])
        staged = self._stage(dataset, path)
        for warning in staged.warnings:
            self.stderr.write(warning, str)
        if dataset.pk and not options["force"]:
            _check_presets(dataset, staged)
        dataset.accept(staged, SITE)
        message = _("%(name)s, revision %(revision)d: %(rows)s rows of %(columns)s")
        message %= {
            "name": dataset.name,
            "revision": dataset.revision,
            "rows": f"{dataset.rows:,}",
            "columns": ", ".join(f"{name} ({dtype})" for name, dtype in dataset.dtypes.items()),
        }
        self.stdout.write(message)

    def _stage(self, dataset: Dataset, path: Path) -> Staged:
        try:
            dataset.full_clean()
            progress = self._show_progress if self.stderr.isatty() else None
            return stage(path, path.name, dataset.name, progress)
        except ValidationError as error:
            raise CommandError("\n".join(_lines(error))) from None
        except PlotError as error:
            raise CommandError(error.message) from None
        finally:
            if self.stderr.isatty():
                self.stderr.write("")

    def _show_progress(self, step: str, share: float) -> None:
        bar = "#" * round(share * PROGRESS_WIDTH)
        self.stderr.write(f"\r{step:9}[{bar:{PROGRESS_WIDTH}}] {share:4.0%}", str, ending="")
        self.stderr.flush()


def _check_presets(dataset: Dataset, staged: Staged) -> None:
    """Raise a CommandError that lists the presets which ``staged`` would break."""
    if broken := broken_by(dataset, staged):
        storage.discard(staged.file)
        message = _("These presets could then not be drawn. Use --force to import anyway:")
        lines = [f"  {preset.slug}: {error}" for preset, error in broken]
        raise CommandError("\n".join([message, *lines]))


def _lines(error: ValidationError) -> list[str]:
    return [f"{field}: {' '.join(each)}" for field, each in error.message_dict.items()]
