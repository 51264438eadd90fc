"""Server-side plots for Django: a matplotlib Figure becomes an HTTP response.

An app registers its own in ``plots.py``::

    import plots

    @plots.kind("revenue", options=RevenueOptions)
    def revenue(ax, data, *, year): ...

    @plots.source("orders", options=OrdersOptions)
    def orders(*, year): ...
"""

from plots.errors import PlotError
from plots.spec.channels import BY, LINK, XY, XYZ, Channel
from plots.spec.registry import kind, source

__all__ = ["BY", "LINK", "XY", "XYZ", "Channel", "PlotError", "kind", "source"]
__version__ = "0.1.0"
