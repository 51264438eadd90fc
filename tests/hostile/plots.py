"""Kinds and sources that hang, crash, exhaust memory or query the database."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from django import forms
from django.db import connection

import plots
from plots.presets.models import Preset

LEAKED: list[bytes] = []


def hang() -> None:
    time.sleep(600)


def expire() -> None:
    """Hang until the time limit, which is moved close."""
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    hang()


def spin() -> None:
    while True:
        pass


def hold() -> None:
    """Hang without releasing the GIL."""
    re.match("(a+)+b", "a" * 60)


def abort() -> None:
    os.abort()


def segfault() -> None:
    ctypes.string_at(0)


def leave() -> None:
    os._exit(3)


def give_up() -> None:
    sys.exit("enough")


def eat() -> None:
    """Allocate more memory than is available."""
    eaten = []
    while True:
        eaten.append(bytearray(50_000_000))


def leak() -> None:
    LEAKED.append(os.urandom(1_000_000) * 100)


def fail() -> None:
    raise RuntimeError("a secret")


def chatter() -> None:
    for _ in range(10_000):
        print("much ado about nothing, " * 10)


DEEDS: dict[str, Callable[[], None]] = {
    deed.__name__: deed
    for deed in (
        hang,
        expire,
        spin,
        hold,
        abort,
        segfault,
        leave,
        give_up,
        eat,
        leak,
        fail,
        chatter,
    )
}


class HostileOptions(forms.Form):
    deed = forms.ChoiceField(choices=[(name, name) for name in DEEDS], help_text="What it does.")


@plots.kind("hostile", options=HostileOptions, example={"deed": "leak"})
def hostile(ax: Any, data: Any, *, deed: str) -> None:
    """Do ``deed``, then draw a line."""
    DEEDS[deed]()
    ax.plot([1, 2])


class FifoOptions(forms.Form):
    path = forms.CharField(help_text="The FIFO.")


@plots.kind("waits", options=FifoOptions, example={"path": "/nowhere"})
def waits(ax: Any, data: Any, *, path: str) -> None:
    """Draw after the FIFO ``path`` is written and closed."""
    with open(path, "rb") as fifo:
        fifo.read()
    ax.plot([1, 2])


@plots.source("process", visibility="public", live=True)
def process() -> dict[str, list[int]]:
    """Draw the ids of the process and its parent."""
    return {"id": [os.getpid(), os.getppid()]}


@plots.source("glutton", visibility="public", live=True)
def glutton() -> dict[str, list[int]]:
    """Exhaust memory."""
    eat()
    return {}


@plots.source("saved", visibility="public", live=True)
def saved() -> Any:
    """Query the database."""
    return Preset.objects.order_by("order").values("order", "title")


@plots.source("broken", visibility="public", live=True)
def broken() -> dict[str, list[int]]:
    """Leave the connection in a failed transaction."""
    connection.set_autocommit(False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    return {}
