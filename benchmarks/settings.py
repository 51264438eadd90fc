"""The site's own settings, with the views that it is measured against."""

from plotsite.settings import *

ROOT_URLCONF = "benchmarks.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks", "tests.tables"]
