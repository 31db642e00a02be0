"""Papers: notice, slip, record, application, confirmation, sign-off sheet, in both languages (R8)."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from crm.records.attachments import attach
from orders import actions as orders
from orders.inquiries import actions as inquiries
from orders.models import Order
from pickup import actions as pickup
from pickup.forms import HandOverForm
from pickup.models import Record
from tests.world import HANDED, ID_NUMBER, SIGNATURE, World


def paper(user: Any, path: str, language: str = "en") -> str:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    page = client.get(path)
    assert page.status_code == 200, path
    return page.content.decode()


def test_notice_and_slip_carry_code_window_and_goods(world: World) -> None:
    told = world.notified()
    notice, slip = (paper(world.root, f"/pickups/{told.pk}/{name}/") for name in ("notice", "slip"))
    for sheet in (notice, slip):
        assert told.code in sheet and str(told.window) in sheet and "配电箱" in sheet and "data:image/" in sheet
    assert "Issued by" in slip and "Issued by" not in notice


def test_the_record_shows_who_what_and_both_signatures(world: World) -> None:

    told = world.notified()
    data = {**HANDED, "customer_signature": SIGNATURE, "clerk_signature": SIGNATURE, "objection": "外箱破损"}
    form = HandOverForm(data, by=world.root, obj=told)
    assert form.is_valid()
    record = pickup.hand_over(told, by=world.root, **form.cleaned_data)
    sheet = paper(world.root, f"/pickups/records/{record.pk}/print/")
    for said in (record.number, world.customer.name, told.order.number, "王小明", "外箱破损", "2026-11-23 09:30 (Mon)"):
        assert said in sheet
    for signature in (record.customer_signature, record.clerk_signature):
        assert signature.get_absolute_url() in sheet
    assert "Today" not in sheet


def test_the_head_of_a_form_is_in_both_languages(world: World) -> None:
    sheet = paper(world.root, f"/pickups/{world.notified().pk}/notice/")
    assert re.search(
        r'Form <small lang="zh-hans">表单编号</small> ZT-02 · Version <small lang="zh-hans">版本</small> 1', sheet
    )
    assert "<h1>Pickup notice <small" in sheet


def test_a_letter_of_authority_carries_the_code_that_the_counter_scans(world: World) -> None:
    assert "data:image/" in paper(world.root, f"/pickups/{world.notified().pk}/letter/")


def test_a_reversal_prints_its_reason(world: World) -> None:
    told = world.handed_over()
    opposite = pickup.reverse_handover(told, by=world.root, reason="拿错了")
    sheet = paper(world.root, f"/pickups/records/{opposite.pk}/print/")
    assert "Handover taken back" in sheet and "拿错了" in sheet and "-10" in sheet


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("application", "Order application form", "订单申请表"),
        ("confirmation", "Order confirmation", "订单确认单"),
        ("sheet", "Sign-off sheet", "客户签收单"),
    ],
)
def test_the_orders_forms_print_in_both_languages(world: World, name: str, english: str, chinese: str) -> None:
    order = world.new_order()
    sheet = paper(world.root, f"/orders/{order.pk}/{name}/")
    assert english in sheet and order.number in sheet and "2026-12-03" in sheet and "配电箱" in sheet
    assert ("¥1,280.00" in sheet) == (name != "sheet")
    assert chinese in paper(world.root, f"/orders/{order.pk}/{name}/", "zh-CN")


def test_the_inquiry_record_prints_with_question_and_answer(world: World) -> None:
    found = world.new_inquiry(phone="13800138000")
    inquiries.answer_inquiry(found, by=world.root, answer="128 元一台", reply="written")
    sheet = paper(world.root, f"/inquiries/{found.pk}/print/")
    for said in ("Inquiry record", "JD-02", found.number, "配电箱的价格？", "128 元一台", "138****8000"):
        assert said in sheet
    assert "13800138000" not in sheet
    assert sheet.count("2026-11-23 09:30 (Mon)") >= 3  # received, answered, printed


def test_the_handover_record_prints_with_its_papers_and_both_names(world: World) -> None:
    order = world.new_order()
    attach(order, ContentFile(b"%PDF-1.4 x", name="图纸.pdf"), by=world.root, kind="other")
    orders.pass_review(order, by=world.root, remarks="加急")
    handover = order.handovers.get()
    sheet = paper(world.root, f"/orders/handovers/{handover.pk}/print/")
    for said in ("Handover record", "JD-03", order.number, world.customer.name, "图纸.pdf", "加急", "订单处理部"):
        assert said in sheet
    path = f"/orders/handovers/{handover.pk}/print/"
    assert path in paper(world.root, order.get_absolute_url())
    client = Client()
    client.force_login(world.stranger)
    assert client.get(path).status_code == 404


def test_the_letter_of_authority_prints_blank_and_with_the_person_who_was_named(world: World) -> None:
    told = world.notified()
    blank = paper(world.root, f"/pickups/{told.pk}/letter/")
    for said in ("Letter of authority", "ZT-05", told.order.number, world.customer.name, "Signature and seal"):
        assert said in blank
    assert blank.count("＿" * 14) == 7
    pickup.name_collector(
        told, by=world.root, person="赵四", id_number=ID_NUMBER, vehicle="渝A12345", valid_until=date(2026, 11, 30)
    )
    named = paper(world.root, f"/pickups/{told.pk}/letter/")
    assert "赵四" in named and "渝A12345" in named and "2026-11-30" in named and "002X" in named
    assert ID_NUMBER not in named and "＿" not in named


def test_papers_are_for_those_who_see_the_record(world: World) -> None:
    told = world.handed_over()
    record, order = Record.objects.get(), Order.objects.get()
    client = Client()
    client.force_login(world.stranger)
    for path in (
        f"/pickups/{told.pk}/notice/",
        f"/pickups/{told.pk}/slip/",
        f"/pickups/{told.pk}/letter/",
        f"/pickups/records/{record.pk}/print/",
        f"/orders/{order.pk}/application/",
    ):
        assert client.get(path).status_code == 404, path
        assert Client().get(path).status_code == 302
