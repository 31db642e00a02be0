"""What approvals can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from crm.approvals.chains import verb_choices
from crm.approvals.models import ApprovalRequest, Task
from crm.choice_filters import AnyOfFilter


class TaskFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search"), method="find")
    status = AnyOfFilter(Task.Status)
    verb = django_filters.ChoiceFilter(
        label=_("what is to be approved"), field_name="request__verb", choices=lazy(verb_choices, list)()
    )
    amount_from = django_filters.NumberFilter(label=_("amount from"), field_name="request__amount", lookup_expr="gte")
    amount_to = django_filters.NumberFilter(label=_("amount up to"), field_name="request__amount", lookup_expr="lte")

    class Meta:
        model = Task
        fields: list[str] = []

    def find(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """By number, or by what it is about."""
        return rows.filter(Q(request__number__icontains=value) | Q(request__title__icontains=value))


class RequestFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search"), method="find")
    status = AnyOfFilter(ApprovalRequest.Status)
    verb = django_filters.ChoiceFilter(label=_("what is to be approved"), choices=lazy(verb_choices, list)())

    class Meta:
        model = ApprovalRequest
        fields: list[str] = []

    def find(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """By number, or by what it is about."""
        return rows.filter(Q(number__icontains=value) | Q(title__icontains=value))
