"""Where Django looks for an app's admin; what it is, `studio/` says."""

from .studio.boards import BoardAdmin as BoardAdmin
from .studio.datasets import DatasetAdmin as DatasetAdmin
from .studio.presets import PresetAdmin as PresetAdmin
from .studio.stored import StoredPlotAdmin as StoredPlotAdmin
