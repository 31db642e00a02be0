"""The contract's date: transport, funds, shipment; what is executed and open; what waits for it (KC 5.1.11)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from crm import clock
from crm.deadlines.models import Deadline
from crm.exchange import vault
from crm.exchange.actions import export_list
from crm.exchange.tasks import write_export
from crm.outbox.models import Message
from customers.models import ContactEntry
from orders import actions as orders
from orders.catalog import actions as catalog
from orders.catalog.models import Unit
from orders.contracts import actions as contracts
from orders.contracts.actions.execution import open_worth
from orders.contracts.lists import CONTRACTS
from orders.contracts.models import Contract, ShipmentRequest
from orders.contracts.progress import progress_of
from orders.models import Line, Order, OrderType
from pickup import actions as pickup
from pickup.models import Pickup
from pickup.verdict import verdict
from tests.api.conftest import Api
from tests.contracts.conftest import Company
from tests.exchange.conftest import sheets_of
from tests.world import MORNING, World, refused

S, R = Contract.Status, ShipmentRequest.Status


def arranged(company: Company, contract: Contract, **facts: Any) -> ShipmentRequest:
    given = {"said": "周五来车", "transport": "渝A12345", "ships_on": date(2026, 12, 3), **facts}
    return contracts.arrange_shipment(Contract.objects.get(pk=contract.pk), by=company.seller, **given)


def ready(company: Company) -> Order:
    """An order of the seller's whose goods are ready."""
    order = company.world.ready()
    Order.objects.filter(pk=order.pk).update(owner=company.seller)
    return Order.objects.get(pk=order.pk)


def collected(company: Company, contract: Contract, quantity: int) -> None:
    """So many pieces are handed over at the counter."""
    window = company.world.window()
    found = pickup.plan_pickup(contract.order, by=company.world.root, window=window, notify=True)
    line = {"line": contract.order.lines.get(), "quantity": Decimal(quantity), "difference": "先提一部分"}
    if contract.order.payment_terms != "credit":
        orders.enter_payment(contract.order, by=company.world.root, amount=contract.total)
    pickup.hand_over(Pickup.objects.get(pk=found.pk), by=company.world.root, identity="id_seen", lines=[line])


def test_what_is_requested_is_the_first_that_the_page_shows(company: Company, client: Client) -> None:
    contract = company.in_force()
    orders.enter_payment(contract.order, by=company.world.root, amount=contract.total)
    request = arranged(company, contract)
    client.force_login(company.world.root)
    page = client.get(contract.get_absolute_url()).content.decode()
    assert page.index('id="panel-shipment"') < page.index(request.number) < page.index('id="panel-lines"')
    contracts.take_up_shipment(request, by=company.world.root)
    page = client.get(contract.get_absolute_url()).content.decode()
    assert 'id="panel-shipment"' not in page and page.index('id="panel-lines"') < page.index('id="panel-shipments"')


def test_the_contracts_date_gives_its_owner_the_task(company: Company) -> None:
    contract = company.in_force()
    row = Deadline.objects.open().about(contract).get()
    assert (row.rule, row.responsible) == ("contract.execution", company.seller)
    assert row.due_at.astimezone(MORNING.tzinfo).date() == date(2026, 12, 3)
    orders.enter_payment(contract.order, by=company.world.root, amount=contract.total)
    arranged(company, contract)
    row.refresh_from_db()
    assert row.outcome == Deadline.Outcome.MET


def test_the_call_is_logged_and_the_shipment_requested(company: Company) -> None:
    contract = company.in_force()
    orders.enter_payment(contract.order, by=company.world.root, amount=contract.total)
    request = arranged(company, contract, contact=company.world.contact)
    assert (request.status, request.number, request.by) == (R.REQUESTED, "SR2026-000001", company.seller)
    assert (request.amount, request.funds, request.transport) == (Decimal("1280.00"), Decimal("1280.00"), "渝A12345")
    entry = ContactEntry.objects.get()
    assert (entry.customer, entry.contact, entry.by) == (contract.customer, company.world.contact, company.seller)
    assert "周五来车" in entry.what
    assert Message.objects.filter(template="contracts.shipment", recipient=company.carrier).count() == 1
    taken = contracts.take_up_shipment(request, by=company.carrier)
    assert (taken.status, taken.taken_by) == (R.TAKEN_UP, company.carrier)


def test_short_funds_hold_the_request_until_the_money_is_there(company: Company) -> None:
    contract = company.in_force()
    orders.enter_payment(contract.order, by=company.world.root, amount=Decimal("500.00"))
    request = arranged(company, contract)
    assert (request.status, request.funds) == (R.SHORT, Decimal("500.00"))
    assert Message.objects.filter(template="contracts.short", recipient=company.seller).count() == 1
    assert not Message.objects.filter(template="contracts.shipment").exists()
    with refused("funds_short"):
        contracts.request_again(request, by=company.seller)
    orders.enter_payment(contract.order, by=company.world.root, amount=Decimal("780.00"))
    again = contracts.request_again(ShipmentRequest.objects.get(), by=company.seller)
    assert (again.status, again.funds) == (R.REQUESTED, Decimal("1280.00"))
    assert Message.objects.filter(template="contracts.shipment", recipient=company.carrier).count() == 1


