"""What contracts leave to be found out about an application: whether one is needed (O4)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from orders.contracts.models import Contract
from orders.findings import Finding, check
from orders.models import Order


@check
def needs_a_contract(order: Order) -> Iterator[Finding]:
    """Orders of some types need a contract; who reviews one sees that it has none yet."""
    if order.type.needs_contract and not Contract.objects.live().filter(order=order).exists():
        yield Finding("contract_needed", _("Orders of this type need a contract, and there is none yet."))
