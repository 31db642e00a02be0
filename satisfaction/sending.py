"""How an invitation reaches the customer: a link of crm.links, or of an anonymous campaign one of its own door."""

import secrets
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import clock
from crm.accounts.deputies import stand_in
from crm.days import begin_of
from crm.deadlines import basis
from crm.links.making import RANDOM_BYTES, end_links, make_link
from crm.once import once
from crm.outbox import queue
from crm.refusals import Refused
from customers.models import Contact
from satisfaction.choosing import contact_of
from satisfaction.models import ANSWER_PURPOSE, Campaign, Invitation, secret_hash

TEMPLATE = "satisfaction.survey"

LATE_FOR = timedelta(days=90)  # how long a link of a campaign that is not anonymous may still bring a late sheet


@once
def at_work() -> bool:
    """Whether the company works today: on other days it reminds nobody."""
    return bool(basis.current().company.intervals(clock.today()))


def next_reminder(invitation: Invitation) -> date | None:
    """The day of the next reminder; None where the sheet is on paper or he was reminded often enough.

    It is a working day, the first one when the days between are over; None where that is after the survey's end.
    """
    campaign = invitation.campaign
    if invitation.way == Invitation.Way.PAPER or invitation.reminders >= campaign.remind_most:
        return None
    day = clock.today() + timedelta(days=campaign.remind_every)
    company = basis.current().company
    while day <= campaign.until and not company.intervals(day):
        day += timedelta(days=1)
    return day if day <= campaign.until else None


def earliest_reminder(invitation: Invitation) -> date | None:
    """From which day on he may be reminded: as many days after he got it last as the survey says. None: at any time."""
    sent = timezone.localdate(invitation.sent_at) if invitation.sent_at else None
    last = invitation.reminded_on or sent
    return last + timedelta(days=invitation.campaign.remind_every) if last is not None else None


def _address(invitation: Invitation) -> str:
    """A new address of the survey; the former one does not hold any more."""
    campaign, contact = invitation.campaign, invitation.contact
    if campaign.anonymous:
        token = secrets.token_urlsafe(RANDOM_BYTES)
        invitation.secret = secret_hash(token)
        return f"{settings.CRM_URL}{reverse('survey', args=[token])}"
    end_links(invitation, ANSWER_PURPOSE)
    last_day = begin_of(campaign.until + timedelta(days=1)) + LATE_FOR
    _link, url = make_link(
        ANSWER_PURPOSE,
        invitation,
        by=invitation.owner,
        contact_name=contact.name,
        language=contact.language,
        valid_for=last_day - clock.now(),
    )
    return url


def _left(contact: Contact, remedy: str = "") -> Refused:
    return Refused("contact_left", _("%(contact)s has left the customer.") % {"contact": contact}, remedy)


def who_is_there(invitation: Invitation) -> Contact:
    """Who is asked instead of a contact who has left. Raises Refused where the customer has nobody else."""
    found = contact_of([invitation.customer_id]).get(invitation.customer_id)
    if found is None:
        raise _left(invitation.contact, _("Enter another contact of the customer, or leave him out."))
    return found


def take_back(invitation: Invitation) -> None:
    """Neither a mail nor a call that waits asks him any more: he has answered, or does not want to."""
    queue.withdraw(invitation, template=TEMPLATE)


def take_all_back(campaign: Campaign) -> None:
    """The same of all whom a campaign has asked."""
    queue.withdraw_all(campaign.invitations.all(), template=TEMPLATE)


def send_link(invitation: Invitation, way: str, *, again: bool = False) -> None:
    """Mail the link, or give its owner the text of an SMS to send. Raises Refused where he cannot be reached."""
    campaign, contact = invitation.campaign, invitation.contact
    if not contact.active:
        raise _left(contact)
    phone = contact.mobile or contact.phone
    if way == Invitation.Way.SMS and not phone:
        raise Refused("no_phone", _("The contact has no telephone."), _("Add one, or choose another way."))
    if way == Invitation.Way.MAIL and not contact.email:
        raise Refused("no_mail_address", _("The contact has no mail address."), _("Add one, or choose another way."))
    context = {
        "link": _address(invitation),
        "until": campaign.until,
        "anonymous": campaign.anonymous,
        "again": again,
        "items": campaign.edition.wordings.count(),
    }
    key = f"survey-{invitation.pk}-{invitation.reminders}"
    if way == Invitation.Way.MAIL:
        queue.mail(contact=contact, template=TEMPLATE, about=invitation, context=context, key=key)
        return
    queue.call(
        assignee=stand_in(invitation.owner),
        template=TEMPLATE,
        about=invitation,
        context=context,
        key=key,
        contact_name=contact.name,
        phone=phone,
        language=contact.language,
    )
