"""The whole way of feedback by its verbs, and what each step leaves behind (ZT 4.2, KF 3.4.1)."""

from datetime import timedelta
from typing import Any

import pytest

from complaints import actions as complaints
from complaints.feedback import actions
from complaints.feedback.models import Feedback
from complaints.models import Complaint
from crm import clock
from crm.accounts.models import Absence, Department, User
from crm.outbox.models import Message
from crm.records.models import Attachment
from crm.refusals import Forbidden
from customers.models import Contact, ContactEntry, Customer
from orders.models import Order
from tests.feedback.conftest import ADOPTED, Room
from tests.world import nothing_moves, refused, scan


def notices(username: str, news: str) -> int:
    """How often somebody was told this."""
    rows = Message.objects.filter(template="feedback.news", recipient__username=username)
    return rows.filter(key__contains=f":feedback-{news}-").count()


def test_feedback_has_a_number_an_owner_and_a_mail_to_the_customer(room: Room) -> None:
    feedback = room.received(files=[scan("list.pdf"), scan("photo.pdf")])
    assert (feedback.number, feedback.status) == ("FK2026-000001", "received")
    assert (feedback.owner, feedback.received_by, feedback.department) == (
        room.world.alice,
        room.world.alice,
        room.world.sales,
    )
    assert feedback.contact == room.world.contact
    assert feedback.number in str(Message.objects.get(template="feedback.number").texts)
    assert [each.name for each in Attachment.objects.about(feedback).order_by("pk")] == ["list.pdf", "photo.pdf"]


def test_what_reception_takes_down_goes_to_whom_the_customer_belongs(room: Room) -> None:
    desk = room.world.person("desk", "reception")
    feedback = actions.receive_feedback(room.customer(), by=desk, channel="hotline", content="电话不好打")
    assert (feedback.owner, feedback.received_by, feedback.kind, feedback.about) == (
        room.world.alice,
        desk,
        "suggestion",
        "other",
    )
    assert notices("alice", "received") == 1


def test_a_potential_customer_without_an_owner_is_heard_and_the_order_s_owner_comes_first(room: Room) -> None:
    stranger = room.world.new_customer()
    Customer.objects.filter(pk=stranger.pk).update(owner=None)
    stranger = Customer.objects.get(pk=stranger.pk)
    assert stranger.status == "potential"
    mine = actions.receive_feedback(stranger, by=room.world.root, channel="web", content="网站缺英文页")
    assert (mine.owner, mine.customer) == (room.world.root, stranger)
    system = User.objects.system("complaints")
    unowned = actions.receive_feedback.body(stranger, by=system, channel="web", content="网站缺英文页")
    assert unowned.owner == room.world.boss
    order = room.world.new_order()
    Order.objects.filter(pk=order.pk).update(owner=room.world.bob)
    assert room.received(order=Order.objects.get(pk=order.pk)).owner == room.world.bob


def test_a_talk_in_the_contact_log_is_taken_up_once(room: Room) -> None:
    entry = room.talked()
    given = {"kind": "wish", "about": "order", "content": "希望提供英文说明书"}
    feedback = actions.take_as_feedback(entry, by=room.world.alice, **given)
    assert (feedback.entry, feedback.channel, feedback.contact) == (entry, "visit", room.world.contact)
    with refused("already_feedback") as caught:
        actions.take_as_feedback(entry, by=room.world.alice, **given)
    assert feedback.number in str(caught.value.sentence)
    other = room.talked()
    with clock.at(other.at + timedelta(days=61)), refused("long_ago"):
        actions.take_as_feedback(other, by=room.world.alice, **given)


def test_it_is_passed_on_and_seen_by_the_department_from_then_on(room: Room) -> None:
    feedback = room.received()
    assert not Feedback.objects.visible_to(room.tester).exists()
    actions.pass_on_feedback(feedback, by=room.world.alice, department=room.department("quality"), words="看看印版")
    assert (feedback.status, feedback.concerned, feedback.addressee) == ("passed", room.department("quality"), None)
    assert list(Feedback.objects.visible_to(room.tester)) == [feedback]
    assert not Feedback.objects.visible_to(room.heads["production"]).exists()
    assert notices("head_quality", "passed") == 1
    passing = feedback.passings.get()
    assert (passing.department, passing.words, passing.ended_at) == (feedback.concerned, "看看印版", None)


def test_the_department_answers_with_a_solution_and_nobody_else(room: Room) -> None:
    feedback = room.passed()
    given = {**ADOPTED, "due_on": clock.today()}
    for other in (room.world.alice, room.world.boss):
        with refused("not_asked"):
            actions.answer_feedback(feedback, by=other, **given)
    actions.answer_feedback(feedback, by=room.tester, **given)
    assert (feedback.status, feedback.verdict, feedback.answered_by) == ("answered", "adopted", room.tester)
    assert (feedback.promise, feedback.due_on) == ("改外箱印版", clock.today())
    assert (feedback.passings.get().ended_by, feedback.passings.get().returned) == (room.tester, False)
    assert notices("alice", "answered") == 1


