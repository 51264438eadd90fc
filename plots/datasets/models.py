"""Datasets: uploaded tables, each of which is a source under its name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, router, transaction
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from plots.base_models import SavedModel, visibility_field
from plots.datasets.ingest.reader import Table
from plots.permissions import User, VisibleQuerySet, require_change
from plots.sources.parquet import file as parquet_file
from plots.sources.parquet import sql
from plots.spec.registry import NAME, sources

from . import storage

SALT = "plots.datasets"
# The fields that editors fill in; the other fields describe the file.
METADATA_FIELDS = ("title", "description", "origin", "licence", "visibility")
MAX_WARNINGS = 30


# Name, data type, and the number format of a column of money or shares. In datasets that were saved
# before there were formats, columns have a name and a data type only.
StoredColumn = tuple[str, sql.ColumnType, str]


def _dtypes_of(columns: Iterable[Any]) -> dict[str, sql.ColumnType]:
    return {name: dtype for name, dtype, *_format in columns}


def _formats_of(columns: Iterable[Any]) -> dict[str, str]:
    return {name: found[0] for name, _dtype, *found in columns if any(found)}


@dataclass(frozen=True)
class Staged:
    """An uploaded file that was read but not accepted yet. ``token`` identifies it."""

    file: str
    columns: tuple[StoredColumn, ...]
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
        columns = tuple(
            (column, dtype, table.formats.get(column, "")) for column, dtype in table.dtypes.items()
        )
        return cls(storage.store(table.path, name), columns, table.rows, size, warnings)

    @property
    def dtypes(self) -> dict[str, sql.ColumnType]:
        """The data type of each column, in the order of the file."""
        return _dtypes_of(self.columns)

    @property
    def formats(self) -> dict[str, str]:
        """The number formats of columns of money or shares."""
        return _formats_of(self.columns)

    def token(self, user: Any, dataset: Dataset) -> str:
        """Return signed text that holds all fields, for the form of ``user`` for ``dataset``."""
        values = (self.file, self.columns, self.rows, self.size, self.warnings)
        return signing.dumps(values, salt=_salt(user, dataset), compress=True)

    @classmethod
    def read(cls, token: str, user: Any, dataset: Dataset) -> Staged | None:
        """Return the staged file of ``token``.

        Returns None if the token is invalid or for another user or dataset, or if the file is gone.
        """
        try:
            values = signing.loads(token, salt=_salt(user, dataset), max_age=storage.MAX_AGE)
        except signing.BadSignature:
            return None
        file, columns, rows, size, warnings = values
        if not storage.storage().exists(file):
            return None
        return cls(file, tuple(map(tuple, columns)), rows, size, tuple(warnings))

    def table(self) -> parquet_file.ParquetFile:
        """The table in the file."""
        return parquet_file.ParquetFile(storage.local_path(self.file), self.dtypes)


def _salt(user: Any, dataset: Dataset) -> str:
    return f"{SALT}.{user.pk}.{dataset.pk or 'new'}"


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
    visibility = visibility_field(_("Who can read the rows."))
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
        # Without this permission, users can only create and change datasets that nobody but staff
        # sees, neither by themselves nor in presets.
        permissions = [("publish_dataset", "Can publish dataset")]

    @property
    def dtypes(self) -> dict[str, sql.ColumnType]:
        """The data type of each column, in the order of the file."""
        return _dtypes_of(self.columns)

    @property
    def formats(self) -> dict[str, str]:
        """The number formats of columns of money or shares."""
        return _formats_of(self.columns)

    @property
    def is_published(self) -> bool:
        """Whether others than staff can see it, or what a preset or Python view shows of it."""
        return (
            super().is_published
            or self.name in sources.shown_by_views
            or any(preset.is_published for preset in sources.used_by(self.name))
        )

    def clean(self) -> None:
        if self.name in sources:
            raise ValidationError(
                {"name": _("A source of this site already has this name. Choose another name.")}
            )

    def accept(self, staged: Staged, by: User) -> None:
        """Save the dataset with ``staged`` as its next revision.

        The file of the former revision is deleted when the transaction is committed. Raises
        PermissionDenied if the user ``by`` may not change the dataset.
        """
        alias = router.db_for_write(type(self))
        with transaction.atomic(using=alias):
            require_change(by, self)
            found = type(self).objects.select_for_update().filter(pk=self.pk).first()
            if found and found.file.name == staged.file:
                return  # the form was sent twice
            self.revision = (found.revision if found else 0) + 1
            self.file = staged.file
            self.columns = [*map(list, staged.columns)]
            self.rows, self.size = staged.rows, staged.size
            self.save()
            if found:
                transaction.on_commit(lambda: storage.discard(str(found.file.name)), using=alias)


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
    alias = router.db_for_write(Dataset, instance=instance)
    transaction.on_commit(lambda: storage.discard(name), using=alias)
