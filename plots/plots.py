"""The built-in kinds and sources, which come in by the door that every app's do."""

from importlib import import_module
from pkgutil import iter_modules

from . import kinds

for _module in iter_modules(kinds.__path__, f"{kinds.__name__}."):
    import_module(_module.name)
