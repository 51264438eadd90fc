"""Responses and template context that the pages about plots share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers

from plots.forms.binding import resolve_aliases
from plots.spec.formats import FORMATS
from plots.values.scalars import write_value

from . import embed_codes
from .attempt import Attempt

TABLE_ROWS = 200


def page_response(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Render a page that no shared cache stores, because it depends on the user."""
    response = render(request, template, context)
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    return response


def given_names(given: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the names of the parameters that have a value, with aliases resolved."""
    return {name for name, values in resolve_aliases(given).items() if any(values)}


def plot_context(request: HttpRequest, shown: Attempt) -> dict[str, Any]:
    """Return the context of a plot: alt text, downloads, embed codes and the table of its data."""
    plot, table = shown.plot, shown.table
    if plot is None:
        return {}
    formats = [name for name in FORMATS if table or FORMATS[name].is_picture]
    downloads = [(name, plot.url(name)) for name in formats]
    if sharp := plot.sharp():
        downloads.insert(1, ("png 2×", plot.url("png", **sharp)))
    rows: Iterable[tuple[Any, ...]] = zip(*table.values(), strict=True)
    return {
        "alt": plot.alt,
        "share_url": request.build_absolute_uri(plot.url(revision=False)),
        "codes": [*embed_codes.embed_codes(request, plot)],
        "downloads": downloads,
        "csv_url": plot.url("csv"),
        "description": plot.description,
        "headings": list(table),
        "rows": [[write_value(value) for value in row] for row in islice(rows, TABLE_ROWS)],
        "row_count": max((len(column) for column in table.values()), default=0),
    }
