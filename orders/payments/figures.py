"""Figures of receivables: what is owed, by age, and by customer, owner and department (账龄)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.reports.charts import BARS, Figure, Row, report
from crm.reports.charts import Value as Shown
from crm.words import money
from orders.payments.ages import AGES, age_of_invoice
from orders.payments.models import Invoice

RIGHT = "payments.view_invoice"
MONEY = "orders.enter_payment"  # whoever books money has the ages on his start page
NONE = Decimal("0.00")
DEFINITION = gettext_lazy(
    "Invoices that are not paid in full, with what of each is open, by the number of days since the day on which it was"
    " due. What is not due yet is the first column. Credit of customers that is not matched is not taken off."
)


@dataclass(frozen=True)
class Group:
    """What belongs to one customer, owner or department: its key, its name, and the sum of each age."""

    key: int | None
    name: str
    sums: dict[str, Decimal]

    @property
    def total(self) -> Decimal:
        """All of it."""
        return sum(self.sums.values(), NONE)


def ages_by(user: User, key: str, names: Sequence[str]) -> list[Group]:
    """Open invoices that `user` sees, by `key` and age, the largest first; one query, however many there are.

    `names` are the lookups of the group's name and, where it has one, of its English name.
    """
    # Days are compared, and nothing is worked out row by row in Python: the database answers one row per group and age.
    rows = (
        Invoice.objects.visible_to(user)
        .filter(status=Invoice.Status.OPEN)
        .annotate(age=age_of_invoice())
        .order_by()
        .values(key, *names, "age")
        .annotate(left=Sum(F("amount") - F("paid")))
    )
    sums: dict[Any, dict[str, Decimal]] = defaultdict(dict)
    called: dict[Any, str] = {}
    for row in rows:
        sums[row[key]][row["age"]] = row["left"]
        called[row[key]] = _called(*(row[name] or "" for name in names))
    found = [Group(pk, called[pk], of_it) for pk, of_it in sums.items()]
    return sorted(found, key=lambda each: (-each.total, each.name))


def _called(name: str, name_en: str = "") -> str:
    return User(name=name, name_en=name_en).display_name if name else _("nobody")


def _figure(heading: str, groups: list[Group], asked: str) -> Figure:
    rows = []
    for group in groups:
        of_group = {asked: group.key} if group.key is not None else {}
        values = [_shown(group.sums.get(each.key, NONE), {**of_group, "age": each.key}, each.tone) for each in AGES]
        url = f"{reverse('invoices')}?{urlencode({**of_group, 'tab': 'open'})}" if of_group else ""
        total = Shown(group.total, money(group.total), url)
        rows.append(Row(group.name, values, total=money(group.total), url=url, more=[total]))
    series = [(str(each.label), each.tone) for each in AGES]
    return Figure(heading, series, rows, more=[_("Total")], empty=_("No invoice is open."))


def _shown(amount: Decimal, asked: dict[str, Any], tone: str) -> Shown | None:
    if not amount:
        return None
    return Shown(amount, money(amount), f"{reverse('invoices')}?{urlencode(asked)}", tone)


@report(
    "receivables-by-customer",
    gettext_lazy("Receivables by age and customer"),
    definition=DEFINITION,
    kind=BARS,
    right=RIGHT,
    order=50,
    starts=[MONEY],
)
def by_customer(user: User) -> Figure:
    """What each customer owes, by age; one query."""
    return _figure(_("Customer"), ages_by(user, "customer", ["customer__name"]), "customer")


@report(
    "receivables-by-owner",
    gettext_lazy("Receivables by age and owner"),
    definition=DEFINITION,
    kind=BARS,
    right=RIGHT,
    order=51,
)
def by_owner(user: User) -> Figure:
    """What the customers of each owner owe, by age; one query."""
    names = ["customer__owner__name", "customer__owner__name_en"]
    return _figure(_("Owner"), ages_by(user, "customer__owner", names), "owner")


@report(
    "receivables-by-department",
    gettext_lazy("Receivables by age and department"),
    definition=DEFINITION,
    kind=BARS,
    right=RIGHT,
    order=52,
)
def by_department(user: User) -> Figure:
    """What the customers of each department owe, by age; one query."""
    names = ["customer__department__name", "customer__department__name_en"]
    return _figure(_("Department"), ages_by(user, "customer__department", names), "department")
