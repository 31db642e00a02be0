"""What agreements can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.utils.translation import gettext_lazy as _

from complaints.compensation.models import Agreement
from complaints.models import Complaint
from crm.choice_filters import AnyOfFilter
from crm.key_filters import KeyFilter
from customers.models import Customer


class AgreementFilter(django_filters.FilterSet):
    status = AnyOfFilter(Agreement.Status)
    complaint = KeyFilter(Complaint, label=_("complaint"), field_name="complaint_id")
    customer = KeyFilter(Customer, label=_("customer"), field_name="complaint__customer_id")
    order_id = KeyFilter(label=_("order"))

    class Meta:
        model = Agreement
        fields: list[str] = []