def test_on_credit_the_money_may_come_later(company: Company) -> None:
    contract = company.in_force()
    Contract.objects.update(payment_terms="credit")
    assert arranged(company, contract).status == R.REQUESTED


def test_a_withdrawn_request_gives_the_task_again(company: Company) -> None:
    contract = company.in_force()
    request = arranged(company, contract)
    with refused("requested"):
        arranged(company, contract)
    contracts.withdraw_shipment(request, by=company.seller, reason="客户改期")
    assert Deadline.objects.open().about(contract).get().rule == "contract.execution"
    assert arranged(company, contract, amount=Decimal("128.00")).amount == Decimal("128.00")


def test_nobody_ships_more_than_is_open(company: Company) -> None:
    contract = company.in_force()
    with refused("too_much") as caught:
        arranged(company, contract, amount=Decimal("1280.01"))
    assert caught.value.sentence == "Only goods worth ¥1,280.00 are left under this contract."


def test_executed_and_open_follow_what_was_collected(company: Company) -> None:
    contract = company.in_force(order=ready(company))
    collected(company, contract, 4)
    totals = progress_of(Contract.objects.get()).totals
    assert totals == {
        "ordered": Decimal(10),
        "executed": Decimal(4),
        "open": Decimal(6),
        "amount": Decimal("1280.00"),
        "executed_amount": Decimal("512.00"),
        "open_amount": Decimal("768.00"),
    }
    [row] = CONTRACTS.page(CONTRACTS.rows(company.support)).rows
    assert (row["quantity"], row["executed"], row["open"]) == (Decimal(10), Decimal(4), Decimal(6))
    assert (row["total"], row["executed_amount"], row["open_amount"]) == (
        Decimal("1280.00"),
        Decimal("512.00"),
        Decimal("768.00"),
    )
    assert (row["status"], row["signed_on"]) == (S.IN_FORCE, clock.today())


def test_what_is_open_and_executed_adds_up_to_the_fen_as_the_lines_do(company: Company) -> None:
    """Three times 0.333 at 10.01 is three times 3.33, and not 10.00."""
    kilo = Unit.objects.create(code="kg", name="千克", name_en="kg", decimals=3)
    lines = []
    for code in ("K1", "K2", "K3"):
        facts = {"unit": kilo, "tax_rate": Decimal(13), "packings": [], "price": Decimal("10.01")}
        product = catalog.create_product(by=company.world.root, code=code, name="铜排", **facts)
        lines.append({"product": product, "quantity": Decimal("0.333"), "unit": kilo, "factor": Decimal(1)})
    contract = company.in_force(order=company.order(lines=lines))
    assert (contract.total, open_worth(contract)) == (Decimal("9.99"), Decimal("9.99"))
    orders.enter_payment(contract.order, by=company.world.root, amount=Decimal("9.99"))
    request = arranged(company, contract)
    assert (request.status, request.amount) == (R.REQUESTED, Decimal("9.99"))

    def told() -> list[tuple[Decimal, Decimal]]:
        row, totals = Contract.objects.with_progress().get(), progress_of(contract).totals
        return [(row.executed_amount, row.open_amount), (totals["executed_amount"], totals["open_amount"])]

    sold = contract.order.lines.order_by("position")
    Line.objects.filter(pk=sold[0].pk).update(collected=Decimal("0.333"))
    Line.objects.filter(pk=sold[1].pk).update(collected=Decimal("0.150"))
    assert told() == [(Decimal("4.83"), Decimal("5.16"))] * 2
    assert open_worth(contract) == Decimal("5.16")
    assert [each.executed_amount for each in progress_of(contract).lines] == [Decimal("3.33"), Decimal("1.50"), 0]
    Line.objects.update(collected=Decimal("0.333"))
    assert told() == [(Decimal("9.99"), Decimal("0.00"))] * 2
    assert open_worth(contract) == 0


def test_a_contract_is_executed_once_all_is_delivered_and_paid(company: Company) -> None:
    contract = company.in_force()
    with refused("goods_open"):
        contracts.mark_executed(contract, by=company.support)
    contract.order.lines.update(collected=10)
    contract = Contract.objects.get()
    with refused("not_paid"):
        contracts.mark_executed(contract, by=company.support)
    orders.enter_payment(contract.order, by=company.world.root, amount=contract.total)
    contract = contracts.mark_executed(Contract.objects.get(), by=company.support)
    assert (contract.status, contract.executed_at) == (S.EXECUTED, MORNING)


# What waits for the contract.


def planned(world: World) -> Pickup:
    return pickup.plan_pickup(world.ready(), by=world.root, window=world.window())


def test_an_order_whose_type_needs_a_contract_is_not_noticed_without_one(company: Company) -> None:
    found = planned(company.world)
    OrderType.objects.update(needs_contract=True)
    found = Pickup.objects.get(pk=found.pk)
    with refused("no_contract"):
        pickup.send_notice(found, by=company.world.root)
    assert "no_contract" in [each.code for each in verdict(found).stops]  # nor is it handed over without a notice


