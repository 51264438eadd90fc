"""The site's settings without the apps that LEFT_OUT names, for processes that tests start."""

import os

from plotsite.settings import *
from plotsite.settings import INSTALLED_APPS as ALL_APPS

INSTALLED_APPS = [each for each in ALL_APPS if each not in os.environ["LEFT_OUT"].split(",")]
