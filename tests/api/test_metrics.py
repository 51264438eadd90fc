"""Prometheus metrics and log records of plots."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

import plots
from plots import metrics
from plots.delivery import deliver
from plots.errors import PlotError
from plots.forms.parameters_to_spec import read_spec
from plots.spec.picture import Picture
from plots.spec.registry import kinds, sources

ROOT = Path(__file__).parents[2]
PLOT = "/plot/line.png?y=1,2,3"
COUNTED = override_settings(PLOTS={"METRICS": True})


def counts(client: Client) -> dict[str, float]:
    """Return the samples of the app in ``/metrics``."""
    response = client.get("/metrics")
    assert response.status_code == 200
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in text_string_to_metric_families(response.content.decode())
        for sample in family.samples
        if sample.name.startswith("plots_") and not sample.name.endswith("_created")
    }


def steps(client: Client, do: Callable[[], object]) -> dict[str, float]:
    """Return by how much samples change while ``do`` runs, without times and buckets."""
    before = counts(client)
    do()
    return {
        name: value - before.get(name, 0)
        for name, value in counts(client).items()
        if value != before.get(name, 0) and "_bucket" not in name and "_sum" not in name
    }


@pytest.mark.parametrize("settings", [{}, {"METRICS": False}])
def test_metrics_are_off_by_default(client: Client, settings: dict[str, bool]) -> None:
    with override_settings(PLOTS=settings):
        assert client.get(reverse("plots:metrics")).status_code == 404
        assert client.get(PLOT).status_code == 200
        assert metrics.metrics() is None
    with COUNTED:
        before = counts(client)
    with override_settings(PLOTS=settings):
        client.get(PLOT)
    with COUNTED:
        assert counts(client) == before


@COUNTED
def test_metrics_response(client: Client) -> None:
    response = client.get("/metrics")
    assert response["Content-Type"].startswith("text/plain; version=")
    assert response["Cache-Control"] == "no-store"
    assert b"process_resident_memory_bytes" in response.content
    assert client.head("/metrics").status_code == 200
    assert client.post("/metrics").status_code == 405


@COUNTED
def test_counts_of_requests_and_stages(client: Client) -> None:
    etag = client.get(PLOT)["ETag"]
    drawn = steps(client, lambda: client.get("/plot/line.svg?y=1,2,3&title=counted"))
    assert drawn.pop("plots_requests_total['line', 'miss', 'svg']") == 1
    stages = {"build", "data", "draw", "queue"}
    assert {name for name in drawn if "encode" not in name} == {
        f"plots_render_seconds_count['{stage}']" for stage in stages
    }
    assert set(drawn.values()) == {1}
    known = steps(client, lambda: client.get(PLOT, headers={"if-none-match": etag}))
    assert known == {"plots_requests_total['line', 'not-modified', 'png']": 1}


@COUNTED
@pytest.mark.parametrize(
    ("url", "labels"),
    [
        ("/plot/line.png?y=a", "['invalid', 'line', 'png']"),
        ("/plot/line.png?y=1&nonsense=1", "['invalid', 'line', 'png']"),
        ("/plot/line.exe?y=1", "['line', 'unknown', 'unknown-format']"),
        ("/plot/nonsense.png?y=1", "['png', 'unknown', 'unknown-kind']"),
        ("/plot/line.png?source=nonsense", "['line', 'png', 'unknown-source']"),
    ],
)
@pytest.mark.django_db
def test_label_values_are_limited(client: Client, url: str, labels: str) -> None:
    assert steps(client, lambda: client.get(url)) == {f"plots_requests_total{labels}": 1}


@COUNTED
def test_outcomes_and_events(client: Client) -> None:
    for outcome in metrics.OUTCOMES:
        did = steps(client, partial(metrics.count_response, "bar", "pdf", outcome))
        assert did == {f"plots_requests_total{sorted(['bar', 'pdf', outcome])}": 1}
    did = steps(client, lambda: metrics.count_response("bar", "pdf", "a code of some app"))
    assert did == {"plots_requests_total['bar', 'invalid', 'pdf']": 1}
    # Events that have not occurred are 0.
    for event in ("killed", "crashed", "recycled", "memory"):
        assert f"plots_pool_events_total['{event}']" in counts(client)
    assert steps(client, lambda: metrics.record_event("killed")) == {
        "plots_pool_events_total['killed']": 1
    }


@COUNTED
def test_renderings_in_progress(client: Client) -> None:
    seen: list[float] = []

    @plots.kind("looking", channels=plots.XY)
    def draw(ax: Any, data: Any) -> None:
        """Read the metrics while drawing."""
        seen.append(counts(client)["plots_renders_in_flight[]"])
        if data.series[0].y[0] == 13:
            raise RuntimeError("unlucky")
        ax.plot(data.series[0].y)

    try:
        for y in ("1", "13"):
            client.get(f"/plot/looking.png?y={y}")
    finally:
        kinds.unregister("looking")
    assert seen == [1, 1]
    assert counts(client)["plots_renders_in_flight[]"] == 0


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Any:
    """Return the log records of the app."""
    caplog.set_level(logging.DEBUG, "plots")
    return lambda: [record for record in caplog.records if record.name == "plots"]


def about(record: logging.LogRecord) -> tuple[str, str, str]:
    return tuple(vars(record)[name] for name in ("kind", "format", "digest"))


def test_log_record_of_a_rendering(client: Client, told: Any) -> None:
    digest = client.get(PLOT)["ETag"].strip('"')
    (record,) = told()
    assert record.levelno == logging.DEBUG
    assert about(record) == ("line", "png", digest)
    assert {"data", "build", "draw"} <= set(record.seconds)
    assert "Drew line.png in" in record.getMessage()


@pytest.fixture
def broken():
    @plots.kind("broken")
    def draw(ax: Any, data: Any) -> None:
        """Raise an exception."""
        raise RuntimeError("the password is hunter2")

    @plots.source("broken", visibility="public", version="1")
    def read() -> dict[str, list[float]]:
        """Raise an exception."""
        raise RuntimeError("the password is hunter2")

    yield
    kinds.unregister("broken")
    sources.unregister("broken")


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(
    ("url", "kind", "message"),
    [
        ("/plot/broken.svg", "broken", "Failed to draw /plot/broken.svg"),
        ("/plot/line.svg?source=broken&y=n", "line", "The source broken failed"),
    ],
)
def test_failures_are_logged_once(
    client: Client, told: Any, url: str, kind: str, message: str
) -> None:
    assert client.get(url).status_code == 500
    (record,) = told()
    assert (record.levelname, record.getMessage()) == ("ERROR", message)
    assert about(record)[:2] == (kind, "svg")
    assert len(record.digest) == 64
    assert record.exc_info


@pytest.mark.parametrize(
    ("code", "status", "level"),
    [("no-data", 400, "DEBUG"), ("busy", 503, "DEBUG"), ("timeout", 504, "WARNING")],
)
def test_log_level_of_errors(
    told: Any, monkeypatch: pytest.MonkeyPatch, code: str, status: int, level: str
) -> None:
    spec = read_spec("line", {"y": ["1,2"]})
    monkeypatch.setitem(metrics.STATUS, code, status)

    def refuse(spec: object) -> Picture:
        raise PlotError("No.", code)

    monkeypatch.setattr("plots.rendering.render.render", refuse)
    with pytest.raises(PlotError, match="No"):
        deliver.deliver(spec)
    (record,) = told()
    assert (record.levelname, record.code) == (level, code)
    assert about(record) == ("line", "png", spec.digest)
    assert record.getMessage() == "Could not draw line.png: No."


def test_other_log_records_have_no_digest(told: Any) -> None:
    spec = read_spec("line", {"y": ["1,2"]})
    with metrics.track_render(spec):
        metrics.logger.info("inside")
    metrics.logger.info("outside")
    inside, outside = told()
    assert inside.digest == spec.digest
    assert not hasattr(outside, "digest")


LOGGED = """
import logging, django
django.setup()
from plots.delivery.deliver import deliver
from plots.forms.parameters_to_spec import read_spec
deliver(read_spec("line", {"y": ["1,2"]}))
try:
    raise ValueError("of many\\nlines")
