"""Customers, their contacts, addresses and papers; what was learned of them, said with them, and is to be done."""

from customers.models.channels import Channel
from customers.models.complete import completeness
from customers.models.customer import Customer, OfCustomer
from customers.models.information import ChangeReport, Note, ReportedField
from customers.models.papers import Document
from customers.models.people import Address, Contact
from customers.models.talks import ContactEntry, Task

__all__ = [
    "Address",
    "ChangeReport",
    "Channel",
    "Contact",
    "ContactEntry",
    "Customer",
    "Document",
    "Note",
    "OfCustomer",
    "ReportedField",
    "Task",
    "completeness",
]
