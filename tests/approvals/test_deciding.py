"""A request from asking to being carried out, and who may decide on it."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, Permission

from crm import clock
from crm.accounts.models import Absence, User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.engine import system
from crm.approvals.healing import handed_over, replaced, voided
from crm.approvals.lists import APPROVALS
from crm.approvals.models import ApprovalRequest, Decision, Task
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.records.models import ActionLog
from customers import actions as customers
from customers.models import Customer
from tests.approvals.conftest import ask, fresh
from tests.world import MORNING, World, refused, shanghai

S, T = ApprovalRequest.Status, Task.Status


def remarks(world: World) -> str:
    return Customer.objects.get(pk=world.customer.pk).remarks


def task_of(request: ApprovalRequest, user: User) -> Task:
    return Task.objects.exclude(status__in=[T.SKIPPED]).filter(request=request, approver=user).latest("pk")


def test_the_verb_is_done_by_itself_after_the_last_yes_as_who_asked(world: World) -> None:
    request = ask(world, reason="老客户")
    assert (request.status, request.requester, request.amount, remarks(world)) == (
        S.WAITING,
        world.alice,
        Decimal("500.00"),
        "",
    )
    task = Task.objects.get()
    assert (task.approver, task.status) == (world.boss, T.WAITING)
    approvals.approve(task, by=world.boss, opinion="同意")
    request.refresh_from_db()
    assert (request.status, request.problem) == (S.DONE, "")
    assert remarks(world) == "rebate 500.00  老客户 by alice\n"
    done = ActionLog.objects.get(verb="customers.grant_rebate")
    decision = ActionLog.objects.get(verb="approvals.approve")
    assert (done.actor, done.cause, request.used_log) == (world.alice, decision, done.pk)


def test_a_decision_says_who_when_what_about_and_by_which_door(world: World) -> None:
    request = ask(world)
    approvals.approve(Task.objects.get(), by=world.boss, opinion="同意")
    row = Decision.objects.get()
    assert (row.by, row.on_behalf_of, row.what, row.opinion) == (world.boss, None, "approved", "同意")
    assert (row.at, row.door, row.hash) == (MORNING, "command", request.question.hash)
    assert row.log == ActionLog.objects.get(verb="approvals.approve").pk


def test_what_is_approved_is_kept_word_for_word_in_both_languages(world: World) -> None:
    question = ask(world, amount="500.10").question
    assert (
        question.facts == {"amount": "500.1", "until": "", "terms": "赊销", "region": "重庆"}
        or question.facts["amount"] == "500.1"
    )
    assert question.wording[0] == {
        "key": "amount",
        "label": {"zh-hans": "Amount", "en": "Amount"},
        "text": {"zh-hans": "¥500.10", "en": "¥500.10"},
    }
    assert len(question.hash) == 64


def test_nobody_does_the_verb_without_an_approval(world: World) -> None:
    with refused("needs_approval"):
        ACTIONS["customers.grant_rebate"](world.customer, by=world.boss, amount=Decimal(5))
    ask(world, amount="5")
    with refused("needs_approval"):
        ACTIONS["customers.grant_rebate"](world.customer, by=world.boss, amount=Decimal(5))


def test_a_superuser_does_not_get_around_it(world: World) -> None:
    with refused("needs_approval"):
        ACTIONS["customers.grant_rebate"](world.customer, by=world.root, amount=Decimal(5))


def test_nobody_decides_on_his_own_request_so_his_superior_does(world: World) -> None:
    request = ask(world, by=world.boss)
    assert [task.approver for task in request.tasks.all()] == [world.__dict__["chief"]]
    with refused("own_request"):
        approvals.approve(request.tasks.get(), by=world.boss)


def test_a_colleague_who_is_not_asked_does_not_decide(world: World) -> None:
    request = ask(world)
    with pytest.raises(Task.DoesNotExist):
        approvals.approve(request.tasks.get(), by=world.bob)
    approvals.copy_to(request, by=world.alice, user=world.bob)
    with refused("not_asked"):
        approvals.approve(request.tasks.get(), by=fresh(world.bob))


def test_the_deputy_decides_on_behalf_and_both_are_named(world: World) -> None:
    Absence.objects.create(user=world.boss, first_day="2026-11-23", last_day="2026-11-24", deputy=world.bob)
    request = ask(world)
    assert Message.objects.get(template="approvals.asked").recipient == world.bob
    approvals.approve(request.tasks.get(), by=world.bob)
    row = Decision.objects.get()
    assert (row.by, row.on_behalf_of) == (world.bob, world.boss)
    log = ActionLog.objects.get(verb="approvals.approve")
    assert (log.actor, log.on_behalf_of) == (world.bob, world.boss)


def test_a_deputy_who_is_the_requester_is_no_deputy(world: World) -> None:
    Absence.objects.create(user=world.boss, first_day="2026-11-23", last_day="2026-11-24", deputy=world.alice)
    request = ask(world)
    with refused("own_request"):
        approvals.approve(request.tasks.get(), by=world.alice)
    chief = world.__dict__["chief"]
    assert Message.objects.get(template="approvals.asked").recipient == chief
    approvals.approve(request.tasks.get(), by=chief)
    assert Decision.objects.get().on_behalf_of == world.boss


def test_a_rejection_ends_it_and_the_requester_is_told_why(world: World) -> None:
    request = ask(world)
    approvals.reject(request.tasks.get(), by=world.boss, reason="太多")
    request.refresh_from_db()
    assert (request.status, request.reason, remarks(world)) == (S.REJECTED, "太多", "")
    told = Message.objects.get(template="approvals.ended")
    assert told.recipient == world.alice
    assert "太多" in told.words["body"]


def test_who_asked_takes_it_back_and_nobody_is_asked_any_more(world: World) -> None:
    request = ask(world)
    with refused("not_requester"):
        approvals.withdraw(request, by=world.boss, reason="x")
    approvals.withdraw(request, by=world.alice, reason="不需要")
    assert request.tasks.get().status == T.CLOSED
    assert Deadline.objects.open().filter(rule="approval.decide").count() == 0
    with refused("wrong_state"):
        approvals.approve(request.tasks.get(), by=world.boss)


def test_what_changed_while_it_waited_makes_it_void_and_everybody_is_told(world: World) -> None:
    request = ask(world)
    customers.set_payment_terms(world.customer, by=world.root, payment_terms="prepay", payment_days=0)
    request.refresh_from_db()
    assert request.status == S.VOID
    assert [row["label"]["en"] for row in request.changes] == ["Terms"]
    assert request.tasks.get().status == T.CLOSED
    assert {each.recipient for each in Message.objects.filter(template="approvals.void")} == {world.alice, world.boss}


def test_what_changed_past_the_verbs_is_noticed_under_the_lock(world: World) -> None:
    request = ask(world)
    Customer.objects.update(region="成都")
    with refused("changed_since") as caught:
        approvals.approve(request.tasks.get(), by=world.boss)
    assert "Region: 重庆 → 成都" in caught.value.sentence


def test_a_change_of_something_else_leaves_it_alone(world: World) -> None:
    request = ask(world)
    customers.plan_task(world.customer, by=world.root, what="x", due_on=clock.today())
    customers.assign_customer(Customer.objects.get(), by=world.root, owner=world.bob)
    request.refresh_from_db()
    assert request.status == S.WAITING


def test_asking_again_names_the_last_request(world: World) -> None:
    first = ask(world)
    approvals.send_back(first.tasks.get(), by=world.boss, reason="少一点")
    first.refresh_from_db()
    assert first.status == S.SENT_BACK
    again = ask(world, amount="300")
    assert again.previous == first


def test_the_same_is_not_asked_twice(world: World) -> None:
    ask(world)
    with refused("already_asked"):
        ask(world, amount="3")


def test_a_verb_that_refuses_in_the_end_keeps_the_decision_and_says_why(world: World) -> None:
    request = ask(world)
    Customer.objects.update(supply_suspended=True, suspension_reason="逾期")
    approvals.approve(request.tasks.get(), by=world.boss)
    request.refresh_from_db()
    assert (request.status, request.problem) == (S.FAILED, "Supply is suspended.")
    assert Decision.objects.count() == 1
    assert remarks(world) == ""
    assert "Supply is suspended." in Message.objects.get(template="approvals.ended").words["body"]
    with refused("not_requester"):
        approvals.carry_out(request, by=world.boss)
    Customer.objects.update(supply_suspended=False, suspension_reason="")
    approvals.carry_out(request, by=world.alice)
    request.refresh_from_db()
    assert (request.status, request.problem) == (S.DONE, "")
    assert remarks(world) == "rebate 500.00   by alice\n"


def test_what_is_approved_and_not_carried_out_is_done_only_as_approved_and_once(world: World) -> None:
    request = ask(world)
    Customer.objects.update(supply_suspended=True, suspension_reason="逾期")
    approvals.approve(request.tasks.get(), by=world.boss)
    Customer.objects.update(supply_suspended=False, suspension_reason="")
    grant = ACTIONS["customers.grant_rebate"]
    with refused("approved_otherwise"):
        grant(world.customer, by=world.alice, amount=Decimal("500.01"))
    grant(world.customer, by=world.alice, amount=Decimal("500"))
    request.refresh_from_db()
    assert request.status == S.DONE
    with refused("needs_approval"):
        grant(world.customer, by=world.alice, amount=Decimal("500"))


def test_a_requester_who_lost_his_right_does_not_carry_it_out_through_others(world: World) -> None:
    request = ask(world)
    world.alice.groups.clear()
    approvals.approve(request.tasks.get(), by=world.boss)
    request.refresh_from_db()
    assert request.status == S.FAILED
    assert remarks(world) == ""


def test_an_approver_without_the_right_is_refused_and_another_is_asked(world: World) -> None:
    request = ask(world)
    Group.objects.get(name="everyone").permissions.remove(Permission.objects.get(codename="approve"))
    chief, boss = world.__dict__["chief"], fresh(world.boss)
    chief.user_permissions.add(Permission.objects.get(codename="approve"))
    with refused("forbidden"):
        approvals.approve(request.tasks.get(), by=boss)
    assert replaced(system()) == 1
    assert [(each.approver, each.status) for each in request.tasks.order_by("pk")] == [
        (world.boss, T.CLOSED),
        (chief, T.WAITING),
    ]


def test_who_has_left_is_replaced_by_his_superior(world: World) -> None:
    request = ask(world)
    User.objects.filter(pk=world.boss.pk).update(is_active=False)
    chief = world.__dict__["chief"]
    assert replaced(system()) == 1
    approvals.approve(request.tasks.get(status=T.WAITING), by=fresh(chief))
    request.refresh_from_db()
    assert request.status == S.DONE


def test_it_has_a_working_day_and_is_met_by_the_decision(world: World) -> None:
    request = ask(world)
    row = Deadline.objects.get(rule="approval.decide")
    assert (row.responsible, row.subject) == (world.boss, request.tasks.get())
    assert row.due_at == shanghai(24, 9, 30)
    approvals.approve(request.tasks.get(), by=world.boss)
    row.refresh_from_db()
    assert (row.outcome, row.met_by) == ("met", ActionLog.objects.get(verb="approvals.approve").pk)


def test_a_file_that_was_given_is_there_when_it_is_carried_out(world: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    paper = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n", "application/pdf")
    request = ask(world, paper=paper)
    approvals.approve(request.tasks.get(), by=world.boss)
    assert remarks(world).endswith("%PDF-1.4")


def test_who_falls_ill_later_hands_over_to_his_deputy_once(world: World) -> None:
    request = ask(world)
    Absence.objects.create(user=world.boss, first_day="2026-11-23", last_day="2026-11-24", deputy=world.bob)
    for _time in range(2):
        handed_over()
    told = Message.objects.filter(template="approvals.asked").order_by("pk")
    assert [each.recipient for each in told] == [world.boss, world.bob]
    approvals.approve(request.tasks.get(), by=world.bob)
    assert Decision.objects.get().on_behalf_of == world.boss


def test_the_clock_makes_void_what_an_import_has_changed(world: World) -> None:
    request = ask(world)
    assert voided(system()) == 0
    Customer.objects.update(region="成都")
    assert voided(system()) == 1
    request.refresh_from_db()
    assert request.status == S.VOID


def test_the_manager_stands_in_for_who_named_no_deputy(world: World) -> None:
    """He is away and named no deputy: his manager finds the task in his inbox and decides on his behalf."""
    Absence.objects.create(user=world.boss, first_day="2026-11-23", last_day="2026-11-24")
    request = ask(world)
    chief = world.__dict__["chief"]
    assert list(APPROVALS.filtered(chief, {}, tab="waiting")) == [request.tasks.get()]
    approvals.approve(request.tasks.get(), by=chief)
    assert Decision.objects.get().signed in ("总（代Boss）", "总 on behalf of Boss")
