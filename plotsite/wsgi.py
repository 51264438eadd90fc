"""The site as a WSGI application, which `make run` serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plotsite.settings")

application = get_wsgi_application()
