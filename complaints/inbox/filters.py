"""What messages can be filtered by."""

from django.utils.translation import gettext_lazy as _

from complaints.inbox.models import Incoming
from crm.choice_filters import AnyOfFilter
from crm.days import DayFilter, begins, until
from crm.key_filters import KeyFilter
from customers.filters import Searching
from customers.models import Customer


class IncomingFilter(Searching):
    status = AnyOfFilter(Incoming.Status)
    channel = AnyOfFilter(Incoming.Channel, label=_("how it came"))
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    complaint_id = KeyFilter(label=_("complaint"))
    received_from = DayFilter(label=_("came in from"), field_name="received_at", which=begins)
    received_until = DayFilter(label=_("came in until"), field_name="received_at", which=until)

    class Meta:
        model = Incoming
        fields: list[str] = []
