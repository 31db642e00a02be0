"""What verifications and scales can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.utils.translation import gettext_lazy as _

from complaints.verification.models import Scale, Verification
from crm.choice_filters import AnyOfFilter
from crm.days import DayFilter, begins, until
from crm.key_filters import KeyFilter
from customers.filters import people
from customers.models import Customer
from pickup.stock.models import Warehouse


class VerificationFilter(django_filters.FilterSet):
    status = AnyOfFilter(Verification.Status)
    kind = AnyOfFilter(Verification.Kind, label=_("procedure"))
    number = django_filters.CharFilter(label=_("verification number"))
    customer = KeyFilter(Customer, label=_("customer"), field_name="complaint__customer_id")
    complaint_id = KeyFilter(label=_("complaint"))
    scale_id = KeyFilter(Scale, label=_("scale"))
    opened_from = DayFilter(label=_("opened from"), field_name="opened_at", which=begins)
    opened_until = DayFilter(label=_("opened until"), field_name="opened_at", which=until)

    class Meta:
        model = Verification
        fields: list[str] = []


class ScaleFilter(django_filters.FilterSet):
    status = AnyOfFilter(Scale.Status)
    number = django_filters.CharFilter(label=_("number of the scale"), lookup_expr="icontains")
    kind = AnyOfFilter(Scale.Kind, label=_("kind of scale"))
    warehouse = KeyFilter(Warehouse, label=_("warehouse"), field_name="warehouse_id")
    owner = django_filters.ModelChoiceFilter(label=_("weighbridge head"), queryset=people)
    valid_before = django_filters.DateFilter(
        label=_("certificate expires before"), field_name="valid_until", lookup_expr="lt"
    )

    class Meta:
        model = Scale
        fields: list[str] = []
