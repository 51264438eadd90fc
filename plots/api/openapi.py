"""OpenAPI 3.1 document of all kinds, generated from their declarations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from plots import __version__
from plots.conf import conf
from plots.forms.fields import RepeatedField, ScaleField, SideField, SwitchField
from plots.forms.plot_form import PlotForm
from plots.http.headers import public_response
from plots.spec.formats import FORMATS
from plots.spec.registry import Kind, kinds

SOURCE_OPTIONS = (
    "With `source`, the options of that source are additional parameters, and channels are names "
    "of its columns. The page of the kind lists them."
)


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """Return the document. Caches must revalidate it because apps may register kinds."""
    response = JsonResponse(document(request.build_absolute_uri("/")))
    return public_response(request, response, max_age=0)


def document(server: str) -> dict[str, Any]:
    """Return the document as JSON-compatible values; ``server`` is the URL of this site."""
    base = reverse("plots:kinds")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Plots",
            "version": __version__,
            "description": "Plots as images, described by their URL. " + SOURCE_OPTIONS,
        },
        "servers": [{"url": server}],
        "tags": [{"name": name} for name in dict.fromkeys(kind.family for kind in kinds)],
        "paths": {f"{base}{kind.name}.{{format}}": {"get": _operation(kind)} for kind in kinds},
        "components": {"schemas": {"Errors": ERRORS}, "parameters": {"format": FORMAT}},
    }


FORMAT = {
    "name": "format",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "enum": list(FORMATS)},
}
ERRORS = {
    "type": "object",
    "required": ["errors"],
    "properties": {
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["parameter", "code", "message"],
                "properties": {
                    "parameter": {"type": ["string", "null"]},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        }
    },
}
ERROR_DESCRIPTIONS = {
    "400": "Invalid parameters.",
    "404": "Unknown kind, format or source.",
    "413": "Too many values.",
    "414": "The URL is too long.",
}


def _operation(kind: Kind) -> dict[str, Any]:
    errors = {"application/json": {"schema": {"$ref": "#/components/schemas/Errors"}}}
    return {
        "operationId": kind.name,
        "summary": kind.description,
        "tags": [kind.family],
        "parameters": [
            {"$ref": "#/components/parameters/format"},
            *(_parameter(field) for field in PlotForm(kind, {}, for_display=False)),
        ],
        "responses": {
            "200": {
                "description": "The image or its data.",
                "content": {format.media_type: {} for format in FORMATS.values()},
            },
            **{
                status: {"description": text, "content": errors}
                for status, text in ERROR_DESCRIPTIONS.items()
            },
        },
    }


def _parameter(bound: forms.BoundField) -> dict[str, Any]:
    field = bound.field
    schema = _schema(field)
    parameter = {"name": bound.name, "in": "query", "schema": schema}
    if field.help_text:
        parameter["description"] = str(field.help_text)
    if field.initial not in (None, "") and not callable(field.initial):
        schema["default"] = _default(field.initial, schema)
    return parameter


def _default(value: Any, schema: dict[str, Any]) -> Any:
    return value if schema.get("type") in ("integer", "number", "boolean") else str(value)


def _schema(field: forms.Field) -> dict[str, Any]:
    """Return the JSON Schema of ``field``."""
    if isinstance(field, RepeatedField):
        items: dict[str, Any] = {"type": "string"}
        return {
            "type": "array",
            "items": items,
            **({} if field.most is None else {"maxItems": field.most}),
        }
    if isinstance(field, (SwitchField, forms.BooleanField)):
        return {"type": "string", "enum": ["1", "0"]}
    choices = [str(name) for name, _ in getattr(field.widget, "choices", ()) if name != ""]
    if choices:
        return {"type": "string", "enum": choices}
    if isinstance(field, forms.IntegerField):  # floats and decimals derive from it
        real = isinstance(field, (forms.FloatField, forms.DecimalField))
        return {"type": "number" if real else "integer", **_bounds(field)}
    most = getattr(field, "max_length", None) or conf.MAX_TEXT
    return {"type": "string", "maxLength": most}


def _bounds(field: forms.IntegerField) -> dict[str, Any]:
    low: Any = field.min_value
    high: Any = field.max_value
    if isinstance(field, SideField):
        low, high = conf.MIN_SIDE, conf.MAX_SIDE
    elif isinstance(field, ScaleField):
        low, high = conf.MIN_SCALE, conf.MAX_SCALE
    bounds = {"minimum": low, "maximum": high}
    return {name: value for name, value in bounds.items() if value is not None}
