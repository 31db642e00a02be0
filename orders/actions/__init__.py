"""The life of an order: applied for, reviewed, allocated, confirmed, planned, followed, signed off, closed.

One file per subject, and here every verb by name. They are imported in the order in which an order lives, because that
is the order of its buttons.
"""

# isort: off
from orders.actions.application import apply_order, order_inquiry, revise_order, submit_order, take_over_order
from orders.actions.review import allow_price, pass_review, receive_handover, send_back
from orders.actions.credit import allow_credit
from orders.actions.allocation import accept_order, allocate_order, decline_order, pass_on_order
from orders.actions.confirmation import ask_for_changes, ask_to_confirm, confirm_order
from orders.actions.follow_up import (
    add_milestone,
    drop_milestone,
    finish_milestone,
    hold_session,
    move_milestone,
    plan_order,
    report_progress,
)
from orders.actions.informing import advise_shipping, tell_progress
from orders.actions.amending import amend_order
from orders.actions.payments import enter_payment, reverse_payment
from orders.actions.allowances import grant_allowance, reverse_allowance
from orders.actions.ending import (
    CANCELLED_BY,
    cancel_order,
    canceller,
    close_order,
    give_up,
    goods_left,
    hand_in_sheet,
    kept_going,
    note_collection,
    note_delivered,
    note_return,
    reopen_collection,
)

# isort: on

__all__ = [
    "CANCELLED_BY",
    "accept_order",
    "add_milestone",
    "advise_shipping",
    "allocate_order",
    "allow_credit",
    "allow_price",
    "amend_order",
    "apply_order",
    "ask_for_changes",
    "ask_to_confirm",
    "cancel_order",
    "canceller",
    "close_order",
    "confirm_order",
    "decline_order",
    "drop_milestone",
    "enter_payment",
    "finish_milestone",
    "give_up",
    "goods_left",
    "grant_allowance",
    "hand_in_sheet",
    "hold_session",
    "kept_going",
    "move_milestone",
    "note_collection",
    "note_delivered",
    "note_return",
    "order_inquiry",
    "pass_on_order",
    "pass_review",
    "plan_order",
    "receive_handover",
    "reopen_collection",
    "report_progress",
    "reverse_allowance",
    "reverse_payment",
    "revise_order",
    "send_back",
    "submit_order",
    "take_over_order",
    "tell_progress",
]
