"""The views of a project."""

from django.shortcuts import render
from django.urls import include, path

from plots.shortcuts import figure_view


@figure_view(max_age=60)
def growth(request, format):
    from matplotlib.figure import Figure

    figure = Figure()
    figure.add_subplot().plot([1, 2, 4])
    return figure


def page(request):
    return render(request, "page.html", {"long": list(range(1000))})


urlpatterns = [
    path("growth.<str:format>", growth),
    path("page/", page),
    path("charts/", include("plots.urls")),
]
