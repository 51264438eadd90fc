"""Three examples to copy into your own views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from plots.forms.parameters_to_spec import plot_spec
from plots.shortcuts import figure_response, figure_view, plot_view, source_column
from plots.spec.plot_spec import PlotSpec

if TYPE_CHECKING:
    from matplotlib.figure import Figure


# 1. A random image with parameters in the URL: /fig/0_1
#
# Random kinds are never cached. Invalid numbers return a 400 with an error message.
# A figure of 4 × 3 inches at 200 dpi has 400 × 300 CSS pixels at scale 2.


@plot_view
def fig(request: HttpRequest, mean: str, var: str) -> PlotSpec:
    """100 random points as translucent red hexagons."""
    return plot_spec(
        "normal", mean=mean, variance=var, n=100, marker="hexagon", alpha=0.3, colors="red",
        width=400, height=300, scale=2,
    )  # fmt: skip


@require_safe
def normal(request: HttpRequest, mean: str, var: str) -> HttpResponse:
    """The page that shows it: /normal/0_1"""
    image = reverse("fig", args=[mean, var])
    return render(request, "examples/normal.html", {"mean": mean, "variance": var, "image": image})


# 2. An image of numbers in the URL: /plot.png?x=1,2,3,4&y=100,200,300,400
#
# The image depends on the URL only. Browsers may cache it, and a reload returns a 304.


@plot_view
def xy(request: HttpRequest) -> PlotSpec:
    """A line through x and y, which must have the same length. Errors name the parameter."""
    return plot_spec("line", x=request.GET.get("x"), y=request.GET.get("y"), marker="circle")


@plot_view
def two_sources(request: HttpRequest, x_source: str, y_source: str) -> PlotSpec:
    """The same for two registered sources: /days/visits/plot.png"""
    x, y = source_column(request, x_source), source_column(request, y_source)
    return plot_spec("line", x=x, y=y, ylabel=y_source, marker="circle")


# 3. A Figure of your own as the response: /sine.png
#
# Create it with Figure(), not with pyplot. The decorator adds headers, 304s and thread safety.


@figure_view(max_age=3600)
def sine(request: HttpRequest) -> Figure:
    """A damped wave."""
    import numpy as np
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 3.2), layout="tight")
    ax = figure.add_subplot(xlabel="time (s)", ylabel="amplitude")
    t = np.linspace(0, 10, 500)
    ax.plot(t, np.exp(-t / 4) * np.sin(2 * np.pi * t))
    return figure


# The same without the decorator, for views that change the response.


@require_safe
def cosine(request: HttpRequest) -> HttpResponse:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 3.2))
    draw(figure.add_subplot())
    return figure_response(figure, "svg", max_age=3600)


def draw(ax) -> None:  # type: ignore[no-untyped-def]  # without annotations, as in most projects
    ax.plot([0, 1, 2, 3, 4], [1, 0.5, -0.4, -0.99, -0.65])


urlpatterns = [
    path("fig/<str:mean>_<str:var>", fig, name="fig"),
    path("normal/<str:mean>_<str:var>", normal, name="normal"),
    path("plot.png", xy, name="xy"),
    path("<slug:x_source>/<slug:y_source>/plot.png", two_sources, name="two-sources"),
    path("sine.png", sine, name="sine"),
    path("cosine.svg", cosine, name="cosine"),
]
