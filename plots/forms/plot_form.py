"""The gate: the parameters of a URL, preset, tag or command become a PlotSpec here, and back.

Everything is validated here and once, by forms made from the kind's, the source's and the frame's
own declarations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from plots import i18n
from plots.conf import conf
from plots.data import loading
from plots.errors import PlotError, suggestion
from plots.permissions import User, viewer_key
from plots.sources.reading import columns_of
from plots.spec.channels import FACET, Channel
from plots.spec.formats import get_format
from plots.spec.ordering import write_order
from plots.spec.plot_spec import Frame, FromSource, Inline, PlotSpec
from plots.spec.query import Query
from plots.spec.references import REFERENCES
from plots.spec.registry import Kind, Source, kinds, sources
from plots.values.columns import Column, write_column, write_value
from plots.values.grids import is_grid, size, write_grid

from .axis_fields import write_reference
from .binding import Parameters as Parameters
from .binding import bind, bind_shared, errors_of, repeats
from .column_fields import ColumnNamesField, ColumnsField, LabelsField, column_widget
from .frame import BareFrameForm, FrameForm
from .query import QueryForm

# Names that other chart services taught people.
ALIASES = {"devicePixelRatio": "scale", "w": "width", "h": "height"}
# May stand in a picture's URL and say nothing about the plot: the revision its maker knew, their
# signature, and until when that is good.
REVISION, SIGNATURE, UNTIL = RESERVED = ("v", "sig", "until")


class PlotForm:
    """The parameters of one plot of ``kind``, validated: ``spec`` if they are right.

    ``parameters`` maps names to lists of values: text as in a URL, or, for channels, Python
    sequences. Nothing in it is silently ignored. Without ``shown``, for who only wants the spec,
    the forms share their fields with all others, which saves copying some fifty of them.
    ``user`` is who asks, and finds only what they may see.
    """

    def __init__(
        self,
        kind: Kind,
        parameters: Parameters,
        format: str = "png",
        *,
        shown: bool = True,
        user: User = None,
    ) -> None:
        self.kind = kind
        self.user = user
        self.format = get_format(format)
        self.problems: list[PlotError] = []
        given = resolve_aliases(parameters)
        self.source = self._source(given) if kind.accepted_channels else None
        has_labels = any(channel.repeat for channel in kind.channels)
        data_form = _data_form(kind.accepted_channels, has_labels, self.source is not None)
        fill = bind if shown else bind_shared
        self.data_form = fill(data_form, given)
        if shown and kind.accepted_channels:
            self.data_form.fields["source"].widget = _source_widget(user)
        self.options_form = fill(kind.options, given)
        self.source_form = fill(self.source.options if self.source else forms.Form, given)
        if shown and self.source:
            self._offer_columns(self.source)
        self.query_form = fill(QueryForm if self.source else forms.Form, given)
        self.frame_form = fill(BareFrameForm if kind.no_axes else FrameForm, given)
        if not self.problems:
            self._check_names(given)

    @property
    def forms(self) -> tuple[forms.Form, ...]:
        return (
            self.data_form, self.options_form, self.source_form, self.query_form, self.frame_form
        )  # fmt: skip

    def __iter__(self) -> Iterator[BoundField]:
        for form in self.forms:
            yield from form

    def groups(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The fields as a page shows them, under a heading each; none that is empty."""
        source = [*self.source_form, *self.query_form]
        headings = ("Data", "Options", "Frame")
        groups = ([*self.data_form, *source], [*self.options_form], [*self.frame_form])
        yield from ((h, fields) for h, fields in zip(headings, groups, strict=True) if fields)

    @property
    def errors(self) -> list[PlotError]:
        if any(problem.parameter == "source" for problem in self.problems):
            return self.problems  # names of columns were read as values
        return self.problems + [error for form in self.forms for error in errors_of(form)]

    @property
    def spec(self) -> PlotSpec:
        """The plot; a PlotError that carries all errors if there are any."""
        errors = self.errors
        if errors:
            raise PlotError.of(errors)
        given = dict(self.data_form.cleaned_data)
        given.pop("source", None)
        labels = given.pop("label", ())
        columns = {name: value for name, value in given.items() if value}
        spec = PlotSpec(
            kind=self.kind.name,
            options=self.options_form.cleaned_data,
            data=self._from(self.source, columns) if self.source else Inline(columns),
            labels=labels,
            frame=Frame(**self.frame_form.cleaned_data),
            format=self.format.name,
        )
        self._check_spec(spec)
        return spec

    def _from(self, source: Source, columns: Mapping[str, Any]) -> FromSource:
        options = self.source_form.cleaned_data
        query = Query(**self.query_form.cleaned_data)
        return FromSource(source.name, options, columns, source.revision(options), query)

    def _check_spec(self, spec: PlotSpec) -> None:
        longest = max(spec.frame.width, spec.frame.height) * spec.frame.scale
        if longest > self.format.max_side:
            message = _("A side of %(count)s pixels is more than %(format)s can hold.")
            message %= {"count": f"{longest:,.0f}", "format": spec.format}
            raise PlotError(message, "out-of-range", "scale")
        for channel in self.kind.accepted_channels:
            # Of a source, that a channel is missing is known without reading it.
            given = spec.data.columns.get(channel.name) or spec.headings(channel.name)
            if channel.required and not given:
                message = (
                    _("This is needed. Name a column of the source. %(help)s")
                    if self.source
                    else _("This is needed: %(help)s")
                )
                message %= {"help": i18n.translate(channel.help)}
                raise PlotError(message, "required", channel.name)
        if isinstance(spec.data, Inline):
            count = sum(size(column) for each in spec.data.columns.values() for column in each)
            if count > conf.MAX_POINTS:
                message = _("%(count)s values are given; at most %(most)s may be.")
                message %= {"count": f"{count:,}", "most": f"{conf.MAX_POINTS:,}"}
                raise PlotError(message, "too-much", next(iter(spec.data.columns)))
            if not self.kind.generate:
                loading.load(spec)

    def _source(self, given: Mapping[str, list[Any]]) -> Source | None:
        names = [name for name in given.get("source", []) if name]
        try:
            return sources.get_for(self.user, str(names[0])) if names else None
        except PlotError as error:
            self.problems.append(error)
            return None

    def _offer_columns(self, source: Source) -> None:
        """Have channels choose from a list, where the source's columns are known."""
        options = getattr(self.source_form, "cleaned_data", {})
        wrong = self.source_form.errors
        columns = None if wrong else columns_of(source, options, viewer_key(self.user))
        for channel in self.kind.accepted_channels if columns else ():
            given: Any = self.data_form[channel.name].value()
            widget = column_widget(channel, columns or {}, given)
            if widget:
                self.data_form.fields[channel.name].widget = widget

    def _check_names(self, given: Mapping[str, list[Any]]) -> None:
        fields = {name: field for form in self.forms for name, field in form.fields.items()}
        for name, values in given.items():
            if name not in fields:
                known = [*fields, *ALIASES]
                message = _("%(kind)s has no parameter “%(name)s”.")
                message %= {"kind": self.kind.name, "name": name[:50]}
                message += suggestion(name, known)
                if name == FACET.name:
                    message = _("A %(kind)s plot is not drawn in panels; leave out %(name)s.")
                    message %= {"kind": self.kind.name, "name": name}
                elif name in QueryForm.base_fields and self.kind.accepted_channels:
                    message = _("%(name)s is for the rows of a source; name one: source=…")
                    message %= {"name": name}
                self.problems.append(PlotError(message, "unknown-parameter", name[:50]))
            elif len(values) > 1 and not repeats(fields[name]):
                message = _("This is given %(count)d times; give it once.")
                message %= {"count": len(values)}
                self.problems.append(PlotError(message, "repeated-parameter", name))


