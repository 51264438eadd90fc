"""From a spec to the parameters that describe it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, time, timedelta
from typing import Any

from django import forms

from plots.spec.ordering import write_order
from plots.spec.plot_spec import Frame, FromSource, PlotSpec
from plots.spec.references import REFERENCES
from plots.spec.registry import kinds, sources
from plots.values.column_text import write_column
from plots.values.columns import Column
from plots.values.grids import is_grid, write_grid
from plots.values.scalars import write_value

from .axis_fields import write_reference
from .binding import bind_shared
from .frame import FrameForm

_FRAME = tuple(FrameForm.base_fields)
_TYPES = (float, date, timedelta, time)  # of limits


def write_parameters(spec: PlotSpec, keep: Collection[str] = ()) -> dict[str, list[str]]:
    """Return the fewest parameters from which ``read_spec`` makes ``spec``, in a fixed order.

    Parameters
    ----------
    spec : PlotSpec
        The plot to describe.
    keep : collection of str
        Names of parameters to include even where they have their default.

    Examples
    --------
    >>> write_parameters(plot_spec("line", y=[1, 2], width=640, title="Orders"))
    {'y': ['1,2'], 'title': ['Orders']}
    """
    kind = kinds.get(spec.kind)
    written: dict[str, list[str]] = {}
    if isinstance(spec.data, FromSource):
        source = sources.get(spec.data.name)
        written["source"] = [source.name]
        written |= _changed_options(source.options, spec.data.options, keep)
        written |= _changed({}, vars(spec.data.query), keep)
        # Names of columns are written in the same grammar as the values of a column.
        columns: Mapping[str, Iterable[Column]] = {
            name: [(text,) for text in each] for name, each in spec.data.columns.items()
        }
    else:
        columns = spec.data.columns
    written |= {name: [*map(_write_column, each)] for name, each in columns.items()}
    if spec.labels:
        written["label"] = list(spec.labels)
    written |= _changed_options(kind.options, spec.options, keep)
    frame = vars(spec.frame) | {"colors": ",".join(spec.frame.colors).replace("#", "")}
    frame |= {name: write_order(frame[name]) for name in ("xorder", "yorder")}
    frame |= {name: [*map(write_reference, frame[name])] for name in REFERENCES}
    return written | _changed(vars(Frame()), {name: frame[name] for name in _FRAME}, keep)


def _changed_options(
    form_class: type[forms.Form], values: Mapping[str, Any], keep: Collection[str]
) -> dict[str, list[str]]:
    if not values:
        return {}
    return _changed(bind_shared(form_class, {}).cleaned_data, values, keep)


def _changed(
    defaults: Mapping[str, Any], values: Mapping[str, Any], keep: Collection[str]
) -> dict[str, list[str]]:
    """Write those of ``values`` that differ from ``defaults`` or are in ``keep``."""
    return {
        name: _write(value)
        for name, value in values.items()
        if value not in (None, "", [], ()) and (name in keep or value != defaults.get(name))
    }


def _write_column(column: Any) -> str:
    return write_grid(column) if is_grid(column) else write_column(column)


def _write(value: Any) -> list[str]:
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _write(item)]
    if isinstance(value, bool):
        return ["1" if value else "0"]
    return [write_value(value) if isinstance(value, _TYPES) else str(value)]
