"""The site as a WSGI application, which `make run` serves."""

import multiprocessing
import os
import signal

from django.core.wsgi import get_wsgi_application

from plots.delivery.renderers import warm_up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plotsite.settings")

if multiprocessing.parent_process():
    # A worker of granian, which ends it. From a terminal, Ctrl-C would reach it besides, and being
    # told to stop twice hangs it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

application = get_wsgi_application()

# So that the first visitor does not wait for the render processes to start.
warm_up()
