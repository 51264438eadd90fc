"""manage.py plot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from PIL import Image

from plots.presets.models import Preset


def test_plot_writes_a_file(tmp_path: Path, client: Client) -> None:
    out = tmp_path / "a.png"
    call_command("plot", "line", "--x", "1,2,3", "--y", "2,4,8", "--width=300", "-o", str(out))
    with Image.open(out) as image:
        assert image.width == 300
    served = client.get("/plot/line.png?x=1,2,3&y=2,4,8&width=300")
    assert out.read_bytes() == served.content


def test_the_suffix_is_the_format_and_options_repeat(tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    call_command("plot", "bar", "--y=1,2", "--y=-3,4", "--label=a", "--label=b", "-o", str(out))
    assert out.read_text().splitlines() == ["a,b", "1,-3", "2,4"]


def test_plot_writes_to_standard_output() -> None:
    command = [sys.executable, "manage.py", "plot", "hist", "--x", "1,2,2,3", "-f", "svg"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert b"<svg" in done.stdout and done.stdout.rstrip().endswith(b"</svg>")
    assert done.stderr == b""


@pytest.mark.django_db
def test_plot_draws_a_preset(tmp_path: Path) -> None:
    Preset.objects.create(
        visibility="public", slug="one", title="One", kind="line", parameters={"y": "1,2,3"}
    )
    out = tmp_path / "a.webp"
    call_command("plot", "--preset", "one", "--width", "200", "-o", str(out))
    with Image.open(out) as image:
        assert image.width == 200
    with pytest.raises(CommandError, match="cannot be changed"):
        call_command("plot", "--preset", "one", "--title", "No", "-o", str(out))
    with pytest.raises(CommandError, match="no preset “two”"):
        call_command("plot", "--preset", "two", "-o", str(out))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lien", "--y", "1"], "Did you mean “line”"),
        (["line", "--y", "1,b"], "y: Item 2"),
        (["line", "--y", "1", "--bins", "3"], "bins: line has no parameter"),
        (["line"], "y: This is required"),
        (["line", "--y", "1", "-f", "gif"], "no format “gif”"),
        ([], "Name a kind"),
        (["line", "--y", "1", "--tite", "a"], "--tite"),
        (["line", "--y", "1", "-o", "/nowhere/at/all.png"], "cannot be written"),
    ],
)
def test_a_mistake_is_reported(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError) as error:
        call_command("plot", *arguments)
    assert message in str(error.value)
