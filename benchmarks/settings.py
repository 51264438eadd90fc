"""Settings of the site, with the views that it is compared with."""

from plotsite.settings import *

ROOT_URLCONF = "benchmarks.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks", "tests.tables"]
