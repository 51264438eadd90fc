"""A project with the least that plots needs, and the apps that the environment names."""

import os
from pathlib import Path

DATABASE = Path(__file__).with_name("db.sqlite3")
OWN_APPS = os.environ.get("OWN_APPS", "").split()

SECRET_KEY = "known to everybody, for tests only"
ALLOWED_HOSTS = ["testserver"]
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "plots", *OWN_APPS]
ROOT_URLCONF = "shop.urls" if "shop" in OWN_APPS else "urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATABASE}}
PLOTS = {"POST": "anyone"}
