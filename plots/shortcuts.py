"""For views and templates of other apps: plots by name, addresses of plots, Figures as answers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from plots.delivery.deliver import deliver_figure
from plots.forms.parameters_to_spec import default_options
from plots.http.responses import (
    errors_as_images,
    picture_response,
    plot_response,
    public_cache_control,
)
from plots.sources.reading import open_table, read_source
from plots.sources.selection import Selection
from plots.spec.formats import get_format
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import sources
from plots.values.columns import Column

from .errors import PlotError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

logger = logging.getLogger("plots")


def source_column(name: str, column: str | None = None) -> Column:
    """A column of the registered source ``name``: the one called ``column``, else its first.

    Raises PlotError (404) for an unknown source, 400 for a column it does not have.
    """
    source = sources.get(name)
    options = default_options(source)
    column = column or open_table(source, options).names[0]
    return read_source(source, options, Selection(name, (column,))).keys[column]


def plot_view(view: Callable[..., PlotSpec]) -> Callable[..., HttpResponseBase]:
    """Make a view of a function that returns a PlotSpec; a PlotError in it becomes a picture."""

    @errors_as_images
    @wraps(view)
    def plotted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return plot_response(request, view(request, *args, **kwargs))

    return plotted


def figure_response(
    figure: Figure, format: str = "png", *, max_age: int | None = None, filename: str = "figure"
) -> HttpResponse:
    """A Figure as a response: drawn by Agg (or as svg or pdf), one at a time in a process.

    Give ``max_age``, in seconds, to let it be cached publicly; without it no Cache-Control is set,
    and NeverCacheMiddleware makes it never cached. Make the Figure with ``Figure()``, not with
    pyplot, which keeps every figure for ever. Raises PlotError (404) for an unknown format.
    """
    if not get_format(format).is_picture:
        raise PlotError(f"A Figure cannot be given as {format}.", "unknown-format", "format")
    picture = deliver_figure(figure, format)
    response = picture_response(picture, filename=filename)
    response["ETag"] = f'"{sha256(picture.content).hexdigest()}"'
    if max_age is not None:
        response["Cache-Control"] = public_cache_control(max_age)
    return response


def figure_view(
    view: Callable[..., Figure] | None = None, *, format: str = "png", max_age: int | None = None
) -> Any:
    """Make a view of a function that returns a Figure, with 304s and error pictures.

    Used bare or with arguments. A ``format`` that the URL captures wins over the one given here.
    """
    if view is None:
        return lambda decorated: figure_view(decorated, format=format, max_age=max_age)
    name = view.__name__
    function = view

    @errors_as_images
    @wraps(function)
    def drawn(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        wanted = kwargs.get("format", format)
        figure = function(request, *args, **kwargs)
        response = figure_response(figure, wanted, max_age=max_age, filename=name)
        return get_conditional_response(request, response["ETag"], response=response) or response

    return drawn
