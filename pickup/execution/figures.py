"""Figures of execution: what contracts were worth that were carried out by month, and a report as a sheet."""

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count, DateTimeField, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.deadlines.figures import last_day_of, months_until
from crm.exchange.tables import TABLES, Cells, Table
from crm.reports.charts import TREND, Figure, Row, Value, report
from crm.reports.charts import Report as Chart
from crm.small import whole
from crm.words import money
from customers.models import Customer
from orders.contracts.models import Contract
from orders.models import Payment
from orders.models.money import WRITE_OFF
from pickup.execution.mailing import FIGURE
from pickup.execution.models import Report
from pickup.execution.parts import part_of
from pickup.execution.reckoning import GOODS
from pickup.models import Delivery
from pickup.stock.models import Movement

RIGHT = "execution.view_report"
MONTHS = 12
NONE = Decimal(0)
DEFINITION = gettext_lazy(
    "Goods under contracts by the month in which they were handed over, brought or taken back, at the prices agreed on"
    " with tax. The table also has what was newly contracted and what was paid in each month."
)


@report(
    "contracts-by-month",
    gettext_lazy("Contracts carried out by month"),
    definition=DEFINITION,
    kind=TREND,
    right=RIGHT,
    order=45,
)
def contracts_by_month(user: User) -> Figure:
    """The last twelve months of the contracts that `user` sees; three queries."""
    return _by_month(user, None)


def chart_of_customer(customer: Customer) -> Chart:
    """The same of one customer."""
    title = _("Contracts of %(customer)s by month") % {"customer": customer}
    return Chart("contracts-of-customer", title, DEFINITION, TREND, RIGHT, lambda user: _by_month(user, customer))


def _by_month(user: User, customer: Customer | None) -> Figure:
    months = months_until(clock.today(), MONTHS)
    contracts = Contract.objects.visible_to(user).filter(status__in=Contract.BINDING)
    if customer is not None:
        contracts = contracts.filter(customer=customer)
    executed, signed, paid = _executed(contracts, months), _signed(contracts, months), _paid(contracts, months)
    rows = []
    for month in months:
        made, money_in = executed.get(month, NONE), paid.get(month, NONE)
        number, total = signed.get(month, (0, NONE))
        span = {"since": month.isoformat(), "until": last_day_of(month).isoformat()}
        url = f"{reverse('pickup-records')}?{urlencode(span)}"
        rows.append(
            Row(
                date_format(month, "y-m"),
                [Value(made, money(made), url)],
                total=f"{made / 10000:.1f}" if made else "",
                more=[_cell(number, str(number)), _cell(total, money(total)), _cell(money_in)],
            )
        )
    return Figure(
        _("Month"),
        [(_("Executed"), "active")],
        rows if any(each for each in (*executed.values(), *signed.values(), *paid.values())) else [],
        more=[_("Contracts signed"), _("Contracted"), _("Paid")],
        empty=_("Nothing was carried out under contracts in these months."),
    )


def _cell(number: Any, text: str = "") -> Value:
    return Value(number, text or money(number))


# What left of each line in each month, as the rows of a report show it (reckoning.py): what it costs by the month's end
# less what it cost by the end of the month before, each to the fen, so that the months add up to the line.
WORTH_BY_MONTH = """
WITH moved (line_id, month, quantity) AS ({moved}),
left_by AS (
    SELECT line_id, month, sum(quantity) OVER (PARTITION BY line_id ORDER BY month) AS now, quantity FROM moved
),
cost AS (
    SELECT b.month,
        CASE WHEN b.now >= w.whole THEN l.amount ELSE round(l.amount * b.now / w.whole, 2) END
      - CASE WHEN b.now - b.quantity >= w.whole THEN l.amount
             ELSE round(l.amount * (b.now - b.quantity) / w.whole, 2) END AS worth
    FROM left_by b
    JOIN orders_line l ON l.id = b.line_id
    CROSS JOIN LATERAL (SELECT round(l.quantity * l.factor, 3) AS whole) w
)
SELECT month, sum(worth) FROM cost GROUP BY month HAVING month >= %s
"""


