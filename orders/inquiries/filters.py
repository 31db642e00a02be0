"""What inquiries can be filtered by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.choice_filters import AnyOfFilter
from crm.days import DayFilter, begins
from crm.key_filters import KeyFilter
from customers.filters import Searching, people
from customers.models import Customer
from orders.inquiries.models import Inquiry


class InquiryFilter(Searching):
    status = AnyOfFilter(Inquiry.Status)
    channel = AnyOfFilter(Inquiry.Channel, label=_("channel"))
    urgent = django_filters.BooleanFilter(label=_("urgent"))
    owner = django_filters.ModelChoiceFilter(label=_("who answers"), queryset=people)
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    since = DayFilter(label=_("received since"), field_name="received_at", which=begins)

    class Meta:
        model = Inquiry
        fields: list[str] = []
