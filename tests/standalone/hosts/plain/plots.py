"""Kinds and sources that declare as little as possible, or fail."""

import plots


@plots.kind("bare")
def bare(ax, data):
    pass


@plots.kind("lines-only", channels=plots.XY)
def lines_only(ax, data):
    for series in data.series:
        ax.plot(series.x, series.y)


@plots.kind("grid-only", channels=plots.XYZ)
def grid_only(ax, data):
    pass


@plots.kind("needs-names", channels=[plots.Channel("size", "Sizes.", True), plots.BY])
def needs_names(ax, data):
    pass


@plots.kind("failing", channels=plots.XY, example={"y": "1,2"})
def failing(ax, data):
    raise RuntimeError("drawn by a kind of the project")


@plots.kind("invalid-data", channels=plots.XY, transform=lambda data: 1 / 0, example={"y": "1"})
def invalid_data(ax, data):
    pass


@plots.kind("of-broken", channels=plots.XY, example={"source": "broken", "x": "a", "y": "b"})
def of_broken(ax, data):
    pass


@plots.source("empty")
def empty():
    return {}


@plots.source("broken")
def broken():
    raise RuntimeError("read from a source of the project")
