"""The site as an ASGI application, for servers that speak it."""

import os

from django.core.asgi import get_asgi_application

from plots.delivery.renderers import warm_up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plotsite.settings")

application = get_asgi_application()

# So that the first visitor does not wait for the render processes to start.
warm_up()
