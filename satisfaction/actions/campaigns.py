"""A campaign is planned, started, ended, reported; customers are chosen, coefficients corrected (KC 5.3.2, 5.3.3)."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.deadlines.turn import turn_many
from crm.inputs import ReasonForm
from crm.outbox import queue
from crm.records.numbers import next_number
from crm.refusals import Refused, only_the_system
from crm.words import exact
from customers.models import Contact, Customer
from satisfaction import forms
from satisfaction.choosing import asked_lately, candidates, contact_of, last_asked
from satisfaction.models import Campaign, Corrected, Correction, Edition, Invitation, Unsent
from satisfaction.results import may_be_shown, result_of
from satisfaction.scoring import steepest
from satisfaction.sending import take_all_back
from satisfaction.sheets import mix

S, TO_SEND = Campaign.Status, Invitation.Status.TO_SEND
JULY_LASTS = timedelta(days=30)


def _fits(edition: Edition, step: Decimal | None) -> None:
    """Raise Refused where the step leaves the last item nothing."""
    items = edition.wordings.count()
    if step is not None and step > steepest(items):
        most = Decimal(int(steepest(items) * 10**6)).scaleb(-6)
        raise Refused(
            "step_too_steep",
            _("With %(items)s items the step is at most %(most)s.") % {"items": items, "most": f"{most:f}"},
            _("Choose a smaller one, or leave it empty."),
        )


def _planned(*, owner: User, edition: Edition, step: Decimal | None = None, **facts: Any) -> Campaign:
    _fits(edition, step)
    return Campaign.objects.create(number=next_number("DC"), owner=owner, edition=edition, step=step, **facts)


@action(None, label=gettext_lazy("Plan a survey"), form=forms.CampaignForm)
def plan_campaign(*, by: User, edition: Edition, **facts: Any) -> Campaign:
    """Plan a survey: its questionnaire, its time, whether it is anonymous, how it reminds (KC 5.3.2)."""
    return _planned(owner=by, edition=edition, **facts)


@action(None, label=gettext_lazy("Propose the yearly survey"), form=forms.ProposeForm, unless=only_the_system)
def propose_campaign(*, by: User, edition: Edition, owner: User, opens_on: date) -> Campaign:
    """Plan the survey of July, and choose who collected goods since the last one; its owner is told (KC 5.3.2.2)."""
    campaign = _planned(
        owner=owner,
        edition=edition,
        name=_("Customer satisfaction %(year)s") % {"year": opens_on.year},
        kind=Campaign.Kind.ANNUAL,
        opens_on=opens_on,
        until=opens_on + JULY_LASTS - timedelta(days=opens_on.day - 1),
    )
    number = _invite(campaign, since=last_asked(campaign))
    queue.notify(
        owner,
        "satisfaction.proposed",
        about=campaign,
        context={"number": campaign.number, "name": campaign.name, "customers": number},
        key=f"survey-proposed-{campaign.pk}",
    )
    return campaign


@action(Campaign, label=gettext_lazy("Edit"), source={S.PLANNED}, form=forms.CampaignForm)
def change_campaign(campaign: Campaign, *, by: User, edition: Edition, **facts: Any) -> None:
    """Change the plan of a survey that was not started yet."""
    _fits(edition, facts.get("step"))
    campaign.edition = edition
    for name, value in facts.items():
        setattr(campaign, name, value)


def _invite(campaign: Campaign, **which: Any) -> int:
    """Add an invitation for each customer who fits and has a contact; answers how many."""
    customers = list(candidates(campaign, **which))
    contacts = contact_of([each.pk for each in customers])
    asked = [each for each in customers if each.pk in contacts]
    before = campaign.invitations.count()
    rows = [_invitation(campaign, each, contacts[each.pk], place) for place, each in enumerate(asked, before + 1)]
    Invitation.objects.bulk_create(rows)
    return len(rows)


def _invitation(campaign: Campaign, customer: Customer, contact: Contact, place: int, event: str = "") -> Invitation:
    """One more invitation of a campaign, to be saved; its owner is the customer's, where he has one who is there."""
    owner = customer.owner if customer.owner is not None and customer.owner.is_active else campaign.owner
    return Invitation(
        number=f"{campaign.number}-{place:04d}",
        campaign=campaign,
        customer=customer,
        contact=contact,
        owner=owner,
        department=owner.department,
        tier=customer.tier,
        region=customer.region,
        event=event,
    )


@action(
    Campaign,
    label=gettext_lazy("Ask after an event"),
    source={S.RUNNING},
    form=forms.EventForm,
    unless=only_the_system,
)
def ask_after_event(campaign: Campaign, *, by: User, customer: Customer, contact: Contact, event: str) -> Invitation:
    """Invite a customer to say something about what has just happened; at most once in the days of rest (S2)."""
    since = clock.today() - timedelta(days=campaign.rest_days)
    # Another survey may ask him at the same moment: the second one waits here, and sees the first.
    Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    if asked_lately([contact.pk], since):
        raise Refused("asked_lately", _("This contact was asked lately."))
    invitation = _invitation(campaign, customer, contact, campaign.invitations.count() + 1, event)
    invitation.save()
    return invitation


def _chosen_by_events(campaign: Campaign, by: User) -> Refused | None:
    if campaign.kind != Campaign.Kind.EVENT:
        return None
    return Refused("by_events", _("This survey asks by itself whoever its event happens to."))


