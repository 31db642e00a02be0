"""The time limits of applications that customers filled in."""

from django.utils.translation import gettext_lazy as _

from crm.deadlines.rules import Rule
from orders.applications.models import SentForm
from orders.models import Order

Rule(
    "application.complete",
    "JD 2.2",
    label=_("Complete a customer's application"),
    on=Order,
    during={Order.Status.DRAFT},
    when=lambda order: SentForm.objects.filter(order=order).exists(),
    since="received_at",
    who="applied_by",
    met_by="orders.submit_order",
    limit="1 wd",
)
