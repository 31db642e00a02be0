"""A small company in which every verb has something that it can be done to; made by the verbs themselves."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache, cached_property
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile

from crm import clock
from crm.accounts.models import Department, RoleReach, User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.postgresql import kept
from crm.refusals import Refused
from customers import actions as customers
from customers.models import Contact, Customer
from orders import actions as orders
from orders.catalog import actions as catalog
from orders.catalog.models import Product, Unit
from orders.contracts import actions as contracts
from orders.contracts.models import Contract, Supplement
from orders.inquiries import actions as inquiries
from orders.inquiries.models import Inquiry
from orders.models import Order, OrderType, Stage, Territory
from pickup import actions as pickup
from pickup.models import Pickup, Window
from pickup.stock import actions as stock
from pickup.stock.models import Warehouse

MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday
SIGNATURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ID_NUMBER = "11010519491231002X"
HANDED = {"identity": "id_seen"}  # what a handover needs at least, where the signatures are not the matter
KEPT = (
    "advances",
    "applications",
    "approvals",
    "catalog",
    "changes",
    "compensation",
    "complaints",
    "contracts",
    "coordination",
    "credit",
    "customers",
    "deadlines",
    "execution",
    "feedback",
    "inbox",
    "inquiries",
    "links",
    "orders",
    "outbox",
    "payments",
    "pickup",
    "quotations",
    "returns",
    "satisfaction",
    "settlement",
    "stock",
    "tiers",
    "verification",
    "visits",
)


def shanghai(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """A moment of 2026 in the company's own time."""
    return MORNING.replace(month=month, day=day, hour=hour, minute=minute)


@cache
def _question() -> str:
    """One statement that answers a number for each table, which another content would change."""
    models = [model for model in apps.get_models() if model._meta.app_label in KEPT]
    models += [apps.get_model("records.ActionLog"), apps.get_model("accounts.Participant")]
    row = {"links.Link": "to_jsonb(t) - 'opens' - 'opened_at'"}  # that somebody looked at a link is no change
    which = {"records.ActionLog": "WHERE verb <> ALL (%s)"}
    return " UNION ALL ".join(
        f"SELECT '{label}', sum(hashtextextended(({row.get(label, 't')})::text, 0)) "
        f'FROM "{model._meta.db_table}" t {which.get(label, "")}'
        for model in models
        for label in [model._meta.label]
    )


def everything(*, but_verbs: Sequence[str] = ()) -> dict[str, Decimal | None]:
    """A number for each table of records and for the log as they are now; without the log of some verbs."""
    return dict(kept(_question(), ["text[]"], [list(but_verbs)]))  # planning it takes longer than answering it


