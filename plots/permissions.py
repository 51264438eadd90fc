"""Permissions and visibility of presets, boards and datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeAlias

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser


class Visibility(models.TextChoices):
    PUBLIC = "public", _("public")
    UNLISTED = "unlisted", _("unlisted")
    STAFF = "staff", _("staff only")


class _Site:
    """Stands for the authors of templates, presets and commands, where there is no request."""


SITE = _Site()
User: TypeAlias = "AbstractBaseUser | AnonymousUser | _Site | None"


def request_user(request: HttpRequest) -> User:
    """Return the user of ``request``; None without Django's AuthenticationMiddleware."""
    user: User = getattr(request, "user", None)
    return user


def is_staff(user: User) -> bool:
    """Whether ``user`` is an active member of the staff, or SITE."""
    return user is SITE or bool(
        getattr(user, "is_staff", False) and getattr(user, "is_active", False)
    )


def has_permission(user: Any, action: str, model: type[models.Model]) -> bool:
    """Whether ``user`` has the permission for ``action``, such as "add", on ``model``."""
    name = f"{model._meta.app_label}.{action}_{model._meta.model_name}"
    return user is SITE or bool(user and user.has_perm(name))


def may_publish(user: User, model: type[models.Model]) -> bool:
    """Whether ``user`` may change what others than staff see of ``model``."""
    return has_permission(user, "publish", model)


def may_change(user: User, row: Any) -> bool:
    """Whether ``user``, who may change or delete rows of this model, may do that to this row."""
    return row.visibility == Visibility.STAFF or may_publish(user, type(row))


def viewer_key(user: User) -> Any:
    """Return the primary key that stands for ``user`` in a spec; None for an anonymous user."""
    return getattr(user, "pk", None) if getattr(user, "is_authenticated", False) else None


def viewer_of(key: Any) -> AbstractBaseUser | AnonymousUser:
    """Return the user with the key ``key``; an AnonymousUser for None or an inactive user."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import AnonymousUser

    found = get_user_model()._default_manager.filter(pk=key).first() if key is not None else None
    return found if found is not None and found.is_active else AnonymousUser()


class VisibleQuerySet(models.QuerySet[Any]):
    """Rows that have a ``visibility``."""

    def visible_to(self, user: User) -> Self:
        """Return the rows that ``user`` may see at their URL. All views decide by this method."""
        return self if is_staff(user) else self.exclude(visibility=Visibility.STAFF)

    def editable_by(self, user: User) -> Self:
        """Return the rows for which ``may_change`` is true."""
        return self if may_publish(user, self.model) else self.filter(visibility=Visibility.STAFF)

    def listed(self) -> Self:
        """Return the rows without the unlisted ones."""
        return self.exclude(visibility=Visibility.UNLISTED)
