"""Steps asked at the same time, each about its own part; asking again by itself; conditions (R6)."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm import clock
from crm.accounts.models import Absence, User
from crm.actions import ACTIONS, Action
from crm.approvals import actions as approvals
from crm.approvals.chains import Chain, ChainStep
from crm.approvals.declare import Approval
from crm.approvals.engine import system
from crm.approvals.facts import Fact, digests_of_parts
from crm.approvals.forms import ConditionForm, OpinionForm
from crm.approvals.healing import replaced, voided
from crm.approvals.models import ApprovalRequest, Condition, Decision, Task
from crm.approvals.steps import Mode, Step, Who, group_of
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.records.models import Attachment
from customers import actions as customers
from customers.models import Customer
from tests.api.conftest import Api
from tests.approvals.conftest import RebateForm, allow, ask, fresh, grant_rebate, remove
from tests.world import MORNING, World, refused

S, T, C = ApprovalRequest.Status, Task.Status, Condition.Status
MONEY, PLACE = "money", "place"


def by_role(part: str, role: str, **options: Any) -> Step:
    return Step(part, who=Who.ROLE, role=role, part=part, **options)


STEPS = (
    by_role(MONEY, "finance"),
    by_role(PLACE, "logistics", together=True),
    Step("chief", who=Who.ROLE, role="executive"),
)


def two_parts(customer: Customer, inputs: dict[str, Any]) -> Iterator[Fact]:
    """An amount that finance judges, a region that logistics judges, remarks that concern everybody."""
    yield Fact("amount", "Amount", inputs["amount"], "money", parts=(MONEY,))
    yield Fact("terms", "Terms", customer.payment_terms, parts=(MONEY,))
    yield Fact("region", "Region", customer.region, parts=(PLACE,))
    yield Fact("reason", "Reason", inputs.get("reason", ""))


@pytest.fixture
def rebate() -> Iterator[Action]:
    """The rebate of conftest.py, judged in two parts at once, and asked again by itself."""
    approval = Approval(facts=two_parts, default=STEPS, parts={MONEY: "Money", PLACE: "Place"}, renewed=True)
    try:
        yield Action(grant_rebate, Customer, label="Grant a rebate", form=RebateForm, approval=approval)
    finally:
        remove()


@pytest.fixture
def people(world: World) -> dict[str, User]:
    """One person for each part; `world` has the chief."""
    allow("sales", "sales_manager", "executive", "finance", "logistics")
    return {
        "cashier": world.person("cashier", "finance"),
        "carrier": world.person("carrier", "logistics"),
        "chief": fresh(world.chief),
    }


def waiting() -> set[str]:
    return set(Task.objects.filter(status=T.WAITING).values_list("approver__username", flat=True))


def sign(user: User, opinion: str = "yes") -> Any:
    return approvals.approve(Task.objects.get(approver=user, status=T.WAITING), by=user, opinion=opinion)


def move(world: World, **facts: Any) -> None:
    """Change what stands in the customer's record, by the verb."""
    customers.change_customer(Customer.objects.get(pk=world.customer.pk), by=world.root, **facts)


def test_a_group_is_the_steps_that_are_asked_at_the_same_time() -> None:
    steps = [Step("a"), Step("b", together=True), Step("c"), Step("d", together=True), Step("e", together=True)]
    assert [group_of(steps, place) for place in range(5)] == [range(2), range(2), *[range(2, 5)] * 3]


def test_a_part_has_the_hash_of_the_facts_that_concern_it() -> None:
    facts = [Fact("a", "A", 1, parts=("x",)), Fact("b", "B", 2, parts=("y",)), Fact("c", "C", 3)]
    before = digests_of_parts("verb", None, facts, ["x", "y"])
    other = digests_of_parts("verb", None, [*facts[:1], Fact("b", "B", 5, parts=("y",)), *facts[2:]], ["x", "y"])
    common = digests_of_parts("verb", None, [*facts[:2], Fact("c", "C", 4)], ["x", "y"])
    assert (before["x"] == other["x"], before["y"] == other["y"]) == (True, False)
    assert (before["x"] == common["x"], before["y"] == common["y"]) == (False, False)


def test_both_are_asked_at_once_and_what_follows_waits_for_both(world: World, people: dict[str, User]) -> None:
    request = ask(world)
    assert waiting() == {"cashier", "carrier"}
    sign(people["carrier"])
    assert waiting() == {"cashier"}
    sign(people["cashier"])
    assert waiting() == {"chief"}
    sign(people["chief"])
    request.refresh_from_db()
    assert request.status == S.DONE


