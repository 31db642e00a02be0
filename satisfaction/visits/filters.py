"""What return visits can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.choice_filters import AnyOfFilter
from crm.key_filters import KeyFilter
from customers.filters import Searching, people
from customers.models import Customer
from satisfaction.models.sheet import LEVELS
from satisfaction.visits.models import Visit


class VisitFilter(Searching):
    status = AnyOfFilter(Visit.Status)
    occasion = AnyOfFilter(Visit.Occasion)
    level = AnyOfFilter(LEVELS, label=_("how satisfied he is"))
    quarter = django_filters.DateFilter(label=_("first day of the quarter"))
    owner = django_filters.ModelChoiceFilter(label=_("owner"), queryset=people)
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")

    class Meta:
        model = Visit
        fields: list[str] = []
