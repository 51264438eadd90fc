"""Views of another project, copied from the examples, that name sources in every way."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from matplotlib.figure import Figure

from plots.http.responses import errors_as_images
from plots.shortcuts import Plot, figure_response, figure_view, plot_spec, plot_view, source_column
from plots.spec.plot_spec import PlotSpec


@plot_view
def column(request: HttpRequest, name: str) -> PlotSpec:
    return plot_spec("line", y=source_column(request, name, "n"))


@plot_view
def spec(request: HttpRequest, name: str) -> PlotSpec:
    return plot_spec("line", source=name, y="n")


@plot_view
def options(request: HttpRequest, name: str) -> PlotSpec:
    return plot_spec("line", source=name, **request.GET.dict())


@plot_view(publish=["salaries"])
def published(request: HttpRequest, name: str = "salaries") -> PlotSpec:
    return plot_spec("line", source=name, y="n")


@plot_view(publish=["salaries"])
def published_column(request: HttpRequest, name: str) -> PlotSpec:
    return plot_spec("line", y=source_column(request, name, "n"))


def _figure(request: HttpRequest, name: str) -> Figure:
    figure = Figure(figsize=(2, 2))
    column: Any = source_column(request, name, "n")
    figure.add_subplot().plot(column)
    return figure


@figure_view(max_age=3600)
def figure(request: HttpRequest, name: str) -> Figure:
    return _figure(request, name)


@errors_as_images
def response(request: HttpRequest, name: str) -> HttpResponse:
    return figure_response(_figure(request, name), "svg", max_age=3600)


def open_figure(request: HttpRequest) -> HttpResponse:
    return figure_response(Figure(figsize=(2, 2)), max_age=3600)


def link(request: HttpRequest) -> HttpResponse:
    """The URLs of a plot that the site itself publishes."""
    plot = Plot(plot_spec("line", source="salaries", y="n"))
    return HttpResponse("\n".join((plot.url(), plot.url("csv"), plot.url(width=300))))


names: Any = {
    "column": column, "spec": spec, "options": options, "published": published,
    "published-column": published_column, "figure": figure, "response": response,
}  # fmt: skip
urlpatterns = [
    *(path(f"{name}/<slug:name>", view) for name, view in names.items()),
    path("open", open_figure),
    path("link", link),
    path("", include("plotsite.urls")),
]
