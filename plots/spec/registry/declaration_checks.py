"""Checks of what ``plots.kind`` and ``plots.source`` are called with; the messages name the fix."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, get_args

from django import forms
from django.core.exceptions import ImproperlyConfigured

from plots.errors import suggestion
from plots.permissions import Visibility
from plots.spec.channels import Channel

from . import entry
from .plot_kind import Downsample

COLUMN_DTYPES = ("number", "date", "datetime", "duration", "time", "text", "boolean")


def check_name(noun: str, name: object) -> None:
    """Raise ImproperlyConfigured unless ``name`` can be the name of a kind or source."""
    if callable(name):
        called = getattr(name, "__name__", "it")
        raise ImproperlyConfigured(
            f'@plots.{noun} needs a name: write @plots.{noun}("{called}") above {called}.'
        )
    if not isinstance(name, str):
        raise ImproperlyConfigured(
            f'The name of a {noun} is a str, not {name!r}: write @plots.{noun}("my-{noun}").'
        )
    entry.check_name(noun, name)


def check_kind(name: str, fields: Mapping[str, Any]) -> None:
    """Raise ImproperlyConfigured for a keyword of ``plots.kind`` that is wrong."""
    about = f"The kind {name!r}: "
    _check_channels(about, fields["channels"])
    _check_options(about, fields["options"])
    _check_texts(about, title=fields["human_name"], family=fields["family"])
    _check_flags(about, no_axes=fields["no_axes"], panels=fields["panels"])
    names = tuple(fields["options"].base_fields)
    _check_call(about, "transform", fields["transform"], ("data",), names)
    _check_call(about, "fit", fields["fit"], ("data", "size"), names)
    _check_call(about, "describe", fields["describe"], ("data", "wording"), names)
    _check_call(about, "marks", fields["marks"], ("count",), ())
    for each in ("transposed", "generate", "random"):
        _check_call(about, each, fields[each], (), names)
    _check_choice(about, "downsample", fields["downsample"], get_args(Downsample))
    for each in ("aliases", "example"):
        if not isinstance(fields[each], Mapping):
            raise ImproperlyConfigured(f"{about}{each} is a dict, not {fields[each]!r}.")
    version = fields["version"]
    if isinstance(version, bool) or not isinstance(version, int):
        raise ImproperlyConfigured(f"{about}version is an int, not {version!r}: version=1.")


def check_source(name: str, fields: Mapping[str, Any]) -> None:
    """Raise ImproperlyConfigured for a keyword of ``plots.source`` that is wrong."""
    about = f"The source {name!r}: "
    _check_options(about, fields["options"])
    _check_flags(about, **{each: fields[each] for each in ("live", "viewer")})
    _check_visibility(about, fields["visibility"], fields["groups"])
    version, age, columns = fields["version"], fields["age"], fields["columns"]
    if not (version is None or isinstance(version, str) or callable(version)):
        raise ImproperlyConfigured(
            f"{about}version is a str or a function that returns one, not {version!r}: "
            f'version="{version}".'
        )
    is_number = isinstance(age, (int, float)) and not isinstance(age, bool)
    if age is not None and not (is_number and age >= 0 and math.isfinite(age)):
        raise ImproperlyConfigured(f"{about}age is a number of seconds, 0 or more, not {age!r}.")
    if columns is not None and not isinstance(columns, Mapping):
        raise ImproperlyConfigured(
            f'{about}columns is a dict such as {{"day": "date"}}, not {columns!r}.'
        )
    for column, dtype in (columns or {}).items():
        _check_choice(about, f"the data type of the column {column!r}", dtype, COLUMN_DTYPES)


def _check_visibility(about: str, visibility: object, groups: Any) -> None:
    _check_choice(about, "visibility", visibility, Visibility.values)
    is_list = isinstance(groups, Collection) and not isinstance(groups, str | bytes)
    if not is_list or not all(isinstance(name, str) for name in groups):
        raise ImproperlyConfigured(
            f'{about}groups is a list of names of groups, not {groups!r}: groups=["Editors"].'
        )
    if bool(groups) != (visibility == Visibility.GROUPS):
        fix = (
            'name them: groups=["Editors"]'
            if not groups
            else f'set visibility="groups", or leave out groups={groups!r}'
        )
        raise ImproperlyConfigured(
            f"{about}groups and visibility={str(visibility)!r} do not match; {fix}."
        )


def check_drawing_function(name: str, function: object, options: type[forms.Form]) -> None:
    """Raise ImproperlyConfigured unless ``function(ax, data, **options)`` can be called."""
    about = f"The kind {name!r}: "
    _check_function(about, "@plots.kind", function)
    _check_call(about, "its function", function, ("ax", "data"), tuple(options.base_fields))


def check_source_function(
    name: str, function: object, options: type[forms.Form], viewer: bool
) -> None:
    """Raise ImproperlyConfigured unless ``function(**options)`` can be called."""
    about = f"The source {name!r}: "
    _check_function(about, "@plots.source", function)
    names = (*options.base_fields, *(("viewer",) if viewer else ()))
    _check_call(about, "its function", function, (), names)


def _check_function(about: str, decorator: str, function: object) -> None:
    if not callable(function):
        raise ImproperlyConfigured(f"{about}{decorator}(…) decorates a function, not {function!r}.")
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise ImproperlyConfigured(
            f"{about}plots are drawn synchronously; write def {_name_of(function)}, not async def."
        )


def _check_channels(about: str, channels: object) -> None:
    if isinstance(channels, Channel):
        raise ImproperlyConfigured(
            f"{about}channels is a sequence; write channels=[…] around the channel "
            f"{channels.name!r}."
        )
    if isinstance(channels, str) or not isinstance(channels, Iterable):
        raise ImproperlyConfigured(
            f"{about}channels is a sequence of plots.Channel, such as plots.XY, not {channels!r}."
        )
    names: list[str] = []
    for channel in channels:
        if not isinstance(channel, Channel):
            raise ImproperlyConfigured(
                f"{about}channels has {channel!r}, which is no plots.Channel; write "
                f'plots.Channel("{channel}", "What it holds.").'
            )
        if channel.name in names:
            raise ImproperlyConfigured(f"{about}channels has {channel.name!r} twice; remove one.")
        names.append(channel.name)


def _check_options(about: str, options: object) -> None:
    if isinstance(options, forms.BaseForm):
        name = type(options).__name__
        raise ImproperlyConfigured(f"{about}options is a form class; write options={name}.")
    if not (isinstance(options, type) and issubclass(options, forms.BaseForm)):
        raise ImproperlyConfigured(
            f"{about}options is a class derived from django.forms.Form, not {options!r}."
        )


def _check_texts(about: str, **texts: object) -> None:
    for name, text in texts.items():
        if not isinstance(text, str):
            raise ImproperlyConfigured(f"{about}{name} is a str, not {text!r}.")


def _check_flags(about: str, **flags: object) -> None:
    for name, flag in flags.items():
        if not isinstance(flag, bool):
            raise ImproperlyConfigured(f"{about}{name} is True or False, not {flag!r}.")


def _check_choice(about: str, what: str, value: object, choices: Iterable[str]) -> None:
    known = tuple(choices)
    if value not in known:
        message = f"{about}{what} is one of {', '.join(map(repr, known))}, not {value!r}."
        raise ImproperlyConfigured(message + suggestion(str(value), filter(None, known)))


def _check_call(
    about: str, what: str, function: Any, positional: tuple[str, ...], names: tuple[str, ...]
) -> None:
    """Raise ImproperlyConfigured unless ``function`` takes these arguments, or is None."""
    if function is None:
        return
    call = f"({', '.join([*positional, *(f'{name}=…' for name in names)])})"
    if not callable(function):
        raise ImproperlyConfigured(f"{about}{what} is a function, not {function!r}.")
    try:
        signature = inspect.signature(function)
    except ValueError:  # a builtin without a signature
        return
    try:
        signature.bind(*positional, **dict.fromkeys(names))
    except TypeError as error:
        raise ImproperlyConfigured(
            f"{about}{what} is called as {_name_of(function)}{call}, which {_name_of(function)}"
            f"{signature} does not take: {error}."
        ) from None


def _name_of(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", "function")
