"""The site as an ASGI application, which `make run` serves."""

# First, because it loads the settings.
from plotsite.wsgi import application as wsgi_application  # isort: split

from plotsite.buffering.application import BufferingApplication

application = BufferingApplication(wsgi_application)
