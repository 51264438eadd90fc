"""Sources of the example site: matplotlib's sample data, CSV files and the site's database.

This module is imported at start-up, like every app's ``plots.py``. It reads matplotlib's sample
files without importing matplotlib.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np
from django import forms
from django.db.models import Count, QuerySet

import plots
from plotsite.data.facts import (
    Column,
    facts_version,
    number_column,
    read_facts,
    read_rows,
    sample_path,
    sample_version,
)

Columns = Mapping[str, Column]

# Stocks.csv names the two indices by Yahoo's symbols, which are awkward in a URL.
INDICES = {"^GSPC": "SP500", "^IXIC": "NASDAQ"}

EEG_SAMPLES, EEG_CHANNELS, EEG_SECONDS = 800, ("PG3", "PG5", "PG7", "PG9"), 10

# The file contains tenths of a volt at intervals of 0.5 ms.
MEMBRANE_STEP, MEMBRANE_MILLIVOLTS = 0.0005, 100


class StocksOptions(forms.Form):
    since = forms.IntegerField(
        required=False,
        initial=1990,
        min_value=1990,
        max_value=2022,
        label="Since year",
        help_text="The first year shown, 1990 to 2022.",
    )
    values = forms.ChoiceField(
        required=False,
        initial="price",
        choices=[("price", "Price"), ("growth", "Growth (first month shown = 100)")],
        label="Values",
        help_text="Prices, or prices relative to the first month shown.",
    )


@plots.source("stocks", version=sample_version, options=StocksOptions, visibility="public")
def stocks(*, since: int, values: str) -> Columns:
    """Monthly prices of eight companies' shares and two indices, 1990 to 2022, in US dollars,
    adjusted for splits and dividends (Yahoo Finance; sample data of matplotlib).
    """
    table = _stocks()
    shown = table["date"] >= np.datetime64(f"{since:04d}-01")
    columns = {name: column[shown] for name, column in table.items()}
    if values == "growth":
        columns |= {name: _indexed(columns[name]) for name in columns if name != "date"}
    return columns


@lru_cache
def _stocks() -> dict[str, np.ndarray]:
    rows = read_rows(sample_path("Stocks.csv"))
    names = [name for name in rows[0] if name != "Date"]
    # Between the months are empty rows for dividend days, and the last month is repeated.
    rows = [row for row in rows if row["Date"].endswith("-01") and any(row[n] for n in names)]
    dates = np.array([row["Date"] for row in rows], "datetime64[D]")
    prices = {INDICES.get(n, n): number_column([row[n] for row in rows]).round(4) for n in names}
    return {"date": dates} | prices


def _indexed(prices: np.ndarray) -> np.ndarray:
    known = np.flatnonzero(np.isfinite(prices))
    return (prices / prices[known[0]] * 100).round(2) if known.size else prices


@plots.source("google", version=sample_version, visibility="public")
def google() -> Columns:
    """Google's daily share price in US dollars, volume and return in percent since the day
    before, August 2004 to October 2008 (sample data of matplotlib).
    """
    table = np.load(sample_path("goog.npz"), allow_pickle=False)["price_data"]
    close = table["close"]
    change = np.full(len(close), np.nan)
    change[1:] = (np.diff(close) / close[:-1] * 100).round(4)
    names = ("date", "open", "high", "low", "close", "volume")
    return {name: table[name] for name in names} | {"daily_return": change}


@plots.source("microsoft", version=sample_version, visibility="public")
def microsoft() -> Columns:
    """Microsoft's daily share price in US dollars and volume, June to September 2003 (sample
    data of matplotlib).
    """
    rows = read_rows(sample_path("msft.csv"))[::-1]
    days = [datetime.strptime(row["Date"], "%d-%b-%y").date() for row in rows]
    names = ("Open", "High", "Low", "Close", "Volume")
    columns = {name.lower(): number_column([row[name] for row in rows]) for name in names}
    return {"date": np.array(days, "datetime64[D]")} | columns


class EegOptions(forms.Form):
    offset = forms.FloatField(
        required=False,
        initial=7.5,
        min_value=0,
        max_value=100,
        label="Offset",
        help_text="Distance between two traces, so that they do not overlap.",
    )


@plots.source("eeg", version=sample_version, options=EegOptions, visibility="public")
def eeg(*, offset: float) -> Columns:
    """Ten seconds of an electroencephalogram: four electrodes, 80 samples a second, in the
    recording's own unit; PG3 is the uppermost trace (sample data of matplotlib).
    """
    traces = np.fromfile(sample_path("eeg.dat"), "<f8").reshape(EEG_SAMPLES, len(EEG_CHANNELS))
    lifted = traces + offset * np.arange(len(EEG_CHANNELS))[::-1]
    time = np.arange(EEG_SAMPLES) * EEG_SECONDS / EEG_SAMPLES
    return {"time": time} | dict(zip(EEG_CHANNELS, lifted.T.round(4), strict=True))


@plots.source("membrane", version=sample_version, visibility="public")
def membrane() -> Columns:
    """Six seconds of the voltage across a cell's membrane, in millivolts, 2,000 samples
    a second (sample data of matplotlib).
    """
    voltage = np.fromfile(sample_path("membrane.dat"), "<f4").astype(float) * MEMBRANE_MILLIVOLTS
    time = (np.arange(voltage.size) * MEMBRANE_STEP).round(4)
    return {"time": time, "voltage": voltage.round(4)}


@plots.source("elevation", version=sample_version, visibility="public")
def elevation() -> Columns:
    """Height of land and sea floor around Vancouver Island in metres above sea level, at
    10,920 points in degrees east and north (sample data of matplotlib).
    """
    table = np.load(sample_path("topobathy.npz"), allow_pickle=False)
    # Stored as 0 to 360 degrees east.
    longitude, latitude = np.meshgrid(table["longitude"].astype(float) - 360, table["latitude"])
    height = table["topo"].astype(int).ravel()
    return {
        "longitude": longitude.ravel().round(4),
        "latitude": latitude.astype(float).ravel().round(4),
        "elevation": height,
        "surface": np.where(height > 0, "land", "sea").tolist(),
    }


class AnscombeOptions(forms.Form):
    set = forms.ChoiceField(
        required=False,
        initial="I",
        choices=[("I", "I"), ("II", "II"), ("III", "III"), ("IV", "IV"), ("all", "All four")],
        label="Set",
        help_text="One of Anscombe's four sets, or all of them.",
    )


@plots.source(
    "anscombe", version=facts_version("anscombe"), options=AnscombeOptions, visibility="public"
)
def anscombe(*, set: str) -> Columns:
    """Anscombe's quartet: four sets of points with the same summary statistics (F. J. Anscombe,
    The American Statistician, 1973).
    """
    columns = read_facts("anscombe")
    if set == "all":
        return columns
    is_selected = [name == set for name in columns["set"]]
    return {name: np.asarray(column)[is_selected].tolist() for name, column in columns.items()}


@plots.source("planets", version=facts_version("planets"), visibility="public")
def planets() -> Columns:
    """Planets and dwarf planets: mean distance from the Sun in astronomical units, period in
    years (NASA Jet Propulsion Laboratory, 1992; Minor Planet Center, 2024).
    """
    return read_facts("planets")


@plots.source("nile", version=facts_version("nile"), visibility="public")
def nile() -> Columns:
    """Annual flow of the Nile at Aswan, 1871 to 1970, in 100 million cubic metres (G. W. Cobb,
    Biometrika, 1978).
    """
    return read_facts("nile")


@plots.source("titanic", version=facts_version("titanic"), visibility="public")
def titanic() -> Columns:
    """People aboard the Titanic who survived and who died, by class (British Board of Trade,
    1912).
    """
    return read_facts("titanic")


@plots.source("co2", version=facts_version("co2"), visibility="public")
def co2() -> Columns:
    """Annual mean of carbon dioxide in the air at Mauna Loa since 1959, in parts per million
    (NOAA Global Monitoring Laboratory).
    """
    return read_facts("co2")


@plots.source("faithful", version=facts_version("faithful"), visibility="public")
def faithful() -> Columns:
    """272 eruptions of the geyser Old Faithful: length, and wait until the next, in minutes
    (A. Azzalini and A. W. Bowman, Applied Statistics, 1990).
    """
    return read_facts("faithful")


@plots.source("penguins", version=facts_version("penguins"), visibility="public")
def penguins() -> Columns:
    """Size of 344 penguins of three species near Palmer Station, Antarctica, 2007 to 2009
    (K. B. Gorman, T. D. Williams and W. R. Fraser, PLoS ONE, 2014).
    """
    return read_facts("penguins")


@plots.source("days", version="1", visibility="public")
def days() -> Columns:
    """Fourteen days, for the example of website visits."""
    return {"days": np.arange("2026-03-02", "2026-03-16", dtype="datetime64[D]")}


@plots.source("visits", version="1", visibility="public")
def visits() -> Columns:
    """Visits to a website on fourteen days, starting on a Monday. The data is fictional."""
    return {"visits": [412, 438, 451, 447, 402, 268, 241, 429, 466, 493, 478, 431, 285, 259]}


@plots.source("gallery", visibility="public")
def gallery() -> QuerySet[Any, Any]:
    """Number of public presets of each plot kind, from the database of this site."""
    # Imported here because the other sources must work without a database.
    from plots.presets.models import Preset

    public = Preset.objects.filter(visibility=Preset.Visibility.PUBLIC)
    return public.values("kind").annotate(presets=Count("pk")).order_by("-presets", "kind")
