"""What becomes of a contract where its order is changed: another date, or the end (KC 5.1.11.1 b)."""

from datetime import date

from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.actions import action
from crm.deadlines.turn import turn
from crm.links.making import end_links
from crm.refusals import only_the_system
from orders.contracts.actions.execution import OPEN_REQUESTS, withdraw_shipment
from orders.contracts.actions.supplements import drop_supplement
from orders.contracts.models import LINK_PURPOSE, SUPPLEMENT_PURPOSE, Contract, DateMove, Supplement

S = Contract.Status


@action(
    Contract,
    label=gettext_lazy("Carry it out on another date"),
    source={S.IN_FORCE},
    unless=only_the_system,
)
def move_contract_date(contract: Contract, *, by: User, delivery_on: date, reference: str) -> None:
    """Follow a change of the order: the contract is carried out earlier or later than dated (KC 5.1.11.1).

    `reference` is the paper by which it was agreed. Unless a shipment is under way the customer is called about
    transport again, on the new date.
    """
    DateMove.objects.create(
        contract=contract, before=contract.delivery_on, after=delivery_on, reference=reference, by=by
    )
    contract.delivery_on = delivery_on
    if not contract.shipments.filter(status__in=OPEN_REQUESTS).exists():
        contract.arranged_at = None


@action(
    Contract,
    label=gettext_lazy("End it with its order"),
    source=set(S.values) - {S.EXECUTED, S.CANCELLED},
    target=S.CANCELLED,
    unless=only_the_system,
)
def end_contract(contract: Contract, *, by: User, reason: str) -> None:
    """Follow an order that is cancelled: its contract, what is drafted and what is requested end."""
    actor = User.objects.system("contracts")
    for request in contract.shipments.filter(status__in=OPEN_REQUESTS):
        withdraw_shipment(request, by=actor, reason=reason)
    for supplement in contract.supplements.filter(status=Supplement.Status.DRAFTED):
        drop_supplement(supplement, by=actor, reason=reason)
    end_links(contract, LINK_PURPOSE)
    contract.reason, contract.status = reason, S.CANCELLED  # the supplements' time limits look at it
    for supplement in contract.supplements.filter(status=Supplement.Status.APPLIED, returned_at=None):
        end_links(supplement, SUPPLEMENT_PURPOSE)
        turn(supplement, verb=end_contract.name)
