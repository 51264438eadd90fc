"""Presets that are related to a preset."""

from __future__ import annotations

from django.db.models import Case, When

from plots.presets.models import Preset, PresetQuerySet

LIMIT = 4


def related(preset: Preset, presets: PresetQuerySet) -> list[Preset]:
    """Return the presets most similar to ``preset``, in one query.

    Presets of the same source come first, then those that share tags, then those of the same kind.
    """
    like = [Case(When(kind=preset.kind, then=1), default=0)]
    if preset.source:
        like.append(Case(When(source=preset.source, then=10_000), default=0))
    for tag in preset.tag_list:
        like.append(Case(When(_tags__contains=f",{tag},", then=10), default=0))
    found = presets.exclude(pk=preset.pk).parted().alias(likeness=sum(like[1:], like[0]))
    return [*found.filter(likeness__gt=0).order_by("-likeness", "order", "title", "pk")[:LIMIT]]
