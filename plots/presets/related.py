"""Where a visitor of a preset may want to go next."""

from __future__ import annotations

from django.db.models import Case, When

from .models import Preset, PresetQuerySet

MOST = 4


def related(preset: Preset, presets: PresetQuerySet) -> list[Preset]:
    """Those of ``presets`` that are the most like ``preset``, in one query.

    Of the same source first, then by how many tags they share, then of the same kind.
    """
    like = [Case(When(kind=preset.kind, then=1), default=0)]
    if preset.source:
        like.append(Case(When(source=preset.source, then=10_000), default=0))
    for tag in preset.tag_list:
        like.append(Case(When(_tags__contains=f",{tag},", then=10), default=0))
    found = presets.exclude(pk=preset.pk).parted().alias(likeness=sum(like[1:], like[0]))
    return [*found.filter(likeness__gt=0).order_by("-likeness", "order", "title", "pk")[:MOST]]
