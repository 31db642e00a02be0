"""How an invitation reaches the customer: a link of crm.links, or of an anonymous campaign one of its own door."""

import secrets
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from crm import clock
from crm.accounts.deputies import stand_in
from crm.days import begin_of
from crm.links.making import RANDOM_BYTES, end_links, make_link
from crm.outbox import queue
from crm.refusals import Refused
from satisfaction.models import ANSWER_PURPOSE, Invitation, secret_hash

LATE_FOR = timedelta(days=90)  # how long a link of a campaign that is not anonymous may still bring a late sheet


def next_reminder(invitation: Invitation) -> date | None:
    """The day of the next reminder; None where the sheet is on paper or he was reminded often enough."""
    campaign = invitation.campaign
    if invitation.way == Invitation.Way.PAPER or invitation.reminders >= campaign.remind_most:
        return None
    day = clock.today() + timedelta(days=campaign.remind_every)
    return day if day <= campaign.until else None


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


def send_link(invitation: Invitation, way: str, *, again: bool = False) -> None:
    """Mail the link, or give its owner the text of an SMS to send. Raises Refused where the contact has no address."""
    campaign, contact = invitation.campaign, invitation.contact
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
        queue.mail(contact=contact, template="satisfaction.survey", about=invitation, context=context, key=key)
        return
    queue.call(
        assignee=stand_in(invitation.owner),
        template="satisfaction.survey",
        about=invitation,
        context=context,
        key=key,
        contact_name=contact.name,
        phone=phone,
        language=contact.language,
    )
