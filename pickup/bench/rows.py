"""The same rows twice: in the floor's tables by its own SQL, and in the product's as its verbs would leave them."""

import gzip
import io
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType

from crm import clock
from crm.deadlines.models import Deadline
from crm.records.search import Indexed, index_of
from crm.run.database import connect
from customers.models import Customer
from orders.catalog.models import Price, Product, Unit
from orders.models import Line, Order, OrderType
from pickup.bench.filling import copy, go_on_counting, settle, without_indexes, without_triggers
from pickup.models import Pickup
from pickup.play.stage import PIECE, Set
from pickup.stock.models import Reservation, Stock

PRODUCTS = 400
PICKUPS = 4000  # at most so many orders can be handed over in one measurement
# "create these after the first load of orders", as the floor's schema says
FLOOR_INDEXES = (
    "create index on orders(created desc, id desc)",
    "create index on orders(customer_id)",
    "create index on order_line(order_id)",
    "create index on pickup_log(order_id)",
)
ORDERS = """
    select orders.id, no, status, orders.created, customer_id, name
    from orders join customer on customer.id = customer_id order by orders.id
"""
LINES = """
    INSERT INTO orders_line (order_id, position, product_id, specification, unit_id, quantity, factor, price,
        list_price, lowest, tax_rate, amount, tax, collected, returned)
    SELECT id, k, 1 + (id * 3 + k) %% %(products)s, '', %(unit)s, 1, 1, 10, 10, 8, 13, 10, 1.15, 0, 0
    FROM orders_order, generate_series(1, 3) k
"""
DEADLINES = """
    INSERT INTO deadlines_deadline (rule, subject_type_id, subject_pk, customer_id, responsible_id, department_id,
        started_at, due_at, warn_at, next_at, step, outcome, calendar_version, unit, spans, pauses)
    SELECT 'order.progress', %(kind)s, id, customer_id, owner_id, department_id, received_at, due, due - interval '1d',
        due - interval '1d', 0, '', 1, '', '[]', '[]'
    FROM orders_order, LATERAL (SELECT now() + interval '2d' + id %% 30 * interval '1d' AS due) AS due
    WHERE status = 'ready'
"""
RESERVATIONS = """
    INSERT INTO stock_reservation (line_id, stock_id, quantity)
    SELECT line.id, stock.id, line.quantity
    FROM pickup_pickup JOIN orders_line line USING (order_id) JOIN stock_stock stock USING (product_id)
"""

RESERVED = """
    UPDATE stock_stock SET reserved = total
    FROM (SELECT stock_id, sum(quantity) AS total FROM stock_reservation GROUP BY stock_id) AS sums
    WHERE sums.stock_id = stock_stock.id
"""


