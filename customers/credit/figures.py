"""Figures of credit: how far limits are used, and how customers are rated."""

from collections import Counter
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.reports.charts import BARS, Figure, Row, Value, report
from crm.words import money
from customers.credit.models import COLOURS, Rating, Standing

RIGHT = "credit.view_standing"
MOST = 20  # customers in the table; the drawing has the first of them


@report(
    "credit-used",
    gettext_lazy("Credit used against limits"),
    definition=gettext_lazy(
        "The customers who use most credit, as last calculated: open orders, what is delivered and not due yet, and"
        " what is overdue, beside the limit."
    ),
    kind=BARS,
    right=RIGHT,
    order=60,
)
def credit_used(user: User) -> Figure:
    """Who uses how much of his limit; one query."""
    rows = Standing.objects.visible_to(user).filter(used__gt=0).select_related("customer").order_by("-used", "-pk")
    found = []
    for row in rows[:MOST]:
        parts = [
            (row.open_orders, "active"),
            (max(row.owed - row.overdue, Decimal(0)), "soon"),
            (min(row.overdue, row.owed), "late"),
        ]
        values = [Value(amount, money(amount), row.get_absolute_url(), tone) for amount, tone in parts]
        more = [Value(row.free, money(row.free))]
        total = f"{money(row.used)} / {money(row.limit)}"
        found.append(Row(row.customer.name, values, total=total, url=row.get_absolute_url(), mark=row.limit, more=more))
    series = [(_("Open orders"), "active"), (_("Owed, not due yet"), "soon"), (_("Overdue"), "late")]
    return Figure(
        _("Customer"),
        series,
        found,
        more=[_("Free")],
        mark=_("Credit limit"),
        empty=_("No customer uses credit, or it was not calculated yet."),
    )


@report(
    "credit-ratings",
    gettext_lazy("Customers by rating"),
    definition=gettext_lazy(
        "Customers by the rating that holds for them, and what they use together. Those on account without a rating"
        " are counted as not assessed."
    ),
    kind=BARS,
    right=RIGHT,
    order=61,
)
def credit_ratings(user: User) -> Figure:
    """How many customers have which rating; one query."""
    rows = Standing.objects.visible_to(user).values("rating").annotate(number=Count("pk"), sum=Sum(F("used")))
    counted: Counter[str] = Counter()
    used: dict[str, Decimal] = {}
    for row in rows.order_by():
        counted[row["rating"]], used[row["rating"]] = row["number"], row["sum"]
    found = []
    for rating in [*Rating, ""]:
        if number := counted[rating]:
            tone = COLOURS[Rating(rating)] if rating else "neutral"
            asked: dict[str, Any] = {"rating": rating} if rating else {"tab": "unassessed"}
            value = Value(number, f"{number:,}", f"{reverse('credit-standings')}?{urlencode(asked)}", tone)
            more = [Value(used[rating], money(used[rating]))]
            label = str(rating) or _("Not assessed")
            found.append(Row(label, [value], total=f"{number:,} · {money(used[rating])}", more=more))
    return Figure(_("Rating"), [(_("Customers"), "active")], found, more=[_("Used")], empty=_("Nobody is rated yet."))
