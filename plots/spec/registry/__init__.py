"""The kinds and sources that apps register by name."""

from .data_source import Source, SourceUser, Supply
from .declare import kind, source
from .entry import NAME, Entry
from .families import FAMILIES, OTHER
from .plot_kind import Kind
from .registries import Registry, Sources, kinds, sources

__all__ = [
    "FAMILIES", "NAME", "OTHER", "Entry", "Kind", "Registry", "Source", "SourceUser", "Sources",
    "Supply", "kind", "kinds", "source", "sources",
]  # fmt: skip
