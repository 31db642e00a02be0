"""The contract's date: transport arranged, funds checked, shipment requested; and how a contract ends (KC 5.1.11.1)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.inputs import ReasonForm
from crm.links.making import end_links
from crm.outbox import queue
from crm.records.numbers import next_number
from crm.refusals import Refused, only_the_system
from crm.words import money
from customers.models import Contact, ContactEntry
from orders.contracts import forms
from orders.contracts.models import LINK_PURPOSE, Contract, ShipmentRequest
from orders.leaving import PAID_FIRST, released, worth_of
from orders.models import Line, Order

S, R = Contract.Status, ShipmentRequest.Status
OPEN_REQUESTS = (R.REQUESTED, R.SHORT)
GOODS_OPEN = "goods_open"  # the code of why a contract is not executed: goods are still to leave

# Apps above say why a contract is not carried out, although its goods are delivered and paid.
NOT_EXECUTED: list[Callable[[Contract], Refused | None]] = []


def open_worth(contract: Contract) -> Decimal:
    """What the goods that are still to be shipped cost, with tax; what came back for good is shipped no more."""
    rows = Line.objects.filter(order=contract.order_id)
    return sum((row.amount - row.worth(row.collected + row.returned) for row in rows), Decimal("0.00"))


def funds_for(contract: Contract) -> Decimal:
    """What is there for the next goods: the money, and what may leave before it, less what has left or is requested."""
    order = contract.order
    asked = contract.shipments.filter(status=R.REQUESTED).aggregate(found=Sum("amount"))["found"] or Decimal(0)
    return max(order.paid + released(order) - worth_of(order.pk) - asked, Decimal(0))


def _enough(contract: Contract, amount: Decimal, funds: Decimal) -> bool:
    return contract.payment_terms not in PAID_FIRST or funds >= amount


def _nothing_open(contract: Contract, by: User) -> Refused | None:
    if contract.order.status == Order.Status.CANCELLED:
        return Refused(
            "order_gone",
            _("Its order %(number)s is “%(state)s”.")
            % {"number": contract.order, "state": contract.order.get_status_display()},
        )
    if contract.shipments.filter(status__in=OPEN_REQUESTS).exists():
        return Refused(
            "requested", _("A shipment is requested already."), _("Wait until it is taken up, or withdraw it.")
        )
    if open_worth(contract) <= 0:
        return Refused("nothing_open", _("Everything under this contract is delivered."))
    return None


@action(
    Contract,
    label=gettext_lazy("Arrange the shipment"),
    source={S.IN_FORCE},
    form=forms.ArrangeForm,
    unless=_nothing_open,
)
def arrange_shipment(
    contract: Contract,
    *,
    by: User,
    said: str,
    transport: str,
    ships_on: date,
    contact: Contact | None = None,
    amount: Decimal | None = None,
) -> ShipmentRequest:
    """Call the customer about vehicle or ship and day, check his funds, and request the shipment (KC 5.1.11.1)."""
    most = open_worth(contract)
    amount = most if amount is None else amount
    if amount > most:
        raise Refused(
            "too_much", _("Only goods worth %(amount)s are left under this contract.") % {"amount": money(most)}
        )
    contact = contact or contract.contact
    ContactEntry.objects.create(
        customer=contract.customer, contact=contact, by=by, what=f"{contract.number}: {said} ({transport}, {ships_on})"
    )
    funds = funds_for(contract)
    contract.arranged_at = clock.now()
    request = ShipmentRequest.objects.create(
        number=next_number("SR"),
        contract=contract,
        contact=contact,
        said=said,
        transport=transport,
        ships_on=ships_on,
        amount=amount,
        funds=funds,
        by=by,
        **({} if _enough(contract, amount, funds) else {"status": R.SHORT}),
    )
    _tell(request)
    return request


def loaders() -> QuerySet[User]:
    """Who takes requests for shipment up: whoever has logistics as his role."""
    return User.objects.working().in_role("logistics")


def _tell(request: ShipmentRequest, short: bool | None = None) -> None:
    """Logistics hears of goods to ship, the owner of money that is missing."""
    short = request.status == R.SHORT if short is None else short
    contract = request.contract
    for user in [contract.owner] if short else loaders():
        queue.notify(
            user,
            "contracts.short" if short else "contracts.shipment",
            about=contract,
            context={
                "number": request.number,
                "contract": contract.number,
                "customer": contract.customer.name,
                "transport": request.transport,
                "ships_on": request.ships_on,
                "amount": request.amount,
                "funds": request.funds,
            },
            key=f"shipment-{request.pk}-{'short' if short else 'asked'}-{request.version}",
        )


def _still_short(request: ShipmentRequest, by: User) -> Refused | None:
    funds = funds_for(request.contract)
    if request.status != R.SHORT or _enough(request.contract, request.amount, funds):
        return None
    return Refused(
        "funds_short",
        _("The funds are short by %(amount)s.") % {"amount": money(request.amount - funds)},
        _("Ask the customer for the payment, or withdraw the request and arrange less."),
    )


@action(
    ShipmentRequest,
    label=gettext_lazy("Request it now"),
    source={R.SHORT},
    target=R.REQUESTED,
    unless=_still_short,
)
def request_again(request: ShipmentRequest, *, by: User) -> None:
    """Request the shipment that waited for money, now that the funds are there (KC 5.1.11.1)."""
    request.funds = funds_for(request.contract)
    _tell(request, short=False)


@action(ShipmentRequest, label=gettext_lazy("Take it up"), source={R.REQUESTED}, target=R.TAKEN_UP)
def take_up_shipment(request: ShipmentRequest, *, by: User) -> None:
    """Take a request for shipment up: the goods are loaded on its day (KC 5.1.11.1)."""
    request.taken_by = by


@action(
    ShipmentRequest,
    label=gettext_lazy("Withdraw the request"),
    source={R.REQUESTED, R.SHORT},
    target=R.WITHDRAWN,
    form=ReasonForm,
)
def withdraw_shipment(request: ShipmentRequest, *, by: User, reason: str) -> None:
    """Take a request for shipment back, with the reason; the shipment is to be arranged anew (KC 5.1.11.1)."""
    request.reason = reason
    contract: Any = Contract.objects.get(pk=request.contract_id)
    contract.arranged_at = None
    contract.save(update_fields=["arranged_at"])


def not_done(contract: Contract, by: User) -> Refused | None:
    """Why a contract is not executed: goods are open, money is, or what was settled is to be settled anew."""
    left = open_worth(contract)
    if left > 0 and contract.order.settled is None:  # what is settled is all that the customer wants of it
        return Refused(GOODS_OPEN, _("Goods worth %(amount)s are not delivered yet.") % {"amount": money(left)})
    if contract.order.open_amount > 0:
        return Refused("not_paid", _("%(amount)s is not paid yet.") % {"amount": money(contract.order.open_amount)})
    return next((refused for ask in NOT_EXECUTED if (refused := ask(contract))), None)


@action(
    Contract,
    label=gettext_lazy("Mark as executed"),
    source={S.IN_FORCE},
    target=S.EXECUTED,
    unless=not_done,
)
def mark_executed(contract: Contract, *, by: User) -> None:
    """Note that everything is delivered and paid: executed (执行完毕) (KC 5.1.11.9).

    It follows the last payment or handover by itself (orders.payments.consequences.execute_contract).
    """
    contract.executed_at = clock.now()


@action(
    Contract,
    label=gettext_lazy("Take up the execution again"),
    source={S.EXECUTED},
    target=S.IN_FORCE,
    form=ReasonForm,
    unless=only_the_system,
)
def resume_contract(contract: Contract, *, by: User, reason: str, why: str) -> None:
    """Follow a payment, goods or an invoice that were taken back: it is to be carried out again (KC 5.1.11.9).

    `why` is the reason's code, as `not_done` has it. Where goods came back the customer is called about transport
    again, unless a shipment is under way.
    """
    contract.executed_at = None
    if why == GOODS_OPEN and not contract.shipments.filter(status__in=OPEN_REQUESTS).exists():
        contract.arranged_at = None
    queue.notify(
        contract.owner,
        "contracts.resumed",
        about=contract,
        context={"contract": contract.number, "customer": contract.customer.name, "why": why},
        key=f"contract-resumed-{contract.pk}-{contract.version}",
    )


@action(
    Contract,
    label=gettext_lazy("Cancel the contract"),
    source={S.ACCEPTED, S.CLASSIFIED, S.FILLED, S.PASSED, S.MADE, S.SENT},
    target=S.CANCELLED,
    form=ReasonForm,
)
def cancel_contract(contract: Contract, *, by: User, reason: str) -> None:
    """Cancel a contract that is not in force, with the reason."""
    contract.reason = reason
    end_links(contract, LINK_PURPOSE)
