"""The demonstration's pickups: goods that are ready, the counters' queues of today, and what was handed over before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from django.utils import timezone

from crm import clock
from crm.accounts.models import User
from crm.deadlines import worktime
from crm.reports.demo import Demo, Story, chapter
from crm.reports.invented import id_number, mobile, paper, person, plate, signature
from crm.via import Door, Via, through
from customers.actions import suspend_supply
from customers.models import Customer
from orders import actions as order_verbs
from orders import demo as told
from orders.models import Order
from pickup import actions as verbs
from pickup import demo_ahead  # noqa: F401 - its chapter is told with these
from pickup.models import Authority, Pickup, Record, Window, WindowPattern
from pickup.stock.demo import PLACES
from pickup.stock.models import Warehouse
from pickup.verdict import worth
from pickup.windows import make_windows

SLOTS = ((time(9), time(11)), (time(11), time(13)), (time(13), time(15)), (time(15), time(17)))
ROOM = 6  # pickups in a window
BEGAN = 150  # days ago, when the counters began to hand over by window
BEFORE_STOCK = ("apply", "review", "allocate", "accept", "confirm", "plan", "stock")
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Ending:
    """Where a story stops.

    `days` are the working days from today on which its window lies; `ages` how many working hours ago the last step
    was, where there is no window yet or it is still to come.
    """

    key: str
    count: int
    days: tuple[int, int] = (0, 0)
    ages: tuple[float, float] = (0.3, 5.0)


ENDINGS = (
    Ending("short", 6, ages=(0.3, 6.5)),
    Ending("ready", 7, ages=(0.2, 5.5)),
    Ending("planned", 5, (1, 4), (0.5, 7.0)),
    Ending("notified", 8, (1, 5), (0.2, 5.0)),
    Ending("promised", 9, (1, 6), (1.0, 12.0)),
    Ending("today", 11, ages=(6.0, 16.0)),
    Ending("arrived", 4, ages=(6.0, 16.0)),
    Ending("served", 7, ages=(6.0, 16.0)),
    Ending("missed", 5, (-3, -1)),
    Ending("called_off", 4, (-4, -1)),
    Ending("reversed", 3, (-6, -1)),
    Ending("partly", 6, (-8, -1)),
    Ending("collected", 7, (-9, -1)),
    Ending("signed_off", 6, (-4, -1)),
    Ending("closed", 28, (-58, -6)),
)
COMING = {"planned", "notified", "promised", "today", "arrived", "served"}  # their window was to come when last told of


@chapter(28, "pickup windows")
def windows(demo: Demo) -> Iterator[Story]:
    """When the counters hand over: two-hour windows on working days, and one that is open now, whenever now is."""
    begins = demo.now - timedelta(days=BEGAN)
    yield Story("windows", begins, partial(_windows, demo, begins))
    yield Story("windows-today", demo.now, partial(_windows_of_today, demo))


@chapter(40, "pickups", apart=True)
def pickups(demo: Demo) -> Iterator[Story]:
    """Orders from the application to wherever their goods are."""
    for ending in ENDINGS:
        for number in range(demo.some(ending.count)):
            key = f"pickup-{ending.key}-{number}"
            chance = demo.random(key)
            place = chance.choices(range(len(PLACES)), [each.share for each in PLACES])[0]
            if ending.key in ("today", "arrived", "served"):
                place = number % len(PLACES)  # so that each counter has its queue
            window = _window(demo, ending, number, PLACES[place].code, chance)
            until = demo.ago(told.age_of(ending, number, demo))
            if window and ending.key not in COMING:
                until = demo.before(window.starts_at, chance.uniform(6, 18))
            moments = told.schedule(demo, chance, BEFORE_STOCK, until)
            tell = partial(_pickup, demo, ending.key, number, PLACES[place].code, window, moments, chance)
            yield Story(key, min(moments.values()), tell)


def _windows(demo: Demo, begins: datetime) -> None:
    for warehouse in Warehouse.objects.all():
        for weekday in range(5):
            for start, end in SLOTS:
                WindowPattern.objects.create(warehouse=warehouse, weekday=weekday, start=start, end=end, capacity=ROOM)
    for days in range(0, BEGAN + 1, 28):
        with demo.at(begins + timedelta(days=days)):
            make_windows()
    make_windows()


def _windows_of_today(demo: Demo) -> None:
    """Where the counters are closed at this hour, they are open all the same: who tries them out may come at night."""
    day = timezone.make_aware(datetime.combine(demo.today, time.min))
    hour = demo.now.replace(minute=0, second=0, microsecond=0)
    begins, ends = max(hour - HOUR, day), min(hour + 3 * HOUR, day + timedelta(hours=23, minutes=59))
    for warehouse in Warehouse.objects.all():
        if not Window.objects.filter(warehouse=warehouse, starts_at__lte=demo.now, ends_at__gt=demo.now).exists():
            Window.objects.create(warehouse=warehouse, starts_at=begins, ends_at=ends, capacity=2 * ROOM)


def _window(demo: Demo, ending: Ending, number: int, place: str, chance: Random) -> Window | None:
    """The window that the story is about, by where it ends."""
    if ending.key in ("short", "ready"):
        return None
    if ending.key in ("today", "arrived", "served"):
        rows = Window.objects.filter(warehouse__code=place, starts_at__date=demo.today).order_by("starts_at")
        now_open = [each for each in rows if each.starts_at <= demo.now < each.ends_at]
        later = [each for each in rows if each.ends_at > demo.now]
        begun = [each for each in rows if each.starts_at < demo.now]
        choice = {"today": later, "arrived": now_open, "served": begun}[ending.key]
        return choice[(number // len(PLACES)) % len(choice)]
    first, last = ending.days
    day = demo.day(last - number % (last - first + 1))
    rows = Window.objects.filter(warehouse__code=place, starts_at__date=day)
    rows = rows.filter(starts_at__gt=demo.now) if ending.key in COMING else rows.filter(ends_at__lt=demo.now)
    found = list(rows.order_by("starts_at"))
    return chance.choice(found) if found else None


def _pickup(
    demo: Demo,
    ending: str,
    number: int,
    place: str,
    window: Window | None,
    moments: dict[str, datetime],
    chance: Random,
) -> None:
    wanted = demo.calendar.day_of(window.starts_at if window else demo.after(moments["stock"], 15))
    short = ending == "short" or (ending == "partly" and number % 2 == 0)
    terms = "prepay" if (ending, number) == ("today", 0) else ""
    customer = told.buyer(demo, chance, terms)
    lines = told.some_lines(demo, chance, chance.choice([1, 2, 2, 3]), rare=short)
    way = told.Journey(
        demo, chance, moments, customer, max(wanted, moments["apply"].date()), lines, chance.random() < 0.15
    )
    order = told.walk(way)
    warehouse = Warehouse.objects.get(code=place)
    with demo.at(moments["stock"]):
        keeper = chance.choice(demo.people("warehouse"))
        verbs.check_stock(order, by=keeper, warehouse=warehouse)
        if short and ending != "short" and order.status == Order.Status.SHORT:
            verbs.take_part(
                order, by=demo.user(order.owner_id), warehouse=warehouse, agreed="电话：先提现货，其余到货再提"
            )
    if window is None or order.status != Order.Status.READY:
        _keep_reporting(way, order)
        return
    Counter(way, order, window, number).go(ending)


def _keep_reporting(way: told.Journey, order: Order) -> None:
    """An order that has been open for a while is reported on, most times."""
    moment = way.demo.ago(way.chance.uniform(1, 18))
    if moment > way.moments["stock"] and way.chance.random() < 0.8:
        told.report(way, order, moment)
    told.tick_off(way, order, way.demo.now, all_of_them=False)


class Counter:
    """What happens to an order whose goods are ready, up to the end of its story."""

    def __init__(self, way: told.Journey, order: Order, window: Window, number: int) -> None:
        self.way, self.demo, self.chance = way, way.demo, way.chance
        self.order, self.window, self.number = order, window, number
        self.owner = self.demo.user(order.owner_id)
        place = next(each for each in PLACES if each.code == window.warehouse.code)
        self.clerk = self.demo.user(self.chance.choice(place.clerks))

    def go(self, ending: str) -> None:
        """Tell the story to its end."""
        planned = self._between("stock", 0.25)
        if ending == "notified" and self.number % 2:  # told at the end of the day, or the day before
            planned = max(planned, self.demo.now - timedelta(hours=self.chance.uniform(0.5, 14)))
        pickup = self._plan(planned, notify=ending != "planned")
        if ending in ("planned", "notified"):
            _keep_reporting(self.way, self.order)
            return
        self._promise(pickup, ending)
        if ending in ("promised", "today", "arrived"):
            _keep_reporting(self.way, self.order)
        if ending == "promised":
            return
        if ending == "today":
            self._special(pickup)
            if (ending, self.number) != ("today", 0):
                self._pay(pickup)
            return
        if ending == "called_off":
            with self.demo.at(self._between("stock", 0.9)):
                verbs.cancel_pickup(pickup, by=self.owner, reason="客户车辆故障，另约时间")
            _keep_reporting(self.way, self.order)
            if self.number % 2:
                self._once_more()
            return
        if ending == "missed":
            with self.demo.at(self.window.ends_at + timedelta(minutes=31)), through(Via(door=Door.TASK)):
                verbs.miss_pickup(pickup, by=User.objects.system("clock"))
            _keep_reporting(self.way, self.order)
            return
        self._pay(pickup)
        came = self._comes()
        with self.demo.at(came):
            verbs.arrive(pickup, by=self.clerk)
        if ending == "arrived":
            self._authority(pickup, came)
            return
        self._hand_over(pickup, came + timedelta(minutes=self.chance.randint(4, 14)), ending)

    def _between(self, step: str, share: float) -> datetime:
        """A moment in working time between a step and the window, or now where that is earlier."""
        begins = self.way.moments[step]
        length = worktime.between(self.demo.calendar, begins, min(self.window.starts_at, self.demo.now))
        return self.demo.after(begins, max(length.total_seconds(), 0) / 3600 * share)

    def _plan(self, moment: datetime, *, notify: bool) -> Pickup:
        with self.demo.at(moment):
            window = self._with_room()
            pickup = verbs.plan_pickup(self.order, by=self.owner, window=window, notify=notify)
            pickup.refresh_from_db()
            return pickup

    def _with_room(self) -> Window:
        """The chosen window, or the next one that has room."""
        rows = Window.objects.open().filter(warehouse=self.window.warehouse_id, starts_at__gte=self.window.starts_at)
        self.window = rows.select_related("warehouse").first() or self.window
        return self.window

    def _promise(self, pickup: Pickup, ending: str) -> None:
        """The customer says that he will come: on the phone, or under his link, where he may choose another time."""
        moment = self._between("stock", 0.6)
        links = User.objects.system("links")
        if ending == "today" and self.number % 4 == 3:
            return  # he has not answered yet
        if self.chance.random() < 0.5:
            with self.demo.at(moment):
                verbs.confirm_pickup(pickup, by=self.owner)
            return
        with self.demo.at(moment), through(Via(door=Door.LINK)):
            if ending == "promised" and self.chance.random() < 0.3:
                later = Window.objects.open().filter(warehouse=pickup.warehouse, starts_at__gt=self.window.ends_at)
                verbs.move_pickup(pickup, by=links, window=later.first(), reason="车辆安排在下午")
            else:
                verbs.confirm_pickup(pickup, by=links)

    def _pay(self, pickup: Pickup) -> None:
        """Who does not buy on account pays before he collects; some others have paid meanwhile."""
        order = Order.objects.get(pk=self.order.pk)
        on_account = order.payment_terms == Customer.Terms.CREDIT
        if on_account and self.chance.random() < 0.7:
            return
        amount = order.total if on_account or self.chance.random() < 0.8 else worth(pickup)
        with self.demo.at(self._between("stock", 0.8)):
            order_verbs.enter_payment(
                order,
                by=self.demo.people("finance")[0],
                amount=max(amount, Decimal("0.01")),
                received_on=clock.today(),
                method=self.chance.choice(["transfer", "transfer", "wechat", "alipay"]),
                reference=f"SK{self.chance.randrange(10**8):08d}",
            )

    def _special(self, pickup: Pickup) -> None:
        """What a counter has to look out for: supply suspended, an expired letter of authority, a good one."""
        if self.number == 1:
            with self.demo.at(self.demo.ago(1)):
                suspend_supply(
                    Customer.objects.get(pk=pickup.customer_id), by=self.demo.people("finance")[0], reason="退票未处理"
                )
        elif self.number in (2, 5):
            self._standing(pickup, self.demo.today - timedelta(days=1 if self.number == 2 else -200))

    def _standing(self, pickup: Pickup, until: date) -> None:
        with self.demo.at(self.demo.now - timedelta(days=160)):
            verbs.add_authority(
                Customer.objects.get(pk=pickup.customer_id),
                by=self.owner,
                paper=paper("Letter of authority", until),
                **self._collector(until),
            )

    def _authority(self, pickup: Pickup, moment: datetime) -> Authority:
        """A letter for this pickup."""
        with self.demo.at(moment):
            return verbs.name_collector(pickup, by=self.clerk, **self._collector(self.demo.today + timedelta(days=30)))

    def _collector(self, until: date) -> dict[str, Any]:
        return {
            "person": person(self.chance),
            "id_number": id_number(self.chance),
            "phone": mobile(self.chance),
            "vehicle": plate(self.chance),
            "goods": "本公司全部订货",
            "valid_from": min(clock.today(), until - timedelta(days=30)),
            "valid_until": until,
        }

    def _comes(self) -> datetime:
        """When he is at the counter: in his window, and before now."""
        last = min(self.window.ends_at, self.demo.now) - timedelta(minutes=16)
        first = min(self.window.starts_at + timedelta(minutes=1), last)
        return first + (last - first) * self.chance.random()

    def _hand_over(self, pickup: Pickup, moment: datetime, ending: str) -> None:
        authority = None
        if self.chance.random() < 0.25:
            authority = self._authority(pickup, moment - timedelta(minutes=2))
        with self.demo.at(moment):
            verbs.hand_over(
                pickup,
                by=self.clerk,
                authority=authority,
                identity=Record.Identity.ID_COMPARED if authority else Record.Identity.ID_SEEN,
                id_number=authority.id_number if authority else "",
                vehicle="" if authority else plate(self.chance),
                lines=self._counted() if ending == "partly" and self.number % 2 else [],
                customer_signature=signature(self.chance),
                clerk_signature=signature(self.chance),
            )
        if ending == "reversed":
            with self.demo.at(moment + timedelta(minutes=6)):
                verbs.reverse_handover(pickup, by=self.clerk, reason="发错规格，货物当场退回")
        order = Order.objects.select_related("type", "owner").get(pk=self.order.pk)
        if order.status != Order.Status.COLLECTED:
            _keep_reporting(self.way, order)
            self.order = order
            self._rest()
            return
        told.tick_off(self.way, order, moment, all_of_them=True)
        if ending in ("signed_off", "closed"):
            self._close(order, moment, closed=ending == "closed")

    def _rest(self) -> None:
        """What was not collected, or taken back, is prepared again, most times."""
        demo, chance = self.demo, self.chance
        if self.order.status == Order.Status.CONFIRMED and self.number % 4:
            with demo.at(demo.ago(chance.uniform(0.3, 5))):
                verbs.check_stock(self.order, by=demo.people("warehouse")[0], warehouse=self.window.warehouse)
        if self.order.status == Order.Status.READY and self.number % 3:
            self._once_more()

    def _once_more(self) -> None:
        """The customer is told of another window, in the days to come."""
        rows = Window.objects.filter(warehouse=self.window.warehouse_id, starts_at__gt=self.demo.now + 30 * HOUR)
        window = rows.select_related("warehouse").order_by("starts_at").first()
        if window:
            self.window = window
            self._plan(self.demo.ago(self.chance.uniform(0.2, 2)), notify=True)

    def _counted(self) -> list[dict[str, Any]]:
        """One line is short by a few pieces, which is written down at once."""
        line = self.order.lines.order_by("pk").first()
        if line is None:
            return []
        less = max(line.base_quantity - max(line.base_quantity // 10, Decimal(1)), Decimal(0))
        if not less:
            return []
        return [{"line": line, "quantity": less, "difference": "车辆装不下，余货下次提"}]

    def _close(self, order: Order, moment: datetime, *, closed: bool) -> None:
        demo, chance = self.demo, self.chance
        handed_in = demo.after(moment, chance.uniform(1, 10))
        sheet = paper("Sign-off sheet", demo.calendar.day_of(handed_in)) if chance.random() < 0.2 else None
        with demo.at(handed_in):
            order_verbs.hand_in_sheet(order, by=self.owner, sheet=sheet)
        if not closed:
            return
        desk = chance.choice(demo.people("order_desk"))
        with demo.at(demo.after(handed_in, chance.uniform(0.5, 14))):
            papers = order.handovers.order_by("-pk").first()
            order_verbs.receive_handover(papers, by=desk)
            order_verbs.close_order(order, by=desk)
