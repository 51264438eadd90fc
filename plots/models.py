"""The models of the app, collected where Django looks for them."""

from plots.boards.models import Board, BoardItem
from plots.datasets.models import Dataset
from plots.http.stored_plots import StoredPlot
from plots.presets.models import Preset, PresetUse

__all__ = ["Board", "BoardItem", "Dataset", "Preset", "PresetUse", "StoredPlot"]
