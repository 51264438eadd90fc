"""Datasets as sources."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.signals import request_finished, request_started
from django.db import DatabaseError
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from plots.data.loading import load
from plots.errors import PlotError
from plots.permissions import SITE, User
from plots.sources.parquet.file import ParquetFile
from plots.sources.parquet.sql import as_drawn_types
from plots.spec.registry import Source, sources

from . import storage
from .models import Dataset, Staged


@dataclass(frozen=True)
class DatasetSource(Source):
    dataset: Dataset = field(kw_only=True)

    @property
    def title(self) -> str:
        return self.dataset.title

    @property
    def description(self) -> str:
        return self.dataset.description


def source_of(dataset: Dataset) -> Source:
    """The dataset as a source."""

    def table() -> ParquetFile:
        return ParquetFile(storage.local_path(str(dataset.file.name)), dataset.dtypes)

    # Who may see it is part of its version: what was recalled of it is forgotten with that.
    version = f"{dataset.revision}-{dataset.visibility}"
    return DatasetSource(
        dataset.name,
        table,
        forms.Form,
        version=version,
        private=dataset.is_private,
        columns=as_drawn_types(dataset.dtypes),
        dataset=dataset,
    )


def broken_by(dataset: Dataset, staged: Staged) -> list[tuple[Any, PlotError]]:
    """The presets that could not be drawn of ``staged``, each with the reason."""
    broken = []
    with replaced(dataset, staged):
        for user in sources.used_by(dataset.name):
            try:
                load(user.spec())
            except PlotError as error:
                broken.append((user, error))
    return broken


_tried: ContextVar[Source | None] = ContextVar("_tried", default=None)


@contextmanager
def replaced(dataset: Dataset, staged: Staged) -> Iterator[None]:
    """Let ``dataset`` be ``staged`` for whoever asks meanwhile, here."""
    as_if = Dataset(name=dataset.name, file=staged.file, columns=[*staged.dtypes.items()])
    token = _tried.set(source_of(as_if))
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

    def expect(self, names: Collection[str]) -> None:
        found = _found.get()
        if found is None:
            return
        wanted = {*names} - {*found}
        with suppress(DatabaseError):  # not migrated yet
            there = Dataset.objects.in_bulk(wanted, field_name="name") if wanted else {}
            found |= {name: source_of(there[name]) if name in there else None for name in wanted}

    def _find(self, name: str) -> Source | None:
        try:
            dataset = Dataset.objects.filter(name=name).first()
        except DatabaseError:
            return None  # not migrated yet
        return source_of(dataset) if dataset else None

    def offered(self, user: User) -> Iterable[Source]:
        try:
            found = Dataset.objects.visible_to(user)
            return [source_of(each) for each in (found if user is SITE else found.listed())]
        except DatabaseError:
            return []
