"""The review of a contract: classified, filled in, judged part by part at once, decided (KC 5.1.2-5.1.5)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm import clock
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest, Decision, Task
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from orders import actions as orders
from orders.contracts import actions as contracts
from orders.contracts.models import Contract
from orders.models import Order
from tests.contracts.conftest import FORM, Company
from tests.world import MORNING, refused, shanghai

S, T = Contract.Status, Task.Status
ask = "contracts.ask_pass_contract"


def waiting() -> set[str]:
    return set(Task.objects.filter(status=T.WAITING).values_list("approver__username", flat=True))


def revise(company: Company, contract: Contract, **facts: object) -> Contract:
    return contracts.fill_in_form(Contract.objects.get(pk=contract.pk), by=company.seller, **{**FORM, **facts})


def test_the_oral_acceptance_says_who_when_and_how(company: Company) -> None:
    order = company.order()
    contract = contracts.record_acceptance(
        order,
        by=company.seller,
        accepted_by="wechat",
        accepted_at=MORNING - timedelta(hours=1),
        contact=company.world.contact,
        accepted_words="可以，就这么定",
    )
    assert (contract.status, contract.number, contract.order) == (S.ACCEPTED, "CT2026-000001", order)
    assert (contract.contact, contract.accepted_by, contract.accepted_at) == (
        company.world.contact,
        "wechat",
        MORNING - timedelta(hours=1),
    )
    assert (contract.owner, contract.recorded_by, contract.accepted_words) == (
        company.seller,
        company.seller,
        "可以，就这么定",
    )


def test_an_order_has_one_live_contract(company: Company) -> None:
    contract = company.accepted()
    with refused("has_contract"):
        contracts.record_acceptance(contract.order, by=company.seller, accepted_by="phone")
    contracts.cancel_contract(contract, by=company.seller, reason="客户反悔")
    again = contracts.record_acceptance(contract.order, by=company.seller, accepted_by="phone")
    assert again.status == S.ACCEPTED


def test_a_draft_is_accepted_by_nobody(company: Company) -> None:
    draft = company.world.new_order(draft=True)
    with refused("wrong_state"):
        contracts.record_acceptance(draft, by=company.world.root, accepted_by="phone")


def test_sales_support_classifies_and_the_owner_is_told(company: Company) -> None:
    contract = company.classified("special")
    assert (contract.status, contract.kind, contract.classified_by, contract.class_reason) == (
        S.CLASSIFIED,
        "special",
        company.support,
        "非标",
    )
    assert (
        "special one"
        in Message.objects.get(template="contracts.classified", recipient=company.seller).text("en")["body"]
    )


def test_a_salesperson_does_not_classify(company: Company) -> None:
    contract = company.accepted()
    with refused("forbidden"):
        contracts.classify_contract(contract, by=company.seller, kind="regular")


def test_the_form_takes_over_the_orders_lines(company: Company) -> None:
    contract = company.filled()
    line = contract.lines.get()
    assert contract.status == S.FILLED
    assert (line.product, line.quantity, line.price, line.amount) == (
        company.world.product,
        Decimal(10),
        Decimal("128.00"),
        Decimal("1280.00"),
    )
    assert (contract.quantity, contract.total, contract.tax) == (Decimal(10), Decimal("1280.00"), Decimal("147.26"))
    assert (contract.delivery_on, contract.payment_terms) == (date(2026, 12, 3), "prepay")


def test_a_regular_contract_needs_the_sales_managers_signature_alone(company: Company) -> None:
    request = company.asked("regular")
    assert [step.title for step in request.steps] == ["Sales manager"] or waiting() == {"boss"}
    assert waiting() == {"boss"}
    assert Contract.objects.get().status == S.REVIEW
    company.sign(company.boss)
    contract = Contract.objects.get()
    assert (contract.status, contract.passed_at) == (S.PASSED, MORNING)
    assert ApprovalRequest.objects.get().status == "done"


def test_a_special_contract_goes_to_four_departments_at_once_and_then_to_the_general_manager(company: Company) -> None:
    company.asked()
    assert waiting() == {"boss", "maker", "carrier", "cashier"}
    for user in (company.carrier, company.boss, company.cashier):
        company.sign(user, f"{user.username} 同意")
    assert waiting() == {"maker"}
    company.sign(company.maker)
    assert waiting() == {"chief"}
    assert Contract.objects.get().status == S.REVIEW
    company.sign(company.chief)
    assert Contract.objects.get().status == S.PASSED
    assert Decision.objects.filter(what="approved").count() == 5


def test_each_department_signs_its_own_part_only(company: Company) -> None:
    request = company.asked()
    parts = dict(Task.objects.values_list("approver__username", "part"))
    assert parts == {"boss": "product", "maker": "making", "carrier": "delivery", "cashier": "funds"}
    keys = {
        user: [fact["key"] for fact in Task.objects.get(approver__username=user).facts]
        for user in ("cashier", "carrier")
    }
    common = ["customer", "order", "kind"]
    assert keys["cashier"] == [*common, "prices", "total", "terms", "days", "payment", "other"]
    assert keys["carrier"] == [*common, "goods", "delivery_on", "place", "transport", "packing", "other"]
    with refused("not_asked"):
        approvals.approve(Task.objects.get(approver=company.maker), by=company.cashier, opinion="同意")
    assert set(request.question.parts) == set(parts.values())
    assert len(set(request.question.parts.values())) == 4


def test_nobody_agrees_to_his_part_without_a_word(company: Company) -> None:
    company.asked()
    with refused("opinion_needed"):
        approvals.approve(Task.objects.get(approver=company.maker), by=company.maker, opinion=" ")


def test_each_department_has_a_working_day(company: Company) -> None:
    company.asked()
    rows = Deadline.objects.open().filter(rule="contract.review")
    assert sorted(row.responsible.username for row in rows) == ["boss", "carrier", "cashier", "maker"]
    assert {row.due_at for row in rows} == {shanghai(24, 9, 30)}
    assert not Deadline.objects.filter(rule="approval.decide").exists()
    company.sign(company.maker)
    met = Deadline.objects.get(rule="contract.review", responsible=company.maker)
    assert met.outcome == Deadline.Outcome.MET


def test_an_edit_reopens_only_the_departments_whose_part_changed(company: Company) -> None:
    first = company.asked()
    for user in (company.boss, company.maker, company.carrier, company.cashier):
        company.sign(user, f"{user.username} 同意")
    assert waiting() == {"chief"}
    contract = revise(company, Contract.objects.get(), payment="预付 50%")
    first.refresh_from_db()
    again = ApprovalRequest.objects.latest("pk")
    assert (first.status, again.status, again.previous) == ("void", "waiting", first)
    assert (contract.status, Contract.objects.get().status) == (S.REVIEW, S.REVIEW)
    assert waiting() == {"cashier"}
    kept = {task.approver.username: task.carried.opinion for task in again.tasks.exclude(carried=None)}
    assert kept == {"boss": "boss 同意", "maker": "maker 同意", "carrier": "carrier 同意"}
    asked_anew = again.tasks.get(approver=company.cashier)
    assert (asked_anew.former.opinion, asked_anew.former.by) == ("cashier 同意", company.cashier)
    assert first.question.facts["payment"] == "预付 30%"
    assert again.question.facts["payment"] == "预付 50%"
    company.sign(company.cashier, "同意 50%")
    company.sign(company.chief)
    assert Contract.objects.get().status == S.PASSED


def test_an_opinion_is_kept_through_several_edits(company: Company) -> None:
    company.asked()
    company.sign(company.maker, "能做")
    contract = revise(company, Contract.objects.get(), payment="预付 50%")
    revise(company, contract, payment="预付 60%", place="成都市")
    latest = ApprovalRequest.objects.latest("pk")
    assert ApprovalRequest.objects.count() == 3
    assert latest.tasks.get(approver=company.maker).carried.opinion == "能做"
    assert waiting() == {"boss", "carrier", "cashier"}


def test_an_edit_that_changes_what_concerns_everybody_reopens_all(company: Company) -> None:
    company.asked()
    company.sign(company.maker)
    revise(company, Contract.objects.get(), other="分两批交货")
    assert waiting() == {"boss", "maker", "carrier", "cashier"}


def test_an_edit_that_changes_nothing_asks_nobody_again(company: Company) -> None:
    request = company.asked()
    company.sign(company.maker)
    revise(company, Contract.objects.get())
    request.refresh_from_db()
    assert (request.status, ApprovalRequest.objects.count()) == ("waiting", 1)
    assert waiting() == {"boss", "carrier", "cashier"}


def test_only_those_whose_part_has_changed_are_told_of_an_edit(company: Company) -> None:
    company.asked()
    for user in (company.boss, company.maker, company.carrier, company.cashier):
        company.sign(user)
    Message.objects.all().delete()
    revise(company, Contract.objects.get(), payment="预付 50%")
    told = Message.objects.filter(channel="notice").values_list("template", "recipient__username")
    assert list(told) == [("approvals.asked", "cashier")]


def test_what_was_sent_back_is_mended_and_asked_of_those_concerned_only(company: Company) -> None:
    company.asked()
    company.sign(company.boss, "可以")
    task = Task.objects.get(approver=company.cashier)
    approvals.send_back(task, by=company.cashier, reason="预付太少")
    contract = Contract.objects.get()
    assert contract.status == S.FILLED
    contract = revise(company, contract, payment="预付 50%")
    assert contract.status == S.FILLED
    again = ACTIONS[ask](contract, by=company.seller)
    assert waiting() == {"maker", "carrier", "cashier"}
    assert again.tasks.get(approver=company.boss).carried.opinion == "可以"
    assert again.tasks.get(approver=company.cashier).former.opinion == "预付太少"
    assert Contract.objects.get().status == S.REVIEW


def test_what_was_turned_down_or_withdrawn_is_not_being_reviewed_any_more(company: Company) -> None:
    request = company.asked()
    approvals.withdraw(request, by=company.seller, reason="再谈")
    contract = Contract.objects.get()
    assert contract.status == S.FILLED
    ACTIONS[ask](contract, by=company.seller)
    approvals.reject(Task.objects.filter(approver=company.maker).latest("pk"), by=company.maker, reason="做不了")
    assert Contract.objects.get().status == S.FILLED
    ACTIONS[ask](Contract.objects.get(), by=company.seller)
    assert waiting() == {"boss", "maker", "carrier", "cashier"}


def test_the_general_manager_sends_it_back_to_one_department(company: Company) -> None:
    company.asked()
    for user in (company.boss, company.maker, company.carrier, company.cashier):
        company.sign(user)
    task = Task.objects.get(approver=company.chief, status=T.WAITING)
    approvals.send_back(task, by=company.chief, reason="账期再看", step=3)
    assert waiting() == {"cashier"}
    company.sign(company.cashier, "再看过，可以")
    assert waiting() == {"chief"}
    company.sign(company.chief)
    assert Contract.objects.get().status == S.PASSED


def test_nobody_passes_a_contract_without_its_review(company: Company) -> None:
    contract = company.filled()
    for user in (company.seller, company.chief, company.world.root):
        with refused("forbidden" if user == company.chief else "needs_approval"):
            contracts.pass_contract(contract, by=user)


def test_the_order_changed_since_the_form_was_filled_in(company: Company) -> None:
    contract = company.filled()
    line = {
        "product": company.world.product,
        "quantity": Decimal(20),
        "unit": company.world.piece,
        "factor": Decimal(1),
    }
    orders.revise_order(contract.order, by=company.seller, lines=[line])
    with refused("order_differs"):
        ACTIONS[ask](Contract.objects.get(), by=company.seller)
    contract = revise(company, contract)
    assert (contract.total, contract.lines.get().quantity) == (Decimal("2560.00"), Decimal(20))
    ACTIONS[ask](contract, by=company.seller)
    assert waiting() == {"boss", "maker", "carrier", "cashier"}


def test_a_contract_of_an_order_that_was_sent_back_goes_no_further(company: Company) -> None:
    company.filled()
    Order.objects.update(status=Order.Status.RETURNED)
    with refused("order_gone"):
        ACTIONS[ask](Contract.objects.get(), by=company.seller)


def test_a_chain_of_the_company_takes_the_place_of_ours(company: Company) -> None:
    from django.contrib.auth.models import Group

    from crm.approvals.chains import Chain, ChainStep

    chain = Chain.objects.create(verb="contracts.pass_contract", name="大额", kind="special", amount_from=1000)
    for position, (role, part, together) in enumerate(
        [("finance", "funds", False), ("logistics", "delivery", True)], 1
    ):
        ChainStep.objects.create(
            chain=chain,
            position=position,
            name=part,
            who="role",
            role=Group.objects.get(name=role),
            part=part,
            together=together,
        )
    company.asked()
    assert waiting() == {"cashier", "carrier"}


@pytest.mark.parametrize("day", [date(2026, 11, 22), None])
def test_the_form_wants_a_contract_date_that_is_not_past(company: Company, day: date | None) -> None:
    from orders.contracts.forms import ReviewForm

    contract = company.classified()
    form = ReviewForm({**FORM, "delivery_on": day}, by=company.seller, obj=contract)
    assert list(form.problems()) == ["delivery_on"]
    assert ReviewForm({**FORM, "delivery_on": clock.today()}, by=company.seller, obj=contract).is_valid()


def test_the_preliminary_review_says_that_a_contract_is_needed(company: Company) -> None:
    from orders.findings import findings
    from orders.models import OrderType

    order = company.order()
    OrderType.objects.update(needs_contract=True)
    order = Order.objects.get(pk=order.pk)
    assert "contract_needed" in [each.code for each in findings(order)]
    company.accepted(order)
    assert "contract_needed" not in [each.code for each in findings(order)]