except ValueError:
    logging.getLogger("plots").exception("It failed:\\n%s", "안녕", extra={"code": "x", "odd": {1}})
logging.getLogger("django.request").error("a line")
"""


def logged(**environment: str) -> list[str]:
    """Return the log lines of a site with these environment variables."""
    done = subprocess.run(
        [sys.executable, "-c", LOGGED],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "plotsite.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_json_log() -> None:
    drew, failed, other = map(json.loads, logged(LOG_FORMAT="json", LOG_LEVEL="DEBUG"))
    assert list(drew)[:4] == ["time", "level", "logger", "message"]
    assert drew["time"].endswith("+00:00")
    assert (drew["kind"], drew["format"], len(drew["digest"])) == ("line", "png", 64)
    assert drew["seconds"]["draw"] > 0
    assert (failed["level"], failed["message"]) == ("ERROR", "It failed:\n안녕")
    assert failed["traceback"].startswith("Traceback") and failed["code"] == "x"
    assert failed["odd"] == "{1}" and "digest" not in failed
    assert (other["logger"], other["message"]) == ("django.request", "a line")


def test_plain_log() -> None:
    first, *_, last = logged()
    assert first.endswith("ERROR plots: It failed:")  # renderings are logged at level DEBUG
    assert last.endswith("ERROR django.request: a line")
    assert "DEBUG plots: Drew line.png in " in logged(LOG_LEVEL="DEBUG")[0]


@pytest.mark.parametrize(("name", "value"), [("LOG_FORMAT", "xml"), ("LOG_LEVEL", "loud")])
def test_invalid_log_settings(name: str, value: str) -> None:
    assert f"Invalid value: {value} not in" in logged(**{name: value})[-1]


def test_prometheus_client_is_optional() -> None:
    code = "import django, sys; django.setup(); from django.test import Client;"
    code += f"Client().get('{PLOT}'); print('prometheus_client' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"
