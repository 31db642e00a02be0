"""The demonstration's advances: goods that left ahead of the money, one of them half used, one paid, one broken."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial
from random import Random

from crm import clock
from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import Task
from crm.reports.demo import Demo, Story, chapter
from crm.reports.invented import plate, signature
from crm.via import Door, Via, through
from customers.models import Customer
from orders import actions as order_verbs
from orders import demo as told
from orders.advances import actions as verbs
from orders.advances.deciding import decided_by
from orders.advances.models import Advance
from orders.catalog.money import fen
from orders.models import Order
from pickup import actions as pickup_verbs
from pickup.models import Pickup, Record, Window
from pickup.stock.demo import PLACES
from pickup.stock.models import Warehouse

BEFORE_STOCK = ("apply", "review", "allocate", "accept", "confirm", "plan", "stock")
PAID = Decimal("0.3")  # of the order, before its goods are fetched
HALF = Decimal("0.65")  # of the goods: what leaves beyond the money is then half of what was released
DAY = 7.5  # working hours


@dataclass(frozen=True)
class Ending:
    """Where a story stops: how many of them, and how many working days ago the goods were ready."""

    key: str
    count: int
    days: int


ENDINGS = (
    Ending("settled", 3, 34),
    Ending("broken", 2, 26),
    Ending("used", 2, 5),
    Ending("granted", 1, 2),
    Ending("asked", 2, 1),
)
WORDS = (
    ("合作三年，回款正常，月底统一付款。", "工地停工待料，客户要求先提。"),
    ("新项目资金在途，已提供付款申请单。", "生产线急用，晚一天停线。"),
    ("财务负责人出差，周五回来安排付款。", "错过船期损失更大。"),
)


@chapter(47, "advances")
def advances(demo: Demo) -> Iterator[Story]:
    """Orders that are paid in part, and whose goods are needed before the rest of the money is there."""
    place = 0
    for ending in ENDINGS:
        for number in range(demo.some(ending.count)):
            key = f"advance-{ending.key}-{number}"
            chance = demo.random(key)
            ready = demo.ago((ending.days - number) * DAY if ending.days > 5 else (ending.days + number * 0.5) * DAY)
            moments = told.schedule(demo, chance, BEFORE_STOCK, ready)
            yield Story(key, min(moments.values()), partial(_advance, demo, ending.key, place, moments, chance))
            place += 1


def _payers(demo: Demo) -> list[Customer]:
    """Those of the buyers who pay first, each the same in every run."""
    rows = [each for each in demo.once("buyers", told.buyers) if each.payment_terms == Customer.Terms.PREPAY]
    return rows or list(Customer.objects.filter(payment_terms=Customer.Terms.PREPAY, owner__isnull=False)[:20])


def _advance(demo: Demo, ending: str, place: int, moments: dict[str, datetime], chance: Random) -> None:
    *others, last = demo.once("payers", _payers)
    fitting = [last] if ending == "broken" else others or [last]  # whom a broken promise blocks gets no further advance
    way = told.Journey(demo, chance, moments, fitting[place % len(fitting)], lines=told.some_lines(demo, chance, 2))
    order = told.walk(way)
    warehouse = Warehouse.objects.get(code=PLACES[place % len(PLACES)].code)
    with demo.at(moments["stock"]):
        pickup_verbs.check_stock(order, by=demo.people("warehouse")[0], warehouse=warehouse)
    if order.status != Order.Status.READY:
        return
    _Told(demo, ending, order, warehouse, moments["stock"], chance).go()


class _Told:
    """One order whose goods are ready and which is paid in part, up to the end of its story."""

    def __init__(
        self, demo: Demo, ending: str, order: Order, warehouse: Warehouse, ready: datetime, chance: Random
    ) -> None:
        self.demo, self.ending, self.warehouse, self.chance = demo, ending, warehouse, chance
        self.pk, self.owner, self.moment = order.pk, demo.user(order.owner_id), ready

    @property
    def order(self) -> Order:
        """The order as it is now."""
        return Order.objects.get(pk=self.pk)

    def go(self) -> None:
        """Tell it."""
        self.moment = self.demo.after(self.moment, 0.5)
        self._pay(fen(self.order.total * PAID))
        self.moment = self.demo.after(self.moment, 0.5)
        if verbs.apply_advance.refusal(self.order, self.owner):
            return  # another story of the same customer ended with a broken promise
        advance = self._apply()
        self._decide(advance, waits=self.ending == "asked")
        if self.ending in ("asked", "granted") or not self._collect():
            return
        advance.refresh_from_db()
        if self.ending == "settled":
            self.moment = self.demo.calendar.moment(advance.promised_on, time(15))
            self._pay(self.order.total - self.order.paid)
        elif self.ending == "broken":
            over = self.demo.calendar.moment(advance.promised_on + timedelta(days=1), time(0, 1))
            with self.demo.at(over), through(Via(door=Door.TASK)):
                verbs.break_promise(advance, by=User.objects.system("clock"))

    def _pay(self, amount: Decimal) -> None:
        with self.demo.at(self.moment):
            order_verbs.enter_payment(
                self.order,
                by=self.demo.people("finance")[0],
                amount=max(amount, Decimal("0.01")),
                received_on=clock.today(),
                method="transfer",
                reference=f"SK{self.chance.randrange(10**8):08d}",
            )

    def _apply(self) -> Advance:
        situation, why = self.chance.choice(WORDS)
        with self.demo.at(self.moment):
            order = self.order
            advance: Advance = verbs.apply_advance(
                order,
                by=self.owner,
                ceiling=order.total - order.paid,
                expires_on=clock.today() + timedelta(days=10),
                promised_on=clock.today() + timedelta(days=14),
                situation=situation,
                why=why,
            )
            ACTIONS["advances.ask_grant_advance"](advance, by=self.owner)
        return advance

    def _decide(self, advance: Advance, *, waits: bool) -> None:
        """The department's manager, then finance, who lets the newest wait."""
        while (request := decided_by(advance)) and request.status == request.Status.WAITING:
            self.moment = self.demo.after(self.moment, 0.7)
            task = request.tasks.filter(status=Task.Status.WAITING).select_related("approver").order_by("pk").first()
            if task is None or (waits and request.position) or self.moment > self.demo.now:
                return
            with self.demo.at(self.moment):
                approvals.approve(task, by=task.approver, opinion="同意先行发货，按期收款。")

    def _collect(self) -> bool:
        """The customer comes at the next window that is over by now; half of it leaves where the story says so."""
        with self.demo.at(self.moment):
            rows = Window.objects.open().filter(warehouse=self.warehouse, ends_at__lt=self.demo.now)
            window = rows.filter(starts_at__gt=self.demo.after(self.moment, 2)).first()
            if window is None:
                return False
            pickup = pickup_verbs.plan_pickup(self.order, by=self.owner, window=window, notify=True)
        place = next(each for each in PLACES if each.code == self.warehouse.code)
        with self.demo.at(window.starts_at + timedelta(minutes=self.chance.randint(10, 60))):
            pickup_verbs.hand_over(
                Pickup.objects.get(pk=pickup.pk),
                by=self.demo.user(self.chance.choice(place.clerks)),
                identity=Record.Identity.ID_SEEN,
                vehicle=plate(self.chance),
                lines=self._part() if self.ending == "used" else [],
                customer_signature=signature(self.chance),
                clerk_signature=signature(self.chance),
            )
        return True

    def _part(self) -> list[dict[str, object]]:
        """So much of each line that about half of what was released is used."""
        return [
            {"line": line, "quantity": max((line.base_quantity * HALF) // 1, Decimal(1)), "difference": "先提一部分"}
            for line in self.order.lines.order_by("pk")
        ]
