"""What happens to surveys by itself: July's is proposed, who did not answer is reminded, what is over is ended."""

from datetime import time, timedelta
from functools import partial

from django.db import transaction

from crm import clock
from crm.accounts.models import User
from crm.days import begin_of
from crm.deadlines import basis
from crm.deadlines.one_by_one import one_by_one
from crm.deadlines.periodic import periodic
from crm.outbox import queue
from customers.models import Contact, Customer
from satisfaction import actions
from satisfaction.choosing import asked_lately, contact_of, events_of
from satisfaction.first_form import CODE, EVENT_CODE
from satisfaction.models import Campaign, Edition, Invitation
from satisfaction.sending import at_work
from satisfaction.sheets import mix

JULY = 7


def who_plans() -> User | None:
    """Who gets the yearly survey to look through: the first supervisor, else the first manager of sales."""
    people = User.objects.working()
    supervisors, managers = people.in_role("supervisor"), people.in_role("sales_manager")
    return supervisors.order_by("pk").first() or managers.order_by("pk").first()


@periodic("satisfaction.annual", at=time(8, 30))
def propose() -> int:
    """Propose the yearly survey on the first working day of July, or when that was missed; once a year (KC 5.3.2.2)."""
    today = clock.today()
    if today.month != JULY or not basis.current().company.intervals(today):
        return 0
    if Campaign.objects.filter(kind=Campaign.Kind.ANNUAL, opens_on__year=today.year).exists():
        return 0
    released = Edition.objects.filter(status=Edition.Status.RELEASED).select_related("questionnaire")
    edition = (
        released.filter(questionnaire__code=CODE).first() or released.exclude(questionnaire__code=EVENT_CODE).first()
    )
    owner = who_plans()
    if edition is None or owner is None:
        return 0
    by = User.objects.system("clock")
    plan = partial(actions.propose_campaign, by=by, edition=edition, owner=owner)
    return one_by_one([today], lambda day: plan(opens_on=day))


def not_mixed() -> list[Campaign]:
    """Write the sheets of all running anonymous surveys anew; answers those of which that failed, as the log says."""
    running = Campaign.objects.filter(status=Campaign.Status.RUNNING, anonymous=True)
    rows, mixed = list(running.select_related("owner").order_by("pk")), set[int]()

    def write_anew(campaign: Campaign) -> None:
        mix(campaign)
        mixed.add(campaign.pk)

    one_by_one(rows, write_anew)
    return [each for each in rows if each.pk not in mixed]


@transaction.atomic
def hold_back(campaign: Campaign) -> None:
    """Tell whoever runs an anonymous survey that its reminders of today do not go out."""
    queue.notify_each(
        [campaign.owner],
        "satisfaction.held_back",
        by=User.objects.system("clock"),
        about=campaign,
        context={"number": campaign.number, "name": campaign.name},
        key=f"survey-held-back-{campaign.pk}-{clock.today()}",
    )


@periodic("satisfaction.remind", at=time(9))
def remind() -> int:
    """Remind the customers whose day has come (S2), once the anonymous sheets that came before cannot be told by it.

    On working days alone: who was to be reminded on a day that has become free since is so on the next one. So is who
    is asked by a survey whose sheets could not be written anew; whoever runs it is told.
    """
    failed = not_mixed()
    one_by_one(failed, hold_back)
    if not at_work():
        return 0
    rows = Invitation.objects.filter(remind_on__lte=clock.today(), status=Invitation.Status.SENT, used=False)
    rows = rows.filter(campaign__status=Campaign.Status.RUNNING).exclude(campaign__in=failed)
    found = rows.select_related("campaign__edition", "contact", "owner").order_by("pk")
    return one_by_one(found, partial(actions.remind_invitation, by=User.objects.system("clock")))


@periodic("satisfaction.end", at=time(0, 20))
def end() -> int:
    """End the surveys whose last day is over (S2)."""
    over = Campaign.objects.filter(status=Campaign.Status.RUNNING, until__lt=clock.today()).order_by("pk")
    return one_by_one(over, partial(actions.end_campaign, by=User.objects.system("clock")))


LOOK_BACK = timedelta(days=3)  # so that nothing is missed while the job stood still


@periodic("satisfaction.events", every=timedelta(hours=1))
def ask_after_events() -> int:
    """Ask the customers to whom something has happened, each contact at most once in the days of rest (S2)."""
    by = User.objects.system("clock")
    running = Campaign.objects.filter(status=Campaign.Status.RUNNING, kind=Campaign.Kind.EVENT)
    return sum(one_by_one(_due(each), partial(_ask, each, by)) for each in running.order_by("pk"))


def _due(campaign: Campaign) -> list[tuple[Customer, Contact, str]]:
    """Whom the campaign may ask now: who can be reached, and has had his rest."""
    events = events_of(campaign, max(clock.now() - LOOK_BACK, begin_of(campaign.opens_on)))
    others = contact_of([customer.pk for customer, _contact, _event in events])
    since = clock.today() - timedelta(days=campaign.rest_days)
    found = [(customer, contact or others.get(customer.pk), event) for customer, contact, event in events]
    lately = asked_lately([contact.pk for _customer, contact, _event in found if contact is not None], since)
    due: dict[int, tuple[Customer, Contact, str]] = {}
    for customer, contact, event in found:
        if contact is not None and contact.pk not in lately:
            due.setdefault(contact.pk, (customer, contact, event))  # two events at once are asked about once
    return list(due.values())


def _ask(campaign: Campaign, by: User, whom: tuple[Customer, Contact, str]) -> None:
    """Invite one of them, and send it where he reads mails; else its owner finds it among what he is to send."""
    customer, contact, event = whom
    invitation = actions.ask_after_event(campaign, by=by, customer=customer, contact=contact, event=event)
    if contact.email:
        actions.send_invitation(invitation, by=by, way=Invitation.Way.MAIL)
