"""The demonstration's contracts of two years, carried out, delivered and paid, and the reports that tell of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from crm import clock
from crm.accounts.models import User
from crm.reports.demo import Demo, Story, chapter
from crm.reports.invented import paper, person, plate, signature
from customers.models import Contact, Customer
from orders import actions as order_verbs
from orders import demo as tale
from orders.contracts import actions as contract_verbs
from orders.contracts.demo import Told
from orders.contracts.models import Contract
from orders.models import Order, OrderType
from pickup import actions as pickup_verbs
from pickup.execution import actions as verbs
from pickup.execution.models import Report
from pickup.execution.tasks import AFTER_MIDNIGHT
from pickup.models import Pickup, Record, Window
from pickup.settlement import actions as settlement_verbs
from pickup.settlement.forms import beginning
from pickup.stock.actions import receive_goods
from pickup.stock.demo import PLACES
from pickup.stock.models import Warehouse

SOLD = 48  # contracts over two years
YEARS = (735, 24)  # days ago, on which the customers of the first and the last of them accepted
BEFORE_ACCEPTED = ("apply", "review", "allocate", "accept")
MONTHS, DAYS = 12, 9  # how many reports were issued by now
TWO_HOURS = timedelta(hours=2)
LATELY = timedelta(days=200)  # since then shipments are requested in writing
PART = Decimal("0.6")  # of the goods leaves with who comes twice, the first time
SIGNED = tale.Ending("in_force", 1, Contract.Kind.REGULAR, (0, 0))
LARGER = Decimal(4)  # than an order without a contract


@dataclass(frozen=True)
class Sold:
    """One contract: which of them, how it ends, and when the customer accepted by word of mouth."""

    number: int
    ending: str
    accepted: datetime

    @property
    def delivered(self) -> bool:
        """Whether the goods are brought, and not collected."""
        return self.number % 6 == 1

    @property
    def in_parts(self) -> bool:
        """Whether the customer comes twice."""
        return self.number % 3 == 2


def ending_of(number: int, count: int) -> str:
    """Most are paid; a few of every age are not, and of the last ones some goods are still to leave."""
    if number >= count - 5 and number % 2:
        return "half"
    return "owing" if number % 8 == 5 else "paid"


@chapter(41, "contracts of two years", apart=True)
def sold(demo: Demo) -> Iterator[Story]:
    """Contracts from the customer's word to the last payment, one every fifteen days."""
    count = demo.some(SOLD)
    first, last = YEARS
    for number in range(count):
        key = f"sold-{number}"
        chance = demo.random(key)
        days = first - (first - last) * (number + chance.random() * 0.8) / count
        accepted = demo.after(demo.now - timedelta(days=days), 1)
        moments = tale.schedule(demo, chance, BEFORE_ACCEPTED, demo.before(accepted, 2))
        told = Sold(number, ending_of(number, count), accepted)
        yield Story(key, min(moments.values()), partial(_sold, demo, told, moments, chance))


@chapter(60, "execution reports")
def reports(demo: Demo) -> Iterator[Story]:
    """The months and the last working days as they were issued, and one that waits; who is mailed them."""
    for number in reversed(range(1, demo.some(MONTHS) + 1)):
        month = _month(demo, number)
        begins = demo.calendar.moment(month, AFTER_MIDNIGHT)
        yield Story(f"execution-month-{number}", begins, partial(_report, demo, Report.Kind.MONTHLY, number))
    for number in reversed(range(1, demo.some(DAYS) + 1)):
        begins = demo.calendar.stretches(demo.day(-number))[-1][1]
        yield Story(f"execution-day-{number}", begins, partial(_report, demo, Report.Kind.DAILY, number))
    yield Story("execution-subscribers", demo.now - timedelta(days=400), partial(_subscribe, demo))


