"""An ASGI application that receives requests and sends responses for a WSGI application.

Only complete requests get a thread, and no thread waits for a client that reads a response. Clients
that are slow or silent cost a little memory, until their time is over.
"""
