"""The life of a contract: required, accepted by word of mouth, classified, reviewed, made, signed, filed, executed.

One file per subject, imported in the order in which a contract lives, because that is the order of its buttons.
"""

# isort: off
from orders.contracts.actions.terms import follow_terms
from orders.contracts.actions.requirements import (
    change_requirement,
    note_requirements,
    note_sample_answer,
    record_requirements,
    send_sample,
)
from orders.contracts.actions.acceptance import classify_contract, record_acceptance
from orders.contracts.actions.review import begin_review, end_review, fill_in_form, pass_contract
from orders.contracts.actions.paper import (
    archive_contract,
    hand_in_signed_copy,
    make_contract,
    mark_returned,
    send_contract,
)
from orders.contracts.actions.execution import (
    arrange_shipment,
    cancel_contract,
    mark_executed,
    request_again,
    resume_contract,
    take_up_shipment,
    withdraw_shipment,
)
from orders.contracts.actions.following import end_contract, move_contract_date
from orders.contracts.actions.supplements import (
    apply_supplement,
    draft_supplement,
    drop_supplement,
    revise_supplement,
)
from orders.contracts.actions.signed_copies import (
    hand_in_supplement_copy,
    return_supplement,
    send_supplement,
)

# isort: on

__all__ = [
    "apply_supplement",
    "archive_contract",
    "arrange_shipment",
    "begin_review",
    "cancel_contract",
    "change_requirement",
    "classify_contract",
    "draft_supplement",
    "drop_supplement",
    "end_contract",
    "end_review",
    "fill_in_form",
    "follow_terms",
    "hand_in_signed_copy",
    "hand_in_supplement_copy",
    "make_contract",
    "mark_executed",
    "mark_returned",
    "move_contract_date",
    "note_requirements",
    "note_sample_answer",
    "pass_contract",
    "record_acceptance",
    "record_requirements",
    "request_again",
    "resume_contract",
    "return_supplement",
    "revise_supplement",
    "send_contract",
    "send_sample",
    "send_supplement",
    "take_up_shipment",
    "withdraw_shipment",
]
