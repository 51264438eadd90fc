"""The site as a WSGI application, which `plotsite.asgi` serves."""

import multiprocessing
import os
import signal

from django.core.wsgi import get_wsgi_application

from plots.delivery.renderers import warm_up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plotsite.settings")

if multiprocessing.parent_process():
    # granian stops this worker itself. Ctrl-C in a terminal would signal it a second time, and two
    # signals make it hang.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

application = get_wsgi_application()

# Start the render processes before the first request.
warm_up()
