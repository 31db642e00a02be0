"""What contracts can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department
from crm.choice_filters import AnyOfFilter
from crm.key_filters import KeyFilter
from customers.filters import Searching, people
from customers.models import Customer
from orders.contracts.models import Contract, Requirement, ShipmentRequest, Supplement


class ContractFilter(Searching):
    status = AnyOfFilter(Contract.Status)
    kind = django_filters.ChoiceFilter(label=_("class"), choices=Contract.Kind.choices)
    owner = django_filters.ModelChoiceFilter(label=_("owner"), queryset=people)
    department = django_filters.ModelChoiceFilter(label=_("department"), queryset=Department.objects.all())
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    order_id = KeyFilter(label=_("order"))
    delivery_from = django_filters.DateFilter(
        label=_("contract date from"), field_name="delivery_on", lookup_expr="gte"
    )
    delivery_until = django_filters.DateFilter(
        label=_("contract date until"), field_name="delivery_on", lookup_expr="lte"
    )

    class Meta:
        model = Contract
        fields: list[str] = []


class RequirementFilter(django_filters.FilterSet):
    status = AnyOfFilter(Requirement.Status)
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    order_id = KeyFilter(label=_("order"))

    class Meta:
        model = Requirement
        fields: list[str] = []


class SupplementFilter(django_filters.FilterSet):
    status = AnyOfFilter(Supplement.Status)
    contract = KeyFilter(Contract, label=_("contract"), field_name="contract_id")

    class Meta:
        model = Supplement
        fields: list[str] = []


class ShipmentFilter(django_filters.FilterSet):
    status = AnyOfFilter(ShipmentRequest.Status)
    contract = KeyFilter(Contract, label=_("contract"), field_name="contract_id")

    class Meta:
        model = ShipmentRequest
        fields: list[str] = []
