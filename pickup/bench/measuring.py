"""What is measured: the operations with their aims, on both servers in turn, and how the table says it."""

import base64
import json
import random
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils.crypto import get_random_string

from crm import clock
from crm.accounts.models import User
from crm.accounts.sessions import SessionStore
from crm.reports.invented import signature
from orders.models import Order
from pickup.bench.load import Ask, Generator, Measured, Series
from pickup.bench.rows import PRODUCTS, Floor
from pickup.models import Pickup
from pickup.play.stage import Set

CONNECTIONS = 8
MANY = 32
RUNS = 3
FLOOR_HANDOVER = 1  # seconds; it uses up what is ready
QUESTIONS = 100
CREATED = 5000
JSON = {"Content-Type": "application/json"}


@dataclass
class Row:
    """One row of the table: times in milliseconds, the middle ratio, and the aim for it."""

    label: str
    base: float
    ours: float
    ratio: float
    aim: float
    failed: int = 0
    cpu: float = 0.0  # the middle ratio of processor time, which other work on the machine changes least
    said: str = ""  # the first answer that was not right
    base_cpu: float = 0.0  # milliseconds of processor time, web server and database, for one answer of the floor
    ours_cpu: float = 0.0  # and of the product
    others: float = 0.0  # cores that other work took, where it was most: above a few tenths, times say little

    @property
    def met(self) -> bool:
        """Whether the aim was reached, and nothing failed on the way."""
        return self.ratio <= self.aim and not self.failed


Also = Callable[..., tuple[str, Row]]
ALSO: list[Also] = []  # what the apps above measure at the end, each without a floor


def also(measure: Also) -> Also:
    """Declare in an app's `bench.py` what is measured there too: `measure(small=…)` answers the size and the row."""
    ALSO.append(measure)
    return measure


@dataclass
class Operation:
    """Something that both servers do, and how many times as long as the floor the product may take."""

    key: str
    label: str
    aim: float
    base: Series
    ours: Series
    connections: int = CONNECTIONS

    def compare(self, generator: Generator, seconds: int, floor: Floor) -> Row:
        """Measure both in turn, some times, and take the median of the ratios."""
        if self.connections > CONNECTIONS:
            seconds *= 2  # all of them have to come round
        if not self.ours.once:
            generator.run(self.base, 1, self.connections)
            generator.run(self.ours, 1, self.connections)
        pairs: list[tuple[Measured, Measured]] = []
        for _each in range(RUNS):
            if self.base.once:
                floor.make_ready()
                self.base.used = 0
            base = generator.run(self.base, FLOOR_HANDOVER if self.base.once else seconds, self.connections)
            pairs.append((base, generator.run(self.ours, seconds, self.connections)))
        failed = sum(base.failed + ours.failed for base, ours in pairs)
        middle = statistics.median
        times = middle(base.ms for base, _ours in pairs), middle(ours.ms for _base, ours in pairs)
        ratio = middle(ours.ms / base.ms for base, ours in pairs)
        cpu = middle(ours.cpu / (base.cpu or 1) for base, ours in pairs)
        cpus = middle(base.cpu for base, _ours in pairs), middle(ours.cpu for _base, ours in pairs)
        others = max(each.others for pair in pairs for each in pair)
        said = next((ours.said for _base, ours in pairs if ours.said), "")
        return Row(self.label, *times, ratio, self.aim, failed, cpu, said, *cpus, others)


