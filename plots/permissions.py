"""Who may see what is saved here, and who decides that: the rules of presets and datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeAlias

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser


class Visibility(models.TextChoices):
    PUBLIC = "public", _("public")
    UNLISTED = "unlisted", _("unlisted")
    STAFF = "staff", _("staff only")


class _Site:
    """Who asks where no visitor does: the authors of templates, presets and commands."""


SITE = _Site()
User: TypeAlias = "AbstractBaseUser | AnonymousUser | _Site | None"


def is_staff(user: User) -> bool:
    """Whether ``user`` is one of those who run the site."""
    return user is SITE or bool(
        getattr(user, "is_staff", False) and getattr(user, "is_active", False)
    )


def may_publish(user: User, model: type[models.Model]) -> bool:
    """Whether ``user`` decides what others see of ``model``: publishes, changes, deletes it."""
    may = f"{model._meta.app_label}.publish_{model._meta.model_name}"
    return user is SITE or bool(user and user.has_perm(may))  # type: ignore[union-attr]  # no _Site


def may_change(user: User, row: Any) -> bool:
    """Whether ``user``, if they may change such rows, may change this one; so for its deletion."""
    return row.visibility == Visibility.STAFF or may_publish(user, type(row))


def viewer_key(user: User) -> Any:
    """What stands for ``user`` in a spec: the primary key, or None for nobody who is logged in."""
    return getattr(user, "pk", None) if getattr(user, "is_authenticated", False) else None


def viewer_of(key: Any) -> AbstractBaseUser | AnonymousUser:
    """The user that ``key`` stands for; an AnonymousUser for nobody, or who may not log in."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import AnonymousUser

    found = get_user_model()._default_manager.filter(pk=key).first() if key is not None else None
    return found if found is not None and found.is_active else AnonymousUser()


class VisibleQuerySet(models.QuerySet[Any]):
    """Of rows that have a ``visibility``."""

    def visible_to(self, user: User) -> Self:
        """Those that ``user`` may see when they know the address. The one place that decides."""
        return self if is_staff(user) else self.exclude(visibility=Visibility.STAFF)

    def editable_by(self, user: User) -> Self:
        """Those that ``may_change`` lets ``user`` change."""
        return self if may_publish(user, self.model) else self.filter(visibility=Visibility.STAFF)

    def listed(self) -> Self:
        """Those that stand in lists for everybody."""
        return self.exclude(visibility=Visibility.UNLISTED)
