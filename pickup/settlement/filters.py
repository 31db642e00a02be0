"""What settlements can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.choice_filters import AnyOfFilter
from crm.key_filters import KeyFilter
from customers.filters import Searching, people
from customers.models import Customer
from pickup.settlement.models import InvoiceMemo, Statement


class StatementFilter(Searching):
    status = AnyOfFilter(Statement.Status)
    owner = django_filters.ModelChoiceFilter(label=_("owner"), field_name="order__owner", queryset=people)
    customer = KeyFilter(Customer, label=_("customer"), field_name="order__customer_id")
    order_id = KeyFilter(label=_("order"))

    class Meta:
        model = Statement
        fields: list[str] = []


class MemoFilter(Searching):
    status = AnyOfFilter(InvoiceMemo.Status)
    kind = django_filters.ChoiceFilter(label=_("kind of invoice"), choices=InvoiceMemo.Kind.choices)
    customer = KeyFilter(Customer, label=_("customer"), field_name="order__customer_id")
    order_id = KeyFilter(label=_("order"))
    statement_id = KeyFilter(label=_("statement"))

    class Meta:
        model = InvoiceMemo
        fields: list[str] = []
