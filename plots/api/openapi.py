"""OpenAPI 3.1 document of all kinds, generated from their declarations."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from plots import __version__
from plots.conf import conf
from plots.forms.binding import SIGNATURE, UNTIL
from plots.forms.frame import PRESENTATION, FrameForm
from plots.forms.plot_form import PlotForm
from plots.forms.query import QueryForm
from plots.http.headers import public_response
from plots.spec.formats import FORMATS
from plots.spec.registry import Kind, kinds

from .openapi_responses import HEADERS, RESPONSES, SCHEMAS, answers
from .openapi_schemas import Schema, body_schema, query_schema

DESCRIPTION = (
    "Plots as images, described by their URL or by a JSON body. With `source`, the options of that "
    "source are additional parameters, and channels are names of its columns; the page of the kind "
    "lists them. An error is an image where an image was requested, and JSON for clients that "
    "prefer `application/json` in `Accept`. Tracking parameters such as `utm_source` are ignored."
)


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """Return the document. Caches must revalidate it because apps may register kinds."""
    response = JsonResponse(document(request.build_absolute_uri("/")))
    return public_response(request, response, max_age=0)


def document(server: str) -> Schema:
    """Return the document as JSON-compatible values; ``server`` is the URL of this site."""
    forms = {kind.name: _fields(kind) for kind in kinds}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Plots", "version": __version__, "description": DESCRIPTION},
        "servers": [{"url": server}],
        "tags": [{"name": name} for name in dict.fromkeys(kind.family for kind in kinds)],
        "paths": {path: item for kind in kinds for path, item in _paths(kind, forms[kind.name])}
        | _other_paths(),
        "components": {
            "schemas": SCHEMAS | {kind.name: body_schema(kind, forms[kind.name]) for kind in kinds},
            "parameters": _shared_parameters(),
            "responses": RESPONSES,
            "headers": HEADERS,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token from `manage.py plot_token`.",
                },
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": settings.SESSION_COOKIE_NAME,
                    "description": "A session of staff, with the header `X-CSRFToken`.",
                },
            },
        },
    }


def _fields(kind: Kind) -> dict[str, forms.Field]:
    return {bound.name: bound.field for bound in PlotForm(kind, {}, for_display=False)}


def _paths(kind: Kind, fields: dict[str, forms.Field]) -> list[tuple[str, Schema]]:
    required = {channel.name for channel in kind.accepted_channels if channel.required}
    shared = ["v", *((SIGNATURE, UNTIL) if conf.SIGNED_URLS else ())]
    if kind.accepted_channels:
        shared += [*QueryForm.base_fields]
    read = {
        "operationId": kind.name,
        "summary": kind.description,
        "tags": [kind.family],
        "parameters": [
            _shared("format"),
            *(_parameter(name, field, name in required) for name, field in fields.items()),
            *map(_shared, shared),
        ],
        "responses": answers("Plot", 304, 400, 403, 404, 405, 413, 414, 429, 503, 504),
    }
    draw = _posting(kind, "draw", "Plot", "The image that the body describes, uncached.")
    draw["parameters"] = [_shared("format")]
    store = _posting(kind, "store", "Stored", "Store the plot, and return a URL in each format.")
    base = reverse("plots:kinds")
    return [
        (f"{base}{kind.name}.{{format}}", {"get": read, "post": draw}),
        (f"{base}{kind.name}", {"post": store}),
    ]


def _posting(kind: Kind, verb: str, success: str, summary: str) -> Schema:
    schema = {"$ref": f"#/components/schemas/{kind.name}"}
    security: list[Schema] = [{"token": []}, {"session": []}] if conf.POST == "staff" else []
    return {
        "operationId": f"{verb}-{kind.name}",
        "summary": summary,
        "tags": [kind.family],
        "security": security,
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": answers(success, 400, 401, 403, 404, 405, 413, 414, 415, 429, 503, 504),
    }


def _other_paths() -> Schema:
    """Return the paths of stored plots and of presets, and those for programs."""
    failed = (404, 405, 414, 429, 503, 504)
    paths = {
        _template("plots:stored", "digest", "format"): {
            "operationId": "stored",
            "summary": "A stored plot.",
            "parameters": [_shared("digest"), _shared("format"), _shared("v")],
            "responses": answers("Plot", 304, 400, 403, *failed),
        },
        _template("plots:health"): {
            "operationId": "health",
            "summary": "Whether the site can serve pictures and pages.",
            "responses": {
                status: {"$ref": "#/components/responses/Health"} for status in ("200", "503")
            },
        },
    }
    if path := _template("plots:preset-image", "slug", "format"):
        paths[path] = {
            "operationId": "preset",
            "summary": "The picture of a preset. Its page lists its further parameters.",
            "parameters": [
                _shared("slug"), _shared("format"), _shared("v"),
                *(_parameter(name, FrameForm.base_fields[name]) for name in PRESENTATION),
            ],
            "responses": answers("Plot", 304, 400, 403, 413, *failed),
        }  # fmt: skip
    if path := _template("plots:oembed"):
        paths[path] = _oembed()
    return {path: {"get": operation} for path, operation in paths.items()}


def _oembed() -> Schema:
    text = {"type": "string"}
    limit = {"type": ["integer", "string"], "minimum": 1, "pattern": "^$"}
    message = {"$ref": "#/components/responses/Text"}
    return {
        "operationId": "oembed",
        "summary": "oEmbed data of the page of a preset.",
        "parameters": [
            _query("url", text | {"minLength": 1}, required=True),
            _query("format", text | {"enum": ["json", "xml"]}),
            _query("maxwidth", limit),
            _query("maxheight", limit),
        ],
        "responses": answers("OEmbed", 304, 503) | dict.fromkeys(("400", "404", "501"), message),
    }


def _template(name: str, *captured: str) -> str:
    """Return the path of the view ``name`` with its captured values as ``{value}``, or ""."""
    marks = {each: f"x-{each}-x" for each in captured}
    try:
        path = reverse(name, kwargs=marks)
    except NoReverseMatch:  # of an app that is not installed
        return ""
    for each, mark in marks.items():
        path = path.replace(mark, f"{{{each}}}")
    return path


def _shared(name: str) -> Schema:
    return {"$ref": f"#/components/parameters/{name}"}


def _query(name: str, schema: Schema, *, required: bool = False) -> Schema:
    return {"name": name, "in": "query", "required": required, "schema": schema}


def _parameter(name: str, field: forms.Field, required: bool = False) -> Schema:
    parameter = _query(name, query_schema(field), required=required)
    if required:
        parameter["schema"]["minItems"] = 1
    if field.help_text:
        parameter["description"] = str(field.help_text)
    return parameter


def _shared_parameters() -> Schema:
    """Return the parameters that several operations have, by name."""
    text = {"type": "string"}
    paths = {
        "format": text | {"enum": [*FORMATS]},
        "digest": text | {"pattern": "^[0-9a-f]{64}$"},
        "slug": text | {"pattern": "^[-a-zA-Z0-9_]{1,100}$"},
    }
    queries = {
        "v": "Revision of the plot. With the current one, caches keep the response for a year.",
        SIGNATURE: "Signature of the URL.",
        UNTIL: "When the signature expires, in seconds since 1970.",
    }
    return {
        name: {"name": name, "in": "path", "required": True, "schema": schema}
        for name, schema in paths.items()
    } | {
        name: _query(name, text, required=name == SIGNATURE) | {"description": description}
        for name, description in queries.items()
    } | {
        name: _parameter(name, field) for name, field in QueryForm.base_fields.items()
    }  # fmt: skip
