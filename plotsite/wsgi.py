"""The site as a WSGI application, which `make run` serves."""

import os

from django.core.wsgi import get_wsgi_application

from plots.delivery.renderers import warm_up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plotsite.settings")

application = get_wsgi_application()

# So that the first visitor does not wait for the render processes to start.
warm_up()
