"""Abstract base of what people save on the site: presets, boards and datasets."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .permissions import OPEN, Visibility, VisibleQuerySet


def visibility_field(help_text: Any) -> models.CharField[str, str]:
    """Return the field ``visibility``, with a help text that explains the choices."""
    return models.CharField(
        _("visibility"),
        max_length=10,
        choices=Visibility.choices,
        default=Visibility.STAFF,
        help_text=help_text,
    )


class SavedModel(models.Model):
    """A row with a title, an author and a visibility."""

    Visibility = Visibility

    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(
        _("description"), blank=True, help_text=_("What it shows and where the data come from.")
    )
    visibility = visibility_field(
        _(
            "Staff only: for staff who are logged in. Chosen groups: for these groups and staff. "
            "Everybody who is logged in: for all users of this site. Unlisted: for everybody who "
            "has the link. Public: for everybody, and shown in lists."
        )
    )
    groups = models.ManyToManyField(
        "auth.Group",
        blank=True,
        related_name="+",
        verbose_name=_("groups"),
        help_text=_("Only used if the visibility is “chosen groups”."),
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
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def is_published(self) -> bool:
        """Whether others than staff can see it. Changing it then needs the right to publish."""
        return self.visibility != Visibility.STAFF

    @property
    def is_private(self) -> bool:
        """Whether it is not for everybody."""
        return self.visibility not in OPEN

    @property
    def group_names(self) -> tuple[str, ...]:
        """The names of the groups that may see it, in order; none for another visibility."""
        is_for_groups = self.visibility == Visibility.GROUPS and self.pk
        return tuple(sorted(group.name for group in self.groups.all())) if is_for_groups else ()


class SavedPage(SavedModel):
    """A saved row with a page of its own, in an order that its editors choose."""

    slug = models.SlugField(
        _("slug"), unique=True, help_text=_("Used in the URL and in template tags.")
    )
    order = models.PositiveIntegerField(
        _("order"), default=0, db_index=True, help_text=_("Lower numbers come first.")
    )

    class Meta(SavedModel.Meta):
        abstract = True
        ordering = ["order", "title", "pk"]
