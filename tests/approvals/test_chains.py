"""Chains as data: which is taken, how many must agree, who is left out, and what a running request keeps."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from crm.accounts.models import Absence, Department, User
from crm.approvals import actions as approvals
from crm.approvals.chains import Chain, ChainStep, ChainVersion, new_version
from crm.approvals.models import ApprovalRequest, Decision, Task
from crm.approvals.preview import preview
from crm.deadlines.models import Deadline
from crm.reports.today import today
from customers.models import Customer
from tests.approvals.conftest import ask, fresh
from tests.world import World, refused, shanghai

S, T = ApprovalRequest.Status, Task.Status
VERB = "customers.grant_rebate"


def chain(*steps: dict, name: str = "链", **facts) -> Chain:
    row = Chain.objects.create(**{"verb": VERB, "name": name, **facts})
    for position, given in enumerate(steps, start=1):
        users = given.pop("users", ())
        step = ChainStep.objects.create(chain=row, **{"position": position, "name": f"步骤{position}", **given})
        step.users.set(users)
    new_version(row)
    return row


def asked(request: ApprovalRequest) -> list[tuple[str, str]]:
    """Who is asked or was, with the state, of what still counts."""
    rows = request.tasks.filter(superseded=False).select_related("approver").order_by("position", "turn", "pk")
    return [(row.approver.username, row.status) for row in rows]


def waiting(request: ApprovalRequest) -> list[str]:
    return [name for name, status in asked(request) if status == T.WAITING]


def yes(request: ApprovalRequest, user: User, **given) -> None:
    task = request.tasks.get(approver=user, status=T.WAITING)
    approvals.approve(task, by=fresh(user), **given)
    request.refresh_from_db()


@pytest.fixture
def people(world: World) -> dict[str, User]:
    """Three in finance, and two executives above the boss."""
    finance = Department.objects.create(code="finance", name="财务部")
    names = {name: world.person(name, "finance", department=finance) for name in ("fay", "finn", "fred")}
    return names | {"boss": world.boss, "chief": world.__dict__["chief"], "alice": world.alice, "bob": world.bob}


def test_the_first_chain_that_fits_by_priority_is_taken(world: World, people: dict[str, User]) -> None:
    chain({"who": "users", "users": [people["fay"]]}, amount_to=1000, priority=1)
    chain({"who": "users", "users": [people["finn"]]}, amount_from=1000, priority=2)
    request = ask(world, amount="999.99")
    assert waiting(request) == ["fay"]
    approvals.withdraw(request, by=world.alice, reason="x")
    assert waiting(ask(world, amount="1000.00")) == ["finn"]


@pytest.mark.parametrize(
    ("facts", "taken"),
    [
        ({"kind": "company"}, "fay"),
        ({"kind": "person"}, "boss"),
        ({"active": False}, "boss"),
        ({"amount_from": 501}, "boss"),
        ({"amount_to": 500}, "boss"),
        ({"amount_from": 500, "amount_to": 501}, "fay"),
    ],
)
def test_a_chain_whose_condition_does_not_hold_is_passed_over(world: World, people, facts, taken) -> None:
    chain({"who": "users", "users": [people["fay"]]}, **facts)
    assert waiting(ask(world)) == [taken]


def test_a_department_means_all_that_belong_to_it(world: World, people: dict[str, User]) -> None:
    chain({"who": "users", "users": [people["fay"]]}, department=world.sales)
    south = Department.objects.create(code="south", name="南区", parent=world.sales)
    Customer.objects.update(department=south)
    assert waiting(ask(world)) == ["fay"]
    ApprovalRequest.objects.update(status=S.REJECTED)
    Customer.objects.update(department=Department.objects.get(code="finance"))
    assert waiting(ask(world)) == ["boss"]


def test_a_chain_without_steps_needs_nobody_and_is_carried_out_at_once(world: World) -> None:
    chain(amount_to=100)
    request = ask(world, amount="99")
    assert (request.status, request.tasks.count()) == (S.DONE, 0)
    row = Customer.objects.get(pk=world.customer.pk)
    assert row.remarks == "rebate 99   by alice\n"


def test_all_must_agree_and_it_goes_on_after_the_last(world: World, people: dict[str, User]) -> None:
    chain({"who": "users", "users": [people["fay"], people["finn"]], "mode": "all"}, {"who": "line"})
    request = ask(world)
    assert waiting(request) == ["fay", "finn"]
    yes(request, people["finn"])
    assert waiting(request) == ["fay"]
    yes(request, people["fay"])
    assert (waiting(request), request.position) == (["boss"], 1)
    yes(request, people["boss"])
    assert request.status == S.DONE


def test_any_one_decides_for_the_others(world: World, people: dict[str, User]) -> None:
    chain({"who": "role", "role": Group.objects.get(name="finance"), "mode": "any"})
    request = ask(world)
    assert waiting(request) == ["fay", "finn", "fred"]
    yes(request, people["finn"])
    assert asked(request) == [("fay", T.CLOSED), ("finn", T.APPROVED), ("fred", T.CLOSED)]
    assert request.status == S.DONE
    assert not Deadline.objects.open().filter(rule="approval.decide").exists()


def test_one_after_the_other(world: World, people: dict[str, User]) -> None:
    chain({"who": "users", "users": [people["fay"], people["finn"]], "mode": "sequence"})
    request = ask(world)
    assert asked(request) == [("fay", T.WAITING), ("finn", T.PENDING)]
    with refused("wrong_state"):
        approvals.approve(request.tasks.get(approver=people["finn"]), by=people["finn"])
    yes(request, people["fay"])
    assert waiting(request) == ["finn"]
    yes(request, people["finn"])
    assert request.status == S.DONE


def test_a_role_within_the_department_of_the_record(world: World, people: dict[str, User]) -> None:
    chain({"who": "role_here", "role": Group.objects.get(name="sales"), "mode": "all"})
    assert waiting(ask(world)) == ["boss", "bob"]  # Alice asks herself, and the finance department is another


def test_the_head_of_the_department_and_two_levels_up(world: World, people: dict[str, User]) -> None:
    Department.objects.filter(pk=world.sales.pk).update(head=people["bob"])
    chain({"who": "head"}, {"who": "line", "levels": 2})
    request = ask(world, by=fresh(world.alice))
    assert waiting(request) == ["bob"]
    yes(request, people["bob"])
    assert waiting(request) == ["chief"]


def test_who_agreed_before_is_not_asked_again_unless_the_step_says_so(world: World, people: dict[str, User]) -> None:
    boss = people["boss"]
    chain({"who": "line"}, {"who": "users", "users": [boss]}, {"who": "users", "users": [boss], "repeated": "ask"})
    request = ask(world)
    yes(request, boss)
    assert asked(request) == [("boss", T.APPROVED), ("boss", T.SKIPPED), ("boss", T.WAITING)]
    assert request.position == 2


def test_the_requester_is_left_out_if_others_remain(world: World, people: dict[str, User]) -> None:
    chain({"who": "users", "users": [world.alice, people["fay"]], "mode": "all", "own": "skip"})
    assert waiting(ask(world)) == ["fay"]


def test_the_requester_gives_way_to_his_superior(world: World, people: dict[str, User]) -> None:
    chain({"who": "users", "users": [world.alice, people["fay"]], "mode": "all"})
    assert waiting(ask(world)) == ["boss", "fay"]


def test_where_nobody_fits_the_step_is_left_out_or_the_administrators_decide(world: World, people) -> None:
    keeper = world.person("keeper", "administrator")
    empty = {"who": "role", "role": Group.objects.get(name="quality")}
    row = chain({**empty, "nobody": "skip"}, {**empty, "nobody": "administrators"})
    request = ask(world)
    assert asked(request) == [("alice", T.SKIPPED), ("keeper", T.WAITING)]
    assert request.tasks.get(approver=keeper).note == "administrators"
    approvals.withdraw(request, by=world.alice, reason="x")
    row.steps.update(nobody="refuse")
    with refused("nobody_decides"):
        ask(world)


def test_a_running_request_keeps_the_chain_that_it_began_with(world: World, people: dict[str, User]) -> None:
    row = chain({"who": "line"}, {"who": "users", "users": [people["fay"]]})
    request = ask(world)
    step = row.steps.get(position=2)
    step.users.set([people["finn"]])
    new_version(row)
    assert list(ChainVersion.objects.filter(chain=row).values_list("number", flat=True)) == [2, 1]
    assert request.question.chain.number == 1
    yes(request, people["boss"])
    assert waiting(request) == ["fay"]
    approvals.withdraw(request, by=world.alice, reason="x")
    assert ask(world).question.chain.number == 2


def test_a_step_has_its_own_time_limit(world: World, people: dict[str, User]) -> None:
    chain({"who": "line", "limit_amount": 2, "limit_unit": "wh"})
    ask(world)
    row = Deadline.objects.get(rule="approval.decide.step")
    assert (row.due_at, row.responsible) == (shanghai(23, 11, 30), people["boss"])
    assert not Deadline.objects.filter(rule="approval.decide").exists()


def test_a_step_that_asks_for_an_opinion_is_not_passed_without_one(world: World, people: dict[str, User]) -> None:
    chain({"who": "line", "opinion": True})
    request = ask(world)
    with refused("opinion_needed"):
        approvals.approve(request.tasks.get(), by=people["boss"], opinion=" ")
    yes(request, people["boss"], opinion="同意")
    assert request.status == S.DONE


def test_a_signer_before_me_is_asked_first(world: World, people: dict[str, User]) -> None:
    request = ask(world)
    mine = request.tasks.get()
    approvals.add_signer(mine, by=people["boss"], user=people["fay"], when="before", opinion="核对金额")
    assert asked(request) == [("fay", T.WAITING), ("boss", T.PENDING)]
    yes(request, people["fay"])
    assert waiting(request) == ["boss"]
    yes(request, people["boss"])
    assert request.status == S.DONE
    first = Decision.objects.earliest("pk")
    assert (first.what, first.whom, first.opinion) == ("added", people["fay"], "核对金额")


def test_a_signer_after_me_is_asked_when_i_have_agreed(world: World, people: dict[str, User]) -> None:
    request = ask(world)
    approvals.add_signer(request.tasks.get(), by=people["boss"], user=people["fay"])
    assert asked(request) == [("boss", T.WAITING), ("fay", T.PENDING)]
    yes(request, people["boss"])
    assert (waiting(request), request.status) == (["fay"], S.WAITING)
    yes(request, people["fay"])
    assert request.status == S.DONE


def test_nobody_adds_the_requester_or_somebody_twice(world: World, people: dict[str, User]) -> None:
    request = ask(world)
    with refused("own_request"):
        approvals.add_signer(request.tasks.get(), by=people["boss"], user=world.alice)
    with refused("asked_already"):
        approvals.delegate(request.tasks.get(), by=people["boss"], user=people["boss"], reason="x")


def test_what_is_delegated_is_decided_by_the_other_alone(world: World, people: dict[str, User]) -> None:
    request = ask(world)
    approvals.delegate(request.tasks.get(), by=people["boss"], user=people["fay"], reason="出差")
    assert asked(request) == [("boss", T.DELEGATED), ("fay", T.WAITING)]
    yes(request, people["fay"])
    assert request.status == S.DONE
    assert Decision.objects.get(what="approved").on_behalf_of is None


def test_sent_back_to_an_earlier_step_it_begins_anew_there(world: World, people: dict[str, User]) -> None:
    chain({"who": "users", "users": [people["fay"]]}, {"who": "users", "users": [people["finn"]]}, {"who": "line"})
    request = ask(world)
    yes(request, people["fay"])
    yes(request, people["finn"])
    approvals.send_back(request.tasks.get(status=T.WAITING), by=people["boss"], reason="再核", step=1)
    request.refresh_from_db()
    assert (request.position, request.status, asked(request)) == (
        1,
        S.WAITING,
        [("fay", T.APPROVED), ("finn", T.WAITING)],
    )
    yes(request, people["finn"])
    assert waiting(request) == ["boss"]
    with refused("no_earlier_step"):
        approvals.send_back(request.tasks.get(status=T.WAITING), by=people["boss"], reason="x", step=2)
    yes(request, people["boss"])
    assert request.status == S.DONE


def tasks_today(user: User) -> list[list[str]]:
    """For whom else the start page of `user` asks something of him, row by row."""
    return [row["stands_in_for"] for group in today(user)["groups"] for row in group["rows"]]


def test_who_is_asked_for_himself_and_for_a_colleague_sees_it_once(world: World, people: dict[str, User]) -> None:
    chain({"who": "role", "role": Group.objects.get(name="finance"), "mode": "all"})
    Absence.objects.create(user=people["fay"], first_day="2026-11-23", last_day="2026-11-24", deputy=people["finn"])
    request = ask(world)
    yes(request, people["fred"])
    assert sorted(waiting(request)) == ["fay", "finn"]
    assert tasks_today(people["finn"]) == [["Fay"]]
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(people["finn"])
    assert "for Fay, who is away" in client.get("/").content.decode()
    yes(request, people["finn"])
    assert tasks_today(people["finn"]) == [["Fay"]]  # hers is still to be decided
    approvals.approve(request.tasks.get(status=T.WAITING), by=fresh(people["finn"]))
    assert tasks_today(people["finn"]) == []


def test_who_left_the_role_does_not_decide_for_its_sake(world: World, people: dict[str, User]) -> None:
    chain({"who": "role", "role": Group.objects.get(name="finance"), "mode": "all"})
    request = ask(world)
    people["fay"].groups.clear()
    with refused("no_longer"):
        approvals.approve(request.tasks.get(approver=people["fay"]), by=fresh(people["fay"]))


def test_the_preview_says_who_would_decide_and_why(world: World, people: dict[str, User]) -> None:
    chain({"who": "users", "users": [people["fay"]]}, amount_from=1000, name="大额", priority=1)
    chain({"who": "line"}, {"who": "users", "users": [world.alice]}, name="一般", priority=2)
    shown = preview(verb=VERB, subject=world.customer, requester=world.alice, amount=Decimal(500), kind="company")
    assert shown.chain and shown.chain.name == "一般"
    assert [(row.name, bool(why)) for row, why in shown.looked] == [("大额", True), ("一般", False)]
    assert [[each["user"].username for each in row["people"]] for row in shown.steps] == [["boss"], ["boss"]]
    assert ApprovalRequest.objects.count() == 0
    assert ChainVersion.objects.count() == 2  # looking makes no new version


def test_an_administrator_edits_a_chain_and_sees_who_would_decide(world: World, people: dict[str, User]) -> None:
    keeper = world.person("keeper2", "administrator", is_staff=True)
    client = Client()
    client.force_login(keeper)
    page = client.get("/admin/approvals/chain/add/")
    assert page.status_code == 200
    data = {
        "verb": VERB, "name": "大额返利", "name_en": "Big rebates", "priority": "10", "active": "on",
        "amount_from": "1000", "amount_to": "", "department": "", "kind": "company",
        "steps-TOTAL_FORMS": "1", "steps-INITIAL_FORMS": "0",
        "versions-TOTAL_FORMS": "0", "versions-INITIAL_FORMS": "0",
        "steps-0-position": "1", "steps-0-name": "财务", "steps-0-name_en": "Finance", "steps-0-who": "users",
        "steps-0-users": [people["fay"].pk], "steps-0-role": "", "steps-0-levels": "1", "steps-0-mode": "any",
        "steps-0-limit_amount": "", "steps-0-limit_unit": "", "steps-0-nobody": "administrators",
        "steps-0-own": "superior", "steps-0-repeated": "skip",
    }  # fmt: skip
    assert client.post("/admin/approvals/chain/add/", {**data, "steps-0-users": []}).status_code == 200
    assert not Chain.objects.exists()
    assert client.post("/admin/approvals/chain/add/", data).status_code == 302
    version = ChainVersion.objects.get()
    assert (version.number, version.by, version.steps[0]["users"]) == (1, keeper, [people["fay"].pk])
    query = f"verb={VERB}&record={world.customer.code}&requester={world.alice.pk}&amount=1500&kind=company"
    page = client.get(f"/admin/approvals/chain/preview/?{query}")
    assert page.status_code == 200
    assert "Fay" in page.content.decode()
    assert client.get(f"/admin/approvals/chain/{version.chain_id}/delete/").status_code == 403
    client.force_login(world.alice)
    assert client.get("/admin/approvals/chain/preview/").status_code == 302
