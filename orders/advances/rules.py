"""The time limits of advances."""

from django.utils.translation import gettext_lazy as _

from crm.deadlines.rules import Rule
from orders.advances.models import Advance

Rule(
    "advance.promise",
    "KC 5.1.11.1",
    label=_("Get the promised payment for goods that left ahead of it"),
    on=Advance,
    during=set(Advance.PROMISED),
    when=lambda advance: advance.used_at is not None,
    due="promised_on",
    who="order.owner",
    met_by="advances.settle_advance",
    late="advances.break_promise",
    warn="1 wd",
)
