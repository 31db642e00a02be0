"""What credit can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.choice_filters import AnyOfFilter
from crm.key_filters import KeyFilter
from customers.credit.models import Alert, Assessment, Rating, Standing
from customers.filters import Searching, people
from customers.models import Customer


class StandingFilter(django_filters.FilterSet):
    rating = AnyOfFilter(Rating, label=_("rating"))
    payment_terms = django_filters.ChoiceFilter(
        label=_("payment terms"), field_name="customer__payment_terms", choices=Customer.Terms.choices
    )
    owner = django_filters.ModelChoiceFilter(label=_("owner"), field_name="customer__owner", queryset=people)
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    valid_before = django_filters.DateFilter(label=_("valid until before"), field_name="valid_until", lookup_expr="lt")

    class Meta:
        model = Standing
        fields: list[str] = []


class AssessmentFilter(Searching):
    status = AnyOfFilter(Assessment.Status)
    rating = AnyOfFilter(Rating, label=_("rating"))
    assessed_by = django_filters.ModelChoiceFilter(label=_("assessed by"), queryset=people)
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")

    class Meta:
        model = Assessment
        fields: list[str] = []


class AlertFilter(django_filters.FilterSet):
    status = AnyOfFilter(Alert.Status)
    sign = AnyOfFilter(Alert.Sign, label=_("sign"))
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")

    class Meta:
        model = Alert
        fields: list[str] = []
