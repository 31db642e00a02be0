"""The time limits of contracts."""

from django.utils.translation import gettext_lazy as _

from crm.approvals.models import Task
from crm.approvals.rules import DECIDED_BY
from crm.deadlines.rules import Rule
from orders.contracts.models import Contract, Supplement
from orders.contracts.support import who_classifies

S = Contract.Status
REVIEWS = ("contracts.pass_contract", "contracts.apply_supplement")

# The procedure names no time: what the owner waits for is answered within half a day, as an order's acceptance is.
Rule(
    "contract.classify",
    "KC 5.1.2",
    label=_("Classify a contract"),
    on=Contract,
    during={S.ACCEPTED},
    who=who_classifies,
    met_by="contracts.classify_contract",
    limit="4 wh",
)
Rule(
    "contract.review",
    "KC 5.1.5",
    label=_("Sign the review of a contract"),
    on=Task,
    during={Task.Status.WAITING},
    when=lambda task: task.due_on is None and task.request.verb in REVIEWS,
    since="begun_at",
    who="approver",
    met_by=DECIDED_BY,
    limit="1 wd",
    reads=("request",),
)
Rule(
    "contract.return",
    "KC 5.1.8",
    label=_("Bring the signed copy back"),
    on=Contract,
    during={S.SENT},
    since="sent_at",
    met_by="contracts.mark_returned",
    limit="3 wd",
)
Rule(
    "supplement.return",
    "KC 5.1.8, 5.1.10",
    label=_("Bring the signed copy of a supplementary agreement back"),
    on=Supplement,
    during={Supplement.Status.APPLIED},
    when=lambda supplement: supplement.returned_at is None and supplement.contract.status in Contract.BINDING,
    since="applied_at",
    met_by="contracts.return_supplement",
    limit="3 wd",
    reads=("contract__owner",),
)
Rule(
    "contract.execution",
    "KC 5.1.11.1",
    label=_("Call the customer about transport and funds"),
    on=Contract,
    during={S.IN_FORCE},
    when=lambda contract: contract.arranged_at is None,
    due="delivery_on",
    met_by="contracts.arrange_shipment",
    warn="1 wd",
)
