"""The customer's pages: how far his complaint is, with what he adds, and the plan that he agrees to."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.facts import current_plan, measures_of, proof_of
from complaints.models import AGREE_PURPOSE, FOLLOW_PURPOSE, Complaint, Evidence
from crm.accounts.models import User
from crm.links.models import Link
from crm.links.pages import LinkPage
from crm.words import exact, money

S = Complaint.Status
IN_WORDS = {
    S.RECEIVED: _("We have received your complaint and are registering it."),
    S.REGISTERED: _("Your complaint is registered, and we are naming who looks into it."),
    S.INVESTIGATING: _("We are looking into your complaint."),
    S.FOUND: _("We know what has happened, and are agreeing with you on what to do."),
    S.DECIDING: _("What we agreed on with you is being approved."),
    S.CARRYING_OUT: _("We are doing what we agreed on with you."),
    S.CARRIED_OUT: _("We have done what we agreed on with you, and will tell you the result."),
    S.REPORTED: _("We have done what we agreed on with you, and will tell you the result."),
    S.TOLD: _("We have told you the result, and will ask you whether you are satisfied."),
    S.SATISFIED: _("You are satisfied with the result. We are making sure that it does not happen again."),
    S.CLOSED: _("Your complaint is closed."),
    S.WITHDRAWN: _("This complaint was withdrawn."),
}
BEHIND = {  # how many steps of the way lie behind, by state
    **dict.fromkeys((S.RECEIVED, S.REGISTERED, S.INVESTIGATING), 1),
    **dict.fromkeys((S.FOUND, S.DECIDING), 2),
    S.CARRYING_OUT: 3,
    **dict.fromkeys((S.CARRIED_OUT, S.REPORTED), 4),
    **dict.fromkeys((S.TOLD, S.SATISFIED, S.CLOSED), 5),
}
SHOWN = 20


def state_of(complaint: Complaint) -> Any:
    """Where the complaint stands, in one sentence to the customer."""
    if complaint.double_of is not None:
        return _("We are handling this under complaint %(number)s.") % {"number": complaint.double_of}
    if complaint.status == S.FOUND and (plan := current_plan(complaint)) and plan.agreed_at:
        return IN_WORDS[S.DECIDING]  # he has agreed, and is not asked once more
    return IN_WORDS[S(complaint.status)]


def follow_facts(complaint: Complaint, link: Link) -> list[tuple[Any, Any]]:
    """The number, how far it is, what he complains of, and the result once he was told."""
    rows: list[tuple[Any, Any]] = [
        (_("complaint number"), complaint.number),
        (_("state"), state_of(complaint)),
        (_("received"), exact(complaint.received_at)),
        (_("what you complain of"), complaint.content),
    ]
    if complaint.told_at:
        rows.append((_("result"), complaint.result))
    return rows


def way_of(complaint: Complaint) -> list[dict[str, Any]]:
    """The way of a complaint in five steps, those that are done with their times; empty where it is on none of them."""
    behind = BEHIND.get(S(complaint.status), 0)
    plan = current_plan(complaint)
    steps = (
        (_("Taken up"), complaint.received_at),
        (_("Looked into"), complaint.found_at),
        (_("Agreed on"), plan.agreed_at if plan else None),
        (_("Put right"), complaint.done_at),
        (_("Told"), complaint.told_at),
    )
    return [
        {"label": label, "done": number < behind, "here": number == behind, "at": at if number < behind else None}
        for number, (label, at) in enumerate(steps)
        if behind
    ]


def followed(complaint: Complaint, link: Link) -> dict[str, Any]:
    """How far it is, and what he has added under his links."""
    his = Evidence.objects.filter(complaint=complaint, added_by=User.objects.system("links"))
    return {"way": way_of(complaint), "added": list(his.order_by("-pk")[:SHOWN])}


def plan_facts(complaint: Complaint, link: Link) -> list[tuple[Any, Any]]:
    """What we propose, word for word as he agrees to it."""
    rows: list[tuple[Any, Any]] = [
        (_("complaint number"), complaint.number),
        (_("what you complain of"), complaint.content),
    ]
    plan = current_plan(complaint)
    if plan is None:
        return rows
    rows.append((_("solution"), plan.solution))
    if plan.compensation:
        rows.append((_("compensation"), plan.compensation))
    if plan.amount:
        rows.append((_("amount"), money(plan.amount)))
    rows += [(_("proof"), each) for each in proof_of(complaint)]
    if days := [each.due_on for each in measures_of(plan)]:  # who does what is for the house only
        rows.append((_("to be done by"), exact(max(days))))
    return rows


def plan_receipt(complaint: Complaint, link: Link) -> list[tuple[Any, Any]]:
    """That his answer has come, and where the complaint stands."""
    plan = current_plan(complaint)
    said = _("You have agreed to the plan.") if plan and plan.agreed_at else _("We will come back to you.")
    return [(_("complaint number"), complaint.number), (_("your answer"), said), (_("state"), state_of(complaint))]


LinkPage(
    FOLLOW_PURPOSE,
    title=_("Your complaint"),
    lead=_("Here you see how far your complaint is. You can add a message or a photo."),
    verbs=("complaints.add_to_complaint",),
    facts=follow_facts,
    context=followed,
    buttons={"complaints.add_to_complaint": _("Send")},
    template="complaints/follow.html",
    single_use=False,
    state=state_of,
)
LinkPage(
    AGREE_PURPOSE,
    title=_("How we want to settle your complaint"),
    lead=_("Please read what we propose. Agree, or tell us what should be different."),
    verbs=("complaints.agree_to_plan", "complaints.decline_plan"),
    facts=plan_facts,
    buttons={
        "complaints.agree_to_plan": _("I agree"),
        "complaints.decline_plan": _("I want something else"),
    },
    receipt=plan_receipt,
    state=state_of,
)
