"""For every verb of the apps something that it can be done to, and input that it accepts; a module per app, merged."""

from importlib import import_module
from pkgutil import iter_modules

from tests.doors.ready.house import Ready

__all__ = ["READY", "Ready"]

READY: dict[str, Ready] = {}
for _module in iter_modules(__path__):
    READY |= import_module(f"{__name__}.{_module.name}").READY
