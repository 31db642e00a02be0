"""What this app shows on the page of a report, and on that of a customer."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.reports.charts import TREND, Figure, Row, Value, chart
from crm.reports.charts import Report as Chart
from crm.web.panels import panel
from crm.words import money, quantity
from customers.models import Customer
from orders.contracts.models import Contract
from pickup.execution.mailing import sheet_url
from pickup.execution.models import Report
from pickup.execution.parts import OnTime, Part, as_shown, by_customer, by_product, on_time, part_of, seen_by, sums_of

SHOWN = 12  # of what moved, of customers and of products
BEFORE = 11  # months that a month is compared with


def _part(report: Report, user: User) -> Part:
    """The reader's part, made once for all panels of a page."""
    kept: Any = report
    if getattr(kept, "_part_of", None) is None:
        kept._part_of = part_of(report, user)
    part: Part = kept._part_of
    return part


@panel(Report, "sums", _("Figures"), "execution/panels/sums.html", order=5)
def sums(report: Report, user: User) -> dict[str, Any]:
    """The sums of what the reader sees, and the ways to all rows."""
    part = _part(report, user)
    return {
        "sums": part.sums,
        "part": part,
        "contracts": sum(bool(row["contract"]) for row in part.rows),
        "moved": sum(bool(row["moves"]) for row in part.rows),
        "on_time": on_time(part.rows, report.first, report.last),
        "rows_url": reverse("execution-rows", args=[report.pk]),
        "sheet_url": sheet_url(report) if user.has_perm("exchange.export_figures") else "",
        "digest": report.figures.digest if report.status == Report.Status.ISSUED else "",
    }


@panel(Report, "moved", _("What moved"), "execution/panels/moved.html", order=10)
def moved(report: Report, user: User) -> dict[str, Any] | None:
    """The contracts and orders of which goods or money moved on the day."""
    if not report.daily:
        return None
    rows = [row for row in _part(report, user).rows if row["moves"]]
    return {"found": [as_shown(row) for row in rows[:SHOWN]], "more": max(len(rows) - SHOWN, 0), "count": len(rows)}


@panel(Report, "months", _("Compared with the months before"), "execution/panels/months.html", order=8)
def months(report: Report, user: User) -> dict[str, Any] | None:
    """The month beside those before it as they were issued, drawn."""
    if report.daily:
        return None
    before = Report.objects.filter(kind=report.kind, status=Report.Status.ISSUED, first__lt=report.first)
    found = [*reversed(before.select_related("figures").order_by("-first")[:BEFORE])]
    mine = _seen(user, found)
    rows = [(each, mine[each.pk]) for each in found] + [(report, _part(report, user).rows)]
    figure = Chart(
        f"execution-months-{report.pk}", _t("Executed by month"), "", TREND, "", lambda reader: _months_figure(rows)
    )
    return {"chart": {**chart(figure, user), "export_url": ""}}


def _seen(user: User, reports: list[Report]) -> dict[int, list[dict[str, Any]]]:
    """Of each report the rows that the user sees; asked for all of them at once."""
    every = [{**row, "report": report.pk} for report in reports for row in report.figures.rows]
    found: dict[int, list[dict[str, Any]]] = {report.pk: [] for report in reports}
    for row in seen_by(user, every):
        found[row["report"]].append(row)
    return found


def _months_figure(months_: list[tuple[Report, list[dict[str, Any]]]]) -> Figure:
    rows = []
    for report, seen in months_:
        total, kept = sums_of(seen), on_time(seen, report.first, report.last)
        executed = total["amount"]["now"]
        rows.append(
            Row(
                date_format(report.first, "y-m"),
                [Value(executed, money(executed), report.get_absolute_url())],
                total=f"{executed / 10000:.1f}" if executed else "",
                more=[
                    Value(total["paid"]["now"], money(total["paid"]["now"])),
                    Value(total["amount"]["open"], money(total["amount"]["open"])),
                    _share(kept),
                ],
            )
        )
    more = [_t("Paid"), _t("Open at the end"), _t("On time")]
    return Figure(_t("Month"), [(_t("Executed"), "active")], rows, more=more)


def _share(kept: OnTime) -> Value | None:
    return None if kept.share is None else Value(kept.share, quantity(kept.share, "%"))


@panel(Report, "customers", _("By customer"), "execution/panels/customers.html", order=12)
def customers(report: Report, user: User) -> dict[str, Any] | None:
    """Who got how much in the month, and how much of what was due came in time."""
    if report.daily:
        return None
    groups = by_customer(_part(report, user).rows, report.first, report.last)
    products = by_product(_part(report, user).rows)
    return {"groups": groups, "products": products[:SHOWN], "count": len(groups)}


@panel(Report, "corrections", _("Corrections"), "execution/panels/corrections.html", order=20)
def corrections(report: Report, user: User) -> dict[str, Any] | None:
    """What was entered later for the report's days: before and after, as far as the reader sees it."""
    found = [(each, seen_by(user, each.rows)) for each in report.corrections.select_related("by")]
    return {"found": found, "count": len(found)} if found else None


@panel(Customer, "execution", _("Contracts by month"), "execution/panels/customer.html", side=True, order=60)
def of_customer(customer: Customer, user: User) -> dict[str, Any] | None:
    """The way to how his contracts were carried out by month, where there is one."""
    if not user.has_perm("execution.view_report"):
        return None
    rows = Contract.objects.visible_to(user).filter(customer=customer, status__in=Contract.BINDING)
    return {"url": reverse("execution-customer", args=[customer.pk])} if rows.exists() else None
