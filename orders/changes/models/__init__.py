"""Changes of orders, extensions on our side, what customers ask for, and which departments have acknowledged."""

from orders.changes.models.acknowledgement import Acknowledgement
from orders.changes.models.change import Change, ChangeLine
from orders.changes.models.extension import Extension
from orders.changes.models.request import CustomerRequest

__all__ = ["Acknowledgement", "Change", "ChangeLine", "CustomerRequest", "Extension"]
