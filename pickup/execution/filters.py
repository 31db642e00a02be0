"""What reports and subscriptions can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.utils.translation import gettext_lazy as _

from customers.filters import people
from pickup.execution.models import Report, Subscription


class ReportFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search"), field_name="number", lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(label=_("kind of report"), choices=Report.Kind.choices)
    status = django_filters.ChoiceFilter(label=_("state"), choices=Report.Status.choices)
    since = django_filters.DateFilter(label=_("days from"), field_name="last", lookup_expr="gte")
    until = django_filters.DateFilter(label=_("days until"), field_name="last", lookup_expr="lte")

    class Meta:
        model = Report
        fields: list[str] = []


class SubscriptionFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("kind of report"), choices=Report.Kind.choices)
    status = django_filters.ChoiceFilter(label=_("state"), choices=Subscription.Status.choices)
    user = django_filters.ModelChoiceFilter(label=_("who"), queryset=people)

    class Meta:
        model = Subscription
        fields: list[str] = []
