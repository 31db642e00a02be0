"""Whether a promise to pay was kept: what came in since it was made, beside the amount that was promised (JD 7.1)."""

from decimal import Decimal

from django.db.models import F, Sum
from django.utils import timezone

from orders.models import Payment
from orders.models.money import WRITE_OFF
from orders.payments.models import Dunning, Invoice, Receipt

NONE = Decimal("0.00")


def came_in(dunning: Dunning, *, with_credit: bool = False) -> Decimal:
    """What the customer paid, and was credited, since he promised; `with_credit` also what is not matched yet.

    What was received before does not count, though it may have been entered later; nor does what was written off.
    """
    since = dunning.promised_at or dunning.opened_at
    first = timezone.localdate(since)
    paid = Payment.objects.filter(
        order__customer=dunning.customer_id,
        entered_at__gte=since,
        received_on__gte=first,
        reverses=None,
        reversal=None,
    ).exclude(method=WRITE_OFF)
    found: Decimal = paid.order_by().aggregate(found=Sum("amount"))["found"] or NONE
    notes = Invoice.objects.filter(customer=dunning.customer_id, status=Invoice.Status.CREDIT, entered_at__gte=since)
    found -= notes.order_by().aggregate(found=Sum("amount"))["found"] or NONE
    if with_credit:
        receipts = Receipt.objects.to_match().filter(customer=dunning.customer_id, received_on__gte=first).order_by()
        rest = receipts.aggregate(found=Sum(F("amount") - F("matched") - F("refunded")))["found"]
        found += rest or NONE
    return found


def is_kept(dunning: Dunning, *, with_credit: bool = False) -> bool:
    """Whether something was promised, and at least as much came in since."""
    if dunning.promised_on is None or dunning.promised_amount is None:
        return False
    return came_in(dunning, with_credit=with_credit) >= dunning.promised_amount
