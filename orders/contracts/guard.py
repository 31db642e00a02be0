"""The guard at the goods' way out: an order that needs a contract waits until it is in force (KC 5.1.6, 5.1.11)."""

from django.utils.translation import gettext as _

from crm.refusals import Refused
from orders.contracts.models import Contract
from orders.models import Order


def contract_missing(order: Order) -> Refused | None:
    """Why the goods of an order may not leave yet: its contract is not in force. None where it needs none."""
    found = Contract.objects.live().filter(order=order.pk).only("number", "status", "kind").first()
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
