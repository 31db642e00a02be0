"""Supplementary agreements: before and after, reviewed in parts, applied on approval, seen on any day (KC 5.1.10)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from crm import clock
from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.approvals.facts import digest_of
from crm.approvals.models import ApprovalRequest, Task
from crm.deadlines.models import Deadline
from crm.records.timeline import timeline
from orders import actions as orders
from orders.contracts import actions as contracts
from orders.contracts.amended import applied, as_of
from orders.contracts.forms import SupplementForm
from orders.contracts.models import TERMS, Contract, Supplement
from orders.contracts.progress import progress_of
from orders.contracts.reviewing import supplement_facts
from orders.models import Line, Order
from pickup import actions as pickup
from tests.contracts.conftest import Company
from tests.contracts.test_execution import collected, ready
from tests.world import MORNING, World, nothing_moves, refused

S, U = Contract.Status, Supplement.Status
ASK = "contracts.ask_apply_supplement"
GIVEN = {"why": "客户增量", "agreed": "王小明，微信 11-23", "effective_on": date(2026, 11, 25)}


def drafted(company: Company, contract: Contract | None = None, **facts: Any) -> Supplement:
    contract = contract or company.in_force()
    given = {**GIVEN, "lines": [{"position": 1, "quantity": Decimal(15)}], **facts}
    return contracts.draft_supplement(Contract.objects.get(pk=contract.pk), by=company.seller, **given)


def agreed(company: Company, supplement: Supplement) -> Supplement:
    """Asked and signed by the sales manager, as a regular contract's is."""
    ACTIONS[ASK](supplement, by=company.seller)
    company.sign(company.boss)
    return Supplement.objects.get(pk=supplement.pk)


def test_a_quantity_is_as_fine_as_its_unit_is_counted(company: Company) -> None:
    contract, lines = company.in_force(), [{"position": 1, "quantity": Decimal("1.5")}]
    with nothing_moves(), pytest.raises(ValidationError) as caught:
        drafted(company, contract, lines=lines)
    assert caught.value.code == "decimals"
    supplement = drafted(company, contract)
    new = {"product": company.world.new_product("P002"), "quantity": Decimal("0.25"), "price": Decimal("8.00")}
    with nothing_moves(), pytest.raises(ValidationError):
        contracts.revise_supplement(supplement, by=company.seller, **GIVEN, lines=[new])
    assert supplement.lines.get().quantity == Decimal(15)


def test_a_draft_says_before_and_after_of_each_line_and_term(company: Company) -> None:
    supplement = drafted(company, delivery_on=date(2026, 12, 20), place="重庆市渝北区", payment="款到发货")
    line = supplement.lines.get()
    assert (supplement.number, supplement.status) == ("CT2026-000001-1", U.DRAFTED)
    assert (line.quantity_before, line.quantity, line.price_before, line.price) == (
        Decimal(10),
        Decimal(15),
        Decimal("128.00"),
        Decimal("128.00"),
    )
    assert line.amount == Decimal("1920.00")
    assert supplement.terms == {  # the place is what it was
        "delivery_on": {"before": "2026-12-03", "after": "2026-12-20"},
        "payment": {"before": "预付 30%", "after": "款到发货"},
    }
    assert Contract.objects.get().total == Decimal("1280.00")


def test_the_timeline_says_only_what_is_agreed_anew(company: Company) -> None:
    contract = company.in_force()
    Contract.objects.update(quality="GB/T 7251.12\n附合格证")
    given = {
        **{name: "" if value is None else str(value) for name in TERMS for value in [getattr(contract, name)]},
        "quality": "GB/T 7251.12\r\n附合格证 ",  # as a browser sends it back
        "transport": "需方委托承运商",
        "lines": [],
    }
    form = SupplementForm({**GIVEN, **given}, by=company.seller, obj=Contract.objects.get())
    assert form.is_valid(), form.errors
    supplement = contracts.draft_supplement(Contract.objects.get(), by=company.seller, **form.cleaned_data)
    assert supplement.terms == {"transport": {"before": "客户自备车", "after": "需方委托承运商"}}
    entries = [*timeline(supplement, company.seller), *timeline(contract, company.seller)]
    told = "\n".join(each["body"] for each in entries if "需方委托承运商" in each["body"])
    assert told.count("需方委托承运商") == 2  # once beside the draft, once beside its contract
    assert not [words for words in ("GB/T", "喷涂", "两班", "木箱", "预付", "渝北") if words in told]
    form = SupplementForm({**GIVEN, **given, "packing": "纸箱"}, by=company.seller, obj=supplement)
    assert form.is_valid(), form.errors
    revised = contracts.revise_supplement(supplement, by=company.seller, **form.cleaned_data)
    assert sorted(revised.terms) == ["packing", "transport"]