def _executed(contracts: Any, months: list[date]) -> dict[date, Decimal]:
    """What the goods were worth that left in each month, those that came back taken off; the sum of the lines' fen."""
    counts_at = Coalesce(
        Subquery(Delivery.objects.filter(number=OuterRef("reference")).values("at")[:1]),
        F("at"),
        output_field=DateTimeField(),
    )
    moved = (
        Movement.objects.filter(kind__in=GOODS, line__order__in=contracts.order_by().values("order"))
        .annotate(month=TruncMonth(counts_at, tzinfo=timezone.get_default_timezone()))
        .order_by()
        .values("line_id", "month")
        .annotate(left=-Sum("quantity"))
        .values_list("line_id", "month", "left")
    )
    sql, values = moved.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(WORTH_BY_MONTH.format(moved=sql), [*values, months[0]])
        return {month.date(): worth for month, worth in cursor.fetchall()}


def _signed(contracts: Any, months: list[date]) -> dict[date, tuple[int, Decimal]]:
    rows = contracts.filter(signed_on__gte=months[0]).annotate(month=TruncMonth("signed_on")).values("month")
    found = rows.annotate(number=Count("pk"), worth=Sum("total")).order_by()
    return {row["month"]: (row["number"], row["worth"]) for row in found}


def _paid(contracts: Any, months: list[date]) -> dict[date, Decimal]:
    rows = (
        Payment.objects.filter(order__in=contracts.order_by().values("order"), received_on__gte=months[0])
        .exclude(method=WRITE_OFF)
        .annotate(month=TruncMonth("received_on"))
        .values("month")
        .annotate(worth=Sum("amount"))
        .order_by()
    )
    return {row["month"]: row["worth"] for row in rows}


# A report as a sheet.


def cells(user: User, query: QueryDict) -> Cells:
    """Headings and rows of the report that the query names, as far as `user` sees them; numbers as numbers."""
    key = whole(query.get("report", ""))
    found = Report.objects.visible_to(user).select_related("figures").filter(pk=key).first() if key else None
    heads = [
        _("Contract number"),
        _("Order number"),
        _("Customer"),
        _("Salesperson"),
        _("Department"),
        _("Contract date"),
        _("Goods"),
        _("Contracted"),
        _("Executed before"),
        _("Late entries"),
        _("Executed"),
        _("Executed to date"),
        _("Quantity open"),
        _("Amount contracted"),
        _("Amount executed before"),
        _("Amount of late entries"),
        _("Amount executed"),
        _("Amount executed to date"),
        _("Amount open"),
        _("Paid before"),
        _("Paid, entered late"),
        _("Paid"),
        _("Paid to date"),
        _("Invoiced"),
        _("Invoiced to date"),
        _("Executed by the contract's date"),
        _("Requests for shipment"),
        _("Amount to ship"),
    ]
    if found is None:
        return heads, []
    return heads, [_cells(row) for row in part_of(found, user, {name: query.get(name, "") for name in query}).rows]


def _cells(row: dict[str, Any]) -> list[Any]:
    columns = ("whole", "before", "late", "now", "done", "open")
    return [
        row["number"] if row["contract"] else "",
        row["order_number"],
        row["customer_name"],
        row["owner_name"],
        row["department_name"],
        date.fromisoformat(row["date"]) if row["date"] else None,
        goods_in_words(row),
        *(Decimal(row["quantity"][name]) for name in columns),
        *(Decimal(row["amount"][name]) for name in columns),
        *(Decimal(row["paid"][name]) for name in ("before", "late", "now", "done")),
        *(Decimal(row["invoiced"][name]) for name in ("now", "done")),
        Decimal(row["in_time"]),
        row["requests"],
        Decimal(row["requested"]),
    ]


def goods_in_words(row: dict[str, Any]) -> str:
    """The products of a row with what was contracted of each."""
    return "; ".join(f"{name} {contracted} {unit}" for name, unit, contracted, _now, _done in row["goods"])


TABLES[FIGURE] = Table(
    gettext_lazy("Execution report"), allowed=lambda user: user.has_perm("execution.view_report"), cells=cells
)
