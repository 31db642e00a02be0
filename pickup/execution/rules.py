"""The time limits of reports; a day on which nobody works has none."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.deadlines import basis
from crm.deadlines.rules import Rule
from pickup.execution.models import Report

S = Report.Status


def keeper(report: Report) -> User | None:
    """Who is to issue it: whoever of sales support issued the last one of its kind, else the first of them."""
    people = User.objects.working().in_role("sales_support")
    last = Report.objects.filter(kind=report.kind, status=S.ISSUED).order_by("-last").values_list("issued_by").first()
    return (people.filter(pk=last[0]).first() if last else None) or people.order_by("pk").first()


def on_a_working_day(report: Report) -> bool:
    """Whether somebody worked on the day that the report is about."""
    return report.daily and bool(basis.current().company.intervals(report.first))


Rule(
    "contract.daily",
    "KC 5.1.11.10",
    label=_("Issue the daily contract execution report"),
    on=Report,
    during={S.DRAFT},
    when=on_a_working_day,
    since="over_at",
    who=keeper,
    met_by="execution.issue_report",
    limit="1 wd",
)
Rule(
    "contract.monthly",
    "KC 5.1.11.10",
    label=_("Issue the monthly statistics of execution"),
    on=Report,
    during={S.DRAFT},
    when=lambda report: not report.daily,
    since="over_at",
    who=keeper,
    met_by="execution.issue_report",
    limit="3 wd",
)
