"""User models of projects."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models


class Person(AbstractUser):
    """A user with another type of key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)


class Member(AbstractBaseUser):
    """A user with neither staff nor permissions."""

    email = models.EmailField(unique=True)
    USERNAME_FIELD = "email"
    objects = BaseUserManager()
