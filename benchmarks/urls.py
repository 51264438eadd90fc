"""What a picture costs as people paste it, and an answer that costs nothing, beside the app."""

from __future__ import annotations

from io import BytesIO
from threading import Lock

import matplotlib
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

_one_at_a_time = Lock()  # pyplot's figures are a process' own: without it, threads mix them up


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


def _columns(request: HttpRequest) -> tuple[list[float], list[float]]:
    x, y = ([float(item) for item in request.GET[name].split(",")] for name in ("x", "y"))
    return x, y


def pasted_pyplot(request: HttpRequest) -> HttpResponse:
    """The fifteen lines, as they are pasted, with the figure closed."""
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
    """The same without pyplot, as matplotlib's documentation has it for web servers."""
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
