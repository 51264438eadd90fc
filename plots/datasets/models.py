"""Datasets: uploaded tables, each of which is a source under its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from plots.base_models import SavedModel, visibility_field
from plots.datasets.ingest.reader import Table
from plots.permissions import VisibleQuerySet
from plots.sources.parquet import file as parquet_file
from plots.sources.parquet import sql
from plots.spec.registry import NAME, sources

from . import storage

SALT = "plots.datasets"
# The fields that editors fill in; the other fields describe the file.
METADATA_FIELDS = ("title", "description", "origin", "licence", "visibility")
MAX_WARNINGS = 30


@dataclass(frozen=True)
class Staged:
    """An uploaded file that was read but not accepted yet. ``token`` identifies it."""

    file: str
    dtypes: Mapping[str, sql.ColumnType]
    rows: int
    size: int
    warnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: Table, name: str) -> Staged:
        """Store the file of ``table`` for the dataset ``name``."""
        size = table.path.stat().st_size
        warnings = table.warnings[:MAX_WARNINGS]
        if more := len(table.warnings) - len(warnings):
            message = ngettext("%(more)d more warning.", "%(more)d more warnings.", more)
            warnings = (*warnings, message % {"more": more})
        return cls(storage.store(table.path, name), table.dtypes, table.rows, size, warnings)

    @property
    def token(self) -> str:
        """Signed text that holds all fields, for a form."""
        values = (self.file, [*self.dtypes.items()], self.rows, self.size, self.warnings)
        return signing.dumps(values, salt=SALT, compress=True)

    @classmethod
    def read(cls, token: str) -> Staged | None:
        """Return the staged file of ``token``; None if the token is invalid or the file is gone."""
        try:
            values = signing.loads(token, salt=SALT, max_age=storage.MAX_AGE)
        except signing.BadSignature:
            return None
        file, dtypes, rows, size, warnings = values
        is_there = storage.storage().exists(file)
        return cls(file, dict(dtypes), rows, size, tuple(warnings)) if is_there else None

    def table(self) -> parquet_file.ParquetFile:
        """The table in the file."""
        return parquet_file.ParquetFile(storage.local_path(self.file), self.dtypes)


class DatasetQuerySet(VisibleQuerySet):
    """Datasets, with the clean-up of their files."""

    def clean_up(self) -> int:
        """Delete the files of uploads that failed or were never accepted; return their number."""
        return storage.clean_up({*Dataset.objects.values_list("file", flat=True)})


class Dataset(SavedModel):
    """An uploaded table. The storage has the file of its last revision."""

    name = models.CharField(
        _("name"),
        max_length=50,
        unique=True,
        validators=[
            RegexValidator(
                rf"^{NAME}\Z",
                _("Use lower-case letters, digits, - and _, and begin with a letter."),
            )
        ],
        help_text=_("Used in URLs, template tags and presets. It cannot be changed later."),
    )
    origin = models.CharField(
        _("origin"), max_length=500, blank=True, help_text=_("Who published the data, and where.")
    )
    licence = models.CharField(
        _("licence"), max_length=200, blank=True, help_text=_("What others may do with the data.")
    )
    visibility = visibility_field(
        _(
            "Staff only: others see only what presets show of it. Chosen groups: these groups can "
            "draw it. Everybody who is logged in: all users of this site can. Unlisted: everybody "
            "who knows the name can read all rows. Public: everybody can, and it is offered in "
            "lists."
        )
    )
    file = models.FileField(
        _("file"), storage=storage.storage, max_length=200, unique=True, editable=False
    )
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)
    rows = models.PositiveBigIntegerField(_("rows"), default=0, editable=False)
    size = models.PositiveBigIntegerField(_("bytes"), default=0, editable=False)
    columns = models.JSONField(_("columns"), default=list, editable=False)

    objects = DatasetQuerySet.as_manager()  # type: ignore[misc]  # replaces the base's

    class Meta(SavedModel.Meta):
        db_table = "plots_dataset"
        ordering = ["title", "pk"]
        verbose_name = _("dataset")
        verbose_name_plural = _("datasets")

    @property
    def dtypes(self) -> dict[str, sql.ColumnType]:
        """The data type of each column, in the order of the file."""
        return dict(self.columns)

    def clean(self) -> None:
        if self.name in sources:
            raise ValidationError(
                {"name": _("A source of this site already has this name. Choose another name.")}
            )

    def accept(self, staged: Staged) -> None:
        """Save the dataset with ``staged`` as its next revision.

        The file of the former revision is deleted when the transaction is committed.
        """
        with transaction.atomic():
            found = type(self).objects.select_for_update().filter(pk=self.pk).first()
            if found and found.file.name == staged.file:
                return  # the form was sent twice
            self.revision = (found.revision if found else 0) + 1
            self.file = staged.file
            self.columns = [[name, dtype] for name, dtype in staged.dtypes.items()]
            self.rows, self.size = staged.rows, staged.size
            self.save()
            if found:
                transaction.on_commit(lambda: storage.discard(str(found.file.name)))


@receiver(pre_delete, sender=Dataset)
def _refuse_deletion(instance: Dataset, **_: Any) -> None:
    """Refuse to delete a dataset that presets draw."""
    used: set[Any] = {*sources.used_by(instance.name)}
    if used:
        slugs = ", ".join(preset.slug for preset in used)
        message = gettext(
            "%(name)s cannot be deleted, because these presets use it: %(presets)s. "
            "Delete them or change their source first."
        )
        raise models.ProtectedError(message % {"name": instance.name, "presets": slugs}, used)


@receiver(post_delete, sender=Dataset)
def _discard_file(instance: Dataset, **_: Any) -> None:
    name = str(instance.file.name)
    transaction.on_commit(lambda: storage.discard(name))
