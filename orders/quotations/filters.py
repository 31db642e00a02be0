"""What samples and quotations can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department
from crm.choice_filters import AnyOfFilter
from crm.days import DayFilter, begins, until
from crm.key_filters import KeyFilter
from customers.filters import Searching, people
from customers.models import Customer
from orders.quotations.models import Quotation, Sample


class QuotationFilter(Searching):
    status = AnyOfFilter(Quotation.Status)
    owner = django_filters.ModelChoiceFilter(label=_("owner"), queryset=people)
    department = django_filters.ModelChoiceFilter(label=_("department"), queryset=Department.objects.all())
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    inquiry_id = KeyFilter(label=_("inquiry"))
    order_id = KeyFilter(label=_("order"))
    low_price = django_filters.BooleanFilter(label=_("a price is below the lowest"))
    valid_from = django_filters.DateFilter(label=_("valid at least until"), field_name="valid_until", lookup_expr="gte")
    valid_until = django_filters.DateFilter(label=_("valid at most until"), field_name="valid_until", lookup_expr="lte")
    sent_from = DayFilter(label=_("first sent from"), field_name="offered_at", which=begins)
    sent_until = DayFilter(label=_("first sent until"), field_name="offered_at", which=until)

    class Meta:
        model = Quotation
        fields: list[str] = []


class SampleFilter(Searching):
    status = AnyOfFilter(Sample.Status)
    owner = django_filters.ModelChoiceFilter(label=_("owner"), queryset=people)
    maker = django_filters.ModelChoiceFilter(label=_("who makes it"), queryset=people)
    department = django_filters.ModelChoiceFilter(label=_("department"), queryset=Department.objects.all())
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    inquiry_id = KeyFilter(label=_("inquiry"))
    order_id = KeyFilter(label=_("order"))
    wanted_from = django_filters.DateFilter(label=_("wanted from"), field_name="wanted_on", lookup_expr="gte")
    wanted_until = django_filters.DateFilter(label=_("wanted until"), field_name="wanted_on", lookup_expr="lte")

    class Meta:
        model = Sample
        fields: list[str] = []