@dataclass
class Bench:
    """Both servers' addresses, and who asks."""

    ours: str
    base: str
    stage: Set
    floor: Floor
    customers: int
    chance: random.Random = field(default_factory=lambda: random.Random(4))  # noqa: S311 - the same each time

    def bearer(self, role: str) -> dict[str, str]:
        """The headers of a REST client in that role."""
        return {"Authorization": f"Bearer {self.stage.token(role)}", "Accept": "application/json"}

    def cookie(self, role: str) -> dict[str, str]:
        """The headers of a browser in which somebody in that role has signed in."""
        user = User.objects.get(pk=self.stage.roles[role][0])
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        # A browser that has seen a page has the second cookie, too.
        cookies = {settings.SESSION_COOKIE_NAME: session.session_key, settings.CSRF_COOKIE_NAME: get_random_string(32)}
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "Accept": "text/html"}

    def operations(self) -> list[Operation]:
        """All that have a floor."""
        page = self.cookie("order_desk")
        creating = [
            Operation(
                f"create-{connections}",
                f"create an order with three lines, {connections} connections",
                12,
                Series(self.base, self._new_orders("customer_id", "product_id", "qty"), JSON, '"no"'),
                Series(self.ours, self._new_orders("customer", "product", "quantity"), self._writer(), '"number"'),
                connections,
            )
            for connections in (CONNECTIONS, MANY)
        ]
        return [
            Operation(
                "list",
                "REST list of 50 orders",
                4,
                Series(self.base, [Ask("/list")], holds='"results"'),
                Series(self.ours, [Ask("/api/v1/orders/")], self.bearer("order_desk"), '"results"'),
            ),
            *creating,
            Operation("handover", "handover", 15, *self._handovers()),
            self.typeahead(self.questions()),
            Operation(
                "html",
                "HTML list of 50 full rows",
                8,
                Series(self.base, [Ask("/html")], holds="</table>"),
                Series(self.ours, [Ask("/orders/")], page, "</html>"),
            ),
            Operation(
                "filtered",
                "HTML list by two characters of the name, to the unfiltered one",
                2,
                Series(self.ours, [Ask("/orders/")], page, "</html>"),
                Series(self.ours, [Ask(f"/orders/?q={quote(each)}") for each in self.questions()], page, "</html>"),
            ),
        ]

    def typeahead(self, questions: list[str], when: str = "") -> Operation:
        """Typing two characters of a customer's name."""
        path, page = "/pick/customers.customer/", self.cookie("order_desk")
        return Operation(
            "typeahead",
            f"typeahead on two Chinese characters{when}",
            4,
            Series(self.base, [Ask(f"/ta?q={quote(each)}") for each in questions]),
            Series(self.ours, [Ask(f"{path}?q={quote(each)}") for each in questions], page, '"id"'),
        )

    def questions(self, codes: str = "") -> list[str]:
        """Two characters each, from names that there are, of customers whose code begins so."""
        wanted = "select name from customer where code like %s and name ~ '^[一-龥]{2,}$' order by id"
        names = self.floor.ask(wanted, f"{codes}%")
        chosen = self.chance.sample([name for (name,) in names], min(QUESTIONS, len(names)))
        starts = [self.chance.randrange(len(name) - 1) for name in chosen]
        return [name[start : start + 2] for name, start in zip(chosen, starts, strict=True)]

    def _new_orders(self, customer: str, product: str, quantity: str) -> list[Ask]:
        chance = random.Random(4)  # noqa: S311 - the same orders on both servers
        more = {} if quantity == "qty" else {"wanted_on": str(clock.today() + timedelta(days=10))}
        path = "/create" if quantity == "qty" else "/api/v1/orders.apply_order/"
        made = []
        for _each in range(CREATED):
            lines = [{product: pk, quantity: 1} for pk in chance.sample(range(1, PRODUCTS + 1), 3)]
            made.append(Ask(path, json.dumps({customer: chance.randint(1, self.customers), "lines": lines, **more})))
        return made

    def _writer(self) -> dict[str, str]:
        return {**self.bearer("sales_support"), **JSON}

    def _handovers(self) -> tuple[Series, Series]:
        ready = self.floor.ask("select no from orders where right(no, 1) < '8' and no < 'C' order by id")
        base = [Ask("/pickup", json.dumps({"no": number})) for (number,) in ready]
        waiting = Pickup.objects.filter(status=Pickup.Status.CONFIRMED).order_by("pk").values_list("pk", flat=True)
        drawn = "data:image/png;base64," + base64.b64encode(signature(self.chance).read()).decode()
        body = json.dumps({"identity": "id_seen", "customer_signature": drawn, "clerk_signature": drawn})
        ours = [Ask(f"/api/v1/pickups/{pk}/pickup.hand_over/", body) for pk in waiting]
        clerk = {**self.bearer("counter"), **JSON}
        return Series(self.base, base, JSON, "ok", once=True), Series(self.ours, ours, clerk, '"number"', once=True)


def doubled() -> int:
    """How many order numbers there are more than once; the database refuses them, and here it is counted."""
    numbers = Order.objects.order_by().values_list("number", flat=True)
    return numbers.count() - numbers.distinct().count()


def table(rows: list[tuple[str, Row]]) -> Iterator[str]:
    """The rows as Markdown, each with the size that it was measured at."""
    heads = ["size", "operation", "floor ms", "ours ms", "ratio", "aim", "met", "ratio of processor time"]
    heads += ["floor CPU ms", "ours CPU ms", "cores that others took"]
    yield f"| {' | '.join(heads)} |"
    yield "|---|---|---:|---:|---:|---:|---|---:|---:|---:|---:|"
    for size, row in rows:
        met = "yes" if row.met else f"no, {row.failed} failed" if row.failed else "no"
        times = [f"{row.base:.2f}", f"{row.ours:.2f}", f"{row.ratio:.2f}", f"{row.aim:g}", met]
        cpu = [f"{row.cpu:.2f}", f"{row.base_cpu:.2f}", f"{row.ours_cpu:.2f}", f"{row.others:.1f}"]
        yield f"| {' | '.join([size, row.label, *times, *(cpu if row.cpu else [''] * len(cpu))])} |"
