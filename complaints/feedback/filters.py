"""What feedback can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.utils.translation import gettext_lazy as _

from complaints.feedback.models import Feedback
from crm.accounts.models import Department
from crm.choice_filters import AnyOfFilter
from crm.days import DayFilter, begins, until
from crm.key_filters import KeyFilter
from customers.filters import Searching, people
from customers.models import Customer
from orders.catalog.models import Product


class FeedbackFilter(Searching):
    status = AnyOfFilter(Feedback.Status)
    kind = AnyOfFilter(Feedback.Kind, label=_("kind"))
    about = AnyOfFilter(Feedback.About, label=_("what it is about"))
    verdict = AnyOfFilter(Feedback.Verdict, label=_("verdict on it"))
    concerned = django_filters.ModelChoiceFilter(label=_("department concerned"), queryset=Department.objects.all())
    owner = django_filters.ModelChoiceFilter(label=_("owner"), queryset=people)
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    product = KeyFilter(Product, label=_("product"), field_name="product_id")
    order_id = KeyFilter(label=_("order"))
    received_from = DayFilter(label=_("came in from"), field_name="received_at", which=begins)
    received_until = DayFilter(label=_("came in until"), field_name="received_at", which=until)

    class Meta:
        model = Feedback
        fields: list[str] = []
