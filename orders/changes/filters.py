"""What changes, extensions and requests can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.choice_filters import AnyOfFilter
from crm.days import DayFilter, begins, until
from crm.key_filters import KeyFilter
from customers.filters import Searching, people
from customers.models import Customer
from orders.changes.models import Change, CustomerRequest, Extension


class ChangeFilter(Searching):
    status = AnyOfFilter(Change.Status)
    kind = AnyOfFilter(Change.Kind, label=_("what changes"))
    wish = django_filters.ChoiceFilter(label=_("initiated by"), choices=Change.Wish.choices)
    order_id = KeyFilter(label=_("order"))
    customer = KeyFilter(Customer, label=_("customer"), field_name="order__customer_id")
    drafted_by = django_filters.ModelChoiceFilter(label=_("drafted by"), queryset=people)
    drafted_from = DayFilter(label=_("drafted from"), field_name="drafted_at", which=begins)
    drafted_until = DayFilter(label=_("drafted until"), field_name="drafted_at", which=until)

    class Meta:
        model = Change
        fields: list[str] = []


class ExtensionFilter(Searching):
    status = AnyOfFilter(Extension.Status)
    cause = django_filters.ChoiceFilter(label=_("cause"), choices=Extension.Cause.choices)
    order_id = KeyFilter(label=_("order"))
    customer = KeyFilter(Customer, label=_("customer"), field_name="order__customer_id")
    reported_from = DayFilter(label=_("reported from"), field_name="reported_at", which=begins)
    reported_until = DayFilter(label=_("reported until"), field_name="reported_at", which=until)

    class Meta:
        model = Extension
        fields: list[str] = []


class RequestFilter(Searching):
    status = AnyOfFilter(CustomerRequest.Status)
    owner = django_filters.ModelChoiceFilter(label=_("who answers"), queryset=people)
    order_id = KeyFilter(label=_("order"))
    customer = KeyFilter(Customer, label=_("customer"), field_name="order__customer_id")

    class Meta:
        model = CustomerRequest
        fields: list[str] = []
