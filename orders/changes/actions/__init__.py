"""The life of a change, of an extension and of a customer's request; one file per subject.

They are imported in the order of their buttons: what leads on comes before revising and giving up.
"""

# isort: off
from orders.changes.actions.confirming import agree_to_change, decline_change, record_confirmation, send_change
from orders.changes.actions.applying import apply_change
from orders.changes.actions.drafting import change_as_requested, draft_change, revise_change, withdraw_change
from orders.changes.actions.delaying import answer_delay, report_delay, withdraw_extension
from orders.changes.actions.extending import (
    accept_proposal,
    agree_to_extension,
    decline_extension,
    propose_date,
    record_agreement,
    request_extension,
)
from orders.changes.actions.requests import (
    answer_request,
    end_request,
    hand_in_request,
    invite_requests,
    note_request,
    pass_request,
)
from orders.changes.actions.acknowledging import acknowledge_change

# isort: on

__all__ = [
    "accept_proposal",
    "acknowledge_change",
    "agree_to_change",
    "agree_to_extension",
    "answer_delay",
    "answer_request",
    "apply_change",
    "change_as_requested",
    "decline_change",
    "decline_extension",
    "draft_change",
    "end_request",
    "hand_in_request",
    "invite_requests",
    "note_request",
    "pass_request",
    "propose_date",
    "record_agreement",
    "record_confirmation",
    "report_delay",
    "request_extension",
    "revise_change",
    "send_change",
    "withdraw_change",
    "withdraw_extension",
]
