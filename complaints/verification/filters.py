"""What verifications and scales can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.verification.models import Scale, Verification
from crm.choice_filters import AnyOfFilter
from crm.days import DayFilter, begins, until
from crm.key_filters import KeyFilter
from customers.filters import people
from customers.models import Customer
from pickup.stock.models import Warehouse


class VerificationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search"), method="find")
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

    def find(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """By its own number, by that of the complaint, or by the customer's name."""
        return rows.filter(
            Q(number__icontains=value)
            | Q(complaint__number__icontains=value)
            | Q(complaint__customer__name__icontains=value)
        )


class ScaleFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search"), method="find")
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

    def find(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """By number, place, or the number of the certificate."""
        found = Q(number__icontains=value) | Q(place__icontains=value) | Q(certificate_number__icontains=value)
        return rows.filter(found)
