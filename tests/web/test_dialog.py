"""A verb's dialog: nothing typed is lost, a stale page is shown the difference, a second click does nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from crm.records.models import ActionLog
from customers.models import Contact, Customer
from orders.models import Order
from tests.world import World, nothing_moves

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/orders/"}


def test_a_missing_field_is_named_and_what_was_typed_stays(world: World, client_of: Callable[..., Client]) -> None:
    data = {
        "name": "成都光明电器有限公司",
        "contacts-0-name": "李四",
        "contacts-0-mobile": "no phone",
        "region": "四川<b>",
        "contacts-1-title": "经理",
    }
    with nothing_moves():
        page = client_of(world.root).post("/do/customers.create_customer/", data)
    html = page.content.decode()
    assert page.status_code == 422
    for kept in ("成都光明电器有限公司", "李四", "no phone", "经理", "四川&lt;b&gt;"):
        assert kept in html
    assert 'aria-invalid="true"' in html
    assert "Line 1" in html and "Line 2" in html  # the phone that is none, the contact without a name


def test_a_dialog_without_input_says_what_follows(world: World, client_of: Callable[..., Client]) -> None:
    client = client_of(world.root)
    page = client.get(f"/do/orders.accept_order/{world.allocated().pk}/").content.decode()
    assert "State afterwards: Accepted by its owner" in page
    page = client.get(f"/do/orders.ask_to_confirm/{world.accepted().pk}/").content.decode()
    assert f"{world.contact.name} gets a mail with a link." in page
    Contact.objects.update(email="")
    page = client.get(f"/do/orders.ask_to_confirm/{world.accepted().pk}/").content.decode()
    assert "The contact has no mail address." in page


def test_what_a_deadline_asks_for_stands_before_other_verbs(world: World, client_of: Callable[..., Client]) -> None:
    order = world.accepted()
    page = client_of(world.root).get(order.get_absolute_url()).content.decode()
    verbs = ("plan_order", "confirm_order", "revise_order")  # the first two meet its deadlines
    places = [page.index(f"/do/orders.{verb}/{order.pk}/") for verb in verbs]
    assert places == sorted(places)


def test_an_error_in_a_line_stands_on_top_and_at_its_cell_and_nowhere_else(
    world: World, client_of: Callable[..., Client]
) -> None:
    data = {"name": "成都光明电器有限公司", "contacts-0-name": "李四", "contacts-0-mobile": "12345678901"}
    html = client_of(world.root).post("/do/customers.create_customer/", data).content.decode()
    assert html.count("No mobile phone begins with 123.") == 2
    page = client_of(world.root).post("/do/orders.apply_order/", {"customer": world.customer.pk})
    assert page.content.decode().count("At least 1 line is needed.") == 2  # the list as a whole, on top and below it
    assert 'href="#id_lines"' in page.content.decode()


def test_a_stale_page_is_shown_what_is_different(world: World, client_of: Callable[..., Client]) -> None:
    customer = world.customer
    client = client_of(world.root)
    form = {"name": customer.name, "kind": "company", "tier": "regular", "_version": str(customer.version)}
    first = client.post(f"/do/customers.change_customer/{customer.pk}/", {**form, "region": "四川"})
    assert first.status_code == 302
    with nothing_moves():
        second = client.post(
            f"/do/customers.change_customer/{customer.pk}/", {**form, "region": "贵州", "industry": "照明"}
        )
    html = second.content.decode()
    assert second.status_code == 412
    assert "Somebody changed this while you had it open." in html
    assert "四川" in html and "贵州" in html and "照明" in html
    fresh = Customer.objects.get()
    third = client.post(
        f"/do/customers.change_customer/{customer.pk}/", {**form, "region": "贵州", "_version": str(fresh.version)}
    )
    assert third.status_code == 302
    assert Customer.objects.get().region == "贵州"


def test_the_same_click_twice_is_done_once(world: World, client_of: Callable[..., Client]) -> None:
    order, client = world.new_order(), client_of(world.root)
    for _click in range(2):
        response = client.post(f"/do/orders.cancel_order/{order.pk}/", {"reason": "x", "_key": "k1"})
        assert (response.status_code, response["Location"]) == (302, f"/orders/{order.pk}/")
    assert ActionLog.objects.filter(verb="orders.cancel_order").count() == 1


def test_the_same_click_twice_makes_one_record(world: World, client_of: Callable[..., Client]) -> None:
    client = client_of(world.root)
    for _click in range(2):
        assert client.post("/do/customers.create_customer/", {"name": "新客户", "_key": "k1"}).status_code == 302
    assert Customer.objects.count() == 1


def test_a_refusal_stands_on_top_with_what_to_do(world: World, client_of: Callable[..., Client]) -> None:
    order = world.new_order()
    Order.objects.update(fulfilment="delivery")
    with nothing_moves():
        page = client_of(world.root).post(f"/do/orders.pass_review/{order.pk}/")
    assert page.status_code == 409
    assert "A delivery needs a place." in page.content.decode()
    assert "Send it back, saying what to correct." in page.content.decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/do/orders.melt/1/", 404),
        ("/do/orders.cancel_order/", 404),
        ("/do/orders.cancel_order/99999/", 404),
        ("/do/orders.apply_order/1/", 404),
        ("/do/customers.create_customer/", 200),
    ],
)
def test_addresses_that_lead_nowhere(world: World, client_of: Callable[..., Client], path: str, status: int) -> None:
    assert client_of(world.root).get(path).status_code == status


def test_as_htmx_asks_it_is_a_fragment_and_leads_on(world: World, client_of: Callable[..., Client]) -> None:
    order, client = world.new_order(), client_of(world.root)
    page = client.get(f"/do/orders.cancel_order/{order.pk}/", headers=HTMX)
    assert page.content.decode().lstrip().startswith("<dialog")
    done = client.post(f"/do/orders.cancel_order/{order.pk}/", {"reason": "x"}, headers=HTMX)
    assert (done.status_code, done["HX-Redirect"]) == (200, f"/orders/{order.pk}/")


def test_a_link_may_fill_in_the_form(world: World, client_of: Callable[..., Client]) -> None:
    page = client_of(world.root).get("/do/customers.create_customer/", {"name": "来自链接", "evil": "x"})
    assert 'value="来自链接"' in page.content.decode() and 'name="evil"' not in page.content.decode()


def test_what_both_sign_leads_to_the_counter(world: World, client_of: Callable[..., Client]) -> None:
    told, client = world.notified(), client_of(world.root)
    page = client.get(f"/do/pickup.hand_over/{told.pk}/")
    assert (page.status_code, page["Location"]) == (302, f"/pickups/counter/?pickup={told.pk}")
    page = client.get(f"/do/pickup.hand_over/{told.pk}/", headers=HTMX)
    assert page["HX-Redirect"] == f"/pickups/counter/?pickup={told.pk}"
    assert f'value="{told.code}"' in client.get(page["HX-Redirect"]).content.decode()
    assert client.get("/pickups/counter/?pickup=abc").status_code == 200


def test_a_foreign_place_to_return_to_is_ignored(world: World, client_of: Callable[..., Client]) -> None:
    html = client_of(world.root).get("/do/customers.create_customer/?next=https://evil.example/").content.decode()
    assert 'href="https://evil' not in html


def test_a_form_from_another_site_is_refused(world: World) -> None:
    order = world.new_order()
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.root)
    with nothing_moves():
        assert client.post(f"/do/orders.cancel_order/{order.pk}/", {"reason": "x"}).status_code == 403


def test_a_picker_offers_what_one_sees(world: World, client_of: Callable[..., Client]) -> None:
    customer = world.customer
    found: Any = client_of(world.root).get("/pick/customers.customer/", {"q": "cqcg"}).json()
    assert [row["id"] for row in found["results"]] == [customer.pk]
    assert client_of(world.charlie).get("/pick/customers.customer/", {"q": "cqcg"}).json() == {"results": []}
    assert client_of(world.root).get("/pick/records.actionlog/").status_code == 404


def test_a_picker_of_a_dialog_offers_only_whom_the_dialog_takes(world: World, client_of: Callable[..., Client]) -> None:
    mine, others = world.contact, world.new_customer().contacts.get()
    client, order = client_of(world.root), world.accepted()
    assert order.customer == mine.customer != others.customer
    html = client.get(f"/do/orders.confirm_order/{order.pk}/").content.decode()
    url = f"/pick/customers.contact/?customer={order.customer_id}&amp;active=1"
    assert f'data-url="{url}"' in html
    gone = order.customer.contacts.create(name=others.name, active=False)
    url = url.replace("&amp;", "&")
    ids = {row["id"] for row in client.get(url).json()["results"]}
    assert ids == {mine.pk} and not ids & {others.pk, gone.pk}
    assert others.name == mine.name
    typed: Any = client.get(f"{url}&q={others.name}").json()["results"]
    assert {row["id"] for row in typed} == {mine.pk}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("customer=x", 0),
        ("customer=999999", 0),
        ("active=0", 0),
        ("active=2", 0),
        ("main=0", 1),
        ("mobile=139", 1),
        ("", 1),
    ],
)
def test_a_picker_is_narrowed_down_by_keys_and_by_what_is_in_use_alone(
    world: World, client_of: Callable[..., Client], asked: str, found: int
) -> None:
    assert world.contact.customer.contacts.count() == 1
    rows: Any = client_of(world.root).get(f"/pick/customers.contact/?{asked}").json()["results"]
    assert len(rows) == found
