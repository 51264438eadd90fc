"""The admins' side: Django's own admin, with what saved plots and datasets need besides."""