class Floor:
    """The floor's tables."""

    def __init__(self, url: str, folder: Path) -> None:
        self.line = connect(url)
        self.folder = folder

    @property
    def dsn(self) -> str:
        """The address as the floor's application wants it."""
        return str(self.line.dsn)

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of the answer; none where there is no answer."""
        with closing(self.line.cursor()) as cursor:
            cursor.execute(question, values or None)
            return cursor.fetchall() if cursor.description else []

    def make(self, customers: int) -> None:
        """Tables, customers under names of Chinese companies where these lie at hand, and products."""
        self.ask((self.folder / "names.sql").read_text())
        self.ask((self.folder / "schema.sql").read_text().replace("100000", str(customers)))
        names = self.folder.parent / "data" / "company_names_zh.txt.gz"
        if names.exists():
            self.ask("create temp table given (id int generated always as identity, name text)")
            text = "\n".join(gzip.decompress(names.read_bytes()).decode().split("\n")[:customers])
            with closing(self.line.cursor()) as cursor:
                cursor.copy_expert("copy given (name) from stdin", io.StringIO(text.replace("\\", "")))
            self.ask("update customer set name = given.name from given where given.id = customer.id")
            self.ask("vacuum full analyze customer")

    def order(self, orders: int, customers: int) -> None:
        """So many orders in the place of those that are there."""
        self.ask("truncate orders, order_line, pickup_log restart identity")
        text = (self.folder / "orders.sql").read_text().replace("100000", str(customers))
        for name, value in (("a", 1), ("b", orders)):
            text = text.replace(f":'{name}'", f"'{value}'").replace(f"(:{name}::", f"({value}::")
            text = text.replace(f",:{name}::", f",{value}::")
        # Autovacuum, coming by while they are written, would count none of them yet, and each foreign key would then be
        # looked up by reading all orders, which takes hours.
        self._autovacuum(False)
        self.ask(text)
        self._autovacuum(True)
        if not self.ask("select 1 from pg_indexes where tablename = 'pickup_log' and indexname like '%order%'"):
            for statement in FLOOR_INDEXES:
                self.ask(statement)
        self.ask("vacuum analyze")

    def _autovacuum(self, on: bool) -> None:
        for table in ("orders", "order_line"):
            self.ask(f"alter table {table} set (autovacuum_enabled = {on})")

    def add(self, names: list[str]) -> None:
        """More customers, as an import brings them."""
        codes = [f"I{number:07}" for number in range(len(names))]
        self.ask("insert into customer (code, name) select * from unnest(%s::text[], %s::text[])", codes, names)

    def make_ready(self) -> None:
        """Let the orders that were picked up be ready again."""
        self.ask("update orders set status = 'ready' where status = 'picked' and right(no, 1) < '8'")


def make(floor: Floor, stage: Set, terms: "Terms") -> None:
    """The floor's customers and products in the product's tables, and plenty of stock."""
    unit = Unit.objects.get(code=PIECE)
    with without_triggers():
        Product.objects.bulk_create(
            [
                Product(pk=pk, code=f"P{pk:04}", name=name, unit=unit)
                for pk, name in floor.ask("select id, name from product order by id")
            ]
        )
        Price.objects.bulk_create(
            [
                Price(product_id=pk, price=price, lowest=price)
                for pk, price in floor.ask("select id, price from product")
            ]
        )
        full = {"warehouse": stage.warehouse, "quantity": Decimal(10**9)}
        Stock.objects.bulk_create([Stock(product_id=pk + 1, **full) for pk in range(PRODUCTS)])
        rows = floor.ask("select id, code, name from customer order by id")
        with without_indexes(Customer):
            copy(
                Customer(code="", name="x", payment_terms=Customer.Terms.CREDIT),
                ["id", "code", "name", "search_terms", "search_text"],
                ((pk, code, name, *terms.of(name, code)) for pk, code, name in rows),
            )
    go_on_counting(Product, Customer)


class Terms:
    """What records are found by. The pinyin of a name is looked up once, however many orders it has."""

    def __init__(self) -> None:
        self.names: dict[str, Indexed] = {}

    def of(self, name: str, code: str) -> Indexed:
        """As `index_of(names=[name], codes=[code])` would answer."""
        if name not in self.names:
            self.names[name] = index_of(names=[name])
        named, coded = self.names[name], index_of(codes=[code])
        plain, _bar, spoken = named.text.partition("||")
        return Indexed(sorted({*named.terms, *coded.terms}), f"{plain}{coded.text.partition('||')[0]}||{spoken}")


def order(floor: Floor, stage: Set, terms: Terms) -> None:
    """The floor's orders in the product's tables, with lines, deadlines, and pickups that can be handed over."""
    facts = {
        "type": OrderType.objects.filter(active=True).first(),
        "payment_terms": Customer.Terms.CREDIT,
        "applied_by_id": stage.roles["sales_support"][0],
        "owner_id": stage.roles["sales"][0],
        "wanted_on": clock.today() + timedelta(days=10),
        "planned_at": clock.now(),
        "reported_at": clock.now(),
        "total": Decimal(30),
        "tax": Decimal("3.45"),
        "paid": Decimal(30),
    }
    rows = floor.ask(
        "select o.id, no, status, o.created, c.id, c.name from orders o join customer c on c.id = customer_id"
    )
    states = {True: Order.Status.READY.value, False: Order.Status.COLLECTED.value}
    with without_triggers() as cursor:
        cursor.execute("TRUNCATE orders_order, stock_reservation, deadlines_deadline CASCADE")
        with without_indexes(Order, Line, Deadline, Reservation):
            copy(
                Order(number="", status=Order.Status.READY, customer_id=rows[0][4], received_at=rows[0][3], **facts),
                ["id", "number", "status", "received_at", "customer_id", "search_terms", "search_text"],
                (
                    (pk, number, states[status == "ready"], at, customer, *terms.of(name, number))
                    for pk, number, status, at, customer, name in rows
                ),
            )
            cursor.execute(LINES, {"unit": Unit.objects.get(code=PIECE).pk, "products": PRODUCTS})
            cursor.execute(DEADLINES, {"kind": ContentType.objects.get_for_model(Order).pk})
            _plan_pickups(stage)
            cursor.execute(RESERVATIONS)
        cursor.execute(RESERVED)
    go_on_counting(Order)
    settle()


def _plan_pickups(stage: Set) -> None:
    window = stage.windows[0][1]
    ready = Order.objects.filter(status=Order.Status.READY).order_by("pk").values_list("pk", "customer_id")[:PICKUPS]
    Pickup.objects.bulk_create(
        [
            Pickup(
                number=f"BP{order:07}",
                code=f"B{order:07}",
                status=Pickup.Status.CONFIRMED,
                order_id=order,
                customer_id=customer,
                warehouse=stage.warehouse,
                window_id=window,
                owner_id=stage.roles["sales"][0],
            )
            for order, customer in ready
        ]
    )


def add(names: list[str]) -> None:
    """More customers, written as an import writes them: by the verb's own save, with all its terms."""
    for number, name in enumerate(names):
        Customer.objects.create(code=f"I{number:07}", name=name)
