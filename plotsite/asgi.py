"""The site as an ASGI application, which `make run` serves."""

from plotsite.buffering.application import BufferingApplication
from plotsite.wsgi import application as wsgi_application

application = BufferingApplication(wsgi_application)
