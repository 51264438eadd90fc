"""Boards: pages that show several presets, with shared controls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plots.base_models import SavedPage
from plots.data.loading import load
from plots.errors import PlotError, suggestion
from plots.forms.binding import read_query

if TYPE_CHECKING:
    from plots.presets.models import Preset

# Parameters that visitors can change in every preset, and that make sense for a whole board.
ALWAYS_SHARED = ("theme",)
# The place of a plot on the board decides these.
SIZES = frozenset(("width", "height", "scale"))


class Board(SavedPage):
    """A page of several presets. A shared control changes every preset that allows it.

    On a public board, staff-only presets are shown to staff only.
    """

    class Refresh(models.IntegerChoices):
        NEVER = 0, _("never")
        HALF_A_MINUTE = 30, _("every 30 seconds")
        MINUTE = 60, _("every minute")
        FIVE_MINUTES = 300, _("every 5 minutes")
        QUARTER = 900, _("every 15 minutes")
        HOUR = 3600, _("every hour")

    controls = models.JSONField(
        _("shared controls"),
        default=list,
        blank=True,
        help_text=_("Settings that visitors can change in all plots at once."),
    )
    refresh = models.PositiveIntegerField(
        _("refresh"),
        choices=Refresh.choices,
        default=Refresh.NEVER,
        help_text=_("How often an open page loads new pictures. Visitors can pause this."),
    )

    class Meta(SavedPage.Meta):
        db_table = "plots_board"
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        # Without this permission, users can only create and change staff-only boards.
        permissions = [("publish_board", "Can publish board")]

    def get_absolute_url(self) -> str:
        return reverse("plots:board", args=[self.slug])

    def clean(self) -> None:
        named = self.controls
        if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
            raise ValidationError({"controls": _("Enter a list of names.")}, code="shape")

    def check_controls(self, presets: Iterable[Preset]) -> None:
        """Check that each shared control is one that visitors can change in a preset.

        Parameters
        ----------
        presets : iterable of Preset
            The presets on this board, which need not be saved yet.

        Raises
        ------
        ValidationError
            If no preset lets visitors change one of the controls.
        """
        allowed = {*ALWAYS_SHARED, *(name for preset in presets for name in preset.overrides)}
        for name in self.controls:
            if name not in allowed:
                message = gettext(
                    "Shared control “%(name)s”: no preset on this board lets visitors change it."
                )
                message = message % {"name": name} + suggestion(name, allowed)
                raise ValidationError(message, code="not-allowed")


class BoardItem(models.Model):
    """One preset on a board, with its width and fixed parameters."""

    class Width(models.IntegerChoices):
        ONE = 1, _("1 column")
        TWO = 2, _("2 columns")
        THREE = 3, _("3 columns")

    board = models.ForeignKey(
        Board, on_delete=models.CASCADE, related_name="items", verbose_name=_("board")
    )
    preset = models.ForeignKey(
        "plots_presets.Preset", on_delete=models.CASCADE, related_name="+", verbose_name=_("preset")
    )
    title = models.CharField(
        _("title on the board"),
        max_length=200,
        blank=True,
        help_text=_("Leave it empty to use the title of the preset."),
    )
    fixed = models.CharField(
        _("fixed settings"),
        max_length=500,
        blank=True,
        help_text=_(
            "Settings that visitors cannot change on this board, as in a URL: since=2010&yscale=log"
        ),
    )
    width = models.PositiveSmallIntegerField(
        _("width"), choices=Width.choices, default=Width.ONE, help_text=_("On wide screens.")
    )
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        db_table = "plots_boarditem"
        ordering = ["order", "pk"]
        verbose_name = _("plot on a board")
        verbose_name_plural = _("plots on the board")

    def __str__(self) -> str:
        shown = {"plot": self.shown_title, "board": self.board}
        return gettext("“%(plot)s” on the board “%(board)s”") % shown

    @property
    def shown_title(self) -> str:
        return self.title or self.preset.title

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The fixed parameters, by name."""
        given = parse_qs(self.fixed.strip().removeprefix("?"))
        return read_query(given, self.preset.kind, self.preset.source)

    def clean(self) -> None:
        if not self.fixed or self.preset_id is None:
            return
        try:
            self._check(self.parameters)
        except PlotError as error:
            lines: Any = [f"{each.parameter or self.fixed}: {each.message}" for each in error.all]
            raise ValidationError({"fixed": lines}, code=error.code) from None

    def _check(self, fixed: dict[str, list[str]]) -> None:
        if not fixed:
            message = gettext("Enter name=value, separated by &, such as since=2010&yscale=log.")
            raise PlotError(message, "invalid")
        for name in SIZES & fixed.keys():
            message = gettext("On a board, the size follows from the width in columns.")
            raise PlotError(message, "not-allowed", name)
        load(self.preset.spec(fixed))
