"""Settings of django-axes and of the authentication, which ``plotsite.settings`` imports."""

from datetime import timedelta

# After 5 failed logins with a user name from an address, or 50 from an address, a client has to
# wait for a quarter of an hour. The failures are in the database, so that all processes count them
# together. "manage.py axes_reset" deletes them.
AUTHENTICATION_BACKENDS = [
    "plotsite.logins.throttling.Backend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_HANDLER = "plotsite.logins.throttling.Handler"
AXES_CLIENT_IP_CALLABLE = "plotsite.logins.throttling.address_of"
AXES_LOCKOUT_CALLABLE = "plotsite.logins.throttling.locked_out"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # what is refused is not recorded either
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
