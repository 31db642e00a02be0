"""What pickups can be filtered by."""

from datetime import date

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.choice_filters import AnyOfFilter
from crm.days import DayFilter, begins, until
from crm.key_filters import KeyFilter
from customers.filters import Searching
from customers.models import Customer
from pickup.models import Authority, Pickup, Record, Window
from pickup.stock.models import Warehouse


class PickupFilter(django_filters.FilterSet):
    status = AnyOfFilter(Pickup.Status)
    warehouse = django_filters.ModelChoiceFilter(label=_("warehouse"), queryset=Warehouse.objects.all())
    order_id = KeyFilter(label=_("order"))
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    day = DayFilter(label=_("day"), field_name="window__starts_at")
    window = KeyFilter(label=_("window"), field_name="window_id")

    class Meta:
        model = Pickup
        fields: list[str] = []


class RecordFilter(Searching):
    kind = django_filters.ChoiceFilter(label=_("kind"), choices=Record.Kind.choices)
    pickup = KeyFilter(label=_("pickup"), field_name="pickup_id")
    warehouse = django_filters.ModelChoiceFilter(
        label=_("warehouse"), queryset=Warehouse.objects.all(), field_name="pickup__warehouse"
    )
    since = DayFilter(label=_("since"), field_name="at", which=begins)
    until = DayFilter(label=_("until"), field_name="at", which=until)

    class Meta:
        model = Record
        fields: list[str] = []


class AuthorityFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(label=_("state"), choices=Authority.Status.choices)
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    pickup = KeyFilter(label=_("pickup"), field_name="pickup_id")
    holds_on = django_filters.DateFilter(label=_("valid on"), method="holding")

    class Meta:
        model = Authority
        fields: list[str] = []

    def holding(self, rows: QuerySet, name: str, day: date) -> QuerySet:
        """The letters that hold on a day."""
        return rows.filter(status=Authority.Status.VALID, valid_from__lte=day, valid_until__gte=day)


class WindowFilter(django_filters.FilterSet):
    warehouse = django_filters.ModelChoiceFilter(label=_("warehouse"), queryset=Warehouse.objects.all())
    since = DayFilter(label=_("from"), field_name="starts_at", which=begins)

    class Meta:
        model = Window
        fields: list[str] = []
