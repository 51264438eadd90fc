"""The gate: the parameters of a URL, preset, tag or command become a PlotSpec here, and back.

Everything is validated here and once, by forms made from the kind's, the source's and the frame's
own declarations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from . import data, language, references
from .clocks import on_the_clock
from .columns import Column, read_number, write_column, write_value
from .conf import conf
from .errors import PlotError, suggestion
from .fields import (
    BinField,
    ColorsField,
    ColumnNamesField,
    ColumnsField,
    FiltersField,
    FormatField,
    LabelsField,
    LimitField,
    OrderField,
    ReferenceField,
    RepeatedField,
    ScaleField,
    SideField,
    SwitchField,
    TextField,
    ZoneField,
    column_widget,
    write_reference,
)
from .formats import get_format
from .grids import is_grid, size, write_grid
from .options import as_validation_error, choices
from .order import write_order
from .query import LOOKUPS, STATS, Query
from .references import REFERENCES
from .registry import FACET, Channel, Kind, Source, kinds, sources
from .spec import Frame, FromSource, Inline, PlotSpec
from .themes import themes
from .visibility import User

Parameters = Mapping[str, Sequence[Any]]

# Names that other chart services taught people.
ALIASES = {"devicePixelRatio": "scale", "w": "width", "h": "height"}
# May stand in a picture's URL and say nothing about the plot: the revision its maker knew, their
# signature, and until when that is good.
REVISION, SIGNATURE, UNTIL = RESERVED = ("v", "sig", "until")

LIMITS = ("xmin", "xmax", "ymin", "ymax")
SCALES = ("linear", "log", "symlog")
LEGENDS = (
    "auto", "none", "top", "right", "bottom", "inside",
    "upper left", "upper right", "lower left", "lower right",
)  # fmt: skip


class FrameForm(forms.Form):
    """What every plot has around its drawing. The defaults are ``Frame``'s."""

    title = TextField(help_text="A line above the drawing.")
    subtitle = TextField(help_text="A line or two beneath the title, smaller.")
    xlabel = TextField(label="x label", help_text="What runs along x, with its unit.")
    ylabel = TextField(label="y label", help_text="What runs along y, with its unit.")
    width = SideField(initial=Frame.width, required=False, help_text="Width in pixels.")
    height = SideField(initial=Frame.height, required=False, help_text="Height in pixels.")
    scale = ScaleField(
        initial=Frame.scale, required=False, help_text="Device pixel ratio: 2 for sharp screens."
    )
    theme = forms.ChoiceField(
        choices=lambda: choices(themes()),
        initial=Frame.theme,
        required=False,
        help_text="Set of colours, and type.",
    )
    transparent = SwitchField(
        initial=Frame.transparent, help_text="No ground, for pages of another colour; not in jpg."
    )
    xmin = LimitField(label="x from", help_text="Left end of x: a number, or a date.")
    xmax = LimitField(label="x to", help_text="Right end of x.")
    ymin = LimitField(label="y from", help_text="Lower end of y.")
    ymax = LimitField(label="y to", help_text="Upper end of y.")
    xscale = forms.ChoiceField(
        label="x scale",
        choices=choices(SCALES),
        initial=Frame.xscale,
        required=False,
        help_text="Scale of x.",
    )
    yscale = forms.ChoiceField(
        label="y scale",
        choices=choices(SCALES),
        initial=Frame.yscale,
        required=False,
        help_text="Scale of y.",
    )
    xorder = OrderField("x")
    yorder = OrderField("y")
    xformat = FormatField("x")
    yformat = FormatField("y")
    tz = ZoneField(
        label="Time zone",
        help_text="Where clocks show the times, such as Asia/Seoul; times without an offset stay.",
    )
    hline = ReferenceField(
        1, label="Line across", help_text="A level line at a value of y, and its label: 100,Target."
    )
    vline = ReferenceField(
        1, label="Line up", help_text="An upright line at a value of x: 2026-03-01,Launch."
    )
    hband = ReferenceField(
        2, label="Band across", help_text="A band between two values of y: 10,20,Normal."
    )
    vband = ReferenceField(
        2, label="Band up", help_text="A band between two values of x: Sat,Sun,Closed."
    )
    grid = SwitchField(initial=Frame.grid, help_text="Lines at the ticks.")
    legend = forms.ChoiceField(
        choices=choices(LEGENDS),
        initial=Frame.legend,
        required=False,
        help_text="Where the series are named; auto: above, or beside a pie, if there are several; "
        "inside: in the emptiest corner. One that would cover data is above.",
    )
    colors = ColorsField(
        label="Colours", help_text="Colours of the series, comma-separated: names or hex."
    )
    alt = TextField(
        label="Description", help_text="The picture in words, for those who cannot see it."
    )
    lang = forms.ChoiceField(
        label="Language",
        choices=language.choices,
        required=False,
        help_text="The language of the words that are not yours, in the picture and about it.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._set_clocks(cleaned)
        for axis in ("x", "y"):
            low, high = cleaned.get(f"{axis}min"), cleaned.get(f"{axis}max")
            if low is None or high is None:
                continue
            if isinstance(low, date) != isinstance(high, date):
                message = _("Give %(low)s and %(high)s both as numbers or both as dates.")
                words = {"low": f"{axis}min", "high": f"{axis}max"}
                self.add_error(f"{axis}max", message % words)
            elif _moment(low) >= _moment(high):
                message = _("%(low)s must be less than %(high)s.")
                words = {"low": f"{axis}min", "high": f"{axis}max"}
                self.add_error(f"{axis}min", message % words)
        given = [name for name in REFERENCES for each in cleaned.get(name) or ()]
        if len(given) > references.MOST:
            message = _("%(count)d lines and bands are given; at most %(most)d may be.")
            message %= {"count": len(given), "most": references.MOST}
            self.add_error(given[-1], ValidationError(message, code="too-many"))
        width, height, scale = (cleaned.get(name) for name in ("width", "height", "scale"))
        if width and height and scale and width * height * scale**2 > conf.MAX_PIXELS:
            message = _(
                "%(width)d × %(height)d at scale %(scale)s makes %(count)s pixels; "
                "at most %(most)s are drawn."
            )
            message %= {
                "width": width,
                "height": height,
                "scale": f"{scale:g}",
                "count": f"{round(width * height * scale**2):,}",
                "most": f"{conf.MAX_PIXELS:,}",
            }
            where = "scale" if scale > 1 else "width"
            raise ValidationError({where: ValidationError(message, code="too-many-pixels")})
        return cleaned

    def _set_clocks(self, cleaned: dict[str, Any]) -> None:
        """Times of limits and references as those of the data: see ``data.assemble``."""
        zone = cleaned.get("tz", "")
        for name in (*LIMITS, *REFERENCES):
            given = cleaned.get(name)
            try:
                if isinstance(given, tuple):
                    cleaned[name] = tuple(on_the_clock(each, zone, name) for each in given)
                elif isinstance(given, datetime):
                    (cleaned[name],) = on_the_clock((given,), zone, name)
            except PlotError as error:
                self.add_error(name, as_validation_error(error))


class QueryForm(forms.Form):
    """What is made of a source's rows before they are drawn. The defaults are ``Query``'s."""

    stat = forms.ChoiceField(
        choices=[("", "rows as they are"), *STATS.items()],
        required=False,
        help_text="One value for all rows with the same x and by.",
    )
    bin = BinField(
        help_text="Rows whose x is in the same bin are alike: its width, or hour, day, week, "
        "month, quarter, year. Needs a stat.",
    )
    filter = FiltersField(
        help_text="Only rows that fit, as column:value or column__gte:10; repeat it for more. "
        f"Lookups: {', '.join(LOOKUPS)}.",
    )
    order = TextField(help_text="The column that orders the rows; -column for the greatest first.")
    limit = forms.IntegerField(
        min_value=1, required=False, help_text="At most so many rows, in their order."
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("bin") and not cleaned.get("stat") and "stat" not in self.errors:
            message = _("Say what is made of the rows of a bin: stat=count, sum, mean, …")
            self.add_error("stat", ValidationError(message, code="required"))
        return cleaned


# What a plot without axes has no use for.
_OF_AXES = (
    "xlabel", "ylabel", *LIMITS, "xscale", "yscale",
    "xorder", "yorder", "xformat", "yformat", "grid", *REFERENCES
)  # fmt: skip
BareFrameForm = type("BareFrameForm", (FrameForm,), dict.fromkeys(_OF_AXES))


def _moment(limit: float | date) -> Any:
    return limit if isinstance(limit, float) else limit.isoformat()


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
        given = rename(parameters)
        self.source = self._source(given) if kind.taken else None
        repeats = any(channel.repeat for channel in kind.channels)
        data_form = _data_form(kind.taken, repeats, self.source is not None)
        bind = _bind if shown else _bind_shared
        self.data_form = bind(data_form, given)
        if shown and kind.taken:
            self.data_form.fields["source"].widget = _source_widget(user)
            self._offer_columns()
        self.options_form = bind(kind.options, given)
        self.source_form = bind(self.source.options if self.source else forms.Form, given)
        self.query_form = bind(QueryForm if self.source else forms.Form, given)
        self.frame_form = bind(BareFrameForm if kind.bare else FrameForm, given)
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
        return self.problems + [error for form in self.forms for error in _errors(form)]

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
        for channel in self.kind.taken:
            # Of a source, that a channel is missing is known without reading it.
            counted = (
                self.query_form.is_valid() and self.query_form.cleaned_data.get("stat") == "count"
            )
            if channel.required and not counted and not spec.data.columns.get(channel.name):
                message = (
                    _("This is needed. Name a column of the source. %(help)s")
                    if self.source
                    else _("This is needed: %(help)s")
                )
                message %= {"help": language.translated(channel.help)}
                raise PlotError(message, "required", channel.name)
        if isinstance(spec.data, Inline):
            count = sum(size(column) for each in spec.data.columns.values() for column in each)
            if count > conf.MAX_POINTS:
                message = _("%(count)s values are given; at most %(most)s may be.")
                message %= {"count": f"{count:,}", "most": f"{conf.MAX_POINTS:,}"}
                raise PlotError(message, "too-much", next(iter(spec.data.columns)))
            if not self.kind.generate:
                data.load(spec)

    def _source(self, given: Mapping[str, list[Any]]) -> Source | None:
        names = [name for name in given.get("source", []) if name]
        try:
            return sources.get_for(self.user, str(names[0])) if names else None
        except PlotError as error:
            self.problems.append(error)
            return None

    def _offer_columns(self) -> None:
        """Have channels choose from a list, where the source's columns are known."""
        columns = self.source.columns if self.source else None
        for channel in self.kind.taken if columns else ():
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
                elif name in QueryForm.base_fields and self.kind.taken:
                    message = _("%(name)s is for the rows of a source; name one: source=…")
                    message %= {"name": name}
                self.problems.append(PlotError(message, "unknown-parameter", name[:50]))
            elif len(values) > 1 and not _repeats(fields[name]):
                message = _("This is given %(count)d times; give it once.")
                message %= {"count": len(values)}
                self.problems.append(PlotError(message, "repeated-parameter", name))


def rename(parameters: Parameters) -> dict[str, list[Any]]:
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
    return dict(_bind(entry.options, {}).cleaned_data)


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
    return _unlike(_bind(form_class, {}).cleaned_data, values, keep)


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
            else ColumnsField(channel.name, channel.sort, **declared)
        )
    if has_labels:
        fields["label"] = LabelsField(help_text="A name for each series, in order.")
    return type("DataForm", (forms.Form,), fields)


def _source_widget(user: User) -> forms.Widget:
    def offered() -> list[tuple[str, str]]:  # asked for when it is shown
        named = ((source.name, source.title) for source in sources.offered(user))
        return [("", "values given here"), *named]

    return forms.Select(choices=offered)  # type: ignore[arg-type]  # Django calls it


def _bind(form_class: type[forms.Form], given: Parameters) -> forms.Form:
    """``form_class`` with its own of ``given``; what is missing or empty is its initial value."""
    form = form_class(MultiValueDict())
    form.fields = {name: _as_parameter(field) for name, field in form.fields.items()}
    return _fill(form, given)


def _bind_shared(form_class: type[forms.Form], given: Parameters) -> forms.Form:
    """The same with fields that other forms have too: they are not to be changed."""
    if form_class.__init__ is not forms.Form.__init__:
        return _bind(form_class, given)  # it may change its fields
    bare, fields = _parted(form_class)
    form = bare(MultiValueDict())
    form.fields = fields
    return _fill(form, given)


@lru_cache(maxsize=256)
def _parted(form_class: type[forms.Form]) -> tuple[type[forms.Form], dict[str, forms.Field]]:
    """``form_class`` without its fields, which Django would copy for each form, and the fields."""
    bare: Any = type(form_class.__name__, (form_class,), {})
    bare.base_fields = {}
    return bare, {name: _as_parameter(field) for name, field in form_class.base_fields.items()}


def _fill(form: forms.Form, given: Parameters) -> forms.Form:
    values: Any = form.data
    fields = form.fields
    for name, field in fields.items():
        mine = [value for value in given.get(name, ()) if not _is_blank(value)]
        if not mine and field.initial is not None:
            default = field.initial() if callable(field.initial) else field.initial
            mine = list(default) if isinstance(default, (list, tuple)) else [default]
        values.setlist(name, mine if _repeats(field) else [_as_text(value) for value in mine])
    form.full_clean()
    for name, field in fields.items():
        if isinstance(field, (forms.IntegerField, forms.DecimalField)):
            text = values.get(name)
            if text is not None and read_number(text) is None:
                form.errors.pop(name, None)  # Django's own says less
                message = _("“%(value)s” is not a number.") % {"value": text[:40]}
                form.add_error(name, ValidationError(message, code="invalid"))
    return form


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return write_value(value) if isinstance(value, float) else str(value).strip()


def _as_parameter(field: forms.Field) -> forms.Field:
    """A checkbox cannot be told from one left out, so in a URL it is a switch."""
    if type(field) is not forms.BooleanField:
        return field
    return SwitchField(initial=bool(field.initial), label=field.label, help_text=field.help_text)


def _repeats(field: forms.Field) -> bool:
    return isinstance(field, RepeatedField) or getattr(
        field.widget, "allow_multiple_selected", False
    )


def _errors(form: forms.Form) -> Iterator[PlotError]:
    for name, errors in form.errors.as_data().items():
        field = form.fields.get(name)
        for error in errors:
            message = " ".join(error.messages)
            if error.code == "invalid_choice" and isinstance(field, forms.ChoiceField):
                value = str(form.data.get(name))
                known = [str(key) for key, label in field.widget.choices if key != ""]
                message = _("“%(value)s” is not a choice here.") % {"value": value[:40]}
                message += suggestion(value, known)
            yield PlotError(message, error.code or "invalid", None if field is None else name)
