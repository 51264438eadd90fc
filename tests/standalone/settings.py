"""The site's settings without the optional apps that ``OPTIONAL_APPS`` does not name."""

import os

from plotsite.settings import *

OPTIONAL_APPS = [f"plots.{name}" for name in os.environ["OPTIONAL_APPS"].split()]
# Packages that only presets need.
PACKAGES = ["import_export", "reversion"] if "plots.presets" in OPTIONAL_APPS else []
INSTALLED_APPS = [
    *OPTIONAL_APPS,
    "plots",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *PACKAGES,
]
MIDDLEWARE = [name for name in MIDDLEWARE if name.startswith(("django.", "plots."))]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
ROOT_URLCONF = "tests.standalone.urls"
ALLOWED_HOSTS = ["testserver"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TEMPLATES = [{**TEMPLATES[0], "DIRS": []}]
PLOTS = {"PROCESSES": 0}