def _month(demo: Demo, number: int) -> Any:
    """The first day of the month after the one that is so many months ago."""
    months = demo.today.year * 12 + demo.today.month - number
    return demo.today.replace(year=months // 12, month=months % 12 + 1, day=1)


def _old_customer(demo: Demo, chance: Random, told: Sold) -> tuple[Customer, Contact | None]:
    """Who bought already then, and whom a contract can be sent to."""
    since = told.accepted - timedelta(days=10)
    found = [each for each in demo.once("buyers", tale.buyers) if each.created_at < since]
    found = [each for each in found if each.payment_terms == Customer.Terms.CREDIT] or found
    for customer in chance.sample(found, len(found)):
        rows = Contact.objects.filter(customer=customer, active=True, email_index__isnull=False)
        if contact := rows.order_by("pk").first():
            return customer, contact
    return tale.buyer(demo, chance), None


def _sold(demo: Demo, told: Sold, moments: dict[str, datetime], chance: Random) -> None:
    customer, contact = _old_customer(demo, chance, told)
    if contact is None:
        return
    lines = tale.some_lines(demo, chance, chance.choice([2, 2, 3, 3, 4]))
    for line in lines:
        line["quantity"] *= LARGER
    wanted = demo.calendar.day_of(demo.after(told.accepted, chance.uniform(9, 24) * tale.DAYS))
    way = tale.Journey(demo, chance, moments, customer, wanted, lines)
    with demo.at(moments["apply"]):
        order = order_verbs.apply_order(
            by=way.owner,
            customer=customer,
            type=demo.once("types", lambda _demo: list(OrderType.objects.order_by("-code")))[0],
            contact=contact,
            lines=lines,
            wanted_on=wanted,
            fulfilment="delivery" if told.delivered else "pickup",
            place=f"{customer.region or '重庆'}工地现场" if told.delivered else "",
        )
    for step in (tale.review, tale.allocate, tale.accept):
        step(way, order)
    _Execution(demo, chance, told, order, contact).tell()


class _Execution:
    """One contract from the customer's word: signed, delivered in one lot or two, settled, invoiced, paid."""

    def __init__(self, demo: Demo, chance: Random, told: Sold, order: Order, contact: Contact) -> None:
        self.demo, self.chance, self.told, self.moment = demo, chance, told, told.accepted
        self.order, self.contact = order, contact
        self.owner, self.cashier = demo.user(order.owner_id), demo.people("finance")[0]
        self.support, self.keeper = demo.people("sales_support")[told.number % 2], demo.people("warehouse")[0]
        place = PLACES[told.number % len(PLACES)]
        self.warehouse, self.clerk = Warehouse.objects.get(code=place.code), demo.user(place.clerks[0])

    def tell(self) -> None:
        """To its end, as far as that is past by now."""
        with self.demo.at(self.moment):
            order_verbs.confirm_order(self.order, by=self.owner, channel="phone", contact=None)
            contract = contract_verbs.record_acceptance(
                self.order,
                by=self.owner,
                accepted_by="phone",
                contact=self.contact,
                accepted_words="同意，按合同办。",
            )
        planned = None if self.told.delivered else self._plan(self.chance.uniform(4, 7) * tale.DAYS)
        self._sign(contract)
        if self.told.accepted > self.demo.now - LATELY:
            self._arrange(contract)
        if self.order.payment_terms != Customer.Terms.CREDIT:
            self._pay(0.5)
        if planned is None:
            self._deliver()
        else:
            self._hand_over(planned)
            if self._fresh().status != Order.Status.COLLECTED:
                if self.told.ending == "half" or self.moment > self.demo.before(self.demo.now, 6 * tale.DAYS):
                    return
                self._hand_over(self._plan(self.chance.uniform(2, 6) * tale.DAYS), whole=True)
        self._close()
        self._invoice()
        if self.told.ending == "paid" and self.order.payment_terms == Customer.Terms.CREDIT:
            self._pay(self.chance.uniform(5, 20) * tale.DAYS)

    def later(self, hours: float) -> Any:
        """So many working hours after the last step."""
        self.moment = self.demo.after(self.moment, hours)
        return self.demo.at(self.moment)

    def _fresh(self) -> Order:
        return Order.objects.select_related("type", "customer").get(pk=self.order.pk)

    def _supply(self) -> None:
        """A lorry brings what is needed, and it is kept for the customer."""
        needed: dict[Any, Decimal] = {}
        for row in self.order.lines.select_related("product"):
            needed[row.product] = needed.get(row.product, Decimal(0)) + row.open_quantity
        goods = [{"product": each, "quantity": number, "batch": "C001"} for each, number in needed.items()]
        receive_goods(by=self.keeper, warehouse=self.warehouse, lines=goods, reference=self.order.number)
        pickup_verbs.check_stock(self._fresh(), by=self.keeper, warehouse=self.warehouse)

    def _plan(self, hours: float) -> Pickup:
        """A window so many working hours from now; what was left behind the last time is kept already."""
        with self.later(2):
            if self._fresh().status != Order.Status.READY:
                self._supply()
            begins = self.demo.after(self.moment, hours)
            window, _made = Window.objects.get_or_create(
                warehouse=self.warehouse, starts_at=begins, defaults={"ends_at": begins + TWO_HOURS, "capacity": 4}
            )
            return pickup_verbs.plan_pickup(self._fresh(), by=self.owner, window=window)

    def _sign(self, contract: Contract) -> None:
        """The whole way of a regular contract into the cabinet."""
        told = Told(self.demo, contract, self.owner, self.support, self.moment, SIGNED)
        for state in ("classified", "asked", "passed", "made", "sent", "in_force", "filed"):
            told.steps[state]()
        self.moment = told.moment

    def _arrange(self, contract: Contract) -> None:
        """The customer is called, and logistics takes the request up."""
        with self.later(1):
            request = contract_verbs.arrange_shipment(
                Contract.objects.get(pk=contract.pk),
                by=self.owner,
                said="货已备齐，请安排车辆。",
                transport=plate(self.chance),
                ships_on=self.demo.calendar.day_of(self.demo.after(self.moment, tale.DAYS)),
            )
        with self.later(2):
            if request.status == request.Status.REQUESTED:
                contract_verbs.take_up_shipment(request, by=self.demo.people("logistics")[0])

    def _deliver(self) -> None:
        with self.later(self.chance.uniform(1, 5) * tale.DAYS):
            self._supply()
        with self.later(3):
            pickup_verbs.deliver_order(
                self._fresh(),
                by=self.owner,
                at=min(self.moment, self.demo.now),
                place=self.order.place,
                receiver=person(self.chance),
                vehicle=plate(self.chance),
                prepared=["packaging", "documents", "transport"],
            )

    def _hand_over(self, planned: Pickup, *, whole: bool = False) -> None:
        """In the window; of who comes twice some more than half the first time."""
        self.moment = max(planned.window.starts_at, self.moment) + timedelta(minutes=self.chance.randrange(5, 60))
        in_part = not whole and (self.told.in_parts or self.told.ending == "half")
        with self.demo.at(self.moment):
            pickup_verbs.hand_over(
                planned,
                by=self.clerk,
                identity=Record.Identity.ID_SEEN,
                vehicle=plate(self.chance),
                lines=self._part() if in_part else [],
                customer_signature=signature(self.chance),
                clerk_signature=signature(self.chance),
            )

    def _part(self) -> list[dict[str, Any]]:
        return [
            {"line": row, "quantity": max(row.open_quantity * PART // 1, Decimal(1)), "difference": "分批提货"}
            for row in self.order.lines.select_related("product")
        ]

    def _pay(self, hours: float) -> None:
        """All that is owed."""
        if self.demo.after(self.moment, hours) >= self.demo.now:
            return
        with self.later(hours):
            order = self._fresh()
            order_verbs.enter_payment(
                order,
                by=self.cashier,
                amount=order.open_amount,
                received_on=clock.today(),
                method="transfer",
                reference=f"HT{self.chance.randrange(10**8):08d}",
            )

    def _close(self) -> None:
        """The sheet is handed in, and the order desk closes the order."""
        desk = self.demo.people("order_desk")[0]
        with self.later(5):
            order_verbs.hand_in_sheet(self._fresh(), by=self.owner)
        with self.later(4):
            order = self._fresh()
            order_verbs.receive_handover(order.handovers.order_by("-pk").first(), by=desk)
            order_verbs.close_order(order, by=desk)

    def _invoice(self) -> None:
        """The customer signs the statement; finance checks the memo and issues, and the owner posts the invoice."""
        if self.demo.after(self.moment, 3 * tale.DAYS) >= self.demo.now:
            return
        with self.later(4):
            statement = settlement_verbs.make_statement(self._fresh(), by=self.owner)
        with self.later(9):
            settlement_verbs.record_answer(
                statement, by=self.support, name=self.contact.name, paper=paper("Statement", clock.today())
            )
        with self.later(1):
            facts = beginning(statement)
            memo = settlement_verbs.fill_in_memo(statement, by=self.owner, **facts)
        with self.later(2):
            settlement_verbs.pass_memo(memo, by=self.cashier)
            number = f"2650{self.chance.randrange(10**16):016d}"
            settlement_verbs.issue_invoice(memo, by=self.cashier, lines=[{"number": number}], issued_on=clock.today())
        with self.later(1):
            settlement_verbs.post_invoice(
                memo, by=self.owner, how="post", carrier="顺丰速运", tracking=f"SF{self.chance.randrange(10**12):012d}"
            )


def _report(demo: Demo, kind: str, number: int) -> None:
    """Drafted in the evening of its last day, and issued by sales support on the next morning."""
    support = demo.people("sales_support")[0]
    day = demo.day(-number) if kind == Report.Kind.DAILY else _month(demo, number) - timedelta(days=1)
    report = verbs.draft_report(by=User.objects.system("execution"), kind=kind, day=day)
    issued = demo.after(report.over_at, 2.5)
    if issued < demo.now:
        with demo.at(issued):
            verbs.issue_report(report, by=support, remarks="")


def _subscribe(demo: Demo) -> None:
    for role in ("executive", "sales_manager", "finance", "sales_support"):
        for kind in Report.Kind.values:
            verbs.subscribe(by=demo.people(role)[0], kind=kind)
