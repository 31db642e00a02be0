"""What advances can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.choice_filters import AnyOfFilter
from crm.days import DayFilter, begins, until
from crm.key_filters import KeyFilter
from customers.filters import Searching
from customers.models import Customer
from orders.advances.models import Advance


class AdvanceFilter(Searching):
    status = AnyOfFilter(Advance.Status)
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    order_id = KeyFilter(label=_("order"))
    promised_from = django_filters.DateFilter(label=_("promised from"), field_name="promised_on", lookup_expr="gte")
    promised_until = django_filters.DateFilter(label=_("promised until"), field_name="promised_on", lookup_expr="lte")
    granted_from = DayFilter(label=_("granted from"), field_name="granted_at", which=begins)
    granted_until = DayFilter(label=_("granted until"), field_name="granted_at", which=until)
    broken_from = DayFilter(label=_("promise broken from"), field_name="broken_at", which=begins)
    broken_until = DayFilter(label=_("promise broken until"), field_name="broken_at", which=until)

    class Meta:
        model = Advance
        fields: list[str] = []
