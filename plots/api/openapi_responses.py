"""Responses in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from plots.spec.formats import FORMATS

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
ERRORS: Schema = {
    "type": "object",
    "required": ["errors"],
    "properties": {
        "errors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["parameter", "code", "message"],
                "properties": {
                    "parameter": {"type": ["string", "null"]},
                    "code": TEXT,
                    "message": TEXT,
                },
            },
        }
    },
}
# Values that the format json has.
TABLE: Schema = {
    "type": "object",
    "required": ["kind", "title", "columns"],
    "properties": {
        "kind": TEXT,
        "title": TEXT,
        "note": TEXT,
        "columns": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "values"],
                "properties": {
                    "name": TEXT,
                    "values": {"type": "array", "items": {"type": ["number", "string", "null"]}},
                },
            },
        },
    },
}
STORED: Schema = {
    "type": "object",
    "required": ["digest", "urls"],
    "properties": {
        "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "urls": {
            "type": "object",
            "required": [*FORMATS],
            "additionalProperties": {"type": "string", "format": "uri"},
        },
    },
}
OEMBED: Schema = {
    "type": "object",
    "required": ["version", "type", "html", "width", "height"],
    "properties": {
        "version": {"const": "1.0"},
        "type": {"const": "rich"},
        "html": TEXT,
        "width": {"type": "integer", "minimum": 1},
        "height": {"type": "integer", "minimum": 1},
    },
}
HEALTH: Schema = {
    "type": "object",
    "required": ["status", "checks"],
    "properties": {
        "status": TEXT,
        "checks": {"type": "object", "additionalProperties": TEXT},
    },
}
SCHEMAS: Schema = {
    "Errors": ERRORS, "Table": TABLE, "Stored": STORED, "OEmbed": OEMBED, "Health": HEALTH,
}  # fmt: skip

DESCRIPTIONS = {
    200: "The image or its data.",
    201: "The URL of the stored plot in each format.",
    304: "The client has the current image.",
    400: "Invalid parameters.",
    401: "A token or a session is required.",
    403: "The signature is missing or not valid, or the sender may not post plots.",
    404: "There is no such plot, kind, format or source.",
    405: "The URL does not accept this method.",
    413: "Too many values.",
    414: "The URL is too long.",
    415: "The body is not JSON.",
    429: "More requests of this client are being drawn than its share.",
    503: "Too many requests are waiting, or the database is not available.",
    504: "Drawing took too long.",
}
HEADERS: Schema = {
    "ETag": {"schema": TEXT, "description": "Identifies the content, for `If-None-Match`."},
    "X-Plot-Error": {"schema": TEXT, "description": "The message of the error."},
    "Retry-After": {
        "schema": {"type": "integer", "minimum": 0},
        "description": "Seconds after which to try again.",
    },
    "Allow": {"schema": TEXT, "description": "The methods that the URL accepts."},
    "WWW-Authenticate": {"schema": TEXT, "description": "How to authenticate."},
    "Location": {"schema": TEXT, "description": "The path of the image as PNG."},
}
_HEADERS_OF = {
    200: ("ETag",), 201: ("Location",), 304: ("ETag",), 401: ("WWW-Authenticate",),
    405: ("Allow",), 429: ("Retry-After",), 503: ("Retry-After",),
}  # fmt: skip


def _json(name: str) -> Schema:
    return {"schema": {"$ref": f"#/components/schemas/{name}"}}


def _headers(status: int, *more: str) -> Schema:
    names = (*_HEADERS_OF.get(status, ()), *more)
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _content(of_json: str) -> Schema:
    """Return all media types of images and their data."""
    return {
        each.media_type: _json(of_json) if each.name == "json" else {} for each in FORMATS.values()
    }


def _error(status: int) -> Schema:
    pictures: Schema = {each.media_type: {} for each in FORMATS.values() if each.is_picture}
    content = pictures | {"text/plain": {"schema": TEXT}, "application/json": _json("Errors")}
    if status == 404:  # a path that is no URL of a plot, such as one with a space
        content["text/html"] = {"schema": TEXT}
    return {
        "description": DESCRIPTIONS[status],
        "headers": _headers(status, "X-Plot-Error"),
        "content": content,
    }


_SUCCESSES: Schema = {
    "Plot": {
        "description": DESCRIPTIONS[200], "headers": _headers(200), "content": _content("Table"),
    },
    "Stored": {
        "description": DESCRIPTIONS[201], "headers": _headers(201),
        "content": {"application/json": _json("Stored")},
    },
    "OEmbed": {
        "description": "A frame to embed.", "headers": _headers(200),
        "content": {"application/json": _json("OEmbed"), "text/xml": {"schema": TEXT}},
    },
    "Health": {
        "description": "The result of each check.",
        "content": {"application/json": _json("Health")},
    },
    "Text": {"description": "A message.", "content": {"text/plain": {"schema": TEXT}}},
}  # fmt: skip
RESPONSES: Schema = _SUCCESSES | {
    f"Error{status}": _error(status) for status in DESCRIPTIONS if status >= 400
} | {"NotModified": {"description": DESCRIPTIONS[304], "headers": _headers(304)}}  # fmt: skip


def answers(success: str, *statuses: int) -> Schema:
    """Return the responses of an operation: its ``success``, and those of other ``statuses``."""
    names = {status: f"Error{status}" for status in statuses} | {304: "NotModified"}
    references = {201 if success == "Stored" else 200: success}
    references |= {status: names[status] for status in statuses}
    return {
        str(status): {"$ref": f"#/components/responses/{name}"}
        for status, name in references.items()
    }