def test_the_form_of_an_opinion_names_the_facts_of_ones_part(world: World, people: dict[str, User]) -> None:
    ask(world, reason="老客户")
    task = Task.objects.get(approver=people["carrier"])
    text = str(OpinionForm(by=people["carrier"], obj=task).fields["opinion"].help_text)
    assert ("Region" in text, "老客户" in text, "Amount" in text) == (True, True, False)


def test_the_card_marks_ones_own_part(world: World, people: dict[str, User]) -> None:
    request = ask(world)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(people["carrier"])
    html = client.get(request.get_absolute_url()).content.decode()
    assert html.index("Region") < html.index("Amount")
    assert "Money" in html
    assert "at the same time" in html


def test_a_change_asks_only_those_anew_whose_part_it_is(world: World, people: dict[str, User]) -> None:
    first = ask(world)
    sign(people["carrier"], "far, but fine")
    sign(people["cashier"], "affordable")
    move(world, region="成都")
    again = ApprovalRequest.objects.latest("pk")
    first.refresh_from_db()
    assert (first.status, again.status, again.previous) == (S.VOID, S.WAITING, first)
    assert waiting() == {"carrier"}
    kept = again.tasks.get(approver=people["cashier"])
    assert (kept.status, kept.note, kept.carried.opinion) == (T.SKIPPED, "unchanged", "affordable")
    assert (kept.carried.hash, kept.carried.request) == (first.question.hash, first)
    task = again.tasks.get(approver=people["carrier"])
    assert task.former.opinion == "far, but fine"
    help_text = str(OpinionForm(by=people["carrier"], obj=task).fields["opinion"].help_text)
    assert "far, but fine" in help_text
    sign(people["carrier"])
    sign(people["chief"])
    again.refresh_from_db()
    assert again.status == S.DONE


def test_the_card_quotes_former_opinions(world: World, people: dict[str, User]) -> None:
    ask(world)
    sign(people["carrier"], "far, but fine")
    sign(people["cashier"], "affordable")
    move(world, region="成都")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(people["carrier"])
    html = client.get(ApprovalRequest.objects.latest("pk").get_absolute_url()).content.decode()
    assert html.count("affordable") >= 1
    assert "far, but fine" in html
    assert "Last time" in html


def test_who_agreed_to_a_part_has_not_agreed_to_the_whole(world: World, people: dict[str, User]) -> None:
    people["chief"].groups.add(Group.objects.get(name="finance"))
    people["cashier"].groups.clear()
    ask(world)
    sign(fresh(people["chief"]))
    sign(people["carrier"])
    assert waiting() == {"chief"}


def test_sent_back_to_one_of_several_leaves_the_others_alone(world: World, people: dict[str, User]) -> None:
    ask(world)
    for name in ("cashier", "carrier"):
        sign(people[name])
    task = Task.objects.get(approver=people["chief"], status=T.WAITING)
    approvals.send_back(task, by=people["chief"], reason="look again", step=0)
    assert waiting() == {"cashier"}
    sign(people["cashier"])
    assert waiting() == {"chief"}
    sign(people["chief"])
    assert ApprovalRequest.objects.get().status == S.DONE


def test_nobody_sends_back_to_a_step_beside_his_own(world: World, people: dict[str, User]) -> None:
    ask(world)
    task = Task.objects.get(approver=people["carrier"])
    with refused("no_earlier_step"):
        approvals.send_back(task, by=people["carrier"], reason="x", step=0)


def test_what_was_rejected_is_asked_of_everybody_again(world: World, people: dict[str, User]) -> None:
    ask(world)
    sign(people["cashier"])
    approvals.reject(Task.objects.get(approver=people["carrier"]), by=people["carrier"], reason="no")
    ask(world)
    assert waiting() == {"cashier", "carrier"}


def test_what_was_withdrawn_keeps_the_opinions_on_what_is_the_same(world: World, people: dict[str, User]) -> None:
    request = ask(world)
    sign(people["cashier"])
    approvals.withdraw(request, by=world.alice, reason="later")
    ask(world, amount="500.00")
    assert waiting() == {"carrier"}
    approvals.withdraw(ApprovalRequest.objects.latest("pk"), by=world.alice, reason="more")
    ask(world, amount="600.00")
    assert waiting() == {"cashier", "carrier"}


