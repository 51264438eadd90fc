"""System checks of datasets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError

from plots.conf import conf
from plots.errors import suggestion
from plots.spec.registry import sources


@checks.register("plots")
def check_storage(**kwargs: Any) -> list[checks.CheckMessage]:
    """E008: STORAGES has no storage with the name that PLOTS["STORAGE"] gives."""
    if conf.STORAGE in settings.STORAGES:
        return []
    message = f"PLOTS['STORAGE'] is {conf.STORAGE!r}, which is not in STORAGES."
    hint = suggestion(str(conf.STORAGE), settings.STORAGES).strip()
    return [checks.Error(message, hint=hint, id="plots.E008")]


@checks.register("plots", checks.Tags.database)
def check_datasets(databases: Sequence[str] | None = None, **kwargs: Any) -> list[Any]:
    """W003: a dataset that a registered source with the same name hides."""
    from plots.datasets.models import Dataset

    try:
        hidden = (
            Dataset.objects.using(databases[0]).filter(name__in=[source.name for source in sources])
            if databases
            else []
        )
        return [
            checks.Warning(
                f"The dataset {dataset.name!r} is hidden by a registered source of that name.",
                "Give the source another name. The name of a dataset cannot be changed.",
                dataset,
                id="plots.W003",
            )
            for dataset in hidden
        ]
    except DatabaseError:
        return []  # not migrated yet
