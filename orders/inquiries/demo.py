"""The demonstration's inquiries: who asked what, and how he was answered."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from random import Random
from typing import Any

from crm.accounts.models import Department, User
from crm.reports.demo import Demo, Story, chapter
from crm.reports.invented import mail, mobile, person
from customers.demo import TRADES, buyers, name_of
from customers.models import Customer
from orders.inquiries import actions as verbs
from orders.inquiries.models import Inquiry

S = Inquiry.Status
CHANNELS = ("phone", "phone", "phone", "mail", "chat", "walk_in", "fair", "web")
MATTERS = (  # what is asked, and what is answered
    ("C63 3P 断路器 200 只的价格和交期？", "现货，目录价 9.5 折，三天内可自提。"),
    ("YJV 4×16 电缆 800 米能否按长度裁切？", "可以裁切，裁切后不退换，两天备货。"),
    ("PZ30 12 回路配电箱有明装的吗？", "有明装款，尺寸图已发，价格与暗装相同。"),
    ("厂房照明改造，150W 工矿灯 60 套，求报价和布灯方案。", "已附布灯方案与报价，含税含运费至渝北自提点。"),
    ("变频器 7.5kW 带不带制动单元？", "标准型不带，可选配制动单元，另加 320 元。"),
    ("要一份三证和检测报告，投标用。", "资质文件与 3C 证书已发邮箱。"),
    ("SCB 250kVA 干变的交货周期多长？", "订货生产，约 25 个工作日。"),
    ("上次买的漏电断路器能换成 40A 的吗？", "未拆封可换，凭送货单到自提点办理。"),
    ("网线整箱和零剪价格分别多少？", "整箱 305 米优惠 3%，零剪按米计价。"),
    ("应急灯消防验收不合格，怎么处理？", "请把验收意见发来，质量部两日内答复。"),
)
REASONS = ("只是比价，暂无采购计划", "规格不在经营范围", "项目取消", "客户已在别处采购", "联系不上客户")
OPEN, URGENT, PASSED, ANSWERED, CLOSED = 8, 4, 12, 14, 24


@chapter(40, "inquiries", apart=True)
def inquiries(demo: Demo) -> Iterator[Story]:
    """Those that wait, those that were answered, and those of which nothing came."""
    ages = {S.OPEN: (0.1, 11.0), S.PASSED: (0.2, 14.0), S.ANSWERED: (0.3, 17.0), S.CLOSED: (16.0, 520.0)}
    for state, count in ((S.OPEN, OPEN), (S.PASSED, PASSED), (S.ANSWERED, ANSWERED), (S.CLOSED, CLOSED)):
        for number in range(demo.some(count)):
            key = f"inquiry-{state}-{number}"
            chance = demo.random(key)
            begins = demo.ago(chance.uniform(*ages[state]))
            yield Story(key, begins, partial(_inquiry, demo, number, state, begins, chance))
    for number in range(demo.some(URGENT)):
        key = f"inquiry-urgent-{number}"
        chance = demo.random(key)
        begins = demo.ago(chance.uniform(0.1, 3.0))
        yield Story(key, begins, partial(_inquiry, demo, number, S.PASSED, begins, chance, urgent=True))


def ask(
    demo: Demo, chance: Random, begins: datetime, customer: Customer | None, owner: User | None, **facts: Any
) -> Inquiry:
    """Record an inquiry of a customer, or of somebody who is none yet, as whoever sits where it came in."""
    channel = chance.choice(CHANNELS)
    by = demo.people("counter" if channel == "walk_in" else "reception")[0]
    if channel == "web" and not (customer or owner or facts.get("department")):
        by = User.objects.system("web")  # the form on the website passes nothing on
    contact = customer.contacts.order_by("pk").first() if customer else None
    name = contact.name if contact else person(chance)
    city = chance.choice(["重庆", "成都", "贵阳", "涪陵", "遵义"])
    stranger = name_of(chance.randrange(400, 800), city, chance.choice(TRADES)[0], chance)
    return verbs.record_inquiry(
        by=by,
        name=customer.name if customer else stranger,
        contact_name=name,
        phone=contact.mobile if contact else mobile(chance),
        email=contact.email if contact and contact.email else mail(name, chance),
        channel=channel,
        received_at=begins,
        customer=customer,
        owner=owner,
        **facts,
    )


def _inquiry(demo: Demo, number: int, state: str, begins: datetime, chance: Random, *, urgent: bool = False) -> None:
    matter, answer = chance.choice(MATTERS)
    known = demo.once("buyers", buyers)
    customer = chance.choice(known) if known and state != S.OPEN and chance.random() < 0.6 else None
    sellers = demo.people("sales")
    owner = customer.owner if customer else sellers[number % len(sellers)]
    if state == S.OPEN:
        ask(demo, chance, begins, None, None, matter=matter, urgent=urgent)
        return
    if number % 5 == 4 and not urgent:  # nobody in person yet: a department has it
        inquiry = ask(demo, chance, begins, None, None, matter=matter, department=_sales())
    else:
        inquiry = ask(demo, chance, begins, customer, owner, matter=matter, urgent=urgent)
    if state == S.PASSED:
        return
    answered = demo.after(begins, chance.uniform(0.2, 4))
    with demo.at(answered):
        if inquiry.owner is None:
            verbs.take_inquiry(inquiry, by=owner)
        reply = chance.choice(Inquiry.Reply.values)
        verbs.answer_inquiry(inquiry, by=demo.user(owner.pk), answer=answer, reply=reply)
    if inquiry.in_writing and (state == S.CLOSED or number % 3):
        with demo.at(demo.after(answered, chance.uniform(0.3, 1.9))):
            verbs.call_back(inquiry, by=demo.user(owner.pk), what="已电话确认收到答复")
    if state == S.CLOSED:
        with demo.at(demo.after(answered, chance.uniform(2, 10))):
            verbs.close_inquiry(inquiry, by=demo.user(owner.pk), reason=chance.choice(REASONS))


def _sales() -> Department:
    return Department.objects.get(code="sales")
