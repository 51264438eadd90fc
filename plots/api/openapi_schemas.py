"""JSON Schemas of the parameters of plots, in a URL and in a JSON body."""

from __future__ import annotations

from typing import Any

from django import forms

from plots.conf import conf
from plots.forms.columns import ColumnsField
from plots.forms.fields import NO, YES, RepeatedField, ScaleField, SideField, SwitchField
from plots.forms.options import TextField
from plots.spec.registry import Kind

Schema = dict[str, Any]

# A blank parameter of a URL has its default.
BLANK = r"^\s*$"
# Text that can be drawn, as ``check_text`` allows it, between blanks that are removed.
PRINTABLE = r"^\s*[^\x00-\x1f\x7f-\x9f]*\s*$"
# In a body, a list of values, or of such lists for several series. null is a gap.
ITEM: Schema = {"type": ["number", "string", "boolean", "null"]}
COLUMNS: Schema = {
    "type": ["array", *ITEM["type"]],
    "items": {"type": ["array", *ITEM["type"]], "items": ITEM},
    "maxItems": conf.MAX_POINTS,
}


def query_schema(field: forms.Field) -> Schema:
    """Return the schema of a parameter of a URL, whose values are text."""
    schema = _values(field)
    if isinstance(field, RepeatedField):
        items: Schema = {"type": "string"}
        is_single = field.most == 1 and getattr(field, "dtype", "") != "grid"
        schema = {"type": "array", "items": items, **({"maxItems": 1} if is_single else {})}
    elif "enum" in schema:
        schema["enum"] = [*schema["enum"], ""]
    elif schema["type"] != "string":
        schema |= {"type": [schema["type"], "string"], "pattern": BLANK}
    if field.initial not in (None, "") and not callable(field.initial):
        schema["default"] = _default(field.initial, schema)
    return schema


def body_schema(kind: Kind, fields: dict[str, forms.Field]) -> Schema:
    """Return the schema of a JSON body with the parameters of ``kind``."""
    return {
        "type": "object",
        "title": kind.title,
        "required": [channel.name for channel in kind.accepted_channels if channel.required],
        "properties": {
            name: {"description": str(field.help_text)} | _body_value(field)
            for name, field in fields.items()
        },
        "maxProperties": 200,
    }


def _body_value(field: forms.Field) -> Schema:
    if isinstance(field, (ColumnsField, RepeatedField)):
        return COLUMNS
    schema = _values(field)
    if "enum" in schema:
        return {"enum": [*schema["enum"], "", None]}
    if schema["type"] == "string":
        return schema | {"type": ["string", "number", "boolean", "null"]}
    return schema | {"type": [schema["type"], "string", "null"]}


def _values(field: forms.Field) -> Schema:
    """Return the schema of one value of ``field``."""
    if isinstance(field, (SwitchField, forms.BooleanField)):
        return {"type": "string", "enum": ["1", "0", *sorted((YES | NO) - {"0", "1"})]}
    choices = [str(name) for name, _ in getattr(field.widget, "choices", ()) if name != ""]
    if choices:
        return {"type": "string", "enum": choices}
    if isinstance(field, forms.IntegerField):  # floats and decimals derive from it
        real = isinstance(field, (forms.FloatField, forms.DecimalField))
        return {"type": "number" if real else "integer", **_bounds(field)}
    most = getattr(field, "max_length", None) or conf.MAX_TEXT
    text = {"pattern": PRINTABLE} if isinstance(field, TextField) else {}
    return {"type": "string", "maxLength": most} | text


def _default(value: Any, schema: Schema) -> Any:
    return value if {"integer", "number"} & {*schema["type"]} else str(value)


def _bounds(field: forms.IntegerField) -> Schema:
    low: Any = field.min_value
    high: Any = field.max_value
    if isinstance(field, SideField):
        low, high = conf.MIN_SIDE, conf.MAX_SIDE
    elif isinstance(field, ScaleField):
        low, high = conf.MIN_SCALE, conf.MAX_SCALE
    bounds = {"minimum": low, "maximum": high}
    return {name: value for name, value in bounds.items() if value is not None}