def test_all_of_several_people_of_a_part_keep_their_opinions_each(world: World, people: dict[str, User]) -> None:
    second = world.person("second", "finance")
    chain = Chain.objects.create(verb="customers.grant_rebate", name="两人")
    role = Group.objects.get(name="finance")
    ChainStep.objects.create(chain=chain, name="财务", who="role", role=role, mode=Mode.ALL, part=MONEY)
    ask(world)
    assert waiting() == {"cashier", "second"}
    sign(people["cashier"])
    move(world, region="成都")  # no part of theirs
    assert waiting() == {"second"}
    sign(second)
    assert ApprovalRequest.objects.latest("pk").status == S.DONE


def test_a_first_step_has_nothing_that_it_is_together_with() -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as caught:
        ChainStep(position=1, together=True).clean()
    assert list(caught.value.message_dict) == ["together"]


def test_who_may_not_decide_any_more_is_replaced_within_his_group(world: World, people: dict[str, User]) -> None:
    world.person("second", "finance")
    ask(world)
    assert waiting() == {"cashier", "second", "carrier"}
    people["cashier"].groups.clear()
    assert replaced(system()) == 1
    assert waiting() == {"second", "carrier"}


def test_where_asking_again_is_refused_it_is_void_and_said(world: World, people: dict[str, User]) -> None:
    request = ask(world)
    sign(people["cashier"])
    allow()  # nothing taken away yet
    for role in Group.objects.all():
        role.permissions.remove(*role.permissions.filter(codename="ask_grant_rebate"))
    move(world, region="成都")
    request.refresh_from_db()
    assert (request.status, ApprovalRequest.objects.count()) == (S.VOID, 1)
    assert Message.objects.filter(template="approvals.void", recipient=world.alice).count() == 1
    assert waiting() == set()


def test_what_no_verb_has_changed_is_found_by_the_clock(world: World, people: dict[str, User]) -> None:
    ask(world)
    sign(people["cashier"])
    Customer.objects.filter(pk=world.customer.pk).update(region="成都")
    assert voided(system()) == 1
    assert waiting() == {"carrier"}
    assert ApprovalRequest.objects.filter(status=S.WAITING).count() == 1


# Conditions.


def raised(world: World, people: dict[str, User], name: str = "cashier") -> Condition:
    task = Task.objects.get(approver=people[name], status=T.WAITING)
    return approvals.raise_condition(
        task, by=people[name], text="30 percent in advance", owner=world.alice, due_on=date(2026, 11, 25)
    )


