"""The pages of reports: the report, its rows filtered, and how one customer's contracts were carried out by month."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm.reports.charts import chart
from crm.web.areas import join_area, may_list, must_open
from crm.web.recordpage import RecordView
from crm.web.requests import SignedIn
from customers.models import Customer
from orders.contracts.models import Contract
from pickup.execution.figures import chart_of_customer
from pickup.execution.mailing import sheet_url
from pickup.execution.models import Report
from pickup.execution.parts import FILTERS, as_shown, by_customer, by_product, on_time, part_of

join_area("contracts", "execution-reports", "execution-subscriptions")

SHOWN = 300  # rows on one page; the sheet has all
ONLY = (
    ("", _("All")),
    ("moved", _("Moved")),
    ("contracts", _("Contracts")),
    ("orders", _("Orders without contract")),
)


class ReportView(RecordView):
    """One report: its sums, what moved, and what was corrected."""

    model = Report
    related = ("issued_by", "figures")
    prints = ((_("Print the report"), "execution-print"),)
    facts = (
        (_("Report on execution"), ("kind", "first", "last", "remarks")),
        (_("When"), ("drafted_at", "issued_at", "issued_by")),
    )


def found(request: SignedIn, pk: int) -> Report:
    """The report, for whoever may list reports. Raises Http404."""
    must_open(request.user, Report, pk)
    rows = Report.objects.visible_to(request.user).select_related("figures", "issued_by")
    report: Report = get_object_or_404(rows, pk=pk)
    return report


def content(report: Report, request: SignedIn, most: int = SHOWN) -> dict[str, Any]:
    """What page and print say of a report: the part that the reader sees, filtered as he asks, and its sums.

    Of the rows there are at most so many; the sums are those of all.
    """
    part = part_of(report, request.user, request.GET)
    groups = [] if report.daily else by_customer(part.rows, report.first, report.last)
    return {
        "report": report,
        "part": part,
        "rows": [as_shown(row) for row in part.rows[:most]],
        "more": max(len(part.rows) - most, 0),
        "groups": groups,
        "products": [] if report.daily else by_product(part.rows),
        "on_time": on_time(part.rows, report.first, report.last),
        "sums": part.sums,
    }


@login_required
@require_GET
def rows(request: SignedIn, pk: int) -> HttpResponse:
    """The rows of a report, filtered by customer, department, salesperson and what moved."""
    report = found(request, pk)
    context = content(report, request)
    asked = {name: value for name, value in context["part"].asked.items() if value}
    labels = {"customer": _("Customer"), "department": _("Department"), "owner": _("Salesperson")}
    context |= {
        "filters": [
            {
                "name": name,
                "label": labels[name],
                "choices": [(str(key), text) for key, text in context["part"].choices[name]],
                "chosen": asked.get(name, ""),
            }
            for name in FILTERS
        ],
        "only": [{"key": key, "label": label, "chosen": asked.get("only", "") == key} for key, label in ONLY],
        "query": urlencode(asked),
        "sheet_url": sheet_url(report, asked) if request.user.has_perm("exchange.export_figures") else "",
    }
    return render(request, "execution/rows.html", context)


@login_required
@require_GET
def of_customer(request: SignedIn, pk: int) -> HttpResponse:
    """How a customer's contracts were carried out by month, and where each of them stands."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    if not may_list(request.user, Report):
        raise PermissionDenied
    contracts: Any = Contract.objects.visible_to(request.user).filter(customer=customer, status__in=Contract.BINDING)
    context = {
        "customer": customer,
        "chart": {**chart(chart_of_customer(customer), request.user), "export_url": ""},  # the list exports them
        "contracts": contracts.with_progress().select_related("order", "owner")[:SHOWN],
    }
    return render(request, "execution/customer.html", context)
