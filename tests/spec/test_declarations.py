"""Wrong uses of ``plots.kind`` and ``plots.source`` fail where they are written, with the fix."""

from __future__ import annotations

import doctest
import importlib
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured

import plots
from plots.spec.registry import FAMILIES, kinds, sources


class Options(forms.Form):
    level = forms.FloatField(required=False)


def draw(ax: plots.Axes, data: plots.Data) -> None:
    ax.plot([1, 2])


async def draw_later(ax: plots.Axes, data: plots.Data) -> None:
    ax.plot([1, 2])


def rows() -> dict[str, list[int]]:
    return {"n": [1]}


async def rows_later() -> dict[str, list[int]]:
    return {"n": [1]}


Declare = Callable[[], Any]
# mypy refuses most of these, too.
kind: Any = plots.kind
source: Any = plots.source

WRONG_KINDS: dict[str, tuple[Declare, str]] = {
    "no parentheses": (lambda: kind(draw), r'write @plots.kind\("draw"\) above draw'),
    "a number as name": (lambda: kind(3), "is a str, not 3"),
    "a name with a space": (lambda: kind("a b"), "'a b' cannot be the name"),
    "channels as strings": (lambda: kind("own", channels=["x", "y"]), r'plots.Channel\("x", '),
    "a string of channels": (lambda: kind("own", channels="xy"), "such as plots.XY, not 'xy'"),
    "one channel": (lambda: kind("own", channels=plots.LINK), r"write channels=\[…\] around"),
    "a channel twice": (lambda: kind("own", channels=[plots.BY, plots.BY]), "'by' twice; remove"),
    "options as instance": (lambda: kind("own", options=Options()), "write options=Options"),
    "options as dict": (lambda: kind("own", options={}), "derived from django.forms.Form, not {}"),
    "unknown downsample": (lambda: kind("own", downsample="line"), "Did you mean “lines”"),
    "version as string": (lambda: kind("own", version="2"), "version is an int, not '2'"),
    "version as bool": (lambda: kind("own", version=True), "version is an int, not True"),
    "title as number": (lambda: kind("own", title=3), "title is a str, not 3"),
    "aliases as string": (lambda: kind("own", aliases="plot"), "aliases is a dict, not 'plot'"),
    "example as list": (lambda: kind("own", example=["1"]), "example is a dict"),
    "panels as string": (lambda: kind("own", panels="no"), "panels is True or False, not 'no'"),
    "unknown keyword": (lambda: kind("own", colour="red"), "unexpected keyword argument 'colour'"),
    "transform of no data": (lambda: kind("own", transform=rows), r"called as rows\(data\)"),
    "transform as data": (lambda: kind("own", transform=3), "transform is a function, not 3"),
    "a coroutine": (lambda: kind("own")(draw_later), "write def draw_later, not async def"),
    "no function": (lambda: kind("own")(3), "decorates a function, not 3"),
    "a function of no data": (lambda: kind("own")(rows), r"called as rows\(ax, data\)"),
    "an option that is not taken": (
        lambda: kind("own", options=Options)(draw), r"draw\(ax, data, level=…\)"
    ),
}  # fmt: skip

WRONG_SOURCES: dict[str, tuple[Declare, str]] = {
    "no parentheses": (lambda: source(rows), r'write @plots.source\("rows"\) above rows'),
    "a number as name": (lambda: source(3), "is a str, not 3"),
    "a negative age": (lambda: source("own", age=-1), "0 or more, not -1"),
    "an age as string": (lambda: source("own", age="60"), "a number of seconds, 0 or more"),
    "an age as bool": (lambda: source("own", age=True), "0 or more, not True"),
    "an endless age": (lambda: source("own", age=float("inf")), "0 or more, not inf"),
    "version as number": (lambda: source("own", version=2), 'version="2"'),
    "live as string": (lambda: source("own", live="yes"), "live is True or False, not 'yes'"),
    "an unknown visibility": (
        lambda: source("own", visibility="private"),
        "visibility is one of 'staff', 'groups', 'members', 'unlisted', 'public', not 'private'",
    ),
    "groups without the visibility": (
        lambda: source("own", groups=["Editors"]), 'set visibility="groups", or leave out'
    ),
    "the visibility without groups": (
        lambda: source("own", visibility="groups"), r'groups=\["Editors"\]'
    ),
    "groups as a string": (
        lambda: source("own", visibility="groups", groups="Editors"), "list of names of groups"
    ),
    "groups as numbers": (
        lambda: source("own", visibility="groups", groups=[1]), "list of names of groups"
    ),
    "columns as list": (lambda: source("own", columns=["n"]), "columns is a dict such as"),
    "an unknown data type": (lambda: source("own", columns={"n": "int"}), "one of 'number'"),
    "options as instance": (lambda: source("own", options=Options()), "write options=Options"),
    "a coroutine": (lambda: source("own")(rows_later), "write def rows_later, not async def"),
    "an option that is not taken": (
        lambda: source("own", options=Options)(rows), r"rows\(level=…\)"
    ),
}  # fmt: skip
WRONG = {f"kind: {name}": case for name, case in WRONG_KINDS.items()} | {
    f"source: {name}": case for name, case in WRONG_SOURCES.items()
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_declaration_fails_with_the_fix(case: str) -> None:
    declare, message = WRONG[case]
    error = TypeError if "keyword" in case else ImproperlyConfigured
    with pytest.raises(error, match=message) as caught:
        declare()
    files = [frame.filename for frame in traceback.extract_tb(caught.tb)]
    assert files[1] == __file__  # the line of the declaration is in the traceback
    assert "own" not in kinds and "own" not in sources


def test_a_title_and_its_fallback() -> None:
    try:
        plots.kind("own-kind")(draw)
        plots.kind("other", title="Rise and fall", family="Change over time")(draw)
        assert (kinds.get("own-kind").title, kinds.get("own-kind").family) == ("Own kind", "Other")
        assert kinds.get("other").title == "Rise and fall"
    finally:
        for name in ("own-kind", "other"):
            kinds.unregister(name)


def test_built_in_kinds_are_in_the_families_of_their_folders() -> None:
    folders = ("comparison", "change", "parts", "distribution", "correlation", "flow", "scientific")
    named = dict(zip(folders, FAMILIES, strict=True))
    for each in kinds:
        package = each.function.__module__.split(".")
        if package[:2] == ["plots", "kinds"]:
            assert each.family == named[package[2]], each.name


@pytest.mark.parametrize(
    "module", ["plots.data.model", "plots.spec.channels", "plots.spec.registry.declare"]
)
def test_examples_in_docstrings_run(module: str) -> None:
    try:
        failed, attempted = doctest.testmod(importlib.import_module(module))
        assert attempted and not failed
    finally:
        for registry, name in ((kinds, "steps"), (sources, "squares")):
            if name in registry:
                registry.unregister(name)