def test_a_condition_holds_up_the_next_step_until_it_is_met(world: World, people: dict[str, User]) -> None:
    request = ask(world)
    condition = raised(world, people)
    assert (condition.status, condition.raised_by, condition.owner) == (C.OPEN, people["cashier"], world.alice)
    assert Message.objects.filter(template="approvals.condition", recipient=world.alice).count() == 1
    sign(people["cashier"], "yes, if so")
    sign(people["carrier"])
    assert waiting() == set()
    request.refresh_from_db()
    assert request.status == S.WAITING
    paper = SimpleUploadedFile("transfer.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    condition = approvals.meet_condition(condition, by=world.alice, proof="received on the 24th", paper=paper)
    assert (condition.status, condition.proof, condition.closed_by) == (C.MET, "received on the 24th", world.alice)
    assert Attachment.objects.about(condition).get().name == "transfer.pdf"
    assert Message.objects.filter(template="approvals.condition_met", recipient=people["cashier"]).count() == 1
    assert waiting() == {"chief"}


def test_a_condition_holds_up_the_end_too(world: World, people: dict[str, User]) -> None:
    request = ask(world)
    for name in ("cashier", "carrier"):
        sign(people[name])
    condition = raised(world, people, "chief")
    sign(people["chief"])
    request.refresh_from_db()
    assert request.status == S.WAITING
    approvals.meet_condition(condition, by=world.alice, proof="here it is")
    request.refresh_from_db()
    assert request.status == S.DONE


def test_who_raised_it_can_do_without_it(world: World, people: dict[str, User]) -> None:
    ask(world)
    condition = raised(world, people)
    sign(people["cashier"])
    sign(people["carrier"])
    with refused("not_raised_by"):
        approvals.waive_condition(condition, by=people["carrier"], reason="no need")
    approvals.waive_condition(condition, by=people["cashier"], reason="no need")
    assert Condition.objects.get().status == C.WAIVED
    assert waiting() == {"chief"}


def test_only_its_owner_or_who_raised_it_meets_a_condition(world: World, people: dict[str, User]) -> None:
    ask(world)
    condition = raised(world, people)
    with refused("not_owner"):
        approvals.meet_condition(condition, by=people["carrier"], proof="x")
    approvals.meet_condition(condition, by=people["cashier"], proof="seen myself")
    with refused("wrong_state"):
        approvals.meet_condition(condition, by=people["cashier"], proof="again")


def test_the_deputy_of_its_owner_meets_a_condition(world: World, people: dict[str, User]) -> None:
    ask(world)
    condition = raised(world, people)
    bob = world.bob
    allow()
    Absence.objects.create(user=world.alice, deputy=bob, first_day=clock.today(), last_day=clock.today())
    approvals.meet_condition(condition, by=fresh(bob), proof="done for her")
    assert Condition.objects.get().closed_by == bob


def test_an_open_condition_stays_open_when_it_is_asked_again(world: World, people: dict[str, User]) -> None:
    first = ask(world)
    condition = raised(world, people)
    sign(people["cashier"])
    move(world, region="成都")
    condition.refresh_from_db()
    again = ApprovalRequest.objects.latest("pk")
    assert (condition.request, condition.task.request, condition.status) == (again, first, C.OPEN)
    sign(people["carrier"])
    assert waiting() == set()
    approvals.meet_condition(condition, by=world.alice, proof="x")
    assert waiting() == {"chief"}


def test_a_condition_has_a_day_of_its_own(world: World, people: dict[str, User]) -> None:
    ask(world)
    condition = raised(world, people)
    row = Deadline.objects.open().about(condition).get()
    assert (row.rule, row.responsible) == ("approval.condition", world.alice)
    assert row.due_at.astimezone(MORNING.tzinfo).date() == date(2026, 11, 25)
    approvals.meet_condition(condition, by=world.alice, proof="x")
    row.refresh_from_db()
    assert row.outcome == Deadline.Outcome.MET


def test_a_condition_of_yesterday_is_refused(world: World, people: dict[str, User]) -> None:
    ask(world)
    task = Task.objects.get(approver=people["cashier"])
    given = {"text": "x", "owner": world.alice.pk, "due_on": clock.today() - timedelta(days=1)}
    assert list(ConditionForm(given, by=people["cashier"], obj=task).problems()) == ["due_on"]


def test_only_who_is_asked_raises_a_condition(world: World, people: dict[str, User]) -> None:
    ask(world)
    task = Task.objects.get(approver=people["cashier"])
    with refused("not_asked"):
        approvals.raise_condition(task, by=people["carrier"], text="x", owner=world.alice, due_on=clock.today())


def test_conditions_through_rest_and_on_the_card(world: World, people: dict[str, User]) -> None:
    request = ask(world)
    task = Task.objects.get(approver=people["cashier"])
    given = {"text": "30 percent in advance", "owner": world.alice.pk, "due_on": "2026-11-25"}
    answer = Api(people["cashier"]).post(f"approvals/{task.pk}/approvals.raise_condition/", given)
    assert answer.status_code == 201
    condition = Condition.objects.get()
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(world.alice)
    html = client.get(request.get_absolute_url()).content.decode()
    assert "30 percent in advance" in html
    assert f"/do/approvals.meet_condition/{condition.pk}/" in html
    path = f"approvals.condition/{condition.pk}/approvals.meet_condition/"
    assert Api(people["carrier"]).post(path, {"proof": "x"}).status_code == 409
    assert Api(world.stranger).post(path, {"proof": "x"}).status_code == 404
    assert Api(world.alice).post(path, {"proof": "received"}).status_code == 200
    found = Api(world.alice).get(f"approval-requests/{request.pk}/").json()
    assert [(row["text"], row["status"], row["proof"]) for row in found["conditions"]] == [
        ("30 percent in advance", "met", "received")
    ]


def test_an_approved_rebate_asked_for_again_keeps_what_is_the_same(world: World, people: dict[str, User]) -> None:
    ask(world)
    for name in ("cashier", "carrier", "chief"):
        sign(people[name])
    assert Customer.objects.get(pk=world.customer.pk).remarks.count("rebate") == 1
    ask(world, amount="700.00")
    assert waiting() == {"cashier"}
    assert Decision.objects.count() == 3
    assert ACTIONS["customers.grant_rebate"].approval is not None
    assert Decimal(ApprovalRequest.objects.latest("pk").question.facts["amount"]) == 700
