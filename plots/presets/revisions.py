"""Store a revision of a preset at every save, and compare and restore revisions."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import reversion
from django.contrib.contenttypes.models import ContentType
from django.db import models, router, transaction
from django.utils.text import capfirst
from reversion.errors import RevertError

from plots.forms.binding import as_parameters
from plots.permissions import require_change

from .overlaps import add_summary

logger = logging.getLogger("plots")

# The fields in a revision. The revision itself stores the user and the time; revisions stay when a
# user account is deleted.
FIELDS = (
    "title", "slug", "description", "tags", "kind", "source", "parameters", "overrides", "cache",
    "visibility", "order",
)  # fmt: skip

register = reversion.register(fields=FIELDS)


@dataclass(frozen=True)
class Difference:
    """A changed field or parameter, with its old and new value as text."""

    name: str
    label: str
    old: str
    new: str


def field_values(preset: Any) -> dict[str, Any]:
    """Return the values of the fields that revisions store."""
    return {name: getattr(preset, name) for name in FIELDS}


def differences(before: Any, after: Any) -> list[Difference]:
    """Return the fields and parameters in which two presets differ, in order."""
    old, new = _flat(field_values(before)), _flat(field_values(after))
    names = dict.fromkeys([*new, *old])
    return [
        Difference(
            name, label_of(type(after), name), _as_text(old.get(name)), _as_text(new.get(name))
        )
        for name in names
        if old.get(name) != new.get(name)
    ]


def label_of(model: type[models.Model], name: str) -> str:
    """Return the label of a field. The label of a parameter is its name."""
    field: Any = model._meta.get_field(name) if name in (*FIELDS, "groups") else None
    return capfirst(str(field.verbose_name)) if field else name


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    flat = {name: value for name, value in values.items() if name != "parameters"}
    parameters = values["parameters"]
    if not isinstance(parameters, dict):
        return flat | {"parameters": parameters}
    for name, texts in as_parameters(parameters).items():
        # A parameter may have the name of a field: the title in the image is not the page title.
        flat[f"plot {name}" if name in FIELDS else name] = [*map(str, texts)]
    return flat


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@contextmanager
def record_revision(preset: Any, by: Any = None, using: str | None = None) -> Iterator[None]:
    """Store a revision of ``preset``, which is saved within this context, by the user ``by``.

    A save without changes creates no revision. Earlier changes that were not recorded, made with
    SQL or ``QuerySet.update``, are stored as a revision of their own first.
    """
    rows = type(preset)._base_manager.using(using or preset._state.db)
    with transaction.atomic(using=using or preset._state.db):
        before = rows.select_related("editor").filter(pk=preset.pk).first() if preset.pk else None
        if before and not reversion.is_active():
            _catch_up(before)
        changed = _names(before, preset) if before else ""
        if before and not changed:
            yield
            return
        with reversion.create_revision():
            if by is not None:
                reversion.set_user(by)
            reversion.set_comment(changed)
            yield


def _catch_up(preset: Any) -> None:
    """Store a revision of the row in the database if the last revision differs from it."""
    version = versions_of(type(preset), preset.pk).first()
    last = read_version(version) if version else None
    changed = _names(last.preset, preset) if last else ""
    if last and not changed:
        return
    with reversion.create_revision():
        reversion.set_user(preset.editor)
        reversion.set_date_created(preset.updated)
        reversion.set_comment(changed)
        reversion.add_to_revision(preset)


def _names(before: Any, after: Any) -> str:
    return ", ".join(each.name for each in differences(before, after))


@dataclass(frozen=True)
class Revision:
    """A revision of a preset.

    ``number`` identifies it. ``preset`` is an unsaved instance with the values of the revision.
    ``changed`` has the names of the changed fields and parameters; it is empty if the preset was
    created or restored.
    """

    number: int
    date: datetime
    username: str
    changed: tuple[str, ...]
    preset: Any


def versions_of(model: type[models.Model], pk: Any) -> Any:
    """Return the versions of the preset ``pk``, newest first, with their revisions and users."""
    from reversion.models import Version

    return Version.objects.get_for_object_reference(model, pk).select_related("revision__user")


def all_versions(model: type[models.Model]) -> Any:
    """Return the versions of all presets, including deleted ones."""
    from reversion.models import Version

    return Version.objects.get_for_model(model).select_related("revision__user")


def deleted_versions(model: type[models.Model]) -> Any:
    """Return the last version of each deleted preset, newest first."""
    from reversion.models import Version

    return Version.objects.get_deleted(model).select_related("revision__user")


def read_version(version: Any) -> Revision | None:
    """Return the revision of ``version``, or None with a logged warning if it cannot be read."""
    try:
        values = version.field_dict
    except RevertError as error:
        logger.warning("Revision %s of a preset cannot be read: %s", version.pk, error)
        return None
    model: Any = ContentType.objects.get_for_id(version.content_type_id).model_class()
    preset = model(pk=int(version.object_id), **{name: values[name] for name in FIELDS})
    preset._state.adding = False
    revision = version.revision
    username = revision.user.get_username() if revision.user else ""
    changed = tuple(filter(None, revision.comment.split(", ")))
    return Revision(version.pk, revision.date_created, username, changed, preset)


def restore(revision: Revision, by: Any) -> Any:
    """Save the preset with the values of a revision. This creates a new revision.

    A deleted preset is created again with its primary key. Raises ValidationError if the preset
    can no longer be rendered, or if another preset uses its slug now, and PermissionDenied if the
    preset or the revision is published and the user ``by`` may not publish.
    """
    preset = revision.preset
    model = type(preset)
    with transaction.atomic(using=router.db_for_write(model)):
        now = model._base_manager.filter(pk=preset.pk).first()
        if now is None:
            preset._state.adding = True
        else:
            for name, value in field_values(preset).items():
                setattr(now, name, value)
            preset = now
        require_change(by, preset)
        add_summary(preset)  # presets of earlier versions needed none
        preset.full_clean()
        preset.save(by=by)
    return preset