def scan(name: str = "signed.pdf") -> SimpleUploadedFile:
    """A signed paper as a browser sends it."""
    return SimpleUploadedFile(name, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")


@contextmanager
def nothing_moves() -> Iterator[None]:
    """What happens inside leaves every record as it was."""
    before = everything()
    yield
    after = everything()
    moved = [name for name in before if before[name] != after[name]]
    assert not moved, f"moved: {moved}"


@contextmanager
def refused(code: str) -> Iterator[Any]:
    """What happens inside is refused with this code, and nothing moves."""
    with nothing_moves(), pytest.raises(Refused) as caught:
        yield caught
    assert caught.value.code == code, f"refused with {caught.value.code}, not with {code}"


@dataclass
class World:
    """Root may do everything and owns everything; the rest is made when it is asked for."""

    counted: int = field(default=0)

    @cached_property
    def sales(self) -> Department:
        return Department.objects.create(code="sales", name="销售部", name_en="Sales")

    @cached_property
    def root(self) -> User:
        for code, name in (("order_desk", "订单处理部"), ("warehouse", "仓储部")):
            Department.objects.get_or_create(code=code, defaults={"name": name})
        return User.objects.create_superuser("root", "mountain-river-42", name="根", department=self.sales)

    @cached_property
    def reader(self) -> User:
        """Sees everything and may do nothing."""
        user = User.objects.create_user("reader", "mountain-river-42", name="看", department=self.sales)
        role = Group.objects.create(name="readers")
        models = ContentType.objects.filter(
            app_label__in=[
                "complaints",
                "contracts",
                "coordination",
                "customers",
                "execution",
                "feedback",
                "inbox",
                "inquiries",
                "orders",
                "payments",
                "pickup",
                "quotations",
                "returns",
                "satisfaction",
                "stock",
                "verification",
                "visits",
            ]
        )
        RoleReach.objects.bulk_create(RoleReach(role=role, model=each, reach=RoleReach.Reach.ALL) for each in models)
        user.groups.add(role)
        return User.objects.get(pk=user.pk)

    @cached_property
    def stranger(self) -> User:
        """Has no role and no department."""
        return User.objects.create_user("stranger", "mountain-river-42", name="陌")

    def person(self, username: str, *roles: str, department: Department | None = None, **facts: Any) -> User:
        """Somebody with the roles as the product delivers them; of the sales department, unless it is said."""
        given = {"name": username.title(), "department": department or self.sales, **facts}
        user = User.objects.create_user(username, "mountain-river-42", **given)
        held = User.groups.through.objects
        groups = Group.objects.filter(name__in=roles).values_list("pk", flat=True)
        assert len(held.bulk_create(held.model(user=user, group_id=each) for each in groups)) == len(roles)
        return User.objects.get(pk=user.pk)

    @cached_property
    def alice(self) -> User:
        """A salesperson, who owns what a test is about."""
        return self.person("alice", "sales")

    @cached_property
    def bob(self) -> User:
        """A salesperson of the same department."""
        return self.person("bob", "sales")

    @cached_property
    def charlie(self) -> User:
        """A salesperson of another department."""
        return self.person("charlie", "sales", department=Department.objects.create(code="west", name="西区"))

    @cached_property
    def boss(self) -> User:
        """The manager of the sales department and of Alice and Bob."""
        boss = self.person("boss", "sales_manager")
        Department.objects.filter(pk=self.sales.pk).update(head=boss)
        User.objects.filter(username__in=["alice", "bob"]).update(manager=boss)
        return boss

    @cached_property
    def clerk(self) -> User:
        """A clerk at the counter of the warehouse."""
        clerk = self.person("clerk", "counter")
        self.warehouse.clerks.add(clerk)
        return clerk

    def new_customer(self, **facts: Any) -> Customer:
        self.counted += 1
        contact = {
            "name": "王小明",
            "title": "采购经理",
            "mobile": "13800138000",
            "phone": "",
            "email": "wang@example.com",
        }
        return customers.create_customer(
            by=self.root,
            code="",
            owner=None,
            address="重庆市渝北区金开大道 88 号",
            contacts=[{**contact, "wechat": "", "roles": ["buyer"]}],
            **{"name": f"重庆晨光商贸有限公司{self.counted}", "region": "重庆", "payment_terms": "credit", **facts},
        )

    @cached_property
    def customer(self) -> Customer:
        return self.new_customer()

    @cached_property
    def contact(self) -> Contact:
        return Contact.objects.get(customer=self.customer)

    def new_inquiry(self, **facts: Any) -> Inquiry:
        given = {"name": "渝中某公司", "matter": "配电箱的价格？", "email": "li@example.com", "phone": "", **facts}
        return inquiries.record_inquiry(by=self.root, **given)

    @cached_property
    def piece(self) -> Unit:
        return Unit.objects.create(code="件", name="件", name_en="pc")

    @cached_property
    def carton(self) -> Unit:
        return Unit.objects.create(code="箱", name="箱", name_en="carton")

    @cached_property
    def product(self) -> Product:
        return self.new_product("P001")

    def new_product(self, code: str) -> Product:
        return catalog.create_product(
            by=self.root,
            code=code,
            name="配电箱",
            unit=self.piece,
            tax_rate=Decimal(13),
            packings=[{"unit": self.carton, "factor": Decimal(24)}],
            price=Decimal("128.00"),
        )

    @cached_property
    def type(self) -> OrderType:
        kind = OrderType.objects.create(code="standard", name="常规订单", name_en="Standard order")
        Stage.objects.create(type=kind, position=1, name="备货", share=50)
        Territory.objects.create(user=self.root)
        return kind

    def new_order(self, quantity: str = "10", **facts: Any) -> Order:
        """An order in review."""
        line = {"product": self.product, "quantity": Decimal(quantity), "unit": self.piece, "factor": Decimal(1)}
        given = {"wanted_on": clock.today() + timedelta(days=10), "contact": None, "draft": False, "lines": [line]}
        return orders.apply_order(**{"by": self.root, "customer": self.customer, "type": self.type, **given, **facts})

    def reviewed(self, **facts: Any) -> Order:
        return orders.pass_review(self.new_order(**facts), by=self.root)

    def allocated(self, **facts: Any) -> Order:
        return orders.allocate_order(self.reviewed(**facts), by=self.root)

    def accepted(self, **facts: Any) -> Order:
        return orders.accept_order(self.allocated(**facts), by=self.root)

    def confirmed(self, **facts: Any) -> Order:
        return orders.confirm_order(self.accepted(**facts), by=self.root, channel="phone")

    @cached_property
    def warehouse(self) -> Warehouse:
        place = Warehouse.objects.create(code="yubei", name="渝北自提点", address="重庆市渝北区金开大道 88 号")
        place.clerks.add(self.root)
        return place

    def receive(self, quantity: str = "100", batch: str = "B1") -> None:
        line = {"product": self.product, "quantity": Decimal(quantity), "batch": batch}
        stock.receive_goods(by=self.root, warehouse=self.warehouse, lines=[line])

    def spoken(self, **facts: Any) -> Contract:
        """A contract that the customer has accepted by word of mouth."""
        return contracts.record_acceptance(self.accepted(**facts), by=self.root, accepted_by="phone")

    def classified(self, kind: str = "regular", **facts: Any) -> Contract:
        return contracts.classify_contract(self.spoken(**facts), by=self.root, kind=kind)

    def form_filled(self, kind: str = "regular", **facts: Any) -> Contract:
        wanted = {"delivery_on": clock.today() + timedelta(days=10), "payment_terms": "credit"}
        return contracts.fill_in_form(self.classified(kind, **facts), by=self.root, **wanted)

    def contract_passed(self, **facts: Any) -> Contract:
        """A regular contract that the sales manager has signed."""
        manager = User.objects.filter(username="signer").first() or self.person("signer", "sales_manager")
        request = ACTIONS["contracts.ask_pass_contract"](self.form_filled(**facts), by=self.root)
        approvals.approve(request.tasks.get(), by=manager)
        return Contract.objects.get(pk=request.subject_pk)

    def contract_made(self, **facts: Any) -> Contract:
        return contracts.make_contract(self.contract_passed(**facts), by=self.root, signed_place="重庆")

    def contract_sent(self, **facts: Any) -> Contract:
        return contracts.send_contract(self.contract_made(**facts), by=self.root)

    def contract_in_force(self, **facts: Any) -> Contract:
        contract = contracts.hand_in_signed_copy(self.contract_sent(**facts), by=self.root, scan=scan())
        return contracts.mark_returned(contract, by=self.root, signed_on=clock.today())

    def supplement(self) -> Supplement:
        """A draft by which two pieces more are agreed."""
        line = {"position": 1, "quantity": Decimal(12)}
        agreed = {"why": "客户增量", "agreed": "王小明，微信", "effective_on": clock.today()}
        return contracts.draft_supplement(self.contract_in_force(), by=self.root, lines=[line], **agreed)

    def short(self, **facts: Any) -> Order:
        return pickup.check_stock(self.confirmed(**facts), by=self.root, warehouse=self.warehouse)

    def ready(self, **facts: Any) -> Order:
        self.receive()
        return pickup.check_stock(self.confirmed(**facts), by=self.root, warehouse=self.warehouse)

    def window(self, hours: float = 0.5, capacity: int = 4) -> Window:
        starts = clock.now() + timedelta(hours=hours)
        return Window.objects.get_or_create(
            warehouse=self.warehouse,
            starts_at=starts,
            defaults={"ends_at": starts + timedelta(hours=2), "capacity": capacity},
        )[0]

    def planned(self, **facts: Any) -> Pickup:
        return pickup.plan_pickup(self.ready(**facts), by=self.root, window=self.window())

    def notified(self, **facts: Any) -> Pickup:
        return pickup.send_notice(self.planned(**facts), by=self.root)

    def handed_over(self, **facts: Any) -> Pickup:
        found = self.notified(**facts)
        pickup.hand_over(found, by=self.root, identity="id_seen")
        return found

    def collected(self) -> Order:
        return Order.objects.get(pk=self.handed_over().order_id)