@action(
    Campaign,
    label=gettext_lazy("Choose customers"),
    source={S.PLANNED, S.RUNNING},
    form=forms.ChooseForm,
    unless=_chosen_by_events,
)
def choose_customers(
    campaign: Campaign,
    *,
    by: User,
    since: date | None = None,
    tiers: list[str] | None = None,
    region: str = "",
    owner: User | None = None,
) -> None:
    """Choose whom the survey asks, one contact of each customer, never one twice (KC 5.3.2, S2)."""
    found = _invite(campaign, since=since or last_asked(campaign), tiers=tiers or (), region=region, owner=owner)
    if not found:
        raise Refused(
            "nobody_found",
            _("Nobody else fits who can be asked."),
            _("Choose an earlier day or fewer conditions; customers without a contact cannot be asked."),
        )
    if campaign.status == S.RUNNING:
        _tell_owners(campaign)


def _tell_owners(campaign: Campaign) -> None:
    """Ring the bells of each owner who has something to send, and of who stands in for him."""
    rows = campaign.invitations.filter(status=TO_SEND).values_list("owner", flat=True)
    counts = Counter(rows)
    owners = list(User.objects.filter(pk__in=counts).order_by("pk"))
    for owner in owners:
        queue.notify_each(
            [owner],
            "satisfaction.to_send",
            by=User.objects.system("clock"),  # who starts it may have some to send himself
            about=campaign,
            context={"number": campaign.number, "name": campaign.name, "customers": counts[owner.pk]},
            key=f"survey-to-send-{campaign.pk}-{campaign.version}-{owner.pk}",
        )


def _cannot_start(campaign: Campaign, by: User) -> Refused | None:
    if campaign.opens_on > clock.today():
        return Refused(
            "too_early",
            _("It begins on %(day)s.") % {"day": exact(campaign.opens_on)},
            _("Start it on this day, or change the day first."),
        )
    if campaign.until < clock.today():
        return Refused("over", _("Its last day is over."), _("Change until when it takes answers first."))
    by_events = campaign.kind == Campaign.Kind.EVENT
    if by_events or campaign.invitations.filter(status=TO_SEND).exists():
        return None
    return Refused("nobody_chosen", _("No customer is chosen yet."), _("Choose customers first."))


@action(Campaign, label=gettext_lazy("Start the survey"), source={S.PLANNED}, target=S.RUNNING, unless=_cannot_start)
def start_campaign(campaign: Campaign, *, by: User) -> None:
    """Start it on its first day or later: each owner is told to send his customers theirs (KC 5.3.2.1)."""
    campaign.started_at = clock.now()
    _tell_owners(campaign)


@action(Campaign, label=gettext_lazy("End the survey"), source={S.RUNNING}, target=S.ENDED, form=forms.EndForm)
def end_campaign(campaign: Campaign, *, by: User) -> None:
    """End it: nothing more is sent; late sheets are taken until the report is closed, but no anonymous ones (S3)."""
    campaign.status, campaign.ended_at = S.ENDED, clock.now()
    campaign.never_asked = campaign.invitations.filter(status=TO_SEND).count()
    Invitation.objects.filter(campaign=campaign, remind_on__isnull=False).update(remind_on=None)
    take_all_back(campaign)
    if campaign.anonymous:
        mix(campaign)
    # Nobody waits for the sheets that are still out any more.
    turn_many(campaign.invitations.filter(status=Invitation.Status.SENT))


def not_a_handful(campaign: Campaign, by: User) -> Refused | None:
    """Why nothing is made of the result of an anonymous survey with too few sheets, or one that is not over."""
    if may_be_shown(campaign, campaign.sheets.filter(counted=True).count()):
        return None
    return Refused("too_few_sheets", _("Fewer than five anonymous sheets are shown to nobody."))


@action(
    Campaign,
    label=gettext_lazy("Correct the coefficients"),
    source={S.ENDED},
    form=forms.CorrectForm,
    unless=not_a_handful,
)
def correct_coefficients(campaign: Campaign, *, by: User, reason: str, lines: list[dict[str, Any]]) -> None:
    """Correct the coefficients with a reason; their sum must be exactly 1 (修正, KC 5.3.3.2.1)."""
    result = result_of(campaign)
    given = {line["item"]: line["value"] for line in lines}
    if len(given) != len(lines) or given.keys() != {line.wording.item.code for line in result.lines}:
        raise Refused("other_items", _("Each item of the questionnaire needs one coefficient."))
    difference = sum(given.values(), Decimal(0)) - 1
    if difference:
        words = _("The coefficients sum to %(sum)s: %(difference)s too much.")
        if difference < 0:
            words = _("The coefficients sum to %(sum)s: %(difference)s is missing.")
        figures = {"sum": f"{(1 + difference).normalize():f}", "difference": f"{abs(difference).normalize():f}"}
        raise Refused("sum_not_one", words % figures, _("They are saved only where their sum is exactly 1."))
    correction = Correction.objects.create(campaign=campaign, reason=reason, by=by)
    Corrected.objects.bulk_create(
        Corrected(
            correction=correction,
            item=line.wording.item,
            computed=line.computed,
            value=given[line.wording.item.code],
        )
        for line in result.lines
    )


@action(Campaign, label=gettext_lazy("Close the report"), source={S.ENDED}, target=S.REPORTED)
def close_report(campaign: Campaign, *, by: User) -> None:
    """Close the report: from now on no sheet is taken, and no coefficient corrected (S3)."""
    campaign.reported_at = clock.now()
    Unsent.objects.filter(invitation__campaign=campaign).delete()


@action(
    Campaign,
    label=gettext_lazy("Do not carry out"),
    source={S.PLANNED},
    target=S.DROPPED,
    form=ReasonForm,
)
def drop_campaign(campaign: Campaign, *, by: User, reason: str) -> None:
    """Give a survey up before anybody was asked, with the reason."""
    campaign.reason = reason
