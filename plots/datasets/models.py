"""Datasets: uploaded tables. Each is a source, by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.signals import request_finished, request_started
from django.core.validators import RegexValidator
from django.db import DatabaseError, models, transaction
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from ..errors import PlotError
from ..registry import NAME, Source, sources
from ..sources import parquet
from ..visibility import SITE, User, Visibility, VisibleQuerySet
from . import files
from .tables import Table

SALT = "plots.datasets"
# What people say of a dataset, as against what its file says.
TOLD = ("title", "description", "origin", "licence", "visibility")
MOST_WARNINGS = 30


@dataclass(frozen=True)
class Staged:
    """A file that was read and waits for its owner to accept it; ``token`` brings it back."""

    file: str
    sorts: Mapping[str, parquet.Sort]
    rows: int
    size: int
    warnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: Table, name: str) -> Staged:
        size = table.path.stat().st_size
        warnings = table.warnings[:MOST_WARNINGS]
        if more := len(table.warnings) - len(warnings):
            warnings = (*warnings, f"And {more} more remarks.")
        return cls(files.keep(table.path, name), table.sorts, table.rows, size, warnings)

    @property
    def token(self) -> str:
        said = (self.file, [*self.sorts.items()], self.rows, self.size, self.warnings)
        return signing.dumps(said, salt=SALT, compress=True)

    @classmethod
    def read(cls, token: str) -> Staged | None:
        """What ``token`` stands for, unless it is too old or of somebody else's making."""
        try:
            said = signing.loads(token, salt=SALT, max_age=files.PATIENCE)
        except signing.BadSignature:
            return None
        file, sorts, rows, size, warnings = said
        is_there = files.storage().exists(file)
        return cls(file, dict(sorts), rows, size, tuple(warnings)) if is_there else None

    def table(self) -> parquet.File:
        return parquet.File(files.local_path(self.file), self.sorts)


class DatasetQuerySet(VisibleQuerySet):
    def sweep(self) -> int:
        """Clear away what uploads that were broken off, or never accepted, have left."""
        return files.sweep({*Dataset.objects.values_list("file", flat=True)})


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
        _("file"), storage=files.storage, max_length=200, unique=True, editable=False
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
        ordering = ["title", "pk"]
        verbose_name = _("dataset")
        verbose_name_plural = _("datasets")

    def __str__(self) -> str:
        return self.title

    @property
    def is_private(self) -> bool:
        return self.visibility == Visibility.STAFF

    @property
    def sorts(self) -> dict[str, parquet.Sort]:
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
            self.columns = [[name, sort] for name, sort in staged.sorts.items()]
            self.rows, self.size = staged.rows, staged.size
            self.save()
            if found:
                transaction.on_commit(lambda: files.discard(str(found.file.name)))

    def presets(self) -> Any:
        """The presets that draw it."""
        from ..models import Preset

        return Preset.objects.filter(source=self.name)

    def broken_by(self, staged: Staged) -> list[tuple[Any, PlotError]]:
        """The presets that could not be drawn of ``staged``, each with the reason."""
        from ..data import load

        broken = []
        with _instead(self, staged):
            for preset in self.presets():
                try:
                    load(preset.spec())
                except PlotError as error:
                    broken.append((preset, error))
        return broken

    def as_source(self) -> Source:
        def table() -> parquet.File:
            return parquet.File(files.local_path(str(self.file.name)), self.sorts)

        # Who may see it is part of its version: what was recalled of it is forgotten with that.
        version = f"{self.revision}-{self.visibility}"
        return DatasetSource(
            self.name,
            table,
            forms.Form,
            version=version,
            private=self.is_private,
            columns=self.sorts,
            dataset=self,
        )


@dataclass(frozen=True)
class DatasetSource(Source):
    dataset: Dataset = field(kw_only=True)

    @property
    def title(self) -> str:
        return self.dataset.title

    @property
    def description(self) -> str:
        return self.dataset.description


_tried: ContextVar[Source | None] = ContextVar("_tried", default=None)


@contextmanager
def _instead(dataset: Dataset, staged: Staged) -> Iterator[None]:
    """Let ``dataset`` be ``staged`` for whoever asks meanwhile, here."""
    as_if = Dataset(name=dataset.name, file=staged.file, columns=[*staged.sorts.items()])
    token = _tried.set(as_if.as_source())
    try:
        yield
    finally:
        _tried.reset(token)


# What was found in the course of a request: a page asks for the same a hundred times.
_found: ContextVar[dict[str, Source | None] | None] = ContextVar("_found", default=None)


@receiver(request_started)
def _begin(**_: Any) -> None:
    _found.set({})


@receiver(request_finished)
def _end(**_: Any) -> None:
    _found.set(None)


@receiver([post_save, post_delete], sender=Dataset)
def _forget(**_: Any) -> None:
    if found := _found.get():
        found.clear()


class Supply:
    """What ``registry.sources`` asks for sources that are not registered."""

    def find(self, name: str) -> Source | None:
        tried = _tried.get()
        if tried and tried.name == name:
            return tried
        found = _found.get()
        if found is None:
            return self._find(name)
        if name not in found:
            found[name] = self._find(name)
        return found[name]

    def fetch(self, names: Iterable[str]) -> None:
        """Find all of ``names`` with one query, for the rest of the request."""
        found = _found.get()
        wanted = {name for name in names if name and name not in sources}
        if found is None or not wanted - found.keys():
            return
        there = {each.name: each.as_source() for each in Dataset.objects.filter(name__in=wanted)}
        found.update({name: there.get(name) for name in wanted})

    def _find(self, name: str) -> Source | None:
        try:
            dataset = Dataset.objects.filter(name=name).first()
        except DatabaseError:
            return None  # not migrated yet
        return dataset.as_source() if dataset else None

    def offered(self, user: User) -> Iterable[Source]:
        try:
            found = Dataset.objects.visible_to(user)
            return [each.as_source() for each in (found if user is SITE else found.listed())]
        except DatabaseError:
            return []


@receiver(pre_delete, sender=Dataset)
def _refuse_deletion(instance: Dataset, **_: Any) -> None:
    if used := {*instance.presets()}:
        shown = ", ".join(preset.slug for preset in used)
        raise models.ProtectedError(f"These presets draw {instance.name}: {shown}.", used)


@receiver(post_delete, sender=Dataset)
def _discard_file(instance: Dataset, **_: Any) -> None:
    name = str(instance.file.name)
    transaction.on_commit(lambda: files.discard(name))
