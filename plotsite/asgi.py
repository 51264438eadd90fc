"""The site as an ASGI application, for ASGI servers."""

import os

from django.core.asgi import get_asgi_application

from plots.delivery.renderers import warm_up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plotsite.settings")

application = get_asgi_application()

# Start the render processes before the first request.
warm_up()
