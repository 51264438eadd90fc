"""Server-side plots for Django: a matplotlib Figure becomes an HTTP response.

An app registers its own kinds and sources in its module ``plots.py``::

    import plots

    @plots.kind("revenue", options=RevenueOptions, channels=plots.XY)
    def revenue(ax: plots.Axes, data: plots.Data, *, year: int) -> None: ...

    @plots.source("orders", options=OrdersOptions)
    def orders(*, year: int): ...
"""

from plots.data.model import Axis, Data, Series
from plots.errors import PlotError
from plots.kinds.axes import Axes
from plots.spec.channels import BY, LINK, XY, XYZ, Channel
from plots.spec.registry import kind, source

__all__ = [
    "BY", "LINK", "XY", "XYZ", "Axes", "Axis", "Channel", "Data", "PlotError", "Series", "kind",
    "source",
]  # fmt: skip
__version__ = "0.1.0"
