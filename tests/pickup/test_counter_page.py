"""The counter's page: one input, one verdict, today's queue, and the handover sent as the page sends it (P6)."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from crm import clock
from customers import actions as customers
from orders.models import Line, Order, Payment
from pickup import actions as pickup
from pickup.models import Pickup, Record, Scan
from pickup.stock.models import Stock
from tests.world import ID_NUMBER, SIGNATURE, World, nothing_moves

STAY = {"HX-Request": "true", "HX-Current-URL": "http://testserver/pickups/counter/"}


def at_counter(user: Any) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def look_up(client: Client, code: str) -> str:
    page = client.post("/pickups/counter/look-up/", {"code": code}, headers=STAY)
    assert page.status_code == 200
    return page.content.decode()


def handover(html: str, **data: Any) -> tuple[str, dict[str, Any]]:
    """Where the page sends the handover to, and what it sends with all boxes as they stand."""
    form = html[html.index('<form id="handover"') :]
    url = re.search(r'hx-post="([^"]+)"', form)[1]
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    sent |= dict(re.findall(r'<input name="(lines-\d+-quantity)"[^>]* value="([^"]*)"', form))
    sent |= {"identity": "id_seen", "customer_signature": SIGNATURE, "clerk_signature": SIGNATURE}
    return url, {**sent, **data}


def test_a_code_that_may_leave_is_green_and_shows_what_leaves(world: World) -> None:
    told = world.notified()
    html = look_up(at_counter(world.clerk), told.code)
    assert "verdict-green" in html and "Ready" in html
    assert world.customer.name in html and "配电箱" in html
    assert 'value="10"' in html
    scan = Scan.objects.get()
    assert (scan.clerk, scan.pickup, scan.colour, scan.code) == (world.clerk, told, "green", "")


def test_a_scanners_blanks_and_dashes_do_not_matter(world: World) -> None:
    told = world.notified()
    typed = f" {told.code[:4]}-{told.code[4:]}\r\n"
    assert "verdict-green" in look_up(at_counter(world.clerk), typed)


def test_an_unknown_code_is_red_and_says_what_was_typed(world: World) -> None:
    html = look_up(at_counter(world.clerk), "00000000")
    assert "verdict-red" in html and "00000000" in html and "handover" not in html
    assert (Scan.objects.get().pickup, Scan.objects.get().code) == (None, "unknown")


def test_what_may_not_leave_is_red_with_the_reason_and_offers_nothing(world: World) -> None:
    told = world.notified()
    customers.suspend_supply(world.customer, by=world.root, reason="逾期")
    html = look_up(at_counter(world.clerk), told.code)
    assert "verdict-red" in html and "逾期" in html and "Finance or the sales manager can resume it." in html
    assert "handover" not in html


def test_who_may_override_is_asked_for_the_reason(world: World) -> None:
    told = world.notified()
    customers.suspend_supply(world.customer, by=world.root, reason="逾期")
    client = at_counter(world.person("supervisor", "supervisor"))
    html = look_up(client, told.code)
    url, data = handover(html)
    assert url == f"/do/pickup.hand_over_anyway/{told.pk}/"
    assert 'name="override"' in html
    with nothing_moves():
        assert client.post(url, data, headers=STAY).status_code == 422
    assert client.post(url, {**data, "override": "经理同意"}, headers=STAY).status_code == 200
    assert Record.objects.get().override == "经理同意"


def test_the_handover_goes_through_and_the_page_begins_anew(world: World) -> None:
    told, client = world.notified(), at_counter(world.clerk)
    url, data = handover(look_up(client, told.code), vehicle="渝A12345")
    done = client.post(url, data, headers=STAY)
    assert (done.status_code, done["HX-Refresh"]) == (200, "true")
    record = Record.objects.get()
    assert (record.clerk, record.vehicle, record.collector) == (world.clerk, "渝A12345", "王小明")
    assert record.customer_signature and record.clerk_signature
    assert int(Stock.objects.get().quantity) == 90
    page = client.get("/pickups/counter/").content.decode()
    assert record.number in page and "Done: Hand over" in page


def test_a_part_is_handed_over_by_its_quantity_and_reason(world: World) -> None:
    told, client = world.notified(), at_counter(world.clerk)
    url, data = handover(look_up(client, told.code))
    with nothing_moves():
        refused = client.post(url, {**data, "lines-0-quantity": "4"}, headers=STAY)
    assert refused.status_code == 409 and "10 are due, 4 were counted" in refused.content.decode()
    done = client.post(url, {**data, "lines-0-quantity": "4", "lines-0-difference": "车装不下"}, headers=STAY)
    assert done.status_code == 200
    assert (Line.objects.get().collected, Order.objects.get().status) == (4, "ready")


def test_the_same_click_twice_hands_over_once(world: World) -> None:
    told, client = world.notified(), at_counter(world.clerk)
    url, data = handover(look_up(client, told.code), _key="device-1")
    answers = [client.post(url, data, headers=STAY).status_code for _click in range(2)]
    assert answers == [200, 200]
    assert Record.objects.count() == 1


def test_a_verdict_that_has_become_old_is_not_acted_on(world: World) -> None:
    told, client = world.notified(), at_counter(world.clerk)
    url, data = handover(look_up(client, told.code))
    pickup.cancel_pickup(told, by=world.root, reason="x")
    with nothing_moves():
        assert client.post(url, data, headers=STAY).status_code in (409, 412)
    assert not Record.objects.exists()


def test_the_queue_shows_todays_pickups_of_ones_own_counter(world: World) -> None:
    told = world.notified()
    elsewhere = type(world.warehouse).objects.create(code="south", name="南岸自提点")
    other = world.person("other", "counter")
    elsewhere.clerks.add(other)
    page = at_counter(world.clerk).get("/pickups/counter/").content.decode()
    assert told.number in page and f'data-code="{told.code}"' in page
    assert told.number not in at_counter(other).get("/pickups/counter/").content.decode()
    assert "verdict-red" in look_up(at_counter(other), told.code)


def test_whoever_serves_several_counters_reads_which_one_each_window_is_at(world: World) -> None:
    world.notified()
    boss = at_counter(world.root)
    assert world.warehouse.name not in boss.get("/pickups/counter/").text
    elsewhere = type(world.warehouse).objects.create(code="south", name="南岸自提点")
    other = world.notified()
    window = type(other.window).objects.create(
        warehouse=elsewhere, starts_at=other.window.starts_at, ends_at=other.window.ends_at, capacity=3
    )
    Pickup.objects.filter(pk=other.pk).update(warehouse=elsewhere, window=window)
    world.notified()
    heads = re.findall(r'<li class="queue-window"><b>([^<]+)</b> ([^<]+)</li>', boss.get("/pickups/counter/").text)
    assert sorted(place for _time, place in heads) == ["南岸自提点", str(world.warehouse)]


def test_the_customers_other_collectors_are_offered_beside_the_contact(world: World) -> None:
    told = world.notified()
    for name, roles in (("周会计", ["finance"]), ("郑司机", ["collector"]), ("吴师傅", ["collector", "buyer"])):
        customers.add_contact(world.customer, by=world.root, name=name, mobile="13900139000", roles=roles)
    gone = world.customer.contacts.get(name="吴师傅")
    customers.retire_contact(gone, by=world.root)
    world.customer.contacts.filter(pk=told.contact_id).update(roles=["collector"])
    client = at_counter(world.clerk)
    html = look_up(client, told.code)
    assert re.findall(r'data-collector="([^"]+)"', html) == ["郑司机"]
    url, sent = handover(html, collector="郑司机")
    assert client.post(url, sent, headers=STAY).status_code == 200
    assert Record.objects.get().collector == "郑司机"


def test_without_a_choice_the_contact_of_the_pickup_collects(world: World) -> None:
    client, told = at_counter(world.clerk), world.notified()
    url, sent = handover(look_up(client, told.code))
    assert sent["collector"] == ""
    assert client.post(url, sent, headers=STAY).status_code == 200
    assert Record.objects.get().collector == "王小明"


def test_a_letter_that_has_run_out_is_marked_before_anybody_signs(world: World) -> None:
    told, client = world.notified(), at_counter(world.clerk)
    facts = {"person": "赵四", "id_number": ID_NUMBER, "valid_from": clock.today()}
    pickup.name_collector(told, by=world.root, **facts, valid_until=clock.today())
    assert "Not valid today" not in look_up(client, told.code)
    with clock.at(clock.now() + timedelta(days=1)):
        assert "Not valid today" in look_up(at_counter(world.clerk), told.code)


def test_who_has_come_is_marked(world: World) -> None:
    told, client = world.notified(), at_counter(world.clerk)
    assert client.post(f"/do/pickup.arrive/{told.pk}/", {"_stay": "1"}, headers=STAY)["HX-Refresh"] == "true"
    page = client.get("/pickups/counter/").content.decode()
    assert Pickup.objects.get().status == "arrived" and 'class="here"' in page


def test_who_cannot_come_in_any_more_is_told_why_beside_the_button(world: World) -> None:
    told, client = world.notified(), at_counter(world.clerk)
    form = re.search(r'<form [^>]*class="arrive".*?</form>', look_up(client, told.code), re.DOTALL)[0]
    assert 'hx-select=".sheet-body .note"' in form and 'role="alert"' in form
    pickup.cancel_pickup(told, by=world.root, reason="x")
    with nothing_moves():
        refused = client.post(re.search(r'hx-post="([^"]+)"', form)[1], {"_stay": "1"}, headers=STAY)
    assert refused.status_code == 409
    assert re.search(r'<div class="sheet-body">.*<div class="note.*Cancelled', refused.content.decode(), re.DOTALL)


def test_the_side_counts_who_is_to_come_who_is_there_and_who_has_his_goods(world: World) -> None:
    here, served, missed, _coming = (world.notified() for _each in range(4))
    pickup.arrive(here, by=world.clerk)
    pickup.hand_over(served, by=world.clerk, identity="id_seen")
    pickup.miss_pickup(missed, by=world.root)
    page = at_counter(world.clerk).get("/pickups/counter/").content.decode()
    numbers = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page)
    assert numbers == [("To come", "1"), ("At the counter", "1"), ("Handed over", "1"), ("Did not come", "1")]


def test_a_cashier_at_the_counter_enters_what_is_paid_and_the_verdict_is_green(world: World) -> None:
    told = world.notified()
    Order.objects.update(payment_terms="cash")
    cashier = world.person("cashier", "counter", "finance")
    world.warehouse.clerks.add(cashier)
    client = at_counter(cashier)
    html = look_up(client, told.code)
    assert "verdict-red" in html and "¥1,280.00 must be paid" in html
    form = html[html.index("Paid at the counter") - 600 :]
    url = re.search(r'hx-post="([^"]+)"', form)[1]
    given = dict(re.findall(r'<input (?:type="hidden" )?name="(amount|received_on)"[^>]*value="([^"]*)"', form))
    assert url == f"/do/orders.enter_payment/{told.order_id}/" and given["amount"] == "1280.00"
    done = client.post(url, {**given, "method": "cash", "reference": "收据 12", "_stay": "1"}, headers=STAY)
    assert done["HX-Refresh"] == "true"
    payment = Payment.objects.get()
    assert (payment.amount, payment.method, payment.entered_by) == (Decimal("1280.00"), "cash", cashier)
    assert "verdict-green" in look_up(client, told.code)


def test_a_clerk_who_may_not_enter_payments_is_offered_none(world: World) -> None:
    told = world.notified()
    Order.objects.update(payment_terms="cash")
    html = look_up(at_counter(world.clerk), told.code)
    assert "verdict-red" in html and "Paid at the counter" not in html


def test_the_page_that_is_loaded_anew_with_a_customer_has_his_code(world: World) -> None:
    told = world.notified()
    page = at_counter(world.clerk).get(f"/pickups/counter/?pickup={told.pk}").content.decode()
    assert f'name="code" value="{told.code}"' in page


def test_a_pickup_that_is_not_his_is_not_found_instead_of_shown_as_none(world: World) -> None:
    assert at_counter(world.clerk).get("/pickups/counter/?pickup=999999").status_code == 404


@pytest.mark.parametrize("path", ["/pickups/counter/", "/pickups/counter/look-up/"])
def test_who_has_no_business_there_is_not_let_in(world: World, path: str) -> None:
    for user in (world.alice, world.stranger):
        client = at_counter(user)
        answer = client.post(path, {"code": "1"}) if "look-up" in path else client.get(path)
        assert answer.status_code == 403
    assert not Scan.objects.exists()


def test_a_code_stands_in_no_address(world: World) -> None:
    assert at_counter(world.clerk).get("/pickups/counter/look-up/?code=12345678").status_code == 405
