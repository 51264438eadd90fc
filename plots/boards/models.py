"""What an admin says of a board: which presets, in which places, with which controls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plots.data.loading import load
from plots.errors import PlotError, suggestion
from plots.permissions import Visibility, VisibleQuerySet

if TYPE_CHECKING:
    from plots.presets.models import Preset

# What every preset lets visitors change, and makes sense for all at once.
ALWAYS_SHARED = ("theme",)
# How large a picture is drawn, its place on the board says.
SIZES = frozenset(("width", "height", "scale"))


class Board(models.Model):
    """A page of several presets. What its visitors change, they change in all that allow it."""

    Visibility = Visibility

    class Refresh(models.IntegerChoices):
        NEVER = 0, _("never")
        HALF_A_MINUTE = 30, _("every 30 seconds")
        MINUTE = 60, _("every minute")
        FIVE_MINUTES = 300, _("every 5 minutes")
        QUARTER = 900, _("every 15 minutes")
        HOUR = 3600, _("every hour")

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("slug"), unique=True, help_text=_("Its name in its address."))
    description = models.TextField(
        _("description"), blank=True, help_text=_("What its pictures show together.")
    )
    controls = models.JSONField(
        _("shared controls"),
        default=list,
        blank=True,
        help_text=_("Parameters that visitors may change in all its plots at once."),
    )
    refresh = models.PositiveIntegerField(
        _("refresh"),
        choices=Refresh.choices,
        default=Refresh.NEVER,
        help_text=_("How often an open page looks for new pictures. Visitors can pause it."),
    )
    visibility = models.CharField(
        _("visibility"),
        max_length=10,
        choices=Visibility.choices,
        default=Visibility.PUBLIC,
        help_text=_("Of a public board, too, presets that are for staff only are shown to staff."),
    )
    order = models.PositiveIntegerField(
        _("order"), default=0, db_index=True, help_text=_("Lower comes first.")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("author"),
    )
    created = models.DateTimeField(_("created"), auto_now_add=True)
    updated = models.DateTimeField(_("updated"), auto_now=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        db_table = "plots_board"
        ordering = ["order", "title", "pk"]
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        # Who may not, changes only what is for staff: nothing that others see.
        permissions = [("publish_board", "Can publish board")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("plots:board", args=[self.slug])

    @property
    def is_private(self) -> bool:
        return self.visibility == self.Visibility.STAFF

    def clean(self) -> None:
        named = self.controls
        if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
            raise ValidationError({"controls": _("Write a list of names.")}, code="shape")

    def check_controls(self, presets: Iterable[Preset]) -> None:
        """A ValidationError for a control that none of ``presets``, which are its own, has."""
        allowed = {*ALWAYS_SHARED, *(name for preset in presets for name in preset.overrides)}
        for name in self.controls:
            if name not in allowed:
                message = gettext(
                    "Shared control “%(name)s”: no preset on this board lets visitors change it."
                )
                message = message % {"name": name} + suggestion(name, allowed)
                raise ValidationError(message, code="not-allowed")


class BoardItem(models.Model):
    """A preset's place on a board."""

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
        _("title here"), max_length=200, blank=True, help_text=_("Empty: the preset's own.")
    )
    fixed = models.CharField(
        _("fixed here"),
        max_length=500,
        blank=True,
        help_text=_(
            "What visitors may change of it, and not here; as in an address: since=2010&yscale=log"
        ),
    )
    width = models.PositiveSmallIntegerField(
        _("width"), choices=Width.choices, default=Width.ONE, help_text=_("On a wide screen.")
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
        """What is fixed, by name."""
        return parse_qs(self.fixed.strip().removeprefix("?"))

    def clean(self) -> None:
        if not self.fixed or self.preset_id is None:
            return
        try:
            self._check(self.parameters)
        except PlotError as error:
            told: Any = [f"{each.parameter or self.fixed}: {each.message}" for each in error.all]
            raise ValidationError({"fixed": told}, code=error.code) from None

    def _check(self, fixed: dict[str, list[str]]) -> None:
        if not fixed:
            message = gettext("Write name=value, with & between two, such as since=2010.")
            raise PlotError(message, "invalid")
        for name in SIZES & fixed.keys():
            message = gettext("On a board, its width says how large a picture is.")
            raise PlotError(message, "not-allowed", name)
        load(self.preset.spec(fixed))
