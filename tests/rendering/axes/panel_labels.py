"""Labels of panels."""

from __future__ import annotations

from typing import Any

from tests.measure import tick_labels


def labels(axis: Any) -> list[str]:
    return [label.get_text() for label in tick_labels(axis) if label.get_visible()]
