"""Scatters of many rows: descriptions, tables and error messages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client, override_settings

from plots.data.loading import load
from plots.errors import PlotError
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.sources import selection
from tests.helpers import ask
from tests.sources.rows import CLOUD, cloud, write_parquet


def test_description_and_tables_mention_downsampling(client: Client, source: Any) -> None:
    source("cloud", cloud())
    text = client.get("/plot/scatter.txt", CLOUD).content.decode()
    assert "39,800 points" in text
    assert "densest around" in text and "highest" not in text
    note = text.splitlines()[-1]
    assert note.startswith("All 39,800 rows are counted in ") and note.endswith(" cells.")
    table = client.get("/plot/scatter.csv", CLOUD).content.decode().splitlines()
    assert table[0] == f'x,y,count,"{note}"'
    body = client.get("/plot/scatter.json", CLOUD).json()
    assert body["note"] == note
    assert sum(body["columns"][2]["values"]) == 39_800
    beyond = client.get("/plot/scatter.txt", {**CLOUD, "xmin": "0"}).content.decode()
    outside = int(((cloud()["x"] < 0) & np.isfinite(cloud()["y"])).sum())
    assert f"{outside:,} points lie outside the limits" in beyond


@pytest.mark.parametrize("scale", [{"xscale": "log"}, {"yscale": "log"}])
def test_log_scale_of_negative_numbers_is_refused(
    client: Client, source: Any, scale: dict[str, str]
) -> None:
    source("cloud", cloud())
    (error,) = ask(client, "/plot/scatter.png", {**CLOUD, **scale}).json()["errors"]
    assert error["parameter"] == next(iter(scale))
    assert "Use symlog" in error["message"]


@override_settings(PLOTS={"MAX_ROWS": 1000})
def test_message_names_channels_that_prevent_counting(
    client: Client, source: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "MAX_MARKERS", 100)
    column = [float(n) for n in range(1500)]
    file = write_parquet(
        tmp_path / "t.parquet", {"x": column, "y": column}, {"x": "number", "y": "number"}
    )
    source("cloud", file)
    response = ask(client, "/plot/scatter.png", {**CLOUD, "size": "x", "color": "y"})
    assert response.status_code == 413
    (error,) = response.json()["errors"]
    assert error["parameter"] == "size"
    assert "1,000 rows" in error["message"] and "Without size, color" in error["message"]
    assert client.get("/plot/scatter.png", CLOUD).status_code == 200
    assert client.get("/plot/stem.png", CLOUD).status_code == 413


@pytest.mark.parametrize("name", ["memory", "file"])
def test_number_of_series_is_limited(source: Any, tmp_path: Path, name: str) -> None:
    column = [float(n) for n in range(21_000)]
    table: dict[str, Any] = {"x": column, "y": column, "id": [str(n) for n in range(21_000)]}
    dtypes: Any = {"x": "number", "y": "number", "id": "text"}
    source(
        "cloud", table if name == "memory" else write_parquet(tmp_path / "t.parquet", table, dtypes)
    )
    with pytest.raises(PlotError) as caught:
        load(read_spec("scatter", as_parameters({**CLOUD, "by": "id"})))
    assert (caught.value.code, caught.value.parameter) == ("too-many-series", "by")