def test_it_counts_once_it_is_approved(company: Company) -> None:
    supplement = agreed(company, drafted(company, delivery_on=date(2026, 12, 20), payment="款到发货"))
    contract, order = Contract.objects.get(), Order.objects.get()
    assert (supplement.status, supplement.applied_at) == (U.APPLIED, MORNING)
    assert (contract.quantity, contract.total, contract.tax) == (Decimal(15), Decimal("1920.00"), Decimal("220.88"))
    assert (contract.delivery_on, contract.payment) == (date(2026, 12, 20), "款到发货")
    assert (order.lines.get().quantity, order.total) == (Decimal(15), Decimal("1920.00"))
    assert contract.lines.get().quantity == Decimal(10)  # as signed
    row = Deadline.objects.open().get(rule="contract.execution")
    assert row.due_at.astimezone(MORNING.tzinfo).date() == date(2026, 12, 20)


def test_a_special_contracts_supplement_goes_the_same_way(company: Company) -> None:
    supplement = drafted(company, company.in_force("special"), lines=[], payment="款到发货")
    request = ACTIONS[ASK](supplement, by=company.seller)
    waiting = set(Task.objects.filter(request=request, status="waiting").values_list("approver__username", flat=True))
    assert waiting == {"boss", "maker", "carrier", "cashier"}
    texts = {
        user: [fact["text"] for fact in Task.objects.get(request=request, approver__username=user).facts]
        for user in ("cashier", "carrier")
    }
    assert "预付 30% → 款到发货" in texts["cashier"]
    assert "预付 30% → 款到发货" not in texts["carrier"]
    for user in (company.boss, company.maker, company.carrier, company.cashier, company.chief):
        company.sign(user)
    assert Contract.objects.get().payment == "款到发货"
    assert Deadline.objects.filter(rule="contract.review", responsible=company.maker).count() == 2


def test_a_revised_draft_reopens_the_parts_that_change(company: Company) -> None:
    supplement = drafted(company, company.in_force("special"), lines=[], payment="款到发货", place="成都市")
    ACTIONS[ASK](supplement, by=company.seller)
    for user in (company.boss, company.maker, company.carrier, company.cashier):
        company.sign(user)
    given = {**GIVEN, "lines": [], "payment": "款到发货", "place": "绵阳市"}
    contracts.revise_supplement(Supplement.objects.get(), by=company.seller, **given)
    waiting = set(Task.objects.filter(status="waiting").values_list("approver__username", flat=True))
    assert waiting == {"carrier"}


def test_another_product_in_a_new_line_is_another_question(company: Company) -> None:
    first, second = company.world.new_product("P002"), company.world.new_product("P003")
    supplement = drafted(company, lines=[{"product": first, "quantity": Decimal(5)}])
    request = ACTIONS[ASK](supplement, by=company.seller)
    asked = digest_of("", supplement, supplement_facts(supplement, {}))
    contracts.revise_supplement(
        Supplement.objects.get(), by=company.seller, **GIVEN, lines=[{"product": second, "quantity": Decimal(5)}]
    )
    revised = Supplement.objects.get()
    assert digest_of("", revised, supplement_facts(revised, {})) != asked
    request.refresh_from_db()
    texts = [fact["text"]["en"] for fact in request.question.wording if fact["key"] == "line-2"]
    assert texts == [f"{second}\n– → 5 pc"]


def test_a_term_that_was_agreed_otherwise_meanwhile_is_not_overwritten(company: Company) -> None:
    supplement = drafted(company, lines=[], delivery_on=date(2026, 12, 20))
    ACTIONS[ASK](supplement, by=company.seller)
    contracts.move_contract_date(
        Contract.objects.get(),
        by=User.objects.system("changes"),
        delivery_on=date(2026, 12, 10),
        reference="EX2026-000001",
    )
    company.sign(company.boss)
    assert (Supplement.objects.get().status, Contract.objects.get().delivery_on) == (U.DRAFTED, date(2026, 12, 10))
    with refused("term_differs"):
        ACTIONS[ASK](Supplement.objects.get(), by=company.seller)
    given = {**GIVEN, "lines": [], "delivery_on": date(2026, 12, 20)}
    revised = contracts.revise_supplement(Supplement.objects.get(), by=company.seller, **given)
    assert revised.terms == {"delivery_on": {"before": "2026-12-10", "after": "2026-12-20"}}
    company.sign(company.boss)
    assert Contract.objects.get().delivery_on == date(2026, 12, 20)


