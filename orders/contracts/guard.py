"""What a contract guards: the goods' way out until it is in force, and then what the order says (KC 5.1.6-5.1.11)."""

from django.utils.translation import gettext as _

from crm.refusals import Refused
from orders.contracts.amended import terms_with, total_with
from orders.contracts.models import Contract, Supplement
from orders.credit import AHEAD, Ahead
from orders.held import HOLDERS
from orders.models import Order


def held_by_contract(order: Order) -> Refused | None:
    """Why an order is not changed or cancelled without the customer's word: its contract is in force."""
    found = Contract.objects.filter(order=order.pk, status__in=Contract.BINDING).only("number").first()
    if found is None:
        return None
    return Refused(
        "contract_in_force",
        _("Contract %(number)s is in force, and the order is held to it.") % {"number": found.number},
        _("Draft a supplementary agreement on its goods, or a change of the order's date or of its end."),
    )


HOLDERS.append(held_by_contract)


def as_contracted(order: Order) -> Ahead | None:
    """What its contract is to make of an order that is not in force yet; of one that is, its supplementary draft."""
    contract = Contract.objects.of(order)
    if contract is None or contract.status == Contract.Status.EXECUTED:
        return None
    if contract.status != Contract.Status.IN_FORCE:
        return Ahead(order.total, contract.payment_terms, contract.payment_days)
    draft = contract.supplements.filter(status=Supplement.Status.DRAFTED).first()
    return Ahead(total_with(draft), *terms_with(draft)) if draft is not None else None


AHEAD.append(as_contracted)


def contract_missing(order: Order) -> Refused | None:
    """Why the goods of an order may not leave yet: its contract is not in force. None where it needs none."""
    found = Contract.objects.only("number", "status", "kind").of(order)
    if found is not None and found.status in Contract.BINDING:
        return None
    special = found is not None and found.kind == Contract.Kind.SPECIAL
    if not special and not order.type.needs_contract:
        return None
    if found is None:
        return Refused(
            "no_contract",
            _("Orders of this type need a contract."),
            _("Record the customer's oral acceptance on the order; that begins one."),
        )
    return Refused(
        "contract_not_in_force",
        _("Contract %(number)s is not in force: %(state)s.")
        % {"number": found.number, "state": found.get_status_display()},
        _("The goods may leave once its signed copy is back."),
    )
