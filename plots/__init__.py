"""Server-side plots for Django: a matplotlib Figure becomes an HTTP response.

An app registers its own in ``plots.py``::

    import plots

    @plots.kind("revenue", options=RevenueOptions)
    def revenue(ax, data, *, year): ...

    @plots.source("orders", options=OrdersOptions)
    def orders(*, year): ...
"""

from .errors import PlotError
from .registry import BY, LINK, XY, XYZ, Channel, kind, source

__all__ = ["BY", "LINK", "XY", "XYZ", "Channel", "PlotError", "kind", "source"]
__version__ = "0.1.0"
