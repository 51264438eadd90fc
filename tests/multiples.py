"""Parameters of small multiples, and their Axes."""

from __future__ import annotations

from typing import Any

from tests.measure import figure_of, panels_of

BIRDS = {
    "x": "1,2,3,1,2,3,1,2",
    "y": "1,2,4,40,10,20,5,6",
    "by": "a,a,b,b,b,b,a,b",
    "facet": "Adelie,Adelie,Adelie,Gentoo,Gentoo,Gentoo,Chinstrap,Chinstrap",
}


def panels(kind: str, **parameters: Any) -> dict[str, Any]:
    """Return the Axes of each panel by its title."""
    return {ax.get_title("left"): ax for ax in panels_of(figure_of(kind, **parameters))}


def many(count: int, rows: int = 6, **parameters: Any) -> dict[str, Any]:
    """Return parameters of a plot with ``count`` panels of two series each."""
    places = range(count * rows)
    return {
        "x": ",".join(str(place % rows) for place in places),
        "y": ",".join(str((place * 37) % 101) for place in places),
        "by": ",".join("pq"[place % 2] for place in places),
        "facet": ",".join(f"Panel {place // rows}" for place in places),
    } | parameters
