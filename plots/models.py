"""The models of the core app, where Django looks for them."""

from plots.http.stored_plots import StoredPlot

__all__ = ["StoredPlot"]
