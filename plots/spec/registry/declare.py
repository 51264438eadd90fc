"""The decorators with which apps register kinds and sources."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django import forms

from plots.permissions import Visibility
from plots.spec.channels import Channel

from . import declaration_checks as checks
from .data_source import Source
from .families import OTHER
from .plot_kind import Downsample, Kind
from .registries import kinds, sources

Function = TypeVar("Function", bound=Callable[..., Any])


def kind(
    name: str,
    *,
    title: str = "",
    family: str = OTHER,
    channels: Sequence[Channel] = (),
    options: type[forms.Form] = forms.Form,
    transform: Callable[..., Any] | None = None,
    fit: Callable[..., Any] | None = None,
    transposed: Callable[..., bool] | None = None,
    generate: Callable[..., Mapping[str, Any]] | None = None,
    random: Callable[..., bool] | None = None,
    describe: Callable[..., Iterable[tuple[str, Sequence[str]]]] | None = None,
    marks: Callable[[int], str] | None = None,
    downsample: Downsample = "",
    no_axes: bool = False,
    panels: bool = True,
    aliases: Mapping[str, str] | None = None,
    example: Mapping[str, Any] | None = None,
    version: int = 1,
) -> Callable[[Function], Function]:
    """Register the decorated function as the plot kind ``name``.

    The function is called as ``function(ax, data, **options)``: ``ax`` is a ``plots.Axes``,
    ``data`` a ``plots.Data``, and the options are the cleaned data of ``options``. It draws on
    ``ax`` and returns None, or the ScalarMappable whose numbers a colour bar explains. Its
    docstring is the text about the kind in the catalogue. If rows are split into panels (channel
    ``facet``), the function is called once for each panel.

    Parameters
    ----------
    name : str
        The name in URLs: up to 50 small letters, digits, ``-`` and ``_``, a letter first.
    title : str, optional
        The name for people, such as ``"Bar chart"``. By default it is made from ``name``.
    family : str, optional
        The heading in the catalogue, such as ``"Comparison"``.
    channels : sequence of plots.Channel, optional
        The column roles that the kind draws, such as ``plots.XY``.
    options : type of django.forms.Form, optional
        The form whose fields are the kind's own parameters. Every field needs a default.
    transform : callable, optional
        ``transform(data, **options)`` returns the ``plots.Data`` that are drawn. Their channels x
        and y decide about ticks and limits. It raises ``plots.PlotError`` for data that cannot be
        drawn.
    fit : callable, optional
        ``fit(data, size, **options)`` returns the ``plots.Data`` for a picture of ``size``, which
        is its width and height in device pixels: with parts joined that are smaller than a pixel,
        or with a note about rows that share one.
    transposed : callable, optional
        ``transposed(**options)`` tells whether the x channel runs along the y axis.
    generate : callable, optional
        ``generate(**options)`` returns the data of a kind that takes none: a mapping of channel
        name to values, or, for a channel that repeats, to a mapping of label to values.
    random : callable, optional
        ``random(**options)`` tells whether each render differs, so that it is not cached.
    describe : callable, optional
        ``describe(data, wording, **options)`` yields what the text about a plot says of each
        series, group or part: its name, or "" for the whole plot, and a list of phrases that begin
        with a small letter, such as ``"highest 5 at Monday"``. ``wording.value("y", 5.0)`` writes a
        number in the format of its axis. The first phrase matters most. By default the trend, the
        extremes and the gaps of each series are described.
    marks : callable, optional
        ``marks(count)`` returns what the text calls the marks, such as ``"%(count)s bars"``, or ""
        not to count them. By default they are points.
    downsample : {"", "lines", "counts", "bins"}, optional
        What is enough of many rows. ``"lines"``: the rows that fill the same pixels.
        ``"counts"``: distinct x, with the number of rows of each in a channel ``weight``.
        ``"bins"``: counts in the bins of a grid; each series has the middles in x and y and a
        column ``count``, and ``data.edges`` has the edges of the bins.
    no_axes : bool, optional
        Draw without axes, and take no parameters of theirs.
    panels : bool, optional
        Whether rows may be split into panels.
    aliases : mapping of str to str, optional
        The names that other tools have for it, by tool: ``{"matplotlib": "plot"}``.
    example : mapping, optional
        The parameters of the example in the catalogue.
    version : int, optional
        Raise it when the same parameters draw something else; cached renders are then not used.

    Returns
    -------
    callable
        A decorator that returns the function unchanged.

    Raises
    ------
    django.core.exceptions.ImproperlyConfigured
        If the declaration is wrong or the name is taken. The message contains the fix.

    Examples
    --------
    >>> import plots
    >>> @plots.kind("steps", title="Staircase", channels=plots.XY, example={"y": "1,3,2"})
    ... def steps(ax: plots.Axes, data: plots.Data) -> None:
    ...     \"\"\"A level for each number.\"\"\"
    ...     for series in data.series:
    ...         ax.step(series.x, series.y, label=series.label)
    """
    checks.check_name("kind", name)
    fields: dict[str, Any] = {
        "human_name": title, "family": family, "channels": channels, "options": options,
        "transform": transform, "fit": fit, "transposed": transposed, "generate": generate,
        "random": random, "describe": describe, "marks": marks,
        "downsample": downsample, "no_axes": no_axes, "panels": panels, "aliases": aliases or {},
        "example": example or {}, "version": version,
    }  # fmt: skip
    checks.check_kind(name, fields)

    def register(function: Function) -> Function:
        checks.check_drawing_function(name, function, options)
        kinds.register(Kind(name, function, **{**fields, "channels": tuple(channels)}))
        return function

    return register


def source(
    name: str,
    *,
    options: type[forms.Form] = forms.Form,
    version: str | Callable[..., str] | None = None,
    age: float | None = None,
    live: bool = False,
    visibility: str = Visibility.STAFF.value,
    groups: Collection[str] = (),
    viewer: bool = False,
    columns: Mapping[str, str] | None = None,
) -> Callable[[Function], Function]:
    """Register the decorated function as the source ``name``.

    The function is called as ``function(**options)`` and returns the columns: a mapping of column
    name to values of one length, a QuerySet, or a pandas, polars or Arrow table. Its docstring is
    the text about the source.

    Parameters
    ----------
    name : str
        The name in URLs: up to 50 small letters, digits, ``-`` and ``_``, a letter first.
    options : type of django.forms.Form, optional
        The form whose fields are the source's own parameters. Every field needs a default.
    version : str or callable, optional
        A string, or a cheap ``version(**options)`` that returns one. It changes whenever the
        columns do, so that renders can be cached until then.
    age : float, optional
        Without a version: the seconds after which the columns are read again. By default
        ``PLOTS["SOURCE_AGE"]``.
    live : bool, optional
        Whether the columns are never cached.
    visibility : {"staff", "groups", "members", "unlisted", "public"}, optional
        Who may name the source in a URL and so read all its rows: staff, the users in ``groups``,
        users who are logged in, everybody who knows its name, or everybody. Presets, template
        tags and signed URLs of this site show what they draw of it to others, too.
    groups : collection of str, optional
        The names of the groups, for the visibility ``"groups"``.
    viewer : bool, optional
        Whether the columns depend on the user. The function, and that of the version, then take a
        keyword ``viewer``: a user or an AnonymousUser. Renders are not shared between users.
    columns : mapping of str to str, optional
        What each column holds: ``"number"``, ``"date"``, ``"datetime"``, ``"duration"``,
        ``"time"``, ``"text"`` or ``"boolean"``. By default it is read from the columns.

    Returns
    -------
    callable
        A decorator that returns the function unchanged.

    Raises
    ------
    django.core.exceptions.ImproperlyConfigured
        If the declaration is wrong or the name is taken. The message contains the fix.

    Examples
    --------
    >>> import plots
    >>> @plots.source("squares", version="1", visibility="public")
    ... def squares():
    ...     \"\"\"The first ten square numbers.\"\"\"
    ...     return {"n": range(10), "square": [n * n for n in range(10)]}
    """
    checks.check_name("source", name)
    fields: dict[str, Any] = {
        "options": options, "version": version, "age": age, "live": live,
        "visibility": visibility, "groups": groups, "viewer": viewer, "columns": columns,
    }  # fmt: skip
    checks.check_source(name, fields)

    def register(function: Function) -> Function:
        entry = Source(name, function, **{**fields, "groups": tuple(groups)})
        checks.check_source_function(name, function, options, viewer)
        sources.register(entry)
        return function

    return register
