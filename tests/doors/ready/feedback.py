"""What the verbs of feedback can be done to, and input that they accept."""

from typing import Any

from complaints.feedback import actions
from complaints.feedback.models import Feedback
from complaints.inbox import actions as inbox
from complaints.inbox.models import Incoming
from crm import clock
from crm.accounts.models import User
from customers.models import ContactEntry
from tests.doors.ready.house import NEXT_WEEK, Ready
from tests.world import World, scan

SAID = {"channel": "visit", "kind": "suggestion", "about": "packaging", "content": "外箱请加印装箱清单"}
ABOUT = {"kind": "wish", "about": "order", "content": "希望提供英文说明书"}


def _received(world: World, **facts: Any) -> Feedback:
    return actions.receive_feedback(world.customer, by=world.root, **{**SAID, **facts})


def _talked(world: World) -> ContactEntry:
    return ContactEntry.objects.create(customer=world.customer, by=world.root, channel="visit", what="希望提供说明书")


def _passed(world: World) -> Feedback:
    return actions.pass_on_feedback(_received(world), by=world.root, department=world.sales)


def _answered(world: World) -> Feedback:
    given = {"verdict": "adopted", "solution": "采纳", "promise": "改印版", "due_on": clock.today()}
    return actions.answer_feedback(_passed(world), by=world.root, **given)


def _came_in(world: World) -> Incoming:
    assert world.customer
    words = {"name": "王小明", "email": "li@example.com", "subject": "建议", "text": "建议加印装箱清单"}
    return inbox.receive_incoming(by=User.objects.system("web"), channel="mail", message=inbox.Private(words))


READY: dict[str, Ready] = {
    "feedback.receive_feedback": lambda w: (w.customer, {**SAID, "file": scan()}),
    "feedback.take_as_feedback": lambda w: (_talked(w), ABOUT),
    "feedback.make_feedback": lambda w: (
        _came_in(w),
        {"customer": w.customer.pk, "kind": "suggestion", "about": "packaging", "content": "建议加印装箱清单"},
    ),
    "feedback.pass_on_feedback": lambda w: (
        _received(w),
        {"department": w.sales.pk, "kind": "suggestion", "about": "packaging"},
    ),
    "feedback.drop_feedback": lambda w: (_received(w), {"reason": "重复登记"}),
    "feedback.answer_feedback": lambda w: (
        _passed(w),
        {"verdict": "adopted", "solution": "采纳", "promise": "改印版", "due_on": NEXT_WEEK},
    ),
    "feedback.send_back_feedback": lambda w: (_passed(w), {"reason": "不属本部门"}),
    "feedback.reply_at_once": lambda w: (_received(w, kind="praise"), {"solution": "感谢您的肯定"}),
    "feedback.finish_promise": lambda w: (_answered(w), {"outcome": "已改"}),
    "feedback.tell_answer": lambda w: (_answered(w), {"channel": "mail"}),
    "feedback.turn_into_complaint": lambda w: (_received(w), {"category": "packaging"}),
    "feedback.send_feedback_link": lambda w: (_received(w), {}),
}
