"""The life of a sample and of a quotation, until an order application comes of it.

One file per subject, imported in the order in which they live, because that is the order of their buttons.
"""

# isort: off
from orders.quotations.actions.requesting import (
    cancel_sample,
    request_inquiry_sample,
    request_sample,
    revise_sample,
)
from orders.quotations.actions.making import finish_sample, send_sample, start_sample, tell_sample
from orders.quotations.actions.approving import (
    approve_sample,
    decline_sample,
    receive_sample,
    record_sample_approval,
)
from orders.quotations.actions.drafting import (
    allow_price,
    draft_quotation,
    quote_customer,
    quote_inquiry,
    quote_sample,
    revise_quotation,
)
from orders.quotations.actions.offering import expire_quotation, send_quotation, withdraw_quotation
from orders.quotations.actions.answering import (
    accept_quotation,
    ask_quotation_changes,
    decline_quotation,
    record_acceptance,
)
from orders.quotations.actions.ordering import order_quotation, order_sample

# isort: on

__all__ = [
    "accept_quotation",
    "allow_price",
    "approve_sample",
    "ask_quotation_changes",
    "cancel_sample",
    "decline_quotation",
    "decline_sample",
    "draft_quotation",
    "expire_quotation",
    "finish_sample",
    "order_quotation",
    "order_sample",
    "quote_customer",
    "quote_inquiry",
    "quote_sample",
    "receive_sample",
    "record_acceptance",
    "record_sample_approval",
    "request_inquiry_sample",
    "request_sample",
    "revise_quotation",
    "revise_sample",
    "send_quotation",
    "send_sample",
    "start_sample",
    "tell_sample",
    "withdraw_quotation",
]
