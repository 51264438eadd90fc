"""System checks of datasets."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.files.storage import (
    FileSystemStorage,
    InMemoryStorage,
    InvalidStorageError,
    storages,
)

from plots.checks import check_rows
from plots.conf import conf
from plots.errors import suggestion
from plots.spec.registry import sources


@checks.register("plots")
def check_storage(**kwargs: Any) -> list[checks.CheckMessage]:
    """E008: the storage PLOTS["STORAGE"] is missing. W010, W011: its place is unsuitable."""
    try:
        storage = storages[conf.STORAGE]
    except InvalidStorageError as error:
        message = f"PLOTS['STORAGE'] is {conf.STORAGE!r}, which is not in STORAGES."
        hint = suggestion(str(conf.STORAGE), settings.STORAGES).strip()
        if conf.STORAGE in settings.STORAGES:
            message, hint = f"The storage {conf.STORAGE!r} cannot be used: {error}", ""
        hint = hint or "Datasets are files. Define a storage for them in STORAGES."
        return [checks.Error(message, hint=hint, id="plots.E008")]
    if isinstance(storage, InMemoryStorage) and conf.PROCESSES:
        message = (
            f"The storage {conf.STORAGE!r} is in the memory of one process, so the render "
            "processes cannot read datasets."
        )
        hint = "Use a storage with files for PLOTS['STORAGE'], or set PLOTS['PROCESSES'] to 0."
        return [checks.Warning(message, hint=hint, id="plots.W010")]
    if isinstance(storage, FileSystemStorage) and not storage.base_location:
        message = "MEDIA_ROOT is empty, so datasets are stored in the current working directory."
        hint = "Set MEDIA_ROOT, or the location of the storage that PLOTS['STORAGE'] names."
        return [checks.Warning(message, hint=hint, id="plots.W011")]
    return []


@checks.register("plots", checks.Tags.database)
def check_datasets(databases: Collection[str] | None = None, **kwargs: Any) -> list[Any]:
    """W003: a dataset that a registered source with the same name hides."""
    from plots.datasets.models import Dataset

    hidden = Dataset.objects.filter(name__in=[source.name for source in sources])
    return check_rows(hidden, databases, _hidden)


def _hidden(dataset: Any) -> Iterator[checks.Warning]:
    message = f"The dataset {dataset.name!r} is hidden by a registered source of that name."
    hint = "Give the source another name. The name of a dataset cannot be changed."
    yield checks.Warning(message, hint, dataset, id="plots.W003")