def test_another_date_is_arranged_anew(company: Company) -> None:
    contract = company.in_force()
    orders.enter_payment(contract.order, by=company.world.root, amount=contract.total)
    arranged = {"said": "周五", "transport": "渝A1", "ships_on": date(2026, 12, 3)}
    request = contracts.arrange_shipment(contract, by=company.seller, **arranged)
    contracts.take_up_shipment(request, by=company.carrier)
    assert not Deadline.objects.open().filter(rule="contract.execution").exists()
    agreed(company, drafted(company, contract, lines=[], delivery_on=date(2026, 12, 20)))
    assert Contract.objects.get().arranged_at is None
    row = Deadline.objects.open().get(rule="contract.execution")
    assert row.due_at.astimezone(MORNING.tzinfo).date() == date(2026, 12, 20)


def test_nobody_applies_it_without_its_review(company: Company) -> None:
    supplement = drafted(company)
    for user in (company.seller, company.world.root):
        with refused("needs_approval"):
            contracts.apply_supplement(supplement, by=user)
    with refused("by_itself"):
        orders.amend_order(Order.objects.get(), by=company.world.root, cause="supplement", reference=str(supplement))


def test_as_signed_as_amended_and_on_a_day(company: Company) -> None:
    contract = company.in_force()
    agreed(company, drafted(company, contract, payment="款到发货"))
    second = {"effective_on": date(2026, 12, 1), "lines": [{"position": 1, "quantity": Decimal(20)}], "payment": "月结"}
    with clock.at(MORNING + timedelta(hours=1)):
        agreed(company, drafted(company, contract, **second))
    found = Contract.objects.get()
    rows = applied(found)
    seen = {day: as_of(found, rows, day) for day in (None, date(2026, 11, 25), date(2026, 11, 24), date.max)}
    quantities = {day: [line.quantity for line in each.lines] for day, each in seen.items()}
    assert quantities == {
        None: [Decimal(10)],
        date(2026, 11, 24): [Decimal(10)],
        date(2026, 11, 25): [Decimal(15)],
        date.max: [Decimal(20)],
    }
    payments = {day: each.terms["payment"] for day, each in seen.items()}
    assert payments == {
        None: "预付 30%",
        date(2026, 11, 24): "预付 30%",
        date(2026, 11, 25): "款到发货",
        date.max: "月结",
    }
    assert seen[None].total == Decimal("1280.00")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(company.support)
    page = client.get(f"/contracts/{found.pk}/versions/?on=2026-11-26").content.decode()
    for words in ("1,280.00", "1,920.00", "2,560.00", "预付 30%", "款到发货", "月结", "CT2026-000001-2"):
        assert words in page
    assert client.get(f"/contracts/{found.pk}/versions/?on=2026-13-45").status_code == 200
    assert client.get(f"/contracts/{found.pk}/versions/?on=today").status_code == 200
    client.force_login(company.world.charlie)
    assert client.get(f"/contracts/{found.pk}/versions/").status_code == 404


def test_a_new_line_is_added_to_contract_and_order(company: Company) -> None:
    other = company.world.new_product("P002")
    supplement = drafted(company, lines=[{"product": other, "quantity": Decimal(3), "price": Decimal("100.00")}])
    line = supplement.lines.get()
    assert (line.position, line.quantity_before, line.price_before) == (2, None, None)
    agreed(company, supplement)
    order = Order.objects.get()
    assert [(row.position, row.product, row.quantity) for row in order.lines.order_by("position")] == [
        (1, company.world.product, Decimal(10)),
        (2, other, Decimal(3)),
    ]
    assert (order.total, Contract.objects.get().total) == (Decimal("1580.00"), Decimal("1580.00"))
    found = progress_of(Contract.objects.get())
    assert [(each.line.product, each.ordered) for each in found.lines] == [
        (company.world.product, Decimal(10)),
        (other, Decimal(3)),
    ]


def partly_delivered(company: Company) -> Contract:
    """Four of ten pieces are with the customer, and the rest is not reserved."""
    contract = company.in_force(order=ready(company))
    collected(company, contract, 4)
    order = Order.objects.get()
    if order.status == Order.Status.READY:
        pickup.release_stock(order, by=company.world.root, reason="补充协议")
    return Contract.objects.get()


