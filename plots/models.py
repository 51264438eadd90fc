"""The models of the core app, where Django looks for them.

``today`` is here because the first migration names it by this path.
"""

from plots.http.stored_plots import StoredPlot, today

__all__ = ["StoredPlot", "today"]
