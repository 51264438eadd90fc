"""The URLs of the app, common snippets to compare with, and an empty view."""

from __future__ import annotations

from io import BytesIO
from threading import Lock

import matplotlib
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

_one_at_a_time = Lock()  # pyplot's current figure is global, so threads would mix figures up


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


def _columns(request: HttpRequest) -> tuple[list[float], list[float]]:
    x, y = ([float(item) for item in request.GET[name].split(",")] for name in ("x", "y"))
    return x, y


def pasted_pyplot(request: HttpRequest) -> HttpResponse:
    """The common snippet with pyplot, plus a lock and closing the figure."""
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    x, y = _columns(request)
    with _one_at_a_time:
        plt.figure(figsize=(8, 6))
        plt.plot(x, y)
        buffer = BytesIO()
        plt.savefig(buffer, format="png")
        plt.close()
    return HttpResponse(buffer.getvalue(), content_type="image/png")


def pasted_figure(request: HttpRequest) -> HttpResponse:
    """The same without pyplot, as matplotlib's documentation recommends for web servers."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    x, y = _columns(request)
    figure = Figure(figsize=(8, 6))
    ax = figure.subplots()
    ax.plot(x, y)
    buffer = BytesIO()
    FigureCanvasAgg(figure).print_png(buffer)
    return HttpResponse(buffer.getvalue(), content_type="image/png")


urlpatterns = [
    path("hello", hello),
    path("pasted/pyplot", pasted_pyplot),
    path("pasted/figure", pasted_figure),
    path("", include("plots.urls")),
]
