"""Every save of a preset is kept: what it was then, who saved it and what changed."""

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
from django.db import models, transaction
from django.utils.text import capfirst
from reversion.errors import RevertError

from plots.forms.binding import as_parameters

logger = logging.getLogger("plots")

# What is kept of a preset. Who saved it and when is the revision's to say, for ever: an account
# that is deleted takes no revision with it.
FIELDS = (
    "title", "slug", "description", "tags", "kind", "source", "parameters", "overrides", "cache",
    "visibility", "order",
)  # fmt: skip

register = reversion.register(fields=FIELDS)


@dataclass(frozen=True)
class Difference:
    """A field or parameter, ``name``, that was ``old`` and is ``new``; both as people read it."""

    name: str
    label: str
    old: str
    new: str


def field_values(preset: Any) -> dict[str, Any]:
    """What is kept of ``preset``, by field."""
    return {name: getattr(preset, name) for name in FIELDS}


def differences(before: Any, after: Any) -> list[Difference]:
    """In what ``after`` differs from ``before``, in the order of its fields.

    Parameters are told one by one.
    """
    old, new = _flat(field_values(before)), _flat(field_values(after))
    names = dict.fromkeys([*new, *old])
    return [
        Difference(name, label_of(type(after), name), _told(old.get(name)), _told(new.get(name)))
        for name in names
        if old.get(name) != new.get(name)
    ]


def label_of(model: type[models.Model], name: str) -> str:
    """What the field ``name`` is called; a parameter's name is its own."""
    field: Any = model._meta.get_field(name) if name in FIELDS else None
    return capfirst(str(field.verbose_name)) if field else name


def _flat(kept: Mapping[str, Any]) -> dict[str, Any]:
    flat = {name: value for name, value in kept.items() if name != "parameters"}
    parameters = kept["parameters"]
    if not isinstance(parameters, dict):
        return flat | {"parameters": parameters}
    for name, texts in as_parameters(parameters).items():
        # The title that is drawn is not that of the page.
        flat[f"plot {name}" if name in FIELDS else name] = [*map(str, texts)]
    return flat


def _told(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@contextmanager
def record_revision(preset: Any, by: Any = None, using: str | None = None) -> Iterator[None]:
    """Make a revision, ``by`` a user or nobody known, of how ``preset`` is saved meanwhile.

    A save that changes nothing makes none. What somebody put there unseen, with SQL or
    ``QuerySet.update``, becomes a revision first, so that nothing is lost.
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
    """Make a revision of what stands in the database, unless the last one is that."""
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
    """One revision of a preset. ``number`` names it; ``preset`` is as it was then, not saved.

    ``changed`` has the names of fields and parameters; none, where it was made or brought back.
    """

    number: int
    when: datetime
    who: str
    changed: tuple[str, ...]
    preset: Any


def versions_of(model: type[models.Model], pk: Any) -> Any:
    """The versions of the preset ``pk``, the newest first, each with its revision and user."""
    from reversion.models import Version

    return Version.objects.get_for_object_reference(model, pk).select_related("revision__user")


def all_versions(model: type[models.Model]) -> Any:
    """The versions of all presets, of those that are there no more, too."""
    from reversion.models import Version

    return Version.objects.get_for_model(model).select_related("revision__user")


def deleted_versions(model: type[models.Model]) -> Any:
    """The last version of each preset that is there no more, the newest first."""
    from reversion.models import Version

    return Version.objects.get_deleted(model).select_related("revision__user")


def read_version(version: Any) -> Revision | None:
    """What ``version`` says; None, and a warning, where nothing here can read it any more."""
    try:
        kept = version.field_dict
    except RevertError as error:
        logger.warning("The revision %s of a preset cannot be read: %s", version.pk, error)
        return None
    model: Any = ContentType.objects.get_for_id(version.content_type_id).model_class()
    preset = model(pk=int(version.object_id), **{name: kept[name] for name in FIELDS})
    preset._state.adding = False
    revision = version.revision
    who = revision.user.get_username() if revision.user else ""
    changed = tuple(filter(None, revision.comment.split(", ")))
    return Revision(version.pk, revision.date_created, who, changed, preset)


def restore(kept: Revision, by: Any) -> Any:
    """Save the preset as it was, which makes a revision of its own; one that was deleted is back.

    Raises ValidationError where it cannot be drawn any more, or its slug is another's by now.
    """
    preset = kept.preset
    model = type(preset)
    now = model._base_manager.filter(pk=preset.pk).first()
    if now is None:
        preset._state.adding = True
    else:
        for name, value in field_values(preset).items():
            setattr(now, name, value)
        preset = now
    preset.full_clean()
    preset.save(by=by)
    return preset
