"""The time limits of changes and of customers' requests."""

from django.utils.translation import gettext_lazy as _

from crm.deadlines.rules import Rule
from orders.changes.models import Acknowledgement, CustomerRequest

Rule(
    "change.acknowledge",
    "KF 3.2.4",
    label=_("Acknowledge a change of an order"),
    on=Acknowledgement,
    during={Acknowledgement.Status.WAITING},
    since="told_at",
    who="department",
    met_by="changes.acknowledge_change",
    limit="1 wd",
)
Rule(
    "customer.request",
    "KF 3.2.9",
    label=_("Answer a customer's request"),
    on=CustomerRequest,
    during={CustomerRequest.Status.OPEN},
    since="noted_at",
    met_by="changes.answer_request",
    limit="1 wd",
)
