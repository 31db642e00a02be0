"""What meetings, their tasks, help requests and joint handlings can be filtered by, on the page and through REST."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department
from crm.choice_filters import AnyOfFilter
from crm.days import DayFilter, begins, until
from crm.key_filters import KeyFilter
from crm.records.search import search
from customers.filters import Searching, people
from customers.models import Customer
from orders.coordination.models import HelpRequest, JointHandling, MeetingTask, OrderMeeting
from orders.models import Order


class MeetingFilter(Searching):
    status = AnyOfFilter(OrderMeeting.Status)
    meets_from = DayFilter(label=_("meets from"), field_name="meets_at", which=begins)
    meets_until = DayFilter(label=_("meets until"), field_name="meets_at", which=until)

    class Meta:
        model = OrderMeeting
        fields: list[str] = []


class MeetingTaskFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search"), field_name="what", lookup_expr="icontains")
    status = AnyOfFilter(MeetingTask.Status)
    owner = django_filters.ModelChoiceFilter(label=_("owner"), queryset=people)
    meeting = KeyFilter(OrderMeeting, label=_("order meeting"), field_name="meeting_id")
    due_before = django_filters.DateFilter(label=_("due before"), field_name="due_on", lookup_expr="lt")

    class Meta:
        model = MeetingTask
        fields: list[str] = []


class OfOrderFilter(django_filters.FilterSet):
    """What belongs to an order, and so to a customer."""

    order_id = KeyFilter(label=_("order"))
    customer = KeyFilter(Customer, label=_("customer"), field_name="order__customer_id")


class HelpFilter(Searching, OfOrderFilter):
    status = AnyOfFilter(HelpRequest.Status)
    department = django_filters.ModelChoiceFilter(label=_("department"), queryset=Department.objects.all())
    asked_by = django_filters.ModelChoiceFilter(label=_("asked by"), queryset=people)
    needed_until = django_filters.DateFilter(label=_("needed until"), field_name="needed_on", lookup_expr="lte")

    class Meta:
        model = HelpRequest
        fields: list[str] = []


class JointFilter(OfOrderFilter):
    q = django_filters.CharFilter(label=_("Search"), method="find")
    status = AnyOfFilter(JointHandling.Status)
    lead = django_filters.ModelChoiceFilter(label=_("lead"), queryset=people)

    class Meta:
        model = JointHandling
        fields: list[str] = []

    def find(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Those of the orders that are found by number, project or customer."""
        return rows.filter(order__in=search(Order.objects.all(), value).order_by().values("pk"))
