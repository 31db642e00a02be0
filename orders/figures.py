"""Figures of orders: how many come in, where they stand, and who has how many."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Sum
from django.db.models.functions import TruncWeek
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.days import begin_of, monday_of
from crm.deadlines.filters import LATE, late
from crm.deadlines.models import Deadline
from crm.reports.charts import BARS, TREND, Figure, Row, Value, report
from crm.words import money
from orders.models import Order, Territory

S = Order.Status
RIGHT = "orders.view_order"
LEADS = "deadlines.view_deadline"  # whoever answers for the work of others
WEEKS = 12
OPEN = [each for each in S if each not in (S.CLOSED, S.CANCELLED)]

# What became of the orders of a week, in four words rather than thirteen states.
STANDS = [
    (gettext_lazy("In work"), "active", (*OPEN[: OPEN.index(S.READY)],)),
    (gettext_lazy("Goods ready"), "soon", (S.READY,)),
    (gettext_lazy("Collected"), "done", (S.COLLECTED, S.SIGNED_OFF, S.CLOSED)),
    (gettext_lazy("Cancelled"), "neutral", (S.CANCELLED,)),
]
# What an owner has in his hands, by what he must do next.
HANDS = [
    (gettext_lazy("To accept or confirm"), "soon", (S.ALLOCATED, S.ACCEPTED)),
    (gettext_lazy("Being prepared"), "active", (S.CONFIRMED, S.SHORT)),
    (gettext_lazy("Waiting for pickup"), "done", (S.READY,)),
    (gettext_lazy("To be closed"), "neutral", (S.COLLECTED,)),
]


@report(
    "orders-by-week",
    gettext_lazy("Orders by week"),
    definition=gettext_lazy(
        "Orders by the week in which they were received, and where they stand today. Orders taken over from before are"
        " counted with the day on which they were received then."
    ),
    kind=TREND,
    right=RIGHT,
    order=30,
)
def orders_by_week(user: User) -> Figure:
    """The orders of the last twelve weeks; one query."""
    monday = monday_of(clock.today())
    weeks = [monday - timedelta(weeks=each) for each in reversed(range(WEEKS))]
    rows = (
        Order.objects.visible_to(user)
        .filter(received_at__gte=begin_of(weeks[0]))
        .annotate(week=TruncWeek("received_at", tzinfo=timezone.get_default_timezone()))
        .values("week", "status")
        .annotate(number=Count("pk"))
        .order_by()
    )
    counts = {(row["week"].date(), row["status"]): row["number"] for row in rows}
    found = []
    for week in weeks:
        values = [
            _number(sum(counts.get((week, state), 0) for state in states), _of_week(week, states), tone)
            for _label, tone, states in STANDS
        ]
        found.append(Row(f"{week:%m-%d}", values, total=str(sum(each.number for each in values))))
    series = [(str(label), tone) for label, tone, _states in STANDS]
    return Figure(_("Week from"), series, found)


@report(
    "orders-by-state",
    gettext_lazy("Open orders by state"),
    definition=gettext_lazy(
        "Orders that are neither closed nor cancelled, by their state now, and their total with tax."
    ),
    kind=BARS,
    right=RIGHT,
    order=20,
    starts=[LEADS],
)
def orders_by_state(user: User) -> Figure:
    """How many orders stand in each open state, and what they are worth; one query."""
    rows = Order.objects.visible_to(user).filter(status__in=OPEN).values("status")
    counted = {row["status"]: row for row in rows.annotate(number=Count("pk"), worth=Sum("total")).order_by()}
    found = []
    for state in OPEN:
        number, worth = (counted[state][name] for name in ("number", "worth")) if state in counted else (0, Decimal(0))
        if number:
            value = _number(number, {"status": [state]}, "active")
            found.append(
                Row(str(state.label), [value], total=f"{number:,} · {money(worth)}", more=[Value(worth, money(worth))])
            )
    return Figure(
        _("State"), [(_("Orders"), "active")], found, more=[_("Total with tax")], empty=_("There are no open orders.")
    )


@report(
    "orders-by-owner",
    gettext_lazy("Load by owner"),
    definition=gettext_lazy(
        "Orders that were allocated and are not signed off yet, by their owner and by what must be done next, beside"
        " how many he can have at a time (his territory). Late: his own deadlines that are overdue now."
    ),
    kind=BARS,
    right=RIGHT,
    order=40,
    starts=[LEADS],
)
def orders_by_owner(user: User) -> Figure:
    """Who has how many orders in his hands; three queries."""
    states = [state for _label, _tone, group in HANDS for state in group]
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    names: dict[int, str] = {}
    rows = Order.objects.visible_to(user).filter(status__in=states, owner__isnull=False)
    for row in rows.values("owner", "owner__name", "owner__name_en", "status").annotate(number=Count("pk")).order_by():
        counts[row["owner"]][row["status"]] = row["number"]
        names[row["owner"]] = _called(row["owner__name"], row["owner__name_en"])
    capacity = dict(Territory.objects.filter(user__in=counts).values_list("user", "capacity"))
    overdue = _overdue(user, counts)
    found = []
    for owner in sorted(counts, key=lambda each: (-counts[each].total(), names[each])):
        values = [
            _number(sum(counts[owner][state] for state in group), {"owner": owner, "status": group}, tone)
            for _label, tone, group in HANDS
        ]
        link = f"{reverse('deadlines')}?{urlencode({'responsible': owner, 'kept': LATE, 'tab': 'late'})}"
        number, total = overdue[owner], str(counts[owner].total())
        more = [Value(number, str(number), link if number and user.has_perm(LEADS) else "", "late")]
        if number:
            total = _("%(number)s, late: %(late)s") % {"number": total, "late": number}
        found.append(Row(names[owner], values, total=total, mark=capacity.get(owner), more=more))
    return Figure(
        _("Owner"),
        [(str(label), tone) for label, tone, _group in HANDS],
        found,
        more=[_("Late")],
        mark=_("Orders at most"),
        empty=_("Nobody has an order in his hands."),
    )


def _overdue(user: User, owners: Any) -> Counter[int]:
    """How many deadlines of each owner are overdue now, as far as `user` answers for them."""
    rows = Deadline.objects.visible_to(user).filter(late(), responsible__in=list(owners))
    return Counter(dict(rows.values_list("responsible").annotate(number=Count("pk")).order_by()))


def _of_week(week: date, states: Any) -> dict[str, Any]:
    last = week + timedelta(days=6)
    return {"received_from": week.isoformat(), "received_until": last.isoformat(), "status": states}


def _number(number: int, asked: dict[str, Any], tone: str) -> Value:
    url = f"{reverse('orders')}?{urlencode(asked, doseq=True)}" if number else ""
    return Value(number, f"{number:,}", url, tone)


def _called(name: str, name_en: str) -> str:
    return User(name=name, name_en=name_en).display_name
