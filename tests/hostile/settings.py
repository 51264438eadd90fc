"""The site with that app, for processes that tests start; what they write is where these say."""

from plotsite.settings import *
from plotsite.settings import INSTALLED_APPS, PLOTS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.hostile"]

# Longer than a test waits: what ends earlier was ended by something else.
PLOTS = {**PLOTS, "TIMEOUT": 120.0}
