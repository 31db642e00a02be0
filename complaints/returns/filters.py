"""What returns can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.utils.translation import gettext_lazy as _

from complaints.returns.models import ReturnNotice
from crm.choice_filters import AnyOfFilter
from crm.key_filters import KeyFilter
from customers.filters import Searching
from customers.models import Customer
from pickup.stock.models import Warehouse


class ReturnFilter(Searching):
    status = AnyOfFilter(ReturnNotice.Status)
    warehouse = django_filters.ModelChoiceFilter(label=_("comes back to"), queryset=Warehouse.objects.all())
    customer = KeyFilter(Customer, label=_("customer"), field_name="complaint__customer_id")
    complaint_id = KeyFilter(label=_("complaint"))
    order_id = KeyFilter(label=_("order"))

    class Meta:
        model = ReturnNotice
        fields: list[str] = []
