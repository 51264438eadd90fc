"""All parameters of one plot as forms, and their validation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from plots import i18n
from plots.conf import conf
from plots.data import loading
from plots.errors import PlotError
from plots.permissions import User, viewer_key
from plots.sources.reading import columns_of
from plots.spec.channels import FACET
from plots.spec.formats import get_format
from plots.spec.plot_spec import Frame, FromSource, Inline, PlotSpec
from plots.spec.query import Query
from plots.spec.registry import Kind, Source, sources
from plots.values.grids import size

from .binding import (
    ALIASES,
    Parameters,
    bind,
    bind_shared,
    errors_of,
    explain_unknown,
    may_repeat,
    resolve_aliases,
)
from .columns import column_widget, data_form, source_widget
from .frame import BareFrameForm, FrameForm
from .query import QueryForm


class PlotForm:
    """The parameters of one plot, validated by the forms that its kind and source declare.

    Every parameter is validated; an unknown one is an error. Iterating yields the bound fields.

    Parameters
    ----------
    kind : Kind
        The kind of plot.
    parameters : mapping of str to sequence
        The values of each parameter, as text or, for channels, Python sequences.
    format : str
        Name of an output format.
    for_display : bool
        Whether the form will be rendered. If not, its fields are shared with other forms, which
        saves copying about fifty of them.
    user : User, optional
        Sources that this user may not see are reported as unknown.

    Raises
    ------
    PlotError
        (404) If there is no such format.
    """

    def __init__(
        self,
        kind: Kind,
        parameters: Parameters,
        format: str = "png",
        *,
        for_display: bool = True,
        user: User = None,
    ) -> None:
        self.kind = kind
        self.user = user
        self.format = get_format(format)
        self.problems: list[PlotError] = []
        given = resolve_aliases(parameters)
        self.source = self._find_source(given) if kind.accepted_channels else None
        has_labels = any(channel.repeat for channel in kind.channels)
        columns_form = data_form(kind.accepted_channels, has_labels, self.source is not None)
        fill = bind if for_display else bind_shared
        self.data_form = fill(columns_form, given)
        if for_display and kind.accepted_channels:
            self.data_form.fields["source"].widget = source_widget(user)
        self.options_form = fill(kind.options, given)
        self.source_form = fill(self.source.options if self.source else forms.Form, given)
        if for_display and self.source:
            self._offer_columns(self.source)
        self.query_form = fill(QueryForm if self.source else forms.Form, given)
        self.frame_form = fill(BareFrameForm if kind.no_axes else FrameForm, given)
        if not self.problems:
            self.problems += self._unknown_or_repeated(given)

    @property
    def forms(self) -> tuple[forms.Form, ...]:
        """The bound forms, in the order in which a page shows them."""
        return (
            self.data_form, self.options_form, self.source_form, self.query_form, self.frame_form
        )  # fmt: skip

    def __iter__(self) -> Iterator[BoundField]:
        for form in self.forms:
            yield from form

    def groups(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Yield the headings and fields of the groups that are not empty."""
        source = [*self.source_form, *self.query_form]
        headings = ("Data", "Options", "Frame")
        groups = ([*self.data_form, *source], [*self.options_form], [*self.frame_form])
        yield from ((h, fields) for h, fields in zip(headings, groups, strict=True) if fields)

    @property
    def errors(self) -> list[PlotError]:
        """The errors of all parameters."""
        if any(problem.parameter == "source" for problem in self.problems):
            return self.problems  # without the source, names of columns were read as values
        return self.problems + [error for form in self.forms for error in errors_of(form)]

    @property
    def spec(self) -> PlotSpec:
        """The plot; raises one PlotError with all errors if there are any."""
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
            data=self._from_source(self.source, columns) if self.source else Inline(columns),
            labels=labels,
            frame=Frame(**self.frame_form.cleaned_data),
            format=self.format.name,
        )
        self._check_size(spec)
        self._check_required(spec)
        if isinstance(spec.data, Inline):
            self._check_values(spec, spec.data)
        return spec

    def _from_source(self, source: Source, columns: Mapping[str, Any]) -> FromSource:
        options = self.source_form.cleaned_data
        query = Query(**self.query_form.cleaned_data)
        return FromSource(source.name, options, columns, source.revision(options), query)

    def _check_size(self, spec: PlotSpec) -> None:
        longest = max(spec.frame.width, spec.frame.height) * spec.frame.scale
        if longest > self.format.max_side:
            message = _("A side of %(count)s pixels is too long for %(format)s; reduce it.")
            message %= {"count": f"{longest:,.0f}", "format": spec.format}
            raise PlotError(message, "out-of-range", "scale")

    def _check_required(self, spec: PlotSpec) -> None:
        """Find missing channels, without reading the source if there is one."""
        for channel in self.kind.accepted_channels:
            given = spec.data.columns.get(channel.name) or spec.headings(channel.name)
            if channel.required and not given:
                message = (
                    _("This is required. Name a column of the source. %(help)s")
                    if self.source
                    else _("This is required: %(help)s")
                )
                message %= {"help": i18n.translate(channel.help)}
                raise PlotError(message, "required", channel.name)

    def _check_values(self, spec: PlotSpec, data: Inline) -> None:
        count = sum(size(column) for each in data.columns.values() for column in each)
        if count > conf.MAX_POINTS:
            message = _("%(count)s values are given; at most %(most)s are allowed.")
            message %= {"count": f"{count:,}", "most": f"{conf.MAX_POINTS:,}"}
            raise PlotError(message, "too-much", next(iter(data.columns)))
        if not self.kind.generate:
            loading.load(spec)

    def _find_source(self, given: Mapping[str, list[Any]]) -> Source | None:
        names = [name for name in given.get("source", []) if name]
        try:
            return sources.get_for(self.user, str(names[0])) if names else None
        except PlotError as error:
            self.problems.append(error)
            return None

    def _offer_columns(self, source: Source) -> None:
        """Replace the text fields of channels by selects if the source's columns are known."""
        if self.source_form.errors:
            return
        columns = columns_of(source, self.source_form.cleaned_data, viewer_key(self.user))
        for channel in self.kind.accepted_channels if columns else ():
            chosen: Any = self.data_form[channel.name].value()
            widget = column_widget(channel, columns or {}, chosen)
            if widget:
                self.data_form.fields[channel.name].widget = widget

    def _unknown_or_repeated(self, given: Mapping[str, list[Any]]) -> Iterator[PlotError]:
        fields = {name: field for form in self.forms for name, field in form.fields.items()}
        for name, values in given.items():
            if name not in fields:
                yield self._unknown(name, fields)
            elif len(values) > 1 and not may_repeat(fields[name]):
                message = _("This is given %(count)d times; give it once.")
                message %= {"count": len(values)}
                yield PlotError(message, "repeated-parameter", name)

    def _unknown(self, name: str, known: Iterable[str]) -> PlotError:
        if name == FACET.name:
            message = _("A %(kind)s plot is not drawn in panels; leave out %(name)s.")
            message %= {"kind": self.kind.name, "name": name}
        elif name in QueryForm.base_fields and self.kind.accepted_channels:
            message = _("%(name)s applies to the rows of a source; add source=…")
            message %= {"name": name}
        else:
            message = _("%(kind)s has no parameter “%(name)s”.")
            message %= {"kind": self.kind.name, "name": name[:50]}
            message += explain_unknown(name, [*known, *ALIASES])
        return PlotError(message, "unknown-parameter", name[:50])
