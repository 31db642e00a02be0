"""What invoices, receipts and dunning can be filtered by, on the page, through REST and in an export."""

from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department
from crm.choice_filters import AnyOfFilter
from crm.key_filters import KeyFilter
from customers.filters import Searching, people
from customers.models import Customer
from orders.payments.ages import AGES, age_condition
from orders.payments.models import BankAccount, Dunning, Invoice, Match, Receipt, WriteOff


class InvoiceFilter(Searching):
    status = AnyOfFilter(Invoice.Status)
    age = AnyOfFilter([(each.key, each.label) for each in AGES], label=_("age"), method="aged")
    kind = django_filters.ChoiceFilter(label=_("kind of invoice"), choices=Invoice.Kind.choices)
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    order_id = KeyFilter(label=_("order"))
    history = django_filters.BooleanFilter(label=_("of orders taken over"), field_name="order__history")
    owner = django_filters.ModelChoiceFilter(label=_("owner"), queryset=people, field_name="customer__owner")
    department = django_filters.ModelChoiceFilter(
        label=_("department"), queryset=Department.objects.all(), field_name="customer__department"
    )
    due_from = django_filters.DateFilter(label=_("due from"), field_name="due_on", lookup_expr="gte")
    due_until = django_filters.DateFilter(label=_("due until"), field_name="due_on", lookup_expr="lte")
    issued_from = django_filters.DateFilter(label=_("issued from"), field_name="issued_on", lookup_expr="gte")
    issued_until = django_filters.DateFilter(label=_("issued until"), field_name="issued_on", lookup_expr="lte")

    class Meta:
        model = Invoice
        fields: list[str] = []

    def aged(self, rows: Any, name: str, value: list[str]) -> Any:
        """Open invoices of the ages that were chosen."""
        wanted = Q()
        for key in value:
            wanted |= age_condition(key)
        return rows.filter(wanted, status=Invoice.Status.OPEN) if value else rows


class ReceiptFilter(Searching):
    status = AnyOfFilter(Receipt.Status)
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    account = django_filters.ModelChoiceFilter(label=_("own account"), queryset=BankAccount.objects.all())
    received_from = django_filters.DateFilter(label=_("received from"), field_name="received_on", lookup_expr="gte")
    received_until = django_filters.DateFilter(label=_("received until"), field_name="received_on", lookup_expr="lte")
    payer = django_filters.CharFilter(label=_("payer"), field_name="payer_name", lookup_expr="icontains")
    serial = django_filters.CharFilter(label=_("bank's serial number"))

    class Meta:
        model = Receipt
        fields: list[str] = []


class MatchFilter(django_filters.FilterSet):
    receipt = KeyFilter(Receipt, label=_("receipt"), field_name="receipt_id")
    order_id = KeyFilter(label=_("order"))

    class Meta:
        model = Match
        fields: list[str] = []


class WriteOffFilter(django_filters.FilterSet):
    order_id = KeyFilter(label=_("order"))
    customer = KeyFilter(Customer, label=_("customer"), field_name="order__customer_id")

    class Meta:
        model = WriteOff
        fields: list[str] = []


class DunningFilter(Searching):
    status = AnyOfFilter(Dunning.Status)
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    owner = django_filters.ModelChoiceFilter(label=_("owner"), queryset=people)
    department = django_filters.ModelChoiceFilter(label=_("department"), queryset=Department.objects.all())
    promised_until = django_filters.DateFilter(label=_("promised until"), field_name="promised_on", lookup_expr="lte")

    class Meta:
        model = Dunning
        fields: list[str] = []
