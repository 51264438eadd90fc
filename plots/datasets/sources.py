"""Datasets as sources, under their names."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.signals import request_finished, request_started
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.translation import gettext as _

from plots.data.loading import load
from plots.errors import PlotError
from plots.permissions import SITE, User
from plots.sources.parquet.file import ParquetFile
from plots.sources.parquet.sql import as_drawn_types
from plots.spec.registry import Source, sources

from . import storage
from .models import Dataset, Staged

logger = logging.getLogger("plots")


@dataclass(frozen=True)
class DatasetSource(Source):
    """The source of one dataset."""

    dataset: Dataset = field(kw_only=True)

    @property
    def title(self) -> str:
        return self.dataset.title

    @property
    def description(self) -> str:
        return self.dataset.description


def source_of(dataset: Dataset, groups: Collection[str] = ()) -> Source:
    """Make the source of ``dataset``. ``groups`` are the names of the groups that may see it."""

    def table() -> ParquetFile:
        return ParquetFile(storage.local_path(str(dataset.file.name)), dataset.dtypes)

    # The visibility is part of the version, so that cached responses become invalid with it.
    version = f"{dataset.revision}-{dataset.visibility}"
    return DatasetSource(
        dataset.name,
        table,
        forms.Form,
        version=version,
        visibility=dataset.visibility,
        groups=groups,
        columns=as_drawn_types(dataset.dtypes),
        formats=dataset.formats,
        dataset=dataset,
    )


def broken_by(dataset: Dataset, staged: Staged) -> list[tuple[Any, PlotError]]:
    """Find the presets that cannot be drawn with the data of ``staged``.

    Returns
    -------
    list of (preset, PlotError)
    """
    broken = []
    with override(dataset, staged):
        for user in sources.used_by(dataset.name):
            try:
                load(user.spec())
            except PlotError as error:
                broken.append((user, error))
            except Exception:  # kinds may raise anything
                logger.exception("Failed to load the data of %s", user.slug)
                message = _(
                    "The image could not be rendered because of a server error. It has been logged."
                )
                broken.append((user, PlotError(message, "failed")))
    return broken


_override: ContextVar[Source | None] = ContextVar("_override", default=None)


@contextmanager
def override(dataset: Dataset, staged: Staged) -> Iterator[None]:
    """Use the data of ``staged`` instead of those of ``dataset`` in this context."""
    replacement = Dataset(name=dataset.name, file=staged.file, columns=[*staged.columns])
    token = _override.set(source_of(replacement))
    try:
        yield
    finally:
        _override.reset(token)


# The sources found during a request. A page looks up the same ones up to a hundred times.
_request_cache: ContextVar[dict[str, Source | None] | None] = ContextVar(
    "_request_cache", default=None
)


@receiver(request_started)
def _begin(**_: Any) -> None:
    _request_cache.set({})


@receiver(request_finished)
def _end(**_: Any) -> None:
    _request_cache.set(None)


@receiver([post_save, post_delete], sender=Dataset)
def _forget(**_: Any) -> None:
    if found := _request_cache.get():
        found.clear()


def _fetch(names: Collection[str]) -> dict[str, Source | None]:
    """Return the sources of datasets by name, in one query, or in two if one is private."""
    datasets = Dataset.objects.in_bulk(names, field_name="name") if names else {}
    private = [name for name, dataset in datasets.items() if dataset.is_private]
    groups = _groups_of(private) if private else {}
    return {
        name: source_of(datasets[name], groups.get(name, ())) if name in datasets else None
        for name in names
    }


def _groups_of(names: Collection[str]) -> dict[str, list[str]]:
    """Return the names of the groups of datasets, by the name of the dataset."""
    groups: dict[str, list[str]] = {}
    chosen = Dataset.groups.through._base_manager.filter(dataset__name__in=names)
    for name, group in chosen.values_list("dataset__name", "group__name"):
        groups.setdefault(name, []).append(group)
    return groups


class DatasetSources:
    """The supply of sources that are not registered: one for each dataset."""

    def find(self, name: str) -> Source | None:
        """Return the source of the dataset called ``name``."""
        replacement = _override.get()
        if replacement and replacement.name == name:
            return replacement
        found = _request_cache.get()
        if found is None:
            return self._find(name)
        if name not in found:
            found[name] = self._find(name)
        return found[name]

    def expect(self, names: Collection[str]) -> None:
        """Fetch datasets that will be looked up, in one query."""
        found = _request_cache.get()
        if found is None:
            return
        missing = {*names} - {*found}
        found |= _fetch(missing)

    def _find(self, name: str) -> Source | None:
        found = _fetch([name])[name]
        if found is None:
            _groups_of([name])  # a name without a dataset takes as long as a private dataset
        return found

    def offered(self, user: User) -> Iterable[Source]:
        """Return the sources that lists show to ``user``."""
        found = Dataset.objects.visible_to(user)
        return [source_of(each) for each in (found if user is SITE else found.listed())]
