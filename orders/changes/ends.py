"""What was still wanted of an order ends with it: changes, extensions, customers' requests (KF 3.2.3-3.2.9)."""

from django.db.models import Value

from crm.accounts.system import system_user
from crm.approvals.watch import end_about
from orders.changes.actions.delaying import withdraw_extension
from orders.changes.actions.drafting import withdraw_change
from orders.changes.actions.requests import end_request
from orders.changes.models import Change, CustomerRequest, Extension
from orders.ends import ends_with_order
from orders.models import Order

CHANGE, EXTENSION, REQUEST = "change", "extension", "request"


@ends_with_order
def end_what_was_wanted(order: Order, reason: str) -> None:
    """End each with its own verb; the customer's link then says so. One query where nothing is open."""
    by = system_user("changes")
    found = [
        model.objects.filter(order=order.pk, status__in=states).order_by().values_list(Value(kind), "pk")
        for kind, model, states in (
            (CHANGE, Change, Change.OPEN),
            (EXTENSION, Extension, Extension.OPEN),
            (REQUEST, CustomerRequest, [CustomerRequest.Status.OPEN]),
        )
    ]
    for kind, pk in found[0].union(*found[1:]):
        if kind == CHANGE:
            change = withdraw_change(Change.objects.get(pk=pk), by=by, reason=reason)
            end_about(change, reason)
        elif kind == EXTENSION:
            withdraw_extension(Extension.objects.get(pk=pk), by=by, reason=reason)
        else:
            end_request(CustomerRequest.objects.get(pk=pk), by=by, reason=reason)
