"""The admin of presets. Django imports this package to find the registered ModelAdmin."""

from plots.presets.admin.editor.admin import PresetAdmin as PresetAdmin
