"""The demonstration's customers: who they are, what is known of them, what was said with them and is to be done."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from crm import clock
from crm.accounts.models import User
from crm.reports.demo import Demo, Story, chapter
from crm.reports.invented import bank_account, credit_code, latin, mail, mobile, paper, person
from customers import actions as verbs
from customers.models import Channel, Contact, ContactEntry, Customer, Document, Note, Task

CUSTOMERS = 210
DAY = 7.5  # working hours
FIRST = 190  # days ago, when most customers were entered: the system was new then
OLD, OLDEST = 26, 752  # how many were entered before by hand, and when that began, in days ago
HALF_A_YEAR = 175
AREAS = {  # salesperson: the cities he looks after
    "lina": ("重庆", "重庆", "璧山"),
    "chenjie": ("万州", "涪陵", "长寿"),
    "liuyang": ("成都", "绵阳", "德阳"),
    "zhaomin": ("贵阳", "遵义"),
    "huanglei": ("重庆", "成都"),
    "wuting": ("永川", "江津", "合川"),
}
FIRST_SIGNS = "晨宏盛瑞恒嘉泰金鑫华鸿永联信博创天海中正安康德隆荣祥源丰达通渝巴蜀川江山云锦"
SECOND_SIGNS = "光远达丰源泰昌隆兴盛旺腾飞翔驰锐成业诚信义和利宏图基石桥州城辉耀明阳电力"
TRADES = (  # what it does, industry, what it usually buys
    ("机电设备", "机电", "断路器、接触器"),
    ("建筑安装工程", "建筑安装", "配电箱、电线电缆、线管"),
    ("物业管理", "物业", "灯具、开关插座"),
    ("照明工程", "照明", "LED灯具、电线"),
    ("五金商贸", "五金批发", "开关插座、断路器"),
    ("自动化科技", "工控", "变频器、继电器、PLC"),
    ("房地产开发", "房地产", "配电箱、电缆"),
    ("食品", "食品加工", "灯具、接触器"),
    ("汽车零部件", "汽车零部件", "变频器、接触器、桥架"),
    ("酒店管理", "酒店", "应急灯、灯具、插座"),
    ("电力工程", "电力", "电力电缆、变压器"),
    ("装饰设计工程", "装饰", "开关插座、电线"),
    ("农业开发", "农业", "水泵、电缆"),
    ("包装材料", "包装", "继电器、断路器"),
)
ENDINGS = ("有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司", "经营部")
SOURCES = ("老客户介绍", "展会", "网站", "电话开发", "招投标", "同行转介")
TITLES = ("采购经理", "采购员", "项目经理", "总经理", "财务", "仓管", "电气工程师")
STREETS = ("人民路", "建设路", "工业大道", "科园路", "滨江路", "解放路", "创新大道", "长江路", "迎宾大道")
TALKS = (
    ("回访近期用货情况，客户对到货速度满意。", ""),
    ("介绍新款漏电断路器，客户索要样品。", "寄样品并确认收到"),
    ("客户询问下季度电缆价格，告知铜价走势。", "铜价调整后报新价"),
    ("拜访项目现场，了解二期配电箱需求。", "提交二期配电方案"),
    ("核对上月对账单，差额已说明。", ""),
    ("客户反映开票信息变更，已转内勤。", "取得新的开票资料"),
    ("节前问候，约定节后上门。", "预约上门时间"),
    ("讨论账期，客户希望延长到 60 天。", "请销售总监确认账期"),
    ("客户新厂房开工，预计需要动力柜 12 台。", "跟进新厂房进度"),
)
OUTCOMES = ("已完成", "客户已确认", "资料已发邮件", "下月再谈", "样品合格，准备下单")
LEARNED = (
    ("展会上交换名片，做厂房照明改造。", "fair"),
    ("来电询问代理政策，留了电话。", "call"),
    ("送货时听说隔壁新开一家设备厂。", "delivery"),
    ("提货人员介绍其兄弟公司也用电缆。", "counter"),
)
STOPS = ("逾期货款 45 天未付", "支票退票，待法务处理", "账户信息可疑，财务核实中", "超出信用额度，客户未回应")


@chapter(30, "customers", apart=True)
def customers(demo: Demo) -> Iterator[Story]:
    """Most were entered when the system was new, the others since."""
    for number in range(demo.some(CUSTOMERS)):
        chance = demo.random(f"customer-{number}")
        days = chance.uniform(FIRST - 25, FIRST) if chance.random() < 0.6 else chance.uniform(15, FIRST - 25)
        if number < demo.some(OLD):
            days = OLDEST - number % 8
        begins = demo.now - timedelta(days=days)
        yield Story(f"customer-{number}", begins, partial(_customer, demo, number, begins, chance))


@chapter(35, "information and changes")
def news(demo: Demo) -> Iterator[Story]:
    """What was learned of customers, and which of their details have changed."""
    for number in range(demo.some(26)):
        chance = demo.random(f"note-{number}")
        late = number % 5 in (0, 3)  # these are still open
        begins = demo.ago(chance.uniform(0.5, 18) if late else chance.uniform(20, 500))
        yield Story(f"note-{number}", begins, partial(_note, demo, number, begins, chance, late))
    for number in range(demo.some(16)):
        chance = demo.random(f"report-{number}")
        late = number % 5 in (0, 3)
        begins = demo.ago(chance.uniform(0.5, 20) if late else chance.uniform(25, 450))
        yield Story(f"report-{number}", begins, partial(_report, demo, number, begins, chance, late))
    for number in range(demo.some(6)):
        chance = demo.random(f"stop-{number}")
        begins = demo.ago(chance.uniform(4, 200))
        yield Story(f"stop-{number}", begins, partial(_suspend, demo, number, chance))


def buyers(demo: Demo) -> list[Customer]:
    """Those who order: companies that are in business with us, and supplied; always in the same order."""
    found = Customer.objects.filter(status__in=["active", "new"], supply_suspended=False, created_at__lt=demo.ago(200))
    return list(found.select_related("owner", "department").order_by("pk"))


def name_of(number: int, city: str, trade: str, chance: Random) -> str:
    """A company's name; the number keeps two from having the same."""
    pairs = len(SECOND_SIGNS)
    brand = FIRST_SIGNS[number * 7 % len(FIRST_SIGNS)] + SECOND_SIGNS[(number * 7 // len(FIRST_SIGNS) + number) % pairs]
    return f"{city}{brand}{trade}{chance.choice(ENDINGS)}"


def _customer(demo: Demo, number: int, begins: datetime, chance: Random) -> None:
    sellers = list(AREAS)
    owner = demo.user(sellers[number % len(sellers)])
    city = chance.choice(AREAS[owner.username])
    trade, industry, goods = chance.choice(TRADES)
    private = chance.random() < 0.05
    name = person(chance) if private else name_of(number, city, trade, chance)
    place = (
        city
        if city in ("成都", "绵阳", "德阳", "贵阳", "遵义")
        else f"重庆市{city}区"
        if city != "重庆"
        else "重庆市渝中区"
    )
    customer = verbs.create_customer(
        by=owner if chance.random() < 0.7 else demo.people("sales_support")[number % 2],
        code="",
        name=name,
        short_name="" if private else name[len(city) : len(city) + 4],
        kind=Customer.Kind.PERSON if private else Customer.Kind.COMPANY,
        tier=chance.choices(["vip", "key", "regular", "potential"], [4, 10, 76, 10])[0],
        owner=owner,
        region=city,
        business_area=chance.choice(["工程", "流通", "终端"]),
        industry="" if private else industry,
        size="" if private else chance.choice(["micro", "small", "small", "medium", "large"]),
        source=chance.choice(SOURCES),
        usual_goods=goods if chance.random() < 0.8 else "",
        needs=f"长期采购{goods}" if chance.random() < 0.6 else "",
        licence="" if private else credit_code(chance),
        tax_number="",
        bank_name="" if private else chance.choice(["重庆农村商业银行", "中国银行", "建设银行", "工商银行"]),
        bank_account="" if private else bank_account(chance),
        address=f"{place}{chance.choice(STREETS)} {chance.randrange(1, 399)} 号",
        contacts=[
            _contact(name if private and not at else "", at, chance) for at in range(chance.choice([1, 1, 2, 3]))
        ],
    )
    _grow(demo, customer, owner, begins, chance)
    if not private:
        _papers(demo, customer, owner, chance)
    for _each in range(chance.choice([0, 1, 1, 1, 2])):
        _talk(demo, customer, owner, max(demo.ago(chance.uniform(2, 120 * DAY)), demo.after(begins, 3)), chance)
    if number % 8 == 1:
        _talk(demo, customer, owner, demo.ago(chance.uniform(0.3, 5 * DAY)), chance)


def _contact(name: str, at: int, chance: Random) -> dict[str, Any]:
    name = name or person(chance)
    return {
        "name": name,
        "title": chance.choice(TITLES),
        "mobile": mobile(chance),
        "phone": "",
        "email": mail(name, chance) if at == 0 or chance.random() < 0.5 else "",
        "wechat": f"wx_{latin(name).replace(' ', '').lower()}{chance.randrange(100)}" if chance.random() < 0.4 else "",
        "roles": ["buyer"] if at == 0 else chance.choice([["finance"], ["collector"], ["recipient"]]),
    }


def _grow(demo: Demo, customer: Customer, owner: User, begins: datetime, chance: Random) -> None:
    """What became of the relation, and on which terms he buys."""
    relation = chance.choices(["active", "new", "potential", "dormant", "lost"], [70, 10, 12, 6, 2])[0]
    if relation != Customer.Status.POTENTIAL:
        with demo.at(demo.after(begins, chance.uniform(1, 30))):
            verbs.set_relation(customer, by=owner, relation=relation)
    terms = chance.choices(["credit", "prepay", "cash"], [45, 40, 15])[0]
    if terms != Customer.Terms.PREPAY and relation in ("active", "new"):
        days = chance.choice([15, 30, 30, 60]) if terms == Customer.Terms.CREDIT else 0
        with demo.at(demo.after(begins, chance.uniform(2, 40))):
            finance = demo.people("finance")[0]
            verbs.set_payment_terms(customer, by=finance, payment_terms=terms, payment_days=days)
    for days in range(HALF_A_YEAR, (demo.now - begins).days - FIRST, HALF_A_YEAR):
        with demo.at(demo.after(begins + timedelta(days=days), 1)):
            verbs.verify_customer(customer, by=owner, remarks="半年例行核对")
    if (demo.now - begins).days > FIRST - 26 and chance.random() < 0.85:
        with demo.at(demo.ago(chance.uniform(10, 300))):
            verbs.verify_customer(customer, by=owner, remarks="电话核对")


def _papers(demo: Demo, customer: Customer, owner: User, chance: Random) -> None:
    expires = demo.today + timedelta(
        days=chance.choices([chance.randrange(-6, 25), chance.randrange(40, 900)], [1, 9])[0]
    )
    upload = paper("Business licence copy", demo.today) if chance.random() < 0.08 else None
    document = verbs.add_document(
        customer,
        by=owner,
        kind=Document.Kind.LICENCE,
        title="",
        number=customer.licence,
        expires_on=expires if chance.random() < 0.6 else None,
        upload=upload,
    )
    if chance.random() < 0.04:
        with demo.at(demo.ago(chance.uniform(10, 200))):
            verbs.renew_document(
                document, by=owner, expires_on=demo.today + timedelta(days=chance.randrange(300, 1500))
            )


def _talk(demo: Demo, customer: Customer, owner: User, moment: datetime, chance: Random) -> None:
    """A call or a visit, and where there is a next step what became of it."""
    if moment >= demo.now:
        return
    what, step = chance.choice(TALKS)
    with demo.at(moment):
        contact = Contact.objects.filter(customer=customer).order_by("pk").first()
        entry = verbs.log_contact(
            customer,
            by=owner,
            channel=chance.choice([Channel.PHONE, Channel.PHONE, Channel.WECHAT, Channel.VISIT, Channel.MAIL]),
            direction=chance.choice(ContactEntry.Direction.values),
            at=clock.now(),
            contact=contact,
            what=what,
            next_step=step,
            due_on=clock.today() + timedelta(days=chance.randrange(2, 14)) if step else None,
        )
    task = Task.objects.filter(entry=entry).first()
    done = moment + timedelta(days=chance.uniform(1, 9))
    if task and done < demo.now and chance.random() < 0.97:
        with demo.at(done):
            if chance.random() < 0.9:
                verbs.finish_task(task, by=owner, outcome=chance.choice(OUTCOMES))
            else:
                verbs.drop_task(task, by=owner, reason="客户暂无需要")


def _note(demo: Demo, number: int, begins: datetime, chance: Random, late: bool) -> None:
    text, source = chance.choice(LEARNED)
    city = chance.choice(["重庆", "成都", "贵阳"])
    trade = chance.choice(TRADES)[0]
    seller = demo.people("sales")[number % len(demo.people("sales"))]
    note = verbs.note_information(
        by=chance.choice([demo.people("reception")[0], demo.people("counter")[0]]),
        owner=seller,
        source=source,
        received_at=begins,
        name=name_of(900 + number, city, trade, chance),
        contact_name=person(chance),
        phone=mobile(chance),
        text=text,
    )
    if late:
        return
    with demo.at(demo.after(begins, chance.uniform(1, 14))):
        way = number % 3
        if way == 0:
            verbs.dismiss_note(note, by=seller, reason="同行探价，不是客户")
        elif way == 1:
            known = Customer.objects.filter(owner=seller).order_by("pk").first()
            if known:
                verbs.match_note(note, by=seller, customer=known)
        else:
            verbs.enter_customer(note, by=seller, **_record_of(note, chance))


def _record_of(note: Note, chance: Random) -> dict[str, Any]:
    """A customer's record of what little is known."""
    contact = _contact(note.contact_name, 0, chance) | {"mobile": note.phone}
    return {"code": "", "name": note.name, "owner": None, "address": "", "contacts": [contact], "source": "展会"}


def _report(demo: Demo, number: int, begins: datetime, chance: Random, late: bool) -> None:
    customer = (
        Customer.objects.filter(status="active").select_related("owner").order_by("pk")[number * 3 % 12 :].first()
    )
    if customer is None or customer.owner is None:
        return
    contact = customer.contacts.order_by("pk").first()
    lines = [{"contact": contact, "field": "mobile", "value": f"+86{mobile(chance)}"}]
    if number % 2:
        lines.append({"contact": None, "field": "business_area", "value": chance.choice(["工程", "终端", "外贸"])})
    report = verbs.report_change(
        customer,
        by=demo.people(chance.choice(["counter", "order_desk", "reception"]))[0],
        lines=lines,
        changed_on=clock.today(),
        source=chance.choice(["客户来电", "提货时告知", "名片"]),
    )
    if late:
        return
    with demo.at(demo.after(begins, chance.uniform(0.5, 12))):
        verbs.decide_change(
            report, by=demo.user(customer.owner_id), accept=list(report.fields.all()), decision="已电话核实"
        )


def _suspend(demo: Demo, number: int, chance: Random) -> None:
    customers = Customer.objects.filter(status="active", supply_suspended=False).order_by("pk")
    customer = customers[7 + number * 11 :].first() or customers.last()
    if customer:
        verbs.suspend_supply(customer, by=demo.people("finance")[0], reason=STOPS[number % len(STOPS)])
