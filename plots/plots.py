"""The built-in kinds and sources, registered in the same way as those of other apps."""

from importlib import import_module
from pkgutil import walk_packages

from . import kinds

for _module in walk_packages(kinds.__path__, f"{kinds.__name__}."):
    import_module(_module.name)
