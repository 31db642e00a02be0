"""Invoices, the money that came in, what it was matched to, and how customers are reminded."""

from orders.payments.models.dunning import Dunning, DunningStep, Reminder
from orders.payments.models.invoice import Invoice, WriteOff
from orders.payments.models.receipt import BankAccount, Match, Payer, Receipt, Refund

__all__ = [
    "BankAccount",
    "Dunning",
    "DunningStep",
    "Invoice",
    "Match",
    "Payer",
    "Receipt",
    "Refund",
    "Reminder",
    "WriteOff",
]
