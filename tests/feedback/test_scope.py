"""Who sees feedback: owner, receiver, the department that has it, managers; what is said of people, only managers."""

from typing import Any

import pytest
from django.test import Client

from complaints.feedback import actions
from complaints.feedback.models import Feedback, Passing
from crm import clock
from crm.accounts.models import Absence, Department, User
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.records.models import ActionLog
from customers.models import ContactEntry
from tests.feedback.conftest import Room
from tests.world import nothing_moves, refused

GRUMBLE = {"kind": "grumble", "about": "staff", "content": "接待人员态度生硬"}


def sees(user: User, feedback: Feedback) -> bool:
    return Feedback.objects.visible_to(user).filter(pk=feedback.pk).exists()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_stranger_sees_and_does_nothing(room: Room) -> None:
    feedback = room.passed()
    others = (room.world.stranger, room.world.charlie, room.world.bob, room.heads["production"])
    for user in others:
        assert not sees(user, feedback), user
        assert client_of(user).get(feedback.get_absolute_url()).status_code == 404
        assert client_of(user).get(f"{feedback.get_absolute_url()}form/").status_code == 404
    for user in (room.world.alice, room.world.boss, room.tester, room.heads["quality"], room.executive):
        assert sees(user, feedback), user
        assert client_of(user).get(feedback.get_absolute_url()).status_code == 200
    with nothing_moves(), pytest.raises(Feedback.DoesNotExist):
        actions.send_feedback_link(feedback, by=room.world.charlie)


def test_who_received_it_follows_it(room: Room) -> None:
    desk = room.world.person("desk", "reception")
    feedback = actions.receive_feedback(room.customer(), by=desk, channel="hotline", content="电话不好打")
    assert sees(desk, feedback)
    assert not sees(room.world.person("desk2", "reception"), feedback)


def test_what_is_said_of_people_is_looked_after_by_the_manager_and_answered_by_the_head_alone(room: Room) -> None:
    feedback = room.received(**GRUMBLE, staff=room.tester)
    assert (feedback.owner, feedback.received_by) == (room.world.boss, room.world.alice)
    assert not sees(room.world.bob, feedback)
    actions.pass_on_feedback(feedback, by=room.world.boss, department=room.department("quality"))
    assert (feedback.addressee, sees(room.heads["quality"], feedback)) == (room.heads["quality"], True)
    assert not sees(room.tester, feedback)
    deadline = Deadline.objects.open().about(feedback).get(rule="feedback.answer")
    assert deadline.responsible == room.heads["quality"]
    given = {"verdict": "explained", "solution": "已批评教育"}
    actions.answer_feedback(feedback, by=room.heads["quality"], **given)
    actions.tell_answer(feedback, by=room.world.boss, channel="phone")
    assert feedback.status == "closed"


def test_a_head_does_not_answer_what_is_said_of_himself(room: Room) -> None:
    head = room.heads["quality"]
    feedback = room.received(**GRUMBLE, staff=head)
    with refused("nobody_to_answer"):
        actions.pass_on_feedback(feedback, by=room.world.boss, department=room.department("quality"))
    User.objects.filter(pk=head.pk).update(manager=room.executive)
    actions.pass_on_feedback(feedback, by=room.world.boss, department=room.department("quality"))
    assert (feedback.addressee, sees(head, feedback)) == (room.executive, False)
    actions.answer_feedback(feedback, by=room.executive, verdict="explained", solution="已谈话")


def test_the_manager_does_not_look_after_what_is_said_of_himself_nor_sees_it(room: Room) -> None:
    management = Department.objects.create(code="management", name="总经办", head=room.executive)
    User.objects.filter(pk=room.executive.pk).update(department=management)
    User.objects.filter(pk=room.world.boss.pk).update(manager=room.executive)
    Department.objects.filter(pk=room.world.sales.pk).update(parent=management)
    feedback = room.received(**GRUMBLE, staff=room.world.boss)
    assert (feedback.owner, feedback.department) == (room.executive, management)
    assert not sees(room.world.boss, feedback)


