"""Boards: several presets on one page, with one set of controls that they share."""
