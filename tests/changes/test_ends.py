"""What was still wanted of an order ends with it: its changes, extensions, requests, and what was being decided."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.test import Client

from crm import clock
from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest, Condition, Task
from crm.deadlines.models import Deadline
from orders import actions as orders
from orders.changes.models import Change, CustomerRequest
from orders.models import Order
from tests.changes.conftest import House, path_of

REASON = "The order was cancelled."


def cancel(order: Order, by: Any) -> Order:
    return orders.cancel_order(Order.objects.get(pk=order.pk), by=by, reason="客户资金问题")


def page_of(path: str) -> str:
    return Client(headers={"Accept-Language": "en"}).get(f"{path}?lang=en").content.decode()


def test_an_extension_ends_with_its_order_and_the_customers_link_says_so(house: House) -> None:
    extension, path = house.asking()
    cancel(extension.order, house.seller)
    extension = house.fresh(extension)
    assert (extension.status, extension.reason) == ("withdrawn", REASON)
    page = page_of(path)
    assert "Your order was cancelled, so there is nothing to decide here any more." in page
    assert "the date of your order stays" not in page
    assert "资金" not in page


def test_a_change_ends_with_its_order_together_with_its_approval(house: House) -> None:
    request = house.asked()
    task = Task.objects.get(request=request)
    given = {"text": "先核对库存", "owner": house.seller, "due_on": clock.today() + timedelta(days=2)}
    approvals.raise_condition(task, by=house.company.boss, **given)
    open_ones = Deadline.objects.open().filter(rule__startswith="approval.")
    assert sorted(open_ones.values_list("rule", flat=True)) == ["approval.condition", "approval.decide"]
    change = Change.objects.get()
    cancel(change.order, house.seller)
    change = house.fresh(change)
    assert (change.status, change.reason) == ("withdrawn", REASON)
    assert ApprovalRequest.objects.get().status == "void"
    assert Task.objects.get().status == "closed"
    assert (Condition.objects.get().status, Condition.objects.get().proof) == ("waived", REASON)
    assert not open_ones.exists()


def test_the_customers_link_of_a_change_says_that_the_order_is_over(house: House) -> None:
    change, path = house.sent()
    cancel(change.order, house.seller)
    assert "Your order was cancelled, so there is nothing to decide here any more." in page_of(path)


def test_a_customers_request_ends_unanswered_and_nobody_is_asked_for_the_answer(house: House) -> None:
    request = house.request()
    order = request.order
    ACTIONS["changes.invite_requests"](order, by=house.seller)
    asked = Deadline.objects.open().filter(rule="customer.request")
    assert asked.count() == 1
    by_link = ACTIONS["changes.hand_in_request"](
        Order.objects.get(), by=User.objects.system("links"), text="加一块铭牌"
    )
    cancel(order, house.seller)
    assert set(CustomerRequest.objects.values_list("status", "answer", "answered_by")) == {("ended", REASON, None)}
    assert not asked.exists()
    page = page_of(path_of("changes.invite"))
    assert "This order was cancelled." in page and by_link.number in page and "Ended with its order" in page
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(house.seller)
    assert "Ended with its order" in client.get(request.get_absolute_url()).content.decode()


def test_a_change_that_cancels_the_order_is_applied_and_ends_the_rest(house: House) -> None:
    order = house.order()
    extension = house.delay(order)
    request = house.request(order)
    change = house.applied(Order.objects.get(), lines=[], cancels=True)
    assert (change.status, Order.objects.get().status) == ("applied", "cancelled")
    assert ApprovalRequest.objects.get().status == "done"
    assert house.fresh(extension).status == "withdrawn"
    assert house.fresh(request).status == "ended"


def test_all_of_it_ends_when_the_order_is_closed(house: House) -> None:
    order = house.order()
    extension, request = house.delay(order), house.request(order)
    Order.objects.filter(pk=order.pk).update(status="signed_off")
    orders.close_order(Order.objects.get(), by=house.world.root)
    assert (house.fresh(extension).status, house.fresh(extension).reason) == ("withdrawn", "The order was closed.")
    assert (house.fresh(request).status, house.fresh(request).answer) == ("ended", "The order was closed.")


def test_what_is_decided_about_the_order_itself_is_over(house: House) -> None:
    order = house.world.new_order()
    order.lines.update(lowest=Decimal("130.00"))
    Order.objects.filter(pk=order.pk).update(applied_by=house.seller, owner=house.seller, low_price=True)
    request = ACTIONS["orders.ask_allow_price"](Order.objects.get(), by=house.seller, reason="样板工程")
    assert request.status == "waiting"
    cancel(order, house.seller)
    request.refresh_from_db()
    assert request.status == "void"
    assert not Deadline.objects.open().filter(rule="approval.decide").exists()


def test_many_requests_end_as_well_as_one(house: House) -> None:
    order = house.order()
    for _each in range(25):
        house.request(Order.objects.get())
    cancel(order, house.seller)
    assert CustomerRequest.objects.filter(status="ended").count() == 25
