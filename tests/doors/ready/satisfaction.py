"""What the verbs of surveys can be done to, and input that they accept."""

from datetime import timedelta
from typing import Any

from crm import clock
from satisfaction import actions, first_form
from satisfaction.models import Campaign, Edition, Invitation, Item, Questionnaire, RemarkGroup, Sheet, Wording
from tests.doors.ready.house import NEXT_WEEK, TODAY, Ready
from tests.world import World

ITEM = {"code": "quality-goods", "section": "quality", "text": "质量", "text_en": "Quality"}
ANSWERS = [{"item": "quality-goods", "level": "satisfied"}]
KEYED = {"way": "paper", "returned_on": TODAY, "answers": ANSWERS}


def _edition() -> Edition:
    first_form.make(Questionnaire, Edition, Item, Wording)
    return Edition.objects.get(questionnaire__code=first_form.CODE, status="released")


def _draft(world: World) -> Edition:
    return actions.draft_edition(_edition().questionnaire, by=world.root)


def _facts(edition: Edition) -> dict[str, Any]:
    given = {"name": "满意度调查", "kind": "between", "edition": edition.pk, "opens_on": TODAY, "until": NEXT_WEEK}
    return {**given, "remind_every": 3, "remind_most": 2, "rest_days": 90}


def _planned(world: World) -> Campaign:
    today = clock.today()
    given = {"opens_on": today, "until": today + timedelta(days=7), "remind_every": 3, "remind_most": 2}
    return actions.plan_campaign(by=world.root, edition=_edition(), name="满意度调查", kind="between", **given)


def _chosen(world: World) -> Campaign:
    """A campaign that asks the customer who has just collected."""
    world.handed_over()
    return actions.choose_customers(_planned(world), by=world.root, since=clock.today())


def _running(world: World) -> Campaign:
    return actions.start_campaign(_chosen(world), by=world.root)


def _to_send(world: World) -> Invitation:
    return Invitation.objects.get(campaign=_running(world))


def _sent(world: World) -> Invitation:
    return actions.send_invitation(_to_send(world), by=world.root, way="mail")


def _sent_before(world: World) -> Invitation:
    invitation = _sent(world)
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=clock.now() - timedelta(days=3))
    return Invitation.objects.get(pk=invitation.pk)


def _ended(world: World) -> Campaign:
    return actions.end_campaign(_running(world), by=world.root)


def _correction(world: World) -> tuple[Any, dict[str, Any]]:
    codes = [code for code, *_rest in first_form.ITEMS]
    values = ["0.083337", *["0.083333"] * (len(codes) - 1)]
    lines = [{"item": code, "value": value} for code, value in zip(codes, values, strict=True)]
    return _ended(world), {"reason": "领导小组议定", "lines": lines}


def _july(world: World) -> tuple[Any, dict[str, Any]]:
    return None, {"edition": _edition().pk, "owner": world.root.pk, "opens_on": TODAY}


def _low(world: World) -> Invitation:
    given = {"way": "paper", "returned_on": clock.today(), "remarks": "等了两个小时"}
    return actions.key_in_answers(
        _sent(world), by=world.root, answers=[{"item": "delivery-time", "level": "not_satisfied"}], **given
    )


def _measure(world: World) -> Any:
    given = {"department": world.sales, "kind": "corrective", "what": "增开窗口", "owner": world.root}
    return actions.enter_measure(_ended(world), by=world.root, due_on=clock.today(), **given)


def _entered(world: World) -> tuple[Any, dict[str, Any]]:
    given = {"department": world.sales.pk, "kind": "corrective", "what": "增开窗口", "owner": world.root.pk}
    return _ended(world), {**given, "due_on": NEXT_WEEK}


def _done(world: World) -> Any:
    return actions.finish_measure(_measure(world), by=world.root, outcome="已增开")


def _told(world: World) -> Any:
    words = {"for_customers": "增开了提货窗口", "for_customers_en": "There is one more counter"}
    return actions.tell_customers(_done(world), by=world.root, **words)


def _remarked(world: World) -> tuple[Any, dict[str, Any]]:
    sheet = Sheet.objects.get(invitation=_low(world))
    group = RemarkGroup.objects.create(code="ready", name="等候", name_en="Waiting")
    return sheet.campaign, {"remarks": [str(sheet.pk)], "groups": [group.pk]}


