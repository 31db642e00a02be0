"""Changes of orders, extensions on our side, what customers ask for, and which departments have acknowledged."""

from orders.changes.models.acknowledgement import Acknowledgement
from orders.changes.models.change import LINK_PURPOSE, Change, ChangeLine, How
from orders.changes.models.extension import EXTENSION_PURPOSE, Extension
from orders.changes.models.request import CustomerRequest

__all__ = [
    "EXTENSION_PURPOSE",
    "LINK_PURPOSE",
    "Acknowledgement",
    "Change",
    "ChangeLine",
    "CustomerRequest",
    "Extension",
    "How",
]
