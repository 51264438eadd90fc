"""Functions for the views and templates of other apps.

``plot_spec`` and ``Plot`` describe a plot by name and give its URLs, ``plot_view`` serves a spec,
``figure_response`` and ``figure_view`` serve a matplotlib Figure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextvars import ContextVar
from functools import wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from django.core.signals import request_finished, request_started
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from plots.delivery.deliver import deliver_figure
from plots.forms.parameters_to_spec import default_options, plot_spec
from plots.http.headers import conditional, public_cache_control
from plots.http.plot_links import Plot
from plots.http.responses import (
    errors_as_images,
    picture_response,
    plot_response,
    privacy_headers,
)
from plots.permissions import request_user, viewer_key
from plots.sources.reading import open_table, read_source
from plots.sources.selection import Selection
from plots.spec.formats import get_format
from plots.spec.plot_spec import FromSource, PlotSpec
from plots.spec.registry import sources
from plots.values.columns import Column

from .errors import PlotError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Whether the answer to the current request shows a source that is not for everybody.
_is_private: ContextVar[bool] = ContextVar("_is_private", default=False)


@receiver([request_started, request_finished])
def _begin(**_: Any) -> None:
    _is_private.set(False)


__all__ = ["Plot", "figure_response", "figure_view", "plot_spec", "plot_view", "source_column"]


def source_column(request: HttpRequest, name: str, column: str | None = None) -> Column:
    """Return one column of a source, read with the source's default options.

    The user of the request decides which sources there are. If not everybody may see the source,
    the picture that answers the request stays out of shared caches.

    Parameters
    ----------
    request : HttpRequest
        The request that is being answered.
    name : str
        The name of the source. It may come from the URL.
    column : str, optional
        The name of the column; by default the first.

    Returns
    -------
    Column
        The values, one for each row of the source.

    Raises
    ------
    PlotError
        For a source that does not exist or that the user may not see (404), or a column that the
        source does not have (400).

    Examples
    --------
    ::

        @plot_view
        def compare(request, x_source, y_source):
            x, y = source_column(request, x_source), source_column(request, y_source)
            return plot_spec("line", x=x, y=y)
    """
    user = request_user(request)
    source = sources.get_for(user, name)
    if source.viewer or (source.is_private and not sources.is_published(name)):
        _is_private.set(True)
    options = default_options(source)
    viewer = viewer_key(user) if source.viewer else None
    column = column or open_table(source, options, viewer).names[0]
    return read_source(source, options, Selection(name, (column,)), viewer).keys[column]


def plot_view(view: Callable[..., PlotSpec] | None = None, *, publish: Collection[str] = ()) -> Any:
    """Make a view of a function that returns a PlotSpec.

    Visitors only get sources that they may see. The name of a source may thus come from the URL.

    Parameters
    ----------
    view : callable
        Takes the request and the captured values of the URL, and returns a PlotSpec.
    publish : collection of str, optional
        The names of sources that the view shows to all its visitors, whoever may see them
        otherwise.

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

        @plot_view(publish=["orders"])
        def orders(request):
            return plot_spec("line", source="orders", x="month", stat="count")
    """
    if isinstance(publish, str):
        raise ImproperlyConfigured(f"publish is a list of names: publish=[{publish!r}].")
    if view is None:
        return lambda decorated: plot_view(decorated, publish=publish)
    sources.shown_by_views.update(publish)
    function = view

    @errors_as_images
    @wraps(function)
    def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user, is_private = request_user(request), False
        with sources.read_by(user, publish):
            spec = function(request, *args, **kwargs)
            if isinstance(spec.data, FromSource):
                sources.get_for(user, spec.data.name)
                is_private = spec.is_private and not sources.is_published(spec.data.name)
        return plot_response(request, spec, private=is_private or _is_private.get())

    return serve


def figure_response(
    figure: Figure, format: str = "png", *, max_age: int | None = None, filename: str = "figure"
) -> HttpResponse:
    """Return a Figure as a response with an ETag.

    If ``source_column`` read a source that is not for everybody during this request, shared caches
    do not keep the response, whatever ``max_age`` is.

    Create the Figure with ``Figure()``: pyplot keeps each of its figures in memory.

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
    private = _is_private.get()
    response = picture_response(deliver_figure(figure, format), filename=filename, private=private)
    response["ETag"] = f'"{sha256(response.content).hexdigest()}"'
    if private:
        privacy_headers(response)
    elif max_age is not None:
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
