"""What has to be there before the first order: people with tokens, a counter with windows, and who takes orders."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.models import Group

from crm import clock
from crm.accounts.models import Department, User
from crm.api.models import ApiToken
from crm.api.tokens import READ, WRITE, issue
from orders.catalog.models import Unit
from orders.models import OrderType, Stage, Territory
from pickup.models import Window
from pickup.stock.models import Warehouse

DEPARTMENTS = {
    "sales": ("销售部", "Sales"),
    "order_desk": ("订单处理部", "Order desk"),
    "warehouse": ("仓储部", "Warehouse"),
    "finance": ("财务部", "Finance"),
}
ROLES = {  # role: where its people sit
    "sales": "sales",
    "sales_support": "sales",
    "sales_manager": "sales",
    "order_desk": "order_desk",
    "warehouse": "warehouse",
    "counter": "warehouse",
    "finance": "finance",
}
EVERY = timedelta(minutes=20)  # a window begins so often, so that one is near whenever an order comes to it
WINDOWS = 18  # for six hours
PIECE = "件"


@dataclass
class Set:
    """Tokens by user, the people of each role, the counter, and the windows by the time at which they begin."""

    warehouse: Warehouse
    windows: list[tuple[float, int]]
    roles: dict[str, list[int]] = field(default_factory=dict)
    secrets: dict[int, str] = field(default_factory=dict)
    tokens: list[int] = field(default_factory=list)

    def token(self, role: str, number: int = 0) -> str:
        """The token of one of the people in a role."""
        people = self.roles[role]
        return self.secrets[people[number % len(people)]]

    def token_of(self, user: int) -> str:
        """The token of a user."""
        return self.secrets[user]

    def strike(self) -> None:
        """Let the tokens open nothing any more."""
        ApiToken.objects.filter(pk__in=self.tokens).update(revoked_at=clock.now())


def prepare(orders: int) -> Set:
    """Make what is missing, and a token for everybody who will be asked for one."""
    Unit.objects.get_or_create(code=PIECE, defaults={"name": PIECE, "name_en": "pc"})
    _order_type()
    roles = {role: _people(role, code) for role, code in ROLES.items()}
    applicants = User.objects.filter(pk__in=[user.pk for user in roles["sales_support"]], manager=None)
    applicants.update(manager=roles["sales_manager"][0])  # who agrees to a low price
    if not Territory.objects.filter(available=True, user__is_active=True).exists():
        for user in roles["sales"]:
            Territory.objects.create(user=user, capacity=orders)
    warehouse, _made = Warehouse.objects.get_or_create(
        code="play",
        defaults={"name": "演练自提点", "name_en": "Rehearsal counter", "address": "重庆市渝北区金开大道 99 号"},
    )
    warehouse.clerks.add(*roles["counter"])
    stage = Set(warehouse, _windows(warehouse, orders))
    owners = list(User.objects.filter(territory__isnull=False, is_active=True))
    for user in {user.pk: user for users in [*roles.values(), owners] for user in users}.values():
        token, secret = issue(user, "play", [READ, WRITE], days=1)
        stage.secrets[user.pk] = secret
        stage.tokens.append(token.pk)
    stage.roles = {role: [user.pk for user in users] for role, users in roles.items()}
    return stage


def _order_type() -> None:
    if OrderType.objects.filter(active=True).exists():
        return
    kind = OrderType.objects.create(code="standard", name="常规订单", name_en="Standard order")
    Stage.objects.create(type=kind, position=1, name="备货", name_en="Goods prepared", share=60)
    Stage.objects.create(type=kind, position=2, name="提货", name_en="Collected", share=100)


def _people(role: str, code: str) -> list[User]:
    """The people in a role who are there, or one who is made for it."""
    found = list(User.objects.working().in_role(role).order_by("pk"))
    if found:
        return found
    name, name_en = DEPARTMENTS[code]
    department, _made = Department.objects.get_or_create(code=code, defaults={"name": name, "name_en": name_en})
    user = User.objects.create_user(f"play-{role}", name=f"演练 {role}", name_en=f"Play {role}", department=department)
    user.groups.set(Group.objects.filter(name=role))
    return [user]


def _windows(warehouse: Warehouse, orders: int) -> list[tuple[float, int]]:
    now = clock.now().replace(second=0, microsecond=0)
    windows = []
    for number in range(1, WINDOWS + 1):
        starts = now + number * EVERY
        window, _made = Window.objects.get_or_create(
            warehouse=warehouse, starts_at=starts, defaults={"ends_at": starts + timedelta(hours=4), "capacity": orders}
        )
        windows.append((window.starts_at.timestamp(), window.pk))
    return windows