def test_nothing_is_agreed_below_what_is_delivered(company: Company) -> None:
    contract = partly_delivered(company)
    with refused("below_delivered"):
        drafted(company, contract, lines=[{"position": 1, "quantity": Decimal(3)}])
    with refused("price_of_delivered"):
        drafted(company, contract, lines=[{"position": 1, "quantity": Decimal(8), "price": Decimal("100.00")}])
    agreed(company, drafted(company, contract, lines=[{"position": 1, "quantity": Decimal(5)}]))
    line = Line.objects.get()
    assert (line.quantity, line.open_quantity) == (Decimal(5), Decimal(1))
    assert progress_of(Contract.objects.get()).totals["open"] == Decimal(1)


def test_what_was_delivered_while_it_was_reviewed_counts(company: Company) -> None:
    supplement = drafted(company, lines=[{"position": 1, "quantity": Decimal(5)}])
    request = ACTIONS[ASK](supplement, by=company.seller)
    Line.objects.update(collected=Decimal(6))
    company.sign(company.boss)
    request.refresh_from_db()
    assert (request.status, Supplement.objects.get().status) == ("failed", U.DRAFTED)
    assert "delivered" in request.problem or "6" in request.problem
    assert Line.objects.get().quantity == Decimal(10)


def test_nothing_would_be_left_to_deliver(company: Company) -> None:
    contract = partly_delivered(company)
    supplement = drafted(company, contract, lines=[{"position": 1, "quantity": Decimal(4)}])
    asked = ApprovalRequest.objects.count()
    with refused("nothing_left"):  # before anybody signs it
        ACTIONS[ASK](supplement, by=company.seller)
    assert (ApprovalRequest.objects.count(), Line.objects.get().quantity) == (asked, Decimal(10))


def test_what_was_delivered_before_it_was_asked_counts(company: Company) -> None:
    supplement = drafted(company, lines=[{"position": 1, "quantity": Decimal(5)}])
    Line.objects.update(collected=Decimal(6))
    asked = ApprovalRequest.objects.count()
    with refused("below_delivered"):
        ACTIONS[ASK](supplement, by=company.seller)
    Line.objects.update(collected=Decimal(0), product=company.world.new_product("P002"))
    with refused("order_line_differs"):
        ACTIONS[ASK](Supplement.objects.get(), by=company.seller)
    assert (ApprovalRequest.objects.count(), Line.objects.get().quantity) == (asked, Decimal(10))


def test_reserved_goods_are_released_first(company: Company) -> None:
    contract = company.in_force(order=ready(company))
    supplement = drafted(company, contract)
    with refused("order_not_open"):
        ACTIONS[ASK](supplement, by=company.seller)
    pickup.release_stock(Order.objects.get(), by=company.world.root, reason="补充协议")
    agreed(company, Supplement.objects.get())
    assert Line.objects.get().quantity == Decimal(15)


def test_one_draft_at_a_time_and_one_that_is_dropped_makes_room(company: Company) -> None:
    supplement = drafted(company)
    with refused("drafted"):
        drafted(company, supplement.contract)
    contracts.drop_supplement(supplement, by=company.seller, reason="客户撤回")
    assert drafted(company, supplement.contract).number == "CT2026-000001-2"


def test_a_draft_that_changes_nothing_is_refused(company: Company) -> None:
    contract = company.in_force()
    with refused("no_change"):
        drafted(company, contract, lines=[{"position": 1, "quantity": Decimal(10)}], payment="预付 30%")
    with refused("no_line"):
        drafted(company, contract, lines=[{"position": 7, "quantity": Decimal(10)}])
    with refused("line_twice"):
        rows = [{"position": 1, "quantity": Decimal(11)}, {"position": 1, "quantity": Decimal(12)}]
        drafted(company, contract, lines=rows)


def test_only_a_contract_in_force_is_supplemented(company: Company) -> None:
    contract = company.sent()
    with refused("wrong_state"):
        contracts.draft_supplement(contract, by=company.seller, **GIVEN)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"effective_on": "2026-11-22"}, ["effective_on"]),
        ({"delivery_on": "2026-11-22"}, ["delivery_on"]),
        ({"lines": [{"quantity": "5"}]}, ["lines[0].product"]),
        ({"lines": [{"position": 1, "quantity": "0"}]}, ["lines[0].quantity"]),
        ({"why": ""}, ["why"]),
    ],
)
def test_what_a_draft_cannot_say(company: Company, given: dict[str, Any], wrong: list[str]) -> None:
    contract = company.in_force()
    form = SupplementForm({**GIVEN, **given}, by=company.seller, obj=contract)
    assert list(form.problems()) == wrong


