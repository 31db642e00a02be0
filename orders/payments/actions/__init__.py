"""Invoices, receipts and their matching, write-offs, and dunning: one file per subject, and here every verb by name."""

# isort: off
from orders.payments.actions.invoices import book_invoice, cancel_invoice, count_payment, enter_invoice, pay_off

# isort: on

__all__ = [
    "book_invoice",
    "cancel_invoice",
    "count_payment",
    "enter_invoice",
    "pay_off",
]
