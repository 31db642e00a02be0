"""The path of the product in a real browser: from a call at the reception to goods in the customer's hands."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from crm import clock
from crm.accounts.models import Department
from customers import actions as customers
from orders.inquiries.models import Inquiry
from orders.models import Order, Territory
from pickup.models import Pickup, Record
from pickup.stock.models import Stock
from tests.browser.conftest import Visitor, link_of
from tests.world import World

pytestmark = pytest.mark.browser

CUSTOMER = "重庆晨光商贸有限公司"


@pytest.fixture
def company(world: World, language: str) -> World:
    """People in all roles of the path who speak the test's language, a customer of Alice's, goods, and a window."""
    world.root, world.type, world.product, world.carton  # noqa: B018
    Territory.objects.all().delete()
    desk, store = Department.objects.get(code="order_desk"), Department.objects.get(code="warehouse")
    people = {
        "lin": ("林晓", "Lin Xiao", "reception", world.sales),
        "alice": ("陈雨", "Alice Chen", "sales", world.sales),
        "dong": ("董芳", "Dong Fang", "order_desk", desk),
        "wang": ("王磊", "Wang Lei", "warehouse", store),
        "hu": ("胡兵", "Hu Bing", "counter", store),
    }
    for username, (name, name_en, role, department) in people.items():
        world.person(username, role, department=department, name=name, name_en=name_en, language=language)
    alice = type(world.root).objects.get(username="alice")
    Territory.objects.create(user=alice)
    customer = world.new_customer(name=CUSTOMER)
    customers.assign_customer(customer, by=world.root, owner=alice)
    world.__dict__["customer"] = customer
    world.warehouse.clerks.add(type(world.root).objects.get(username="hu"))
    world.receive("100")
    world.window(hours=0.4)
    return world


def test_from_the_first_question_to_the_goods(company: World, visitor: Callable[..., Visitor]) -> None:
    # 1. The reception records a call and passes it on.
    lin = visitor("1_reception")
    lin.go("/sign-in/")
    lin.check("sign_in")
    lin.sign_in("lin")
    lin.check("today")
    lin.go("/inquiries/")
    lin.check("inquiries")
    dialog = lin.open("inquiries.record_inquiry")
    dialog.locator("[name=name]").fill("晨光商贸")
    dialog.locator("[name=contact_name]").fill("王小明")
    dialog.locator("[name=phone]").fill("023-6386 1234")
    dialog.locator("[name=matter]").fill("配电箱十台，月底前能提货吗？")
    lin.pick(dialog, "owner", "cheny", "陈雨" if "zh" in lin.name else "Alice Chen")
    lin.check("record_inquiry")
    lin.send(dialog)
    inquiry = Inquiry.objects.get()
    assert (inquiry.owner.username, inquiry.status) == ("alice", "passed")
    lin.check("inquiry")
    lin.sound()

    # 2. Sales answers, and makes an order of it: the customer by his initials, the product by its pinyin.
    alice = visitor("2_sales")
    alice.sign_in("alice")
    alice.check("today")
    alice.go(inquiry.get_absolute_url())
    alice.do(
        "inquiries.answer_inquiry",
        lambda dialog: dialog.locator("[name=reply]").select_option("oral"),
        answer="有货，明天可提。",
    )
    dialog = alice.open("orders.order_inquiry")
    alice.pick(dialog, "customer", "cqcg", CUSTOMER)
    alice.pick(dialog, "lines-0-product", "pdx", "配电箱")
    dialog.locator('[name="lines-0-quantity"]').fill("10")
    dialog.locator("[name=wanted_on]").fill(f"{clock.today() + timedelta(days=3):%Y-%m-%d}")
    # He sees what it comes to before he sends it: 10 × 128, tax of 13 % in it; by the carton of 24 another sum.
    total, tax = dialog.locator("[data-total]"), dialog.locator("[data-tax]")
    total.filter(has_text="1,280.00").wait_for()  # units and price are asked for once the product is chosen
    assert (total.inner_text(), tax.inner_text()) == ("¥1,280.00", "¥147.26")
    dialog.locator('[name="lines-0-unit"]').select_option(str(company.carton.pk))
    assert total.inner_text() == "¥30,720.00"
    dialog.locator('[name="lines-0-unit"]').select_option(str(company.piece.pk))
    assert dialog.locator('[name="lines-0-price"]').get_attribute("placeholder") == "128.00"
    alice.check("new_order")
    alice.send(dialog)
    order = Order.objects.get()
    assert (order.status, str(order.total), order.customer.name) == ("submitted", "1280.00", CUSTOMER)
    alice.check("order")

    # 3. and 4. The order desk passes the review, allocates; Alice accepts.
    dong = visitor("3_order_desk")
    dong.sign_in("dong")
    dong.check("today")
    dong.go(order.get_absolute_url())
    dong.do("orders.pass_review", remarks="齐全")
    dong.do("orders.allocate_order")
    dong.check("allocated")
    dong.sound()
    alice.go(order.get_absolute_url())
    alice.do("orders.accept_order")

    # 5. The customer confirms by his link, on his phone.
    alice.do("orders.ask_to_confirm")
    phone = visitor("5_customer", "phone")
    phone.go(link_of("orders.confirm") + f"?lang={'zh-hans' if 'zh' in phone.name else 'en'}")
    phone.check("confirm_order")
    phone.page.locator('form:has([value="orders.confirm_order"]) .btn-big').click()
    phone.page.locator(".note.tone-done, .done, h1").first.wait_for()
    phone.check("confirmed")
    order.refresh_from_db()
    assert order.status == "confirmed"
    phone.sound()

    # 6. The follow-up plan begins with the stages of the order's type.
    alice.go(order.get_absolute_url())
    dialog = alice.open("orders.plan_order")
    alice.check("plan")
    alice.send(dialog)
    assert order.milestones.get().name == "备货"

    # 7. The warehouse checks the stock.
    wang = visitor("7_warehouse")
    wang.sign_in("wang")
    wang.check("today")
    wang.go(order.get_absolute_url())
    wang.do("pickup.check_stock")
    wang.sound()
    order.refresh_from_db()
    assert (order.status, int(Stock.objects.get().reserved)) == ("ready", 10)

    # 8. Sales plans the pickup with its notice; the customer says that he comes.
    alice.go(order.get_absolute_url())
    alice.do("pickup.plan_pickup", lambda dialog: dialog.locator("select[name=window]").select_option(index=1))
    told = Pickup.objects.get()
    assert told.status == "notified"
    alice.check("pickup")
    alice.sound()
    phone.go(link_of("pickup.notice") + f"?lang={'zh-hans' if 'zh' in phone.name else 'en'}")
    phone.check("pass")
    phone.page.locator('form:has([value="pickup.confirm_pickup"]) .btn-big').click()
    phone.page.locator(".note.tone-done").wait_for()
    phone.check("pass_confirmed")
    told.refresh_from_db()
    assert told.status == "confirmed"
    phone.sound()

    # 9. The counter, on a tablet: the code, both signatures, handed over.
    hu = visitor("9_counter", "tablet")
    hu.sign_in("hu")
    hu.go("/pickups/")
    hu.page.click('a[href="/pickups/counter/"]')
    hu.page.locator("#code").wait_for()
    hu.check("counter")
    hu.page.keyboard.type(told.code)
    hu.page.keyboard.press("Enter")
    hu.page.locator("#handover").wait_for()
    hu.check("verdict")
    hu.sign("customer_signature")
    hu.sign("clerk_signature")
    hu.page.locator("#handover .btn-big").click()
    hu.page.wait_for_function("() => !document.querySelector('#handover')")
    hu.page.wait_for_load_state("load")
    record = Record.objects.get()
    assert (record.clerk.username, record.lines.get().quantity) == ("hu", 10)
    hu.check("handed_over")
    hu.go(f"/pickups/counter/?pickup={told.pk}")  # as the page of the pickup leads here
    hu.page.locator(".verdict-red").wait_for()
    hu.check("used_already")
    hu.sound()

    # 10. The record prints, stock has moved, sales is told.
    hu.go(f"/pickups/records/{record.pk}/print/")
    assert hu.page.locator("img").count() >= 3  # the QR and both signatures
    hu.check("record_print")
    order.refresh_from_db()
    assert (order.status, int(Stock.objects.get().quantity)) == ("collected", 90)
    alice.go("/")
    alice.check("today_after")
    alice.go("/orders/")
    alice.check("orders")
    alice.sound()