def test_a_special_contract_is_waited_for_and_a_regular_one_is_not(company: Company) -> None:
    found = planned(company.world)
    contract = contracts.record_acceptance(found.order, by=company.world.root, accepted_by="phone")
    contracts.classify_contract(contract, by=company.support, kind="special")
    with refused("contract_not_in_force"):
        pickup.send_notice(found, by=company.world.root)
    contracts.classify_contract(contract, by=company.support, kind="regular")
    assert pickup.send_notice(Pickup.objects.get(), by=company.world.root).status == Pickup.Status.NOTIFIED


def test_the_notice_goes_out_once_the_contract_is_in_force(company: Company) -> None:
    order = ready(company)
    OrderType.objects.update(needs_contract=True)
    contract = company.sent(order=order)
    found = pickup.plan_pickup(Order.objects.get(), by=company.world.root, window=company.world.window())
    with refused("contract_not_in_force"):
        pickup.send_notice(found, by=company.world.root)
    Contract.objects.filter(pk=contract.pk).update(copy_at=clock.now())
    contracts.mark_returned(Contract.objects.get(), by=company.support, signed_on=clock.today())
    assert pickup.send_notice(Pickup.objects.get(), by=company.world.root).status == Pickup.Status.NOTIFIED


def test_a_delivery_waits_for_the_contract_too(company: Company) -> None:
    order = company.world.ready(fulfilment="delivery", place="成都市")
    OrderType.objects.update(needs_contract=True)
    order = Order.objects.get(pk=order.pk)
    with refused("no_contract"):
        pickup.deliver_order(order, by=company.world.root, at=clock.now(), place="成都市", receiver="赵四")


# Lists and pages.


def asked_for(client: Any, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_list_and_record_ask_as_often_for_many_as_for_one(company: Company) -> None:
    client = Client()
    client.force_login(company.support)
    first = company.in_force()
    for path in ("/contracts/", f"/contracts/{first.pk}/"):
        client.get(path)
    one = asked_for(client, "/contracts/")
    record = asked_for(client, f"/contracts/{first.pk}/")
    for _each in range(3):
        company.in_force()
    assert asked_for(client, "/contracts/") == one <= 12
    wide = company.in_force(
        order=company.order(
            lines=[
                {
                    "product": company.world.new_product(f"Q{each}"),
                    "quantity": Decimal(4),
                    "unit": company.world.piece,
                    "factor": Decimal(1),
                }
                for each in range(6)
            ]
        )
    )
    assert asked_for(client, f"/contracts/{wide.pk}/") == record <= 48


def test_rest_lists_and_reads_contracts(company: Company) -> None:
    contract = company.in_force("special")
    api = Api(company.support)
    [row] = api.get("contracts/?tab=force").json()["results"]
    assert (row["number"], row["executed"], row["open_amount"]) == (contract.number, "0.000", "1280.00")
    one = api.get(f"contracts/{contract.pk}/").json()
    assert (one["status"], one["kind"], one["progress"]["open"]) == ("in_force", "special", "10.000")
    assert [line["amount"] for line in one["lines"]] == ["1280.00"]
    assert "contracts.archive_contract" in {each["name"] for each in one["actions"]}


@pytest.mark.parametrize(
    ("user", "seen"),
    [("seller", 1), ("support", 1), ("boss", 1), ("cashier", 1), ("chief", 1), ("carrier", 1), ("maker", 0)],
)
def test_who_sees_a_contract(company: Company, user: str, seen: int) -> None:
    company.made("regular")
    assert Contract.objects.visible_to(getattr(company, user)).count() == seen


def test_who_judges_a_part_sees_the_contract_from_then_on(company: Company) -> None:
    company.asked()
    assert Contract.objects.visible_to(company.maker).count() == 1
    assert Contract.objects.visible_to(company.world.charlie).count() == 0


def test_the_start_page_of_sales_support_counts_what_waits_for_it(company: Company) -> None:
    company.accepted()
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(company.support)
    assert "To be classified" in client.get("/").content.decode()


def test_the_contract_list_leaves_as_a_sheet_with_what_is_executed_and_open(company: Company) -> None:
    contract = company.in_force()
    contract.order.lines.update(collected=4)
    root = company.world.root
    columns = ["number", "customer", "status", "quantity", "executed", "open", "open_amount"]
    given = {"listing": "contracts", "purpose": "月报", "recipient": "总经理", "columns": columns}
    form = export_list.bind(by=root, data=given)
    assert form.is_valid(), form.problems()
    with translation.override("en"):
        export = export_list(by=root, **form.cleaned_data)
        write_export(export.pk)
    export.refresh_from_db()
    [row] = sheets_of(vault.content(export.file, export.file_key))["Contracts"][1:]
    assert row[:3] == [contract.number, contract.customer.name, "In force"]
    assert [Decimal(str(each)) for each in row[3:]] == [10, 4, 6, 768]