def errors(feedback: Feedback, by: User, **given: Any) -> dict[str, list[str]]:
    form = actions.answer_feedback.bind(by=by, obj=feedback, data=given)
    return {name: [each["code"] for each in found] for name, found in form.problems().items()}


def test_a_verdict_needs_its_reason_or_its_promise_with_a_day(room: Room) -> None:
    feedback, by = room.passed(), room.heads["quality"]
    adopted = {"verdict": "adopted", "solution": "采纳"}
    assert errors(feedback, by, **adopted) == {"promise": ["required"], "due_on": ["required"]}
    assert errors(feedback, by, **adopted, promise="改", due_on="2026-11-22") == {"due_on": ["past"]}
    assert errors(feedback, by, **adopted, promise="改", due_on="2026-11-30") == {}
    assert errors(feedback, by, verdict="declined", solution="不采纳") == {"reason": ["required"]}
    given = {"verdict": "declined", "solution": "不采纳", "reason": "成本", "promise": "改", "due_on": "2026-11-30"}
    assert errors(feedback, by, **given) == {"promise": ["declined"]}
    assert errors(feedback, by, verdict="explained", solution="说明") == {"verdict": ["invalid_choice"]}


def test_what_was_sent_wrongly_goes_to_another_department_and_is_counted(room: Room) -> None:
    feedback = room.passed()
    production = room.department("production")
    actions.send_back_feedback(feedback, by=room.tester, reason="属生产部", department=production)
    assert (feedback.status, feedback.concerned, feedback.returns) == ("passed", production, 1)
    first, second = feedback.passings.all()
    assert (first.returned, first.reason, first.ended_by) == (True, "属生产部", room.tester)
    assert (second.department, second.ended_at, second.by) == (production, None, room.tester)
    assert (notices("alice", "returned"), notices("head_production", "passed")) == (1, 1)
    with refused("not_asked"):
        actions.answer_feedback(feedback, by=room.tester, **ADOPTED, due_on=clock.today())
    actions.send_back_feedback(feedback, by=room.heads["production"], reason="也不是我部门")
    assert (feedback.status, feedback.concerned, feedback.returns) == ("received", None, 2)
    actions.pass_on_feedback(feedback, by=room.world.alice, department=production)
    assert feedback.passings.count() == 3


def test_sales_answers_praise_and_questions_by_itself_and_nothing_else(room: Room) -> None:
    for kind in ("suggestion", "wish", "grumble"):
        feedback = room.received(kind=kind)
        with refused("department_answers"):
            actions.reply_at_once(feedback, by=room.world.alice, solution="谢谢")
    feedback = room.received(kind="praise")
    actions.reply_at_once(feedback, by=room.world.alice, solution="感谢您的肯定")
    assert (feedback.status, feedback.verdict, feedback.concerned) == ("answered", "explained", None)
    actions.tell_answer(feedback, by=room.world.alice, channel="phone")
    assert feedback.status == "closed"
    with refused("wrong_state"):
        actions.finish_promise(feedback, by=room.world.alice, outcome="已办")


def test_told_by_mail_with_his_link_it_stays_open_until_the_promise_is_kept(room: Room) -> None:
    feedback = room.answered()
    actions.tell_answer(feedback, by=room.world.alice, channel="mail")
    assert (feedback.status, feedback.told_how, feedback.closed_at) == ("told", "mail", None)
    assert "加印装箱清单" in str(Message.objects.get(template="feedback.told").texts)
    with refused("not_asked"):
        actions.finish_promise(feedback, by=room.world.alice, outcome="印版已换")
    actions.finish_promise(feedback, by=room.tester, outcome="印版已换")
    assert (feedback.status, feedback.outcome, feedback.done_by) == ("closed", "印版已换", room.tester)
    assert notices("alice", "done") == 1


def test_a_promise_may_be_kept_before_he_is_told_and_then_it_is_closed_with_that(room: Room) -> None:
    feedback = room.answered()
    actions.finish_promise(feedback, by=room.tester, outcome="印版已换")
    assert (feedback.status, feedback.done_by) == ("answered", room.tester)
    with refused("done"):
        actions.finish_promise(feedback, by=room.tester, outcome="再换")
    actions.tell_answer(feedback, by=room.world.alice, channel="phone", reaction="很好")
    assert (feedback.status, feedback.reaction) == ("closed", "很好")
    assert "下批起外箱加印装箱清单" in ContactEntry.objects.latest("pk").what


