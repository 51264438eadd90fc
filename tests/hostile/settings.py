"""Settings of the example site with the hostile app, for processes that tests start."""

from plotsite.settings import *
from plotsite.settings import INSTALLED_APPS, PLOTS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.hostile"]

# Longer than any test waits, so that the timeout ends nothing by accident.
PLOTS = {**PLOTS, "TIMEOUT": 600.0}
