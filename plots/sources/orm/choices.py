"""Fields with choices: their labels are shown, and filters take values and labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from plots.sources.selection import Selected, Selection
from plots.spec.query import Filter
from plots.values.columns import Column
from plots.values.scalars import Choice, Value, write_value

from .expressions import field_of


def with_labels(found: Selected, rows: Any, selection: Selection) -> Selected:
    """Return ``found`` with labels in place of the values of fields with choices.

    Columns that are drawn as numbers keep their values. Groups are in the order of the choices.
    """
    query = selection.query
    names = [name for name in selection.named if not (query.bin and name == selection.binned)]
    labels = {name: _labels(field_of(rows, name)) for name in names}
    keys = {
        name: tuple(labels[name].get(value, value) for value in column)
        if labels.get(name)
        else column
        for name, column in found.keys.items()
    }
    if not any(labels.values()):
        return found
    found = replace(found, keys=keys)
    return _sorted(found) if query.stat and not query.order and query.limit is None else found


def _sorted(found: Selected) -> Selected:
    """Sort groups, which ascend by their keys, by the places of choices."""
    ranks = [_ranks(column) for column in reversed([*found.keys.values()])]
    order = np.lexsort(ranks).tolist()

    def sort(columns: Mapping[str, Column]) -> dict[str, Column]:
        return {name: tuple(column[row] for row in order) for name, column in columns.items()}

    return replace(found, keys=sort(found.keys), values=sort(found.values))


def _ranks(column: Column) -> list[float]:
    """Numbers in the order of a key: of choices their places, then other names, then gaps."""
    others: list[Any] = sorted({v for v in column if v is not None and not isinstance(v, Choice)})
    ranks = {value: 1e6 + rank for rank, value in enumerate(others)}
    return [np.inf if v is None else v.place if isinstance(v, Choice) else ranks[v] for v in column]


def _labels(field: Any) -> dict[Value, Choice]:
    """The labels of a field's choices, by their values as columns hold them."""
    choices = getattr(field, "flatchoices", None) or ()
    return {
        float(value) if isinstance(value, (int, float)) else value: Choice(label, place)
        for place, (value, label) in enumerate(choices)
        if value not in (None, "")
    }


def with_values(filter: Filter, field: Any) -> Filter:
    """Return ``filter`` with the value of a field's choice in place of a label.

    A text that is a value itself, or the label of several choices, is not replaced. A search finds
    the choices whose labels contain the text.
    """
    labels = _labels(field)
    if not labels or filter.lookup not in ("exact", "in", "icontains"):
        return filter
    texts = {write_value(value): str(label) for value, label in labels.items()}
    if filter.lookup == "icontains":
        part = filter.values[0].casefold()
        found = tuple(value for value, label in texts.items() if part in label.casefold())
        return replace(filter, lookup="in", values=found) if found else filter

    def value_of(text: str) -> str:
        same = [value for value, label in texts.items() if label == text]
        return same[0] if text not in texts and len(same) == 1 else text

    return replace(filter, values=tuple(map(value_of, filter.values)))
