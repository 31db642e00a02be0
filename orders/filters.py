"""What orders can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department
from crm.choice_filters import AnyOfFilter
from crm.days import DayFilter, begins, until
from crm.key_filters import KeyFilter
from customers.credit.exposure import OPEN, OVERDUE, OWED
from customers.filters import Searching, people
from customers.models import Customer
from orders.exposure import open_orders, overdue_now, owed_orders
from orders.models import Order, OrderType, Payment


class OrderFilter(Searching):
    status = AnyOfFilter(Order.Status)
    type = django_filters.ModelChoiceFilter(label=_("type"), queryset=OrderType.objects.all())
    owner = django_filters.ModelChoiceFilter(label=_("owner"), queryset=people)
    department = django_filters.ModelChoiceFilter(label=_("department"), queryset=Department.objects.all())
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    fulfilment = django_filters.ChoiceFilter(label=_("pickup or delivery"), choices=Order.Fulfilment.choices)
    wanted_from = django_filters.DateFilter(label=_("wanted from"), field_name="wanted_on", lookup_expr="gte")
    wanted_until = django_filters.DateFilter(label=_("wanted until"), field_name="wanted_on", lookup_expr="lte")
    counts = django_filters.ChoiceFilter(
        label=_("counts against the credit limit as"),
        choices=[(OPEN, _("open order")), (OWED, _("delivered and not paid")), (OVERDUE, _("overdue"))],
        method="by_counting",
    )
    received_from = DayFilter(label=_("order received from"), field_name="received_at", which=begins)
    received_until = DayFilter(label=_("order received until"), field_name="received_at", which=until)

    class Meta:
        model = Order
        fields: list[str] = []

    def by_counting(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return {OPEN: open_orders, OWED: owed_orders, OVERDUE: overdue_now}[value](rows)


class PaymentFilter(django_filters.FilterSet):
    order_id = KeyFilter(label=_("order"))
    method = django_filters.ChoiceFilter(label=_("method"), choices=Payment._meta.get_field("method").choices)
    received_from = django_filters.DateFilter(label=_("received from"), field_name="received_on", lookup_expr="gte")

    class Meta:
        model = Payment
        fields: list[str] = []
