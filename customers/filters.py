"""What customers can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department, User
from crm.choice_filters import AnyOfFilter
from crm.days import DayFilter, before, begins
from crm.key_filters import KeyFilter
from crm.records.search import search
from customers.models import ChangeReport, Contact, ContactEntry, Customer, Note, Task


class Searching(django_filters.FilterSet):
    """Quick search by name, pinyin, initials, number or phone."""

    q = django_filters.CharFilter(label=_("Search"), method="find")

    def find(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return search(rows, value)


def people(request: object) -> QuerySet:
    """Colleagues, as a filter offers them."""
    return User.objects.filter(kind=User.Kind.PERSON, is_active=True)


class CustomerFilter(Searching):
    status = AnyOfFilter(Customer.Status, label=_("relation"))
    tier = AnyOfFilter(Customer.Tier, label=_("tier"))
    payment_terms = django_filters.ChoiceFilter(label=_("payment terms"), choices=Customer.Terms.choices)
    supply_suspended = django_filters.BooleanFilter(label=_("supply suspended"))
    owner = django_filters.ModelChoiceFilter(label=_("owner"), queryset=people)
    department = django_filters.ModelChoiceFilter(label=_("department"), queryset=Department.objects.all())
    region = django_filters.CharFilter(label=_("region"), lookup_expr="istartswith")
    phone = django_filters.CharFilter(label=_("phone of a contact"), method="by_phone")
    verified_before = DayFilter(label=_("last verified before"), field_name="verified_at", which=before)

    class Meta:
        model = Customer
        fields: list[str] = []

    def by_phone(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        contacts = Contact.objects.filter(mobile=value) | Contact.objects.filter(phone=value)
        return rows.filter(pk__in=contacts.values("customer"))


class NoteFilter(django_filters.FilterSet):
    status = AnyOfFilter(Note.Status)
    source = django_filters.ChoiceFilter(label=_("learned from"), choices=Note.Source.choices)
    owner = django_filters.ModelChoiceFilter(label=_("owner"), queryset=people)

    class Meta:
        model = Note
        fields: list[str] = []


class ChangeReportFilter(django_filters.FilterSet):
    status = AnyOfFilter(ChangeReport.Status)
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")

    class Meta:
        model = ChangeReport
        fields: list[str] = []


class OfCustomerFilter(django_filters.FilterSet):
    """What belongs to one customer."""

    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")


class ContactFilter(OfCustomerFilter):
    phone = django_filters.CharFilter(label=_("phone"), method="by_phone")
    active = django_filters.BooleanFilter(label=_("still there"))

    class Meta:
        model = Contact
        fields: list[str] = []

    def by_phone(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(mobile=value) | rows.filter(phone=value)


class ContactEntryFilter(OfCustomerFilter):
    channel = django_filters.ChoiceFilter(label=_("channel"), choices=ContactEntry._meta.get_field("channel").choices)
    by = django_filters.ModelChoiceFilter(label=_("by"), queryset=people)
    since = DayFilter(label=_("since"), field_name="at", which=begins)

    class Meta:
        model = ContactEntry
        fields: list[str] = []


class TaskFilter(OfCustomerFilter):
    status = AnyOfFilter(Task.Status)
    owner = django_filters.ModelChoiceFilter(label=_("owner"), queryset=people)
    due_before = django_filters.DateFilter(label=_("due before"), field_name="due_on", lookup_expr="lt")

    class Meta:
        model = Task
        fields: list[str] = []
