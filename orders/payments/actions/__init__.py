"""Invoices, receipts and their matching, write-offs, and dunning: one file per subject, and here every verb by name."""

# isort: off
from orders.payments.actions.invoices import (
    book_invoice,
    cancel_invoice,
    count_payment,
    enter_invoice,
    note_posted,
    pay_off,
)
from orders.payments.actions.receipts import assign_receipt, enter_receipt, note_serial, void_receipt
from orders.payments.actions.matching import match_certain, match_receipt, refund_receipt, take_back_match
from orders.payments.actions.write_offs import write_off
from orders.payments.actions.dunning import (
    break_promise,
    end_dunning,
    follow_owner,
    keep_promise,
    note_call,
    note_promise,
    open_dunning,
    propose_step,
    send_reminder,
    skip_step,
    write_letter,
)

# isort: on

__all__ = [
    "assign_receipt",
    "book_invoice",
    "break_promise",
    "cancel_invoice",
    "count_payment",
    "end_dunning",
    "enter_invoice",
    "enter_receipt",
    "follow_owner",
    "keep_promise",
    "match_certain",
    "match_receipt",
    "note_call",
    "note_posted",
    "note_promise",
    "note_serial",
    "open_dunning",
    "pay_off",
    "propose_step",
    "refund_receipt",
    "send_reminder",
    "skip_step",
    "take_back_match",
    "void_receipt",
    "write_letter",
    "write_off",
]
