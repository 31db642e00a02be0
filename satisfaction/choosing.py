"""Which customers a campaign asks: those who collected goods since the last one, one contact of each (KC 5.3.2)."""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from complaints.models import Complaint
from crm import clock
from crm.accounts.models import User
from crm.days import begin_of
from customers.models import Contact, Customer
from orders.models import Order
from pickup.models import Record
from satisfaction.models import Campaign, Invitation

A_YEAR = timedelta(days=365)
Happened = list[tuple[Customer, Contact | None, str]]  # to whom, who is asked, and the number of the record


def last_asked(campaign: Campaign) -> date:
    """Since when customers are asked: the begin of the last campaign of this kind, at most a year back."""
    earliest = campaign.opens_on - A_YEAR
    same = Campaign.objects.filter(kind=campaign.kind, opens_on__lt=campaign.opens_on)
    days = same.exclude(pk=campaign.pk).exclude(status=Campaign.Status.DROPPED).order_by("-opens_on")
    last = days.values_list("opens_on", flat=True).first()
    return max(last, earliest) if last else earliest


def collected_since(day: date) -> Q:
    """That a customer has collected goods since a day: here, or by an order that was taken over as history."""
    until_now, until_today = (begin_of(day), clock.now()), (day, clock.today())
    here = Record.objects.handovers().filter(pickup__customer=OuterRef("pk"), at__range=until_now)
    before = Order.objects.filter(customer=OuterRef("pk"), history=True, wanted_on__range=until_today)
    return Q(Exists(here) | Exists(before))


def candidates(
    campaign: Campaign, *, since: date, tiers: Collection[str] = (), region: str = "", owner: User | None = None
) -> QuerySet[Customer]:
    """The customers who collected goods since a day, and who are not asked by this campaign yet."""
    asked = Invitation.objects.filter(campaign=campaign, customer=OuterRef("pk"))
    rows = Customer.objects.filter(collected_since(since), ~Exists(asked))
    if tiers:
        rows = rows.filter(tier__in=tiers)
    if region:
        rows = rows.filter(region__icontains=region)
    if owner is not None:
        rows = rows.filter(owner=owner)
    return rows.select_related("owner__department").order_by("pk")


def contact_of(customers: Collection[int]) -> dict[int, Contact]:
    """Of each customer the one contact who is asked: the main one, else the first who is still there; one query."""
    rows = Contact.objects.filter(customer__in=customers, active=True).order_by("customer_id", "-main", "pk")
    return {each.customer_id: each for each in rows.distinct("customer_id")}


def asked_lately(contacts: Collection[int], since: date) -> set[int]:
    """Which of the contacts, by their keys, were asked after an event since a day, or are to be now; one query."""
    rows = Invitation.objects.filter(contact__in=contacts, campaign__kind=Campaign.Kind.EVENT)
    waiting = Q(status=Invitation.Status.TO_SEND, campaign__status=Campaign.Status.RUNNING)
    return set(rows.filter(waiting | Q(sent_at__gte=begin_of(since))).values_list("contact", flat=True))


def after_handovers(since: datetime) -> Happened:
    """Goods were handed over, and the handover was not taken back: the contact of the order is asked."""
    records = Record.objects.handovers().filter(at__gte=since)
    return [
        (each.pickup.customer, each.pickup.order.contact, each.number)
        for each in records.select_related("pickup__customer__owner__department", "pickup__order__contact")
    ]


def after_complaints(since: datetime) -> Happened:
    """A complaint was closed: its contact is asked."""
    closed = Complaint.objects.filter(closed_at__gte=since, status=Complaint.Status.CLOSED)
    return [
        (each.customer, each.contact, each.number)
        for each in closed.select_related("customer__owner__department", "contact")
    ]


# What a survey can ask about, by its trigger; an app above adds its own in its `events.py`.
EVENTS: dict[str, Callable[[datetime], Happened]] = {
    Campaign.Trigger.HANDOVER: after_handovers,
    Campaign.Trigger.COMPLAINT: after_complaints,
}


def events_of(campaign: Campaign, since: datetime) -> Happened:
    """Whom something happened to since then that the campaign asks about, and has not asked about yet."""
    found = EVENTS[campaign.trigger](since)
    numbers = [event for _customer, _contact, event in found]
    asked = set(Invitation.objects.filter(campaign=campaign, event__in=numbers).values_list("event", flat=True))
    # Who has left the customer's company is not asked; another contact is, if there is one.
    return [
        (customer, contact if contact is not None and contact.active else None, event)
        for customer, contact, event in found
        if event not in asked
    ]
