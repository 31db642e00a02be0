"""What a customer's own application leaves to be found out."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from orders.applications.models import SentForm
from orders.findings import Finding, check
from orders.models import Order


@check
def described_goods(order: Order) -> Iterator[Finding]:
    """Goods that the customer described in his own words: whether the lines hold them now is for a person to judge."""
    form = SentForm.objects.filter(order=order).only("content").first()
    if form and form.wishes:
        goods = "; ".join(line["what"] for line in form.wishes)
        sentence = _("The customer described goods that are on no list: %(goods)s. See whether the lines hold them.")
        yield Finding("described", sentence % {"goods": goods})
