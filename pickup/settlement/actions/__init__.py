"""The life of a settlement: stated, sent, confirmed or disputed, adjusted, invoiced, posted.

One file per subject, imported in the order in which it happens, because that is the order of the buttons.
"""

# isort: off
from pickup.settlement.actions.stating import (
    make_statement,
    revise_statement,
    send_statement,
    settle_order,
    unsettle_order,
)
from pickup.settlement.actions.correcting import adjust_statement, explain_differences
from pickup.settlement.actions.answering import answer_statement, record_answer
from pickup.settlement.actions.invoicing import (
    fill_in_memo,
    issue_invoice,
    note_invoiced,
    pass_memo,
    post_invoice,
    refuse_memo,
    reopen_statement,
)
from pickup.settlement.actions.mending import add_invoice_file, correct_issue, void_memo
from pickup.settlement.actions.offsetting import note_offset, offset_statement
from pickup.settlement.actions.allowing import state_allowance

# isort: on

__all__ = [
    "add_invoice_file",
    "adjust_statement",
    "answer_statement",
    "correct_issue",
    "explain_differences",
    "fill_in_memo",
    "issue_invoice",
    "make_statement",
    "note_invoiced",
    "note_offset",
    "offset_statement",
    "pass_memo",
    "post_invoice",
    "record_answer",
    "refuse_memo",
    "reopen_statement",
    "revise_statement",
    "send_statement",
    "settle_order",
    "state_allowance",
    "unsettle_order",
    "void_memo",
]
