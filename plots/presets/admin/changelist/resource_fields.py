"""The fields of a preset in a file."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from import_export import widgets
from import_export.fields import Field

from plots.presets.models import Preset


class _JSON(widgets.Widget):
    """Parameters and overrides as JSON. In CSV the cell has the JSON text."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value or "null")
        except ValueError as error:
            raise ValueError(_("Invalid JSON: %(error)s.") % {"error": error}) from error

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class _Text(widgets.Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        raise ValueError(_("Enter text."))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class _Number(widgets.Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return 0 if value in (None, "") else value  # the model validates it

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


def widget_for(name: str) -> widgets.Widget:
    """Return the widget of a field of presets."""
    widgets_by_field = {"parameters": _JSON, "overrides": _JSON, "order": _Number}
    return widgets_by_field.get(name, _Text)()


class GroupNames(_JSON):
    """A list of names of groups, all of which exist."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:
        names = super().clean(value, row, **kwargs) or []
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise ValueError(_("Enter a list of names of groups."))
        known = {*Group.objects.filter(name__in=names).values_list("name", flat=True)}
        if missing := [name for name in names if name not in known]:
            message = _("There is no group “%(name)s”. Create it first, or leave it out.")
            raise ValueError(message % {"name": missing[0][:50]})
        return sorted(known)


class GroupsField(Field):
    """The groups of a preset, which are saved after the preset."""

    def get_value(self, instance: Preset) -> list[str]:
        return groups_of(instance)

    def save(self, instance: Preset, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        vars(instance)["given_groups"] = self.clean(row, **kwargs)


def groups_of(preset: Preset) -> list[str]:
    """Return the names of the groups that a file gives, or else those of the preset."""
    found: list[str] = vars(preset).get("given_groups", [*preset.group_names])
    return found
