"""What proposed tiers and their changes can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department
from crm.choice_filters import AnyOfFilter
from crm.days import DayFilter, begins, until
from crm.key_filters import KeyFilter
from crm.records.search import search
from customers.filters import people
from customers.models import Customer
from customers.tiers.models import Proposal, TierChange


class OfCustomers(django_filters.FilterSet):
    """Quick search by the customer."""

    q = django_filters.CharFilter(label=_("Search"), method="find")

    def find(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Those of the customers that are found by name, pinyin, initials, number or phone."""
        return rows.filter(customer__in=search(Customer.objects.all(), value).order_by().values("pk"))


class ProposalFilter(OfCustomers):
    status = AnyOfFilter(Proposal.Status)
    before = django_filters.ChoiceFilter(label=_("tier now"), choices=Customer.Tier.choices)
    tier = django_filters.ChoiceFilter(label=_("proposed tier"), choices=Customer.Tier.choices)
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    owner = django_filters.ModelChoiceFilter(label=_("owner"), field_name="customer__owner", queryset=people)
    department = django_filters.ModelChoiceFilter(
        label=_("department"), field_name="customer__department", queryset=Department.objects.all()
    )

    class Meta:
        model = Proposal
        fields: list[str] = []


class TierChangeFilter(OfCustomers):
    after = django_filters.ChoiceFilter(label=_("tier after"), choices=Customer.Tier.choices)
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    by = django_filters.ModelChoiceFilter(label=_("by"), queryset=people)
    since = DayFilter(label=_("since"), field_name="at", which=begins)
    until = DayFilter(label=_("until"), field_name="at", which=until)

    class Meta:
        model = TierChange
        fields: list[str] = []
