"""Datasets: uploaded tables. Each is a source, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from plots.datasets.ingest.reader import Table
from plots.permissions import Visibility, VisibleQuerySet
from plots.sources.parquet import file as parquet_file
from plots.sources.parquet import reading
from plots.spec.registry import NAME, sources

from . import storage

SALT = "plots.datasets"
# What people say of a dataset, as against what its file says.
TOLD = ("title", "description", "origin", "licence", "visibility")
MOST_WARNINGS = 30


@dataclass(frozen=True)
class Staged:
    """A file that was read and waits for its owner to accept it; ``token`` brings it back."""

    file: str
    dtypes: Mapping[str, reading.ColumnType]
    rows: int
    size: int
    warnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: Table, name: str) -> Staged:
        size = table.path.stat().st_size
        warnings = table.warnings[:MOST_WARNINGS]
        if more := len(table.warnings) - len(warnings):
            message = ngettext("And %(more)d more remark.", "And %(more)d more remarks.", more)
            warnings = (*warnings, message % {"more": more})
        return cls(storage.keep(table.path, name), table.dtypes, table.rows, size, warnings)

    @property
    def token(self) -> str:
        said = (self.file, [*self.dtypes.items()], self.rows, self.size, self.warnings)
        return signing.dumps(said, salt=SALT, compress=True)

    @classmethod
    def read(cls, token: str) -> Staged | None:
        """What ``token`` stands for, unless it is too old or of somebody else's making."""
        try:
            said = signing.loads(token, salt=SALT, max_age=storage.PATIENCE)
        except signing.BadSignature:
            return None
        file, sorts, rows, size, warnings = said
        is_there = storage.storage().exists(file)
        return cls(file, dict(sorts), rows, size, tuple(warnings)) if is_there else None

    def table(self) -> parquet_file.File:
        return parquet_file.File(storage.local_path(self.file), self.dtypes)


class DatasetQuerySet(VisibleQuerySet):
    def sweep(self) -> int:
        """Clear away what uploads that were broken off, or never accepted, have left."""
        return storage.sweep({*Dataset.objects.values_list("file", flat=True)})


class Dataset(models.Model):
    """A table that somebody uploaded; the file of its last revision is in the storage."""

    name = models.CharField(
        _("name"),
        max_length=50,
        unique=True,
        validators=[
            RegexValidator(rf"^{NAME}\Z", _("Small letters, digits, - and _, a letter first."))
        ],
        help_text=_("The source's name in addresses, tags and presets; it stays as it is."),
    )
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    origin = models.CharField(
        _("origin"), max_length=500, blank=True, help_text=_("Who made it, and where it is from.")
    )
    licence = models.CharField(
        _("licence"), max_length=200, blank=True, help_text=_("What others may do with it.")
    )
    visibility = models.CharField(
        _("visibility"),
        max_length=10,
        choices=Visibility.choices,
        default=Visibility.PUBLIC,
        help_text=_(
            "Public ones are offered in lists; unlisted ones are for who knows the name. Of one "
            "for staff only, others see what presets show of it."
        ),
    )
    file = models.FileField(
        _("file"), storage=storage.storage, max_length=200, unique=True, editable=False
    )
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)
    rows = models.PositiveBigIntegerField(_("rows"), default=0, editable=False)
    size = models.PositiveBigIntegerField(_("bytes"), default=0, editable=False)
    columns = models.JSONField(_("columns"), default=list, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("author"),
    )
    created = models.DateTimeField(_("created"), auto_now_add=True)
    updated = models.DateTimeField(_("updated"), auto_now=True)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        db_table = "plots_dataset"
        ordering = ["title", "pk"]
        verbose_name = _("dataset")
        verbose_name_plural = _("datasets")

    def __str__(self) -> str:
        return self.title

    @property
    def is_private(self) -> bool:
        return self.visibility == Visibility.STAFF

    @property
    def dtypes(self) -> dict[str, reading.ColumnType]:
        """Its columns in order, and what they hold."""
        return dict(self.columns)

    def clean(self) -> None:
        if self.name in sources:
            raise ValidationError({"name": _("A source of this site has this name already.")})

    def accept(self, staged: Staged) -> None:
        """Save it with ``staged`` as its next revision. The file it had goes once this holds."""
        with transaction.atomic():
            found = type(self).objects.select_for_update().filter(pk=self.pk).first()
            if found and found.file.name == staged.file:
                return  # it was sent twice
            self.revision = (found.revision if found else 0) + 1
            self.file = staged.file
            self.columns = [[name, sort] for name, sort in staged.dtypes.items()]
            self.rows, self.size = staged.rows, staged.size
            self.save()
            if found:
                transaction.on_commit(lambda: storage.discard(str(found.file.name)))


@receiver(pre_delete, sender=Dataset)
def _refuse_deletion(instance: Dataset, **_: Any) -> None:
    used: set[Any] = {*sources.used_by(instance.name)}
    if used:
        shown = ", ".join(preset.slug for preset in used)
        message = gettext("These presets draw %(name)s: %(presets)s.")
        raise models.ProtectedError(message % {"name": instance.name, "presets": shown}, used)


@receiver(post_delete, sender=Dataset)
def _discard_file(instance: Dataset, **_: Any) -> None:
    name = str(instance.file.name)
    transaction.on_commit(lambda: storage.discard(name))
