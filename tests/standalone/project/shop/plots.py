"""A kind and a source of a project."""

from django import forms

import plots


class Options(forms.Form):
    level = forms.FloatField(initial=2.0, required=False)


@plots.kind("threshold", channels=plots.XY, options=Options, example={"y": "1,3,2"})
def threshold(ax, data, *, level):
    """A line, and a level that it crosses."""
    for series in data.series:
        ax.plot(series.x, series.y)
    ax.axhline(level)


@plots.source("orders", visibility="public")
def orders():
    """Orders by month, as rows that are neither a list nor an iterator."""
    rows = {1: {"month": "Jan", "orders": 3}, 2: {"month": "Feb", "orders": 1}}
    return rows.values()


class DataFrame:
    """Stands for a data frame, of a library that needs narwhals."""

    columns = ("month",)


@plots.source("frame", visibility="public")
def frame():
    """A data frame."""
    return DataFrame()
