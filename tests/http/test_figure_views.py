"""Views that return Figures."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from matplotlib.figure import Figure

import plots
from plots.shortcuts import figure_response, figure_view
from tests.helpers import pixels


def a_figure(**kwargs: Any) -> Figure:
    figure = Figure(figsize=(2, 1), **kwargs)
    figure.add_subplot().plot([1, 2])
    return figure


def test_figure_response() -> None:
    response = figure_response(a_figure())
    assert pixels(response).size == (200, 100)
    assert response["Content-Type"] == "image/png"
    assert not response.has_header("Cache-Control")
    kept = figure_response(a_figure(), "svg", max_age=60)
    assert kept["Cache-Control"].startswith("public, max-age=60")
    assert b"<svg" in kept.content
    with pytest.raises(plots.PlotError, match="no format"):
        figure_response(a_figure(), "gif")
    with pytest.raises(plots.PlotError, match="cannot be returned as csv"):
        figure_response(a_figure(), "csv")


def test_figure_keeps_its_dpi_and_canvas() -> None:
    figure = a_figure(dpi=50)
    canvas = figure.canvas
    for format in ("png", "svg", "pdf"):
        figure_response(figure, format)
        assert figure.dpi == 50
        assert figure.canvas is canvas


def test_figure_view_returns_304_and_error_images(rf: RequestFactory) -> None:
    @figure_view(max_age=60)
    def view(request: HttpRequest, what: str = "") -> Figure:
        if what == "missing":
            raise Http404("No such thing.")
        if what == "bad":
            raise plots.PlotError("Not so.", "invalid", "what")
        if what == "broken":
            raise ValueError(what)
        return a_figure()

    first = view(rf.get("/"))
    again = view(rf.get("/", headers={"if-none-match": first["ETag"]}))
    assert (first.status_code, again.status_code) == (200, 304)
    assert again["Cache-Control"] == first["Cache-Control"]
    for what, status in (("missing", 404), ("bad", 400), ("broken", 500)):
        response = view(rf.get("/"), what=what)
        assert (response.status_code, response["Content-Type"]) == (status, "image/png")
        assert response["Cache-Control"] == "no-store"


def test_figure_view_without_arguments(rf: RequestFactory) -> None:
    @figure_view
    def view(request: HttpRequest, format: str = "png") -> Figure:
        return a_figure()

    assert view(rf.get("/"))["Content-Type"] == "image/png"
    assert view(rf.get("/"), format="pdf").content[:4] == b"%PDF"
    assert view(rf.get("/"), format="exe").status_code == 404
    assert view(rf.post("/")).status_code == 405
