"""The site with that app, for processes that tests start; what they write is where these say."""

from plotsite.settings import *
from plotsite.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.hostile"]