def test_a_draft_that_is_revised_begins_with_what_it_says(company: Company) -> None:
    supplement = drafted(company, payment="款到发货")
    form = SupplementForm(by=company.seller, obj=supplement)
    assert (form.initial["why"], form.initial["payment"]) == ("客户增量", "款到发货")
    assert [(row["position"], row["quantity"]) for row in form.initial["lines"]] == [(1, "15")]


def test_a_draft_begins_with_the_contract_as_it_is_and_what_stays_is_no_change(company: Company) -> None:
    contract = company.in_force()
    form = SupplementForm(by=company.seller, obj=contract)
    assert form.initial["lines"] == [
        {"position": 1, "product": company.world.product.pk, "quantity": "10", "price": Decimal("128.00")}
    ]
    given = {**form.initial, **GIVEN, "payment": "款到发货"}
    bound = SupplementForm(given, by=company.seller, obj=contract)
    assert bound.is_valid(), bound.problems()
    supplement = contracts.draft_supplement(contract, by=company.seller, **bound.cleaned_data)
    assert (list(supplement.terms), supplement.lines.count()) == (["payment"], 0)


def test_a_contract_date_that_is_past_by_now_may_stay(company: Company) -> None:
    contract = company.in_force()
    with clock.at(MORNING + timedelta(days=30)):
        given = {**GIVEN, "delivery_on": contract.delivery_on, "payment": "款到发货"}
        assert SupplementForm(given, by=company.seller, obj=contract).is_valid()


def test_another_product_is_a_new_line(company: Company) -> None:
    contract = company.in_force()
    other = company.world.new_product("P002")
    with refused("other_product"):
        drafted(company, contract, lines=[{"position": 1, "product": other, "quantity": Decimal(5)}])


@pytest.mark.parametrize("paper", ["contract", "review"])
def test_the_contract_still_prints_as_it_was_signed(company: Company, client: Client, paper: str) -> None:
    supplement = agreed(company, drafted(company))
    assert supplement.contract.total == Decimal("1920.00")  # by now
    client.force_login(company.seller)
    shown = client.get(f"/contracts/{supplement.contract_id}/{paper}/", headers={"Accept-Language": "en"})
    text = shown.content.decode()
    assert text.count("¥1,280.00") == 2 and "1,920.00" not in text  # the line, and what it adds up to
    assert ("人民币壹仟贰佰捌拾元整（其中税额 ¥147.26）" in text) == (paper == "contract")


def test_the_review_form_prints_the_terms_that_were_reviewed(company: Company, client: Client) -> None:
    supplement = agreed(company, drafted(company, lines=[], delivery_on=date(2026, 12, 20), payment="款到发货"))
    contract = Contract.objects.get()
    moving = {"delivery_on": date(2026, 12, 28), "reference": "EX2026-000001"}
    contracts.move_contract_date(contract, by=User.objects.system("changes"), **moving)
    client.force_login(company.seller)
    shown = client.get(f"/contracts/{supplement.contract_id}/review/", headers={"Accept-Language": "en"}).text
    assert "2026-12-03" in shown and "预付 30%" in shown
    assert not [words for words in ("2026-12-20", "2026-12-28", "款到发货") if words in shown]


def test_pages_print_and_rest_of_a_supplement(company: Company, world: World) -> None:
    supplement = drafted(company, payment="款到发货")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(company.support)
    page = client.get(supplement.get_absolute_url()).content.decode()
    for words in ("CT2026-000001-1", "款到发货", "预付 30%", "客户增量"):
        assert words in page
    paper = client.get(f"/contracts/supplements/{supplement.pk}/print/").content.decode()
    for words in ("原合同编号", "原数量", "现数量", "款到发货", "盖章"):
        assert words in paper
    assert "CT2026-000001-1" in client.get("/contracts/supplements/").content.decode()
    assert "CT2026-000001-1" in client.get(f"/contracts/{supplement.contract_id}/").content.decode()
    client.force_login(world.charlie)
    with nothing_moves():
        assert client.get(supplement.get_absolute_url()).status_code == 404
        assert client.get(f"/contracts/supplements/{supplement.pk}/print/").status_code == 404


def test_an_order_that_was_revised_meanwhile_is_not_overwritten(company: Company) -> None:
    supplement = drafted(company)
    ACTIONS[ASK](supplement, by=company.seller)
    other = company.world.new_product("P002")
    Line.objects.update(product=other)
    company.sign(company.boss)
    assert ApprovalRequest.objects.latest("pk").status == "failed"
    assert Line.objects.get().quantity == Decimal(10)
