"""The lists of orders and payments, declared once for page, REST and export."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.deadlines.models import Deadline, DeadlineQuerySet
from crm.listing import Column, Listing, View
from customers.models import Customer
from orders.filters import OrderFilter, PaymentFilter
from orders.models import OVERPAID, UNPAID, Order, Payment

S = Order.Status
ENDED = [S.CLOSED, S.CANCELLED]
PROGRESS = "order.progress"  # the rule that asks for reports


def late_reports() -> DeadlineQuerySet:
    """The deadlines of progress reports that are over."""
    return Deadline.objects.open().filter(rule=PROGRESS, paused_at=None, due_at__lt=clock.now())


ORDERS = Listing(
    "orders",
    Order,
    _("Orders"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("customer", _("Customer"), source="customer__name"),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("owner", _("Owner"), source="owner__name", kind="name"),
        Column("wanted_on", _("Wanted on"), kind="date", sortable=True),
        Column("total", _("Total with tax"), kind="money", sortable=True),
        Column("paid", _("Paid"), kind="money"),
        Column("received_at", _("Received"), kind="datetime", sortable=True),
        Column("tier", _("Tier"), source="customer__tier", kind="choice", shown=False),
        Column("priority", _("Priority"), kind="number", sortable=True, shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
        Column("type", _("Type"), source="type__name", kind="name", shown=False),
        Column("reference", _("Customer's order number"), shown=False),
        Column("project", _("Project"), shown=False),
        Column("fulfilment", _("Pickup or delivery"), kind="choice", shown=False),
        Column("payment_terms", _("Payment terms"), kind="choice", shown=False),
        Column("tax", _("Tax in it"), kind="money", shown=False),
        Column("settled", _("Total as reconciled"), kind="money", shown=False),
        Column("allowance", _("Taken off by agreement"), kind="money", shown=False),
        Column("department", _("Department"), source="department__name", kind="name", shown=False),
    ],
    OrderFilter,
    tabs=[
        View("mine", _("Mine"), lambda user: Q(owner=user) & ~Q(status__in=ENDED)),
        View("review", _("In review"), lambda user: Q(status=S.SUBMITTED), asks="orders.pass_review"),
        View("allocate", _("To be allocated"), lambda user: Q(status=S.REVIEWED), asks="orders.allocate_order"),
        View(
            "vip",
            _("VIP and key"),
            lambda user: Q(customer__tier__in=[Customer.Tier.VIP, Customer.Tier.KEY]) & ~Q(status__in=ENDED),
        ),
        View("confirm", _("To be confirmed"), lambda user: Q(status=S.ACCEPTED), asks="orders.confirm_order"),
        View(
            "unreported",
            _("Report is late"),
            lambda user: Q(pk__in=late_reports().values("subject_pk")),
        ),
        View("applied", _("Applied for by me"), lambda user: Q(applied_by=user) & ~Q(status__in=ENDED)),
        View(
            "late",
            _("Wanted before today"),
            lambda user: Q(wanted_on__lt=clock.today()) & ~Q(status__in=[*ENDED, S.SIGNED_OFF]),
        ),
        View(
            "unpaid",
            _("Not paid in full"),
            lambda user: UNPAID,
            asks="orders.enter_payment",
        ),
        View("overpaid", _("Paid too much"), lambda user: OVERPAID, asks="orders.reverse_payment"),
    ],
    creates=["orders.apply_order"],
    bulk=["orders.allocate_order", "orders.accept_order"],
    empty=_("No orders yet. Make one from an inquiry, or enter one here."),
)

PAYMENTS = Listing(
    "payments",
    Payment,
    _("Payments"),
    [
        Column("received_on", _("Received on"), kind="date"),
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("order_id", _("Order's key"), shown=False),
        Column("customer", _("Customer"), source="order__customer__name"),
        Column("amount", _("Amount"), kind="money"),
        Column("method", _("Method"), kind="choice"),
        Column("reference", _("Reference")),
        Column("entered_by", _("Entered by"), source="entered_by__name", kind="name"),
    ],
    PaymentFilter,
)
