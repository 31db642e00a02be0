"""What complaints can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.forms import causes
from complaints.models import Category, Complaint
from crm.accounts.models import Department
from crm.choice_filters import AnyOfFilter
from crm.days import DayFilter, begins, until
from crm.key_filters import KeyFilter
from customers.filters import Searching, people
from customers.models import Customer
from orders.catalog.models import Product


def all_causes(request: object) -> object:
    """The causes in use, as a filter offers them."""
    return causes()


class ComplaintFilter(Searching):
    status = AnyOfFilter(Complaint.Status)
    category = AnyOfFilter(Category, label=_("category"))
    severity = AnyOfFilter(Complaint.Severity, label=_("severity"))
    owner = django_filters.ModelChoiceFilter(label=_("owner"), queryset=people)
    lead = django_filters.ModelChoiceFilter(label=_("lead of the team"), queryset=people)
    responsible = django_filters.ModelChoiceFilter(label=_("responsible department"), queryset=Department.objects.all())
    cause = django_filters.ModelChoiceFilter(label=_("cause"), queryset=all_causes)
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    product = KeyFilter(Product, label=_("product"), field_name="product_id")
    batch = django_filters.CharFilter(label=_("batch"))
    order_id = KeyFilter(label=_("order"))
    pickup_id = KeyFilter(label=_("pickup"))
    reopened = django_filters.BooleanFilter(label=_("reopened"), method="by_rounds")
    received_from = DayFilter(label=_("came in from"), field_name="received_at", which=begins)
    received_until = DayFilter(label=_("came in until"), field_name="received_at", which=until)

    class Meta:
        model = Complaint
        fields: list[str] = []

    def by_rounds(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        """Those that went round again, or did not."""
        return rows.filter(round__gt=1) if value else rows.filter(round=1)
