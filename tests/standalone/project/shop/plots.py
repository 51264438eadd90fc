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


@plots.source("orders")
def orders():
    """Orders by month."""
    return {"month": ["Jan", "Feb", "Mar"], "orders": [3, 1, 2]}