def resolve_aliases(parameters: Parameters) -> dict[str, list[Any]]:
    """``parameters`` under their own names, without what a URL carries besides."""
    given: dict[str, list[Any]] = {}
    for name, values in parameters.items():
        if name not in RESERVED:
            given.setdefault(ALIASES.get(name, name), []).extend(values)
    return given


def as_parameters(given: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    """Parameters from a mapping that has a list only where one is repeated, as JSON would."""
    return {name: value if isinstance(value, list) else [value] for name, value in given.items()}


def read_spec(
    kind: str, parameters: Parameters, format: str = "png", user: User = None
) -> PlotSpec:
    """The plot that ``parameters`` ask for, by ``user``; a PlotError if they ask for none."""
    return PlotForm(kinds.get(kind), parameters, format, shown=False, user=user).spec


def default_options(entry: Kind | Source) -> dict[str, Any]:
    """The options of a kind or source when none is given."""
    return dict(bind(entry.options, {}).cleaned_data)


def write_parameters(spec: PlotSpec, keep: Collection[str] = ()) -> dict[str, list[str]]:
    """The least parameters that ``read_spec`` turns into ``spec`` again, in a fixed order.

    Those named in ``keep`` are written even where they have their default.
    """
    kind = kinds.get(spec.kind)
    written: dict[str, list[str]] = {}
    if isinstance(spec.data, FromSource):
        source = sources.get(spec.data.name)
        written["source"] = [source.name]
        written |= _changed(source.options, spec.data.options, keep)
        written |= _unlike({}, vars(spec.data.query), keep)
        # Column names are text in the same grammar as a column's values.
        columns: Mapping[str, Iterable[Column]] = {
            name: [(text,) for text in each] for name, each in spec.data.columns.items()
        }
    else:
        columns = spec.data.columns
    written |= {name: [*map(_write_column, each)] for name, each in columns.items()}
    if spec.labels:
        written["label"] = list(spec.labels)
    written |= _changed(kind.options, spec.options, keep)
    frame = vars(spec.frame) | {"colors": ",".join(spec.frame.colors).replace("#", "")}
    frame |= {name: write_order(frame[name]) for name in ("xorder", "yorder")}
    frame |= {name: [*map(write_reference, frame[name])] for name in REFERENCES}
    return written | _unlike(vars(Frame()), {name: frame[name] for name in _FRAME}, keep)


_FRAME = tuple(FrameForm.base_fields)


def _changed(
    form_class: type[forms.Form], values: Mapping[str, Any], keep: Collection[str]
) -> dict[str, list[str]]:
    if not values:
        return {}
    return _unlike(bind_shared(form_class, {}).cleaned_data, values, keep)


def _unlike(
    defaults: Mapping[str, Any], values: Mapping[str, Any], keep: Collection[str]
) -> dict[str, list[str]]:
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
    return [write_value(value) if isinstance(value, (float, date)) else str(value)]


@lru_cache(maxsize=256)
def _data_form(
    channels: tuple[Channel, ...], has_labels: bool, has_source: bool
) -> type[forms.Form]:
    """The form of a kind's channels: of values, or of a source's column names."""
    fields: dict[str, forms.Field] = {}
    if channels:
        fields["source"] = forms.CharField(
            required=False,
            help_text="A registered source; then the channels name its columns.",
        )
    for channel in channels:
        declared: dict[str, Any] = {"help_text": channel.help}
        if not channel.repeat:
            declared["most"] = 1
        fields[channel.name] = (
            ColumnNamesField(rows=1, **declared)
            if has_source
            else ColumnsField(channel.name, channel.dtype, **declared)
        )
    if has_labels:
        fields["label"] = LabelsField(help_text="A name for each series, in order.")
    return type("DataForm", (forms.Form,), fields)


def _source_widget(user: User) -> forms.Widget:
    def offered() -> list[tuple[str, str]]:  # asked for when it is shown
        named = ((source.name, source.title) for source in sources.offered(user))
        return [("", "values given here"), *named]

    return forms.Select(choices=offered)  # type: ignore[arg-type]  # Django calls it
