"""The lists of credit, declared once for page, REST and export."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.listing import Column, Listing, View
from customers.credit.filters import AlertFilter, AssessmentFilter, StandingFilter
from customers.credit.models import Alert, Assessment, Standing
from customers.models import Customer

ON_ACCOUNT = Customer.Terms.CREDIT

STANDINGS = Listing(
    "credit-standings",
    Standing,
    _("Credit standing"),
    [
        Column("customer", _("Customer"), source="customer__name", kind="link"),
        Column("rating", _("Rating"), kind="choice", sortable=True),
        Column("limit", _("Credit limit"), kind="money", sortable=True),
        Column("used", _("Used"), kind="money", sortable=True),
        Column("free", _("Free"), kind="money", sortable=True),
        Column("overdue", _("Overdue"), kind="money", sortable=True),
        Column("valid_until", _("Valid until"), kind="date"),
        Column("owner", _("Owner"), source="customer__owner__name", kind="name"),
        Column("looked_at", _("As of"), kind="datetime"),
        Column("open_orders", _("Open orders"), kind="money", shown=False),
        Column("owed", _("Delivered and not paid"), kind="money", shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
    ],
    StandingFilter,
    order="-used",
    tabs=[
        View("beyond", _("Beyond the limit"), lambda user: Q(used__gt=F("limit"))),
        View("overdue", _("Overdue"), lambda user: Q(overdue__gt=0)),
        View(
            "unassessed",
            _("Without a valid assessment"),
            lambda user: (
                Q(customer__payment_terms=ON_ACCOUNT) & (Q(valid_until=None) | Q(valid_until__lt=clock.today()))
            ),
            asks="credit.assess_customer",
        ),
        View("mine", _("Mine"), lambda user: Q(customer__owner=user)),
    ],
    creates=["credit.set_up_ratings"],
    empty=_("Nobody is rated yet. The amounts of customers on account are calculated each night."),
)

ASSESSMENTS = Listing(
    "assessments",
    Assessment,
    _("Credit assessments"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("customer", _("Customer"), source="customer__name"),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("score", _("Score")),
        Column("rating", _("Rating"), kind="choice"),
        Column("limit", _("Credit limit"), kind="money"),
        Column("valid_until", _("Valid until"), kind="date"),
        Column("assessed_by", _("Assessed by"), source="assessed_by__name", kind="name"),
        Column("assessed_at", _("Assessed"), kind="datetime"),
        Column("in_force_at", _("In force since"), kind="datetime", shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
    ],
    AssessmentFilter,
    tabs=[
        View("proposed", _("To be decided"), lambda user: Q(status=Assessment.Status.PROPOSED)),
        View("force", _("In force"), lambda user: Q(status=Assessment.Status.IN_FORCE)),
        View("mine", _("Made by me"), lambda user: Q(assessed_by=user)),
    ],
    empty=_("No assessments yet. One is made on a customer's page."),
)

ALERTS = Listing(
    "credit-alerts",
    Alert,
    _("Credit alerts"),
    [
        Column("sign", _("Sign"), kind="choice"),
        Column("customer", _("Customer"), source="customer__name", kind="link"),
        Column("status", _("State"), kind="status"),
        Column("rating", _("Rating"), kind="choice"),
        Column("used", _("Used"), kind="money"),
        Column("limit", _("Credit limit"), kind="money"),
        Column("overdue", _("Overdue"), kind="money"),
        Column("raised_at", _("Raised"), kind="datetime"),
        Column("done", _("How it was dealt with"), kind="choice"),
        Column("words", _("In words"), shown=False),
        Column("settled_by", _("Dealt with by"), source="settled_by__name", kind="name", shown=False),
        Column("settled_at", _("Dealt with at"), kind="datetime", shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
    ],
    AlertFilter,
    tabs=[
        View("open", _("To be dealt with"), lambda user: Q(status=Alert.Status.OPEN), asks="credit.settle_alert"),
        View("settled", _("Dealt with"), lambda user: Q(status=Alert.Status.SETTLED)),
    ],
    empty=_("No alerts. Customers on account are looked at each night."),
)
