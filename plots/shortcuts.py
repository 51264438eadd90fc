"""Functions for the views and templates of other apps.

``plot_spec`` and ``Plot`` describe a plot by name and give its URLs, ``plot_view`` serves a spec,
``figure_response`` and ``figure_view`` serve a matplotlib Figure.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from plots.delivery.deliver import deliver_figure
from plots.forms.parameters_to_spec import default_options, plot_spec
from plots.http.headers import conditional, public_cache_control
from plots.http.plot_links import Plot
from plots.http.responses import errors_as_images, picture_response, plot_response
from plots.sources.reading import open_table, read_source
from plots.sources.selection import Selection
from plots.spec.formats import get_format
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import sources
from plots.values.columns import Column

from .errors import PlotError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Plot", "figure_response", "figure_view", "plot_spec", "plot_view", "source_column"]


def source_column(name: str, column: str | None = None) -> Column:
    """Return one column of a registered source, read with the source's default options.

    Parameters
    ----------
    name : str
        The name of the source.
    column : str, optional
        The name of the column; by default the first.

    Returns
    -------
    Column
        The values, one for each row of the source.

    Raises
    ------
    PlotError
        For an unknown source (404), or a column that the source does not have (400).

    Examples
    --------
    >>> source_column("nile", "year")[:3]
    (1871.0, 1872.0, 1873.0)
    """
    source = sources.get(name)
    options = default_options(source)
    column = column or open_table(source, options).names[0]
    return read_source(source, options, Selection(name, (column,))).keys[column]


def plot_view(view: Callable[..., PlotSpec]) -> Callable[..., HttpResponseBase]:
    """Make a view of a function that returns a PlotSpec.

    Parameters
    ----------
    view : callable
        Takes the request and the captured values of the URL, and returns a PlotSpec.

    Returns
    -------
    callable
        A view that answers with the picture, a 304, or a picture of the error.

    Examples
    --------
    ::

        @plot_view
        def sales(request, year):
            return plot_spec("bar", x=MONTHS, y=sales_of(year), title=f"Sales in {year}")
    """

    @errors_as_images
    @wraps(view)
    def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return plot_response(request, view(request, *args, **kwargs))

    return serve


def figure_response(
    figure: Figure, format: str = "png", *, max_age: int | None = None, filename: str = "figure"
) -> HttpResponse:
    """Return a Figure as a response with an ETag.

    Create it with ``Figure()``: pyplot keeps each of its figures in memory.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure to draw, by Agg or as SVG or PDF.
    format : str, default "png"
        The name of a picture format.
    max_age : int, optional
        Seconds for which any cache may keep the response. By default no Cache-Control is set.
    filename : str, default "figure"
        The name of the file, without its suffix, when a browser saves the picture.

    Returns
    -------
    HttpResponse

    Raises
    ------
    PlotError
        For an unknown format, or one that is not a picture (404).

    Examples
    --------
    >>> figure_response(Figure(), "svg")["Content-Type"]
    'image/svg+xml; charset=utf-8'
    """
    if not get_format(format).is_picture:
        message = _("A Figure cannot be returned as %(format)s; choose png, svg, pdf, webp or jpg.")
        raise PlotError(message % {"format": format}, "unknown-format", "format")
    response = picture_response(deliver_figure(figure, format), filename=filename)
    response["ETag"] = f'"{sha256(response.content).hexdigest()}"'
    if max_age is not None:
        response["Cache-Control"] = public_cache_control(max_age)
    return response


def figure_view(
    view: Callable[..., Figure] | None = None, *, format: str = "png", max_age: int | None = None
) -> Any:
    """Make a view of a function that returns a Figure, with 304s and pictures of errors.

    Parameters
    ----------
    view : callable
        Takes the request and the captured values of the URL, and returns a Figure.
    format : str, default "png"
        The format of the picture. A ``format`` that the URL captures takes precedence.
    max_age : int, optional
        Seconds for which any cache may keep the response.

    Returns
    -------
    callable
        The view, or a decorator if there are only keywords.

    Examples
    --------
    ::

        @figure_view(max_age=3600)
        def growth(request):
            return Figure()
    """
    if view is None:
        return lambda decorated: figure_view(decorated, format=format, max_age=max_age)
    function = view

    @errors_as_images
    @wraps(function)
    def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        requested = kwargs.get("format", format)
        figure = function(request, *args, **kwargs)
        response = figure_response(figure, requested, max_age=max_age, filename=function.__name__)
        return conditional(request, response)

    return serve