def test_what_is_found_to_be_about_people_is_hidden_from_who_had_it_before(room: Room) -> None:
    feedback = room.passed()
    actions.send_back_feedback(feedback, by=room.tester, reason="说的是仓库的同事")
    assert sees(room.tester, feedback)
    given = {"department": room.department("warehouse"), "kind": "grumble", "about": "staff"}
    actions.pass_on_feedback(feedback, by=room.world.alice, **given)
    assert (feedback.owner, feedback.addressee) == (room.world.boss, room.heads["warehouse"])
    assert sees(room.heads["warehouse"], feedback) and sees(room.world.alice, feedback)  # she received it
    assert not sees(room.tester, feedback) and not sees(room.heads["quality"], feedback)


def test_sales_answers_nothing_about_people_by_itself(room: Room) -> None:
    feedback = room.received(**{**GRUMBLE, "kind": "praise"})
    with refused("department_answers"):
        actions.reply_at_once(feedback, by=room.world.boss, solution="谢谢")


def test_not_a_word_of_it_stands_where_everybody_who_sees_the_customer_reads(room: Room) -> None:
    feedback = room.received(**GRUMBLE)
    actions.pass_on_feedback(feedback, by=room.world.boss, department=room.department("quality"), words="请核实")
    given: dict[str, Any] = {"verdict": "explained", "solution": "已批评教育"}
    actions.answer_feedback(feedback, by=room.heads["quality"], **given)
    actions.tell_answer(feedback, by=room.world.boss, channel="mail")
    other = room.received(**GRUMBLE)
    actions.pass_on_feedback(other, by=room.world.boss, department=room.department("quality"))
    actions.answer_feedback(other, by=room.heads["quality"], **given)
    actions.tell_answer(other, by=room.world.boss, channel="phone", reaction="知道了")
    clerk = room.world.person("clerk2", "counter")  # sees every customer
    support = room.world.person("support", "sales_support")  # and may read the mails to them
    for user in (clerk, support):
        page = client_of(user).get(feedback.customer.get_absolute_url())
        assert page.status_code == 200
        for words in ("态度生硬", "批评教育", "请核实", "知道了"):
            assert words not in page.text, (user, words)
    for message in Message.objects.filter(template__startswith="feedback."):
        assert "态度生硬" not in str(message.texts) and "批评教育" not in str(message.texts)
    assert other.number in ContactEntry.objects.latest("pk").what
    assert "批评教育" not in ContactEntry.objects.latest("pk").what


def test_what_is_said_of_people_does_not_become_a_complaint_that_they_may_own(room: Room) -> None:
    feedback = room.received(**GRUMBLE, staff=room.world.alice)
    with refused("confidential"):
        actions.turn_into_complaint(feedback, by=room.world.boss, category="service")


def test_the_log_of_customer_and_talk_keeps_no_word_of_what_is_said_of_people(room: Room) -> None:
    room.received(**GRUMBLE)
    actions.take_as_feedback(room.talked(), by=room.world.alice, **GRUMBLE)
    rows = ActionLog.objects.filter(verb__in=["feedback.receive_feedback", "feedback.take_as_feedback"])
    assert [row.inputs["content"] for row in rows] == ["…态度生硬"] * 2
    client = client_of(room.world.person("clerk3", "counter"))  # sees every customer
    assert "接待人员" not in client.get(room.customer().get_absolute_url()).text


def test_nobody_sees_what_is_said_of_himself_however_far_he_sees_or_whoever_he_stands_in_for(room: Room) -> None:
    today, alice, boss, root = clock.today(), room.world.alice, room.world.boss, room.world.root
    feedback = room.received(**GRUMBLE, staff=boss)  # who heads sales
    assert (feedback.owner, sees(root, feedback), sees(boss, feedback)) == (root, True, False)
    assert client_of(boss).get(feedback.get_absolute_url()).status_code == 404
    Absence.objects.create(user=alice, deputy=boss, first_day=today, last_day=today)
    assert not sees(User.objects.get(pk=boss.pk), feedback)
    of_alice = room.received(**GRUMBLE, staff=alice)  # she received it
    assert (of_alice.owner, sees(boss, of_alice), sees(alice, of_alice)) == (boss, True, False)
    of_executive = room.received(**GRUMBLE, staff=room.executive)
    passed = actions.pass_on_feedback(of_executive, by=boss, department=room.department("quality"))
    assert not sees(room.executive, passed) and sees(room.executive, feedback)
    seen = Passing.objects.visible_to
    assert (seen(boss).count(), seen(room.executive).count()) == (1, 0)