def _came_back_earlier(world: World) -> tuple[Any, dict[str, Any]]:
    """A sheet that was keyed in today, and lay on the desk since yesterday."""
    invitation = actions.send_invitation(_to_send(world), by=world.root, way="paper")
    given = {"way": "paper", "answers": ANSWERS, "returned_on": clock.today()}
    actions.key_in_answers(invitation, by=world.root, **given)
    yesterday = clock.today() - timedelta(days=1)
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=clock.now() - timedelta(days=1))
    invitation.refresh_from_db()
    return invitation, {"returned_on": yesterday.isoformat(), "reason": "放在前台未及时录入"}


def _event(world: World) -> tuple[Any, dict[str, Any]]:
    customer = world.handed_over().customer
    today = clock.today()
    given = {"opens_on": today, "until": today + timedelta(days=7), "remind_every": 3, "remind_most": 2}
    campaign = actions.plan_campaign(
        by=world.root, edition=_edition(), name="提货回访", kind="event", trigger="handover", rest_days=90, **given
    )
    actions.start_campaign(campaign, by=world.root)
    return campaign, {"customer": customer.pk, "contact": customer.contacts.get().pk, "event": "TH2026-000001"}


READY: dict[str, Ready] = {
    "satisfaction.create_questionnaire": lambda w: (None, {"code": "visit", "name": "回访问卷", "name_en": "Visit"}),
    "satisfaction.draft_edition": lambda w: (_edition().questionnaire, {}),
    "satisfaction.write_items": lambda w: (_draft(w), {"items": [ITEM]}),
    "satisfaction.release_edition": lambda w: (_draft(w), {}),
    "satisfaction.discard_edition": lambda w: (_draft(w), {}),
    "satisfaction.retire_edition": lambda w: (_edition(), {}),
    "satisfaction.plan_campaign": lambda w: (None, _facts(_edition())),
    "satisfaction.propose_campaign": _july,
    "satisfaction.change_campaign": lambda w: (_planned(w), _facts(_edition())),
    "satisfaction.ask_after_event": _event,
    "satisfaction.choose_customers": lambda w: (w.handed_over() and _planned(w), {"since": TODAY}),
    "satisfaction.start_campaign": lambda w: (_chosen(w), {}),
    "satisfaction.end_campaign": lambda w: (_running(w), {}),
    "satisfaction.correct_coefficients": _correction,
    "satisfaction.close_report": lambda w: (_ended(w), {}),
    "satisfaction.drop_campaign": lambda w: (_planned(w), {"reason": "推迟"}),
    "satisfaction.send_invitation": lambda w: (_to_send(w), {"way": "mail"}),
    "satisfaction.remind_invitation": lambda w: (_sent_before(w), {}),
    "satisfaction.answer_survey": lambda w: (_sent(w), {"answers": ANSWERS}),
    "satisfaction.decline_survey": lambda w: (_sent(w), {}),
    "satisfaction.key_in_answers": lambda w: (_sent(w), KEYED),
    "satisfaction.correct_return_day": _came_back_earlier,
    "satisfaction.record_refusal": lambda w: (_sent(w), {"reason": "没有时间"}),
    "satisfaction.complain_from_survey": lambda w: (_low(w), {"category": "delivery"}),
    "satisfaction.suggest_from_survey": lambda w: (_low(w), {"kind": "grumble", "about": "delivery"}),
    "satisfaction.settle_low_answer": lambda w: (_low(w), {"reason": "已电话说明"}),
    "satisfaction.hand_out_report": lambda w: (_ended(w), {"departments": [w.sales.pk]}),
    "satisfaction.enter_measure": _entered,
    "satisfaction.finish_measure": lambda w: (_measure(w), {"outcome": "已增开"}),
    "satisfaction.group_remarks": _remarked,
    "satisfaction.hand_to_review": lambda w: (_ended(w), {"people": [w.root.pk]}),
    "satisfaction.tell_customers": lambda w: (
        _done(w),
        {"for_customers": "增开了提货窗口", "for_customers_en": "There is one more counter"},
    ),
    "satisfaction.keep_from_customers": lambda w: (_told(w), {}),
    "satisfaction.leave_out": lambda w: (_to_send(w), {"reason": "已停止合作"}),
}
