"""What happens to surveys by itself: July's is proposed, who did not answer is reminded, what is over is ended."""

from datetime import time
from functools import partial

from crm import clock
from crm.accounts.models import User
from crm.deadlines import basis
from crm.deadlines.one_by_one import one_by_one
from crm.deadlines.periodic import periodic
from satisfaction import actions
from satisfaction.first_form import CODE
from satisfaction.models import Campaign, Edition, Invitation

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
    edition = released.filter(questionnaire__code=CODE).first() or released.order_by("questionnaire").first()
    owner = who_plans()
    if edition is None or owner is None:
        return 0
    by = User.objects.system("clock")
    plan = partial(actions.propose_campaign, by=by, edition=edition, owner=owner)
    return one_by_one([today], lambda day: plan(opens_on=day))


@periodic("satisfaction.remind", at=time(9))
def remind() -> int:
    """Remind the customers whose day has come (S2)."""
    rows = Invitation.objects.filter(remind_on__lte=clock.today(), status=Invitation.Status.SENT, used=False)
    rows = rows.filter(campaign__status=Campaign.Status.RUNNING)
    found = rows.select_related("campaign__edition", "contact", "owner").order_by("pk")
    return one_by_one(found, partial(actions.remind_invitation, by=User.objects.system("clock")))


@periodic("satisfaction.end", at=time(0, 20))
def end() -> int:
    """End the surveys whose last day is over (S2)."""
    over = Campaign.objects.filter(status=Campaign.Status.RUNNING, until__lt=clock.today()).order_by("pk")
    return one_by_one(over, partial(actions.end_campaign, by=User.objects.system("clock")))
