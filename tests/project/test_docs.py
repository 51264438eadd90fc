"""README and docs agree with the code."""

from __future__ import annotations

import ast
import re
import shlex
from importlib.metadata import packages_distributions
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template import Context, Template
from django.test import Client

import plots
from plots.conf import SETTINGS
from plots.spec.formats import FORMATS
from plots.spec.registry import kinds
from plots.templatetags.plots import register

ROOT = Path(plots.__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
KINDS = (ROOT / "docs/kinds.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
CHECKS = (ROOT / "docs/checks.md").read_text(encoding="utf-8")


def shown(default: object) -> str:
    return f"{default:,}" if type(default) in (int, float) else str(default)


def test_every_setting_is_listed_with_its_default() -> None:
    listed = re.findall(r"^\| `([A-Z_]+)` \| ([\w,.{}]+) \| (.+) \|$", README, re.MULTILINE)
    assert listed == [(name, shown(s.default), s.help) for name, s in SETTINGS.items()]


def test_every_format_and_tag_is_named() -> None:
    for name in FORMATS:
        assert f"`{name}`" in README, name
    for tag in register.tags:
        assert f"{{% {tag} " in README, tag


# "Plot types" of matplotlib 3.11's documentation, in two dimensions.
PLOT_TYPES = [
    "plot", "scatter", "bar", "stem", "fill_between", "stackplot", "stairs",
    "hist", "boxplot", "errorbar", "violinplot", "eventplot", "hist2d", "hexbin", "pie", "ecdf",
    "imshow", "pcolormesh", "contour", "contourf", "barbs", "quiver", "streamplot",
    "tricontour", "tricontourf", "tripcolor", "triplot",
]  # fmt: skip
# The types of QuickChart's documentation that are plots.
CHARTS = [
    "bar", "horizontalBar", "line", "radar", "pie", "doughnut", "polarArea", "bubble", "scatter",
    "radialGauge", "gauge", "progressBar", "boxplot", "violin", "sparkline", "candlestick", "ohlc",
    "outlabeledPie", "matrix", "sankey", "mixed",
]  # fmt: skip


def test_kinds_tables_match_the_declarations() -> None:
    made = StringIO()
    call_command("kinds", stdout=made)
    tables = [row for row in KINDS.splitlines() if row.startswith("| ")]
    assert tables == [row for row in made.getvalue().splitlines() if row.startswith("| ")]


@pytest.mark.parametrize(
    ("tool", "names"), [("matplotlib", PLOT_TYPES), ("QuickChart", CHARTS)], ids=str
)
def test_types_of_other_tools_are_covered(tool: str, names: list[str]) -> None:
    known = {name for kind in kinds for name in kind.aliases.get(tool, "").split(", ")}
    assert set(names) <= known


def test_aliases_suggest_the_kind(client: Client) -> None:
    answer = client.get("/plot/pcolormesh.png", headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert "Did you mean “mesh”?" in answer.json()["errors"][0]["message"]


def test_every_check_is_documented() -> None:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "plots").rglob("checks.py"))
    ids = set(re.findall(r'id="(plots\.\w+)"', "".join(sources)))
    assert ids == set(re.findall(r"^\| `(plots\.[EW]\d+)`", CHECKS, re.MULTILINE))


PATHS = re.compile(r"`((?:plots|plotsite|templates|tests)/[\w/.]*)`")
NAMES = re.compile(r"^\| ((?:`\w+/?` ?)+)\|", re.MULTILINE)


def test_the_architecture_names_existing_paths() -> None:
    assert len(ARCHITECTURE.splitlines()) <= 150
    named = set(PATHS.findall(ARCHITECTURE))
    assert len(named) > 30
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_the_architecture_lists_every_package() -> None:
    listed = {name for row in NAMES.findall(ARCHITECTURE) for name in re.findall(r"\w+", row)}
    folders = {path.parent.name for path in (ROOT / "plots").glob("*/__init__.py")}
    modules = {path.stem for path in (ROOT / "plots").glob("*.py")}
    assert listed <= folders | modules
    assert folders - {"management", "migrations"} <= listed
    assert modules - {"__init__", "admin_permissions"} <= listed


@pytest.mark.django_db
def test_readme_urls(client: Client) -> None:
    call_command("prepare", verbosity=0)
    urls = re.findall(r"http://127\.0\.0\.1:8000(/[^\s:]+)$", README, re.MULTILINE)
    assert len(urls) == 3
    for url in urls:
        assert client.get(url).status_code == 200, url


@pytest.mark.django_db
def test_readme_tags(settings) -> None:
    call_command("prepare", verbosity=0)
    settings.DEBUG = True  # so that a mistake raises
    block = README.partition("{% load plots %}")[2].partition("\n\n")[0]
    html = Template("{% load plots %}" + block).render(Context({"days": "1,2", "totals": [3, 4]}))
    assert (html.count("<img"), html.count("<svg")) == (4, 1)


def test_readme_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = re.search(r"`manage\.py (plot [^`]+)`", README)
    assert found
    call_command(*shlex.split(found[1]))
    assert b"<svg" in (tmp_path / "growth.svg").read_bytes()


def test_readme_images() -> None:
    pictures = re.findall(r"docs/images/[\w-]+\.\w+", README)
    assert pictures
    for picture in pictures:
        assert (ROOT / picture).stat().st_size > 1000, picture


# Dependencies of dependencies, and packages that are optional.
TRANSITIVE = {"numpy", "fonttools", "asgiref"}
OPTIONAL = {"noto-cjk-sans-otc", "prometheus-client"}


def test_readme_lists_all_dependencies() -> None:
    imported = {
        name.split(".")[0]
        for path in (ROOT / "plots").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not node.level)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else
                     [alias.name for alias in node.names])
    }  # fmt: skip
    packages = packages_distributions()
    needed = {packages[name][0].lower().replace("_", "-") for name in imported if name in packages}
    section = README.partition("Copy `plots/` beside")[2].partition("\n\n")[0]
    core, optional = (names.split() for names in re.findall(r"`([a-z -]+ [a-z -]+)`", section))
    # tzdata is read through zoneinfo and never imported.
    assert {*core, *optional} == needed - TRANSITIVE - OPTIONAL | {"tzdata"}
