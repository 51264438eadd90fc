"""Permissions, and who may see presets, boards, datasets and sources."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser


class Visibility(models.TextChoices):
    """Who may see an object. Staff may see all objects."""

    STAFF = "staff", _("staff only")
    GROUPS = "groups", _("chosen groups")
    MEMBERS = "members", _("everybody who is logged in")
    UNLISTED = "unlisted", _("unlisted")
    PUBLIC = "public", _("public")


# What strangers may see, too.
OPEN = (Visibility.UNLISTED, Visibility.PUBLIC)


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


def group_names(user: Any) -> frozenset[str]:
    """Return the names of the groups of ``user``, if logged in. They are read once a request."""
    if not is_member(user) or not hasattr(user, "groups"):
        return frozenset()
    if not hasattr(user, "_plots_group_names"):
        user._plots_group_names = frozenset(user.groups.values_list("name", flat=True))
    found: frozenset[str] = user._plots_group_names
    return found


def is_member(user: Any) -> bool:
    """Whether ``user`` is logged in and active."""
    return bool(getattr(user, "is_authenticated", False) and getattr(user, "is_active", False))


def may_see(user: User, visibility: str, groups: Collection[str] = ()) -> bool:
    """Whether ``user`` may see an object. Every view, function and form decides by this rule.

    Parameters
    ----------
    user : User
        A user, None for a stranger, or SITE.
    visibility : str
        The object's visibility. An unknown one counts as staff-only.
    groups : collection of str
        The names of the groups that may see it if its visibility is "groups".
    """
    if visibility in OPEN:
        return True  # the user is not read: reading the session adds a Vary header
    if is_staff(user):
        return True
    names = group_names(user)  # read for every visibility, so that all refusals take equally long
    if visibility == Visibility.GROUPS:
        return not names.isdisjoint(groups)
    return visibility == Visibility.MEMBERS and is_member(user)


def has_permission(user: Any, action: str, model: type[models.Model]) -> bool:
    """Whether ``user`` has the permission for ``action``, such as "add", on ``model``."""
    name = f"{model._meta.app_label}.{action}_{model._meta.model_name}"
    return user is SITE or bool(user and user.has_perm(name))


def may_publish(user: User, model: type[models.Model]) -> bool:
    """Whether ``user`` may change what others than staff see of ``model``."""
    return has_permission(user, "publish", model)


def may_change(user: User, row: Any) -> bool:
    """Whether ``user``, who may change or delete rows of this model, may do that to this row."""
    return not row.is_published or may_publish(user, type(row))


def require_change(user: User, row: Any) -> None:
    """Raise PermissionDenied unless ``user`` may change ``row`` as it is now and as it is stored.

    The stored row is locked, so that nobody publishes it before the current transaction ends.
    """
    stored = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
    if not all(may_change(user, each) for each in (row, stored) if each):
        raise PermissionDenied


def viewer_key(user: User) -> Any:
    """Return the primary key that stands for ``user`` in a spec; None for an anonymous user."""
    return getattr(user, "pk", None) if getattr(user, "is_authenticated", False) else None


def viewer_of(key: Any) -> AbstractBaseUser | AnonymousUser:
    """Return the user with the key ``key``; an AnonymousUser for None or an inactive user."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import AnonymousUser

    found = get_user_model()._default_manager.filter(pk=key).first() if key is not None else None
    return found if found is not None and found.is_active else AnonymousUser()


def is_wider(visibility: str, other: str) -> bool:
    """Whether more people may see what has ``visibility`` than what has the ``other``."""
    return Visibility.values.index(visibility) > Visibility.values.index(other)


class VisibleQuerySet(models.QuerySet[Any]):
    """Rows that have a ``visibility`` and ``groups``."""

    def visible_to(self, user: User) -> Self:
        """Return the rows that ``user`` may see at their URL: those for which ``may_see`` is."""
        if is_staff(user):
            return self
        names = group_names(user)
        members = [Visibility.MEMBERS] if is_member(user) else []
        seen = models.Q(visibility__in=[*OPEN, *members])
        if names:  # a subquery, because a join would repeat rows
            chosen = self.model._base_manager.filter(groups__name__in=names)
            seen |= models.Q(visibility=Visibility.GROUPS, pk__in=chosen.values("pk"))
        return self.filter(seen)

    def listed(self) -> Self:
        """Return the rows without the unlisted ones."""
        return self.exclude(visibility=Visibility.UNLISTED)