def test_what_is_declined_is_closed_when_he_is_told(room: Room) -> None:
    feedback = room.declined()
    with refused("nothing_promised"):
        actions.finish_promise(feedback, by=room.tester, outcome="已办")
    actions.tell_answer(feedback, by=room.world.alice, channel="phone")
    assert feedback.status == "closed"


def test_a_customer_without_a_mail_address_is_not_told_by_mail(room: Room) -> None:
    feedback = room.declined()
    Contact.objects.filter(pk=room.world.contact.pk).update(email="")
    feedback = room.fresh(feedback)
    with refused("no_mail_address"):
        actions.tell_answer(feedback, by=room.world.alice, channel="mail")
    with refused("no_mail_address"):
        actions.send_feedback_link(feedback, by=room.world.alice)


def test_what_turns_out_to_be_a_complaint_goes_on_as_one_and_takes_all_along(room: Room) -> None:
    order = room.world.new_order()
    Order.objects.filter(pk=order.pk).update(owner=room.world.alice)
    given = {"order": Order.objects.get(pk=order.pk), "product": room.world.product, "files": [scan("door.pdf")]}
    feedback = room.passed(**given)
    complaint = actions.turn_into_complaint(feedback, by=room.world.alice, category="packaging")
    assert isinstance(complaint, Complaint)
    assert (complaint.content, complaint.customer, complaint.contact) == (
        feedback.content,
        feedback.customer,
        feedback.contact,
    )
    assert (complaint.order, complaint.product, complaint.channel) == (feedback.order, room.world.product, "visit")
    assert (complaint.status, complaint.category) == ("received", "packaging")
    feedback = room.fresh(feedback)
    assert (feedback.status, feedback.complaint, complaint.feedback) == ("complaint", complaint, feedback)
    assert feedback.passings.get().ended_by == room.world.alice
    piece = complaint.evidences.get()
    assert piece.file is not None
    assert (piece.file.name, piece.source, piece.file.subject) == ("door.pdf", "customer", complaint)
    assert piece.added_by.username == "links"  # so that who made the complaint may judge it
    assert complaints.judge_evidence.refusal(piece, room.world.alice) is None
    with refused("wrong_state"):
        actions.turn_into_complaint(feedback, by=room.world.alice, category="packaging")


def test_who_may_not_receive_complaints_makes_none_of_feedback(room: Room) -> None:
    feedback = room.received()
    role = room.world.alice.groups.get()
    role.permissions.remove(*role.permissions.filter(codename="receive_complaint"))
    alice = User.objects.get(pk=room.world.alice.pk)
    with nothing_moves(), pytest.raises(Forbidden):
        actions.turn_into_complaint(feedback, by=alice, category="service")


def test_only_managers_put_aside_what_was_entered_by_mistake_and_only_before_anybody_has_it(room: Room) -> None:
    feedback = room.received()
    with nothing_moves(), pytest.raises(Forbidden):
        actions.drop_feedback(feedback, by=room.world.alice, reason="重复")
    passed = room.passed()
    with refused("wrong_state"):
        actions.drop_feedback(passed, by=room.world.boss, reason="重复")
    actions.drop_feedback(feedback, by=room.world.boss, reason="重复")
    assert (feedback.status, feedback.reason) == ("dropped", "重复")


def test_nothing_closed_is_done_again(room: Room) -> None:
    feedback = actions.tell_answer(room.declined(), by=room.world.alice, channel="phone")
    with nothing_moves():
        for verb, by, given in (
            (actions.tell_answer, room.world.alice, {"channel": "phone"}),
            (actions.pass_on_feedback, room.world.alice, {"department": Department.objects.get(code="quality")}),
            (actions.answer_feedback, room.tester, {**ADOPTED, "due_on": clock.today()}),
            (actions.turn_into_complaint, room.world.alice, {"category": "service"}),
        ):
            with refused("wrong_state"):
                verb(feedback, by=by, **given)


def test_only_who_looks_after_it_passes_it_on_and_tells_the_customer(room: Room) -> None:
    today, alice, bob = clock.today(), room.world.alice, room.world.bob
    desk = room.world.person("desk", "sales_support")  # who received it, and may read it
    feedback = actions.receive_feedback(room.customer(), by=desk, channel="hotline", content="电话不好打")
    with refused("not_owner"):
        actions.pass_on_feedback(feedback, by=desk, department=room.department("quality"))
    room.answer(actions.pass_on_feedback(feedback, by=room.world.boss, department=room.department("quality")))
    with refused("not_owner"):
        actions.tell_answer(feedback, by=desk, channel="phone")
    Absence.objects.create(user=alice, deputy=bob, first_day=today, last_day=today)
    actions.tell_answer(feedback, by=User.objects.get(pk=bob.pk), channel="phone")
    assert feedback.status == "told"
