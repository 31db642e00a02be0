"""What the evaluation report (顾客满意度评价报告) says on paper, now and in copies that are kept (KC 5.3.3, 5.3.4)."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from crm import clock
from crm.accounts.models import User
from crm.web.context_processors import site
from crm.web.facts import facts
from crm.web.kept import within
from crm.web.qr import qr
from satisfaction.charts import charts_of
from satisfaction.models import Campaign, Measure
from satisfaction.models.sheet import LEVELS
from satisfaction.remarks import by_group
from satisfaction.report import Evaluation
from satisfaction.results import FEWEST
from satisfaction.shown import steps_of

TEMPLATE = "satisfaction/print/report.html"
STYLES = ("print.css", "print_charts.css")
OF_GROUPS = {
    "owner": "survey-owners",
    "department": "survey-departments",
    "tier": "survey-tiers",
    "region": "survey-regions",
}
NAMES = ("name", "kind", "edition", "opens_on", "until", "anonymous", "owner")


def report_paper(campaign: Campaign, by: User) -> dict[str, Any]:
    """What stands in the report, as far as `by` may see it: recovery, scores, drawings, remarks, measures."""
    of = Evaluation(campaign, by)
    sheet = {
        "title": _("Satisfaction report"),
        "number": campaign.number,
        "form_number": "KC-5-3-3",
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(campaign.number),
        "back_url": campaign.get_absolute_url(),
        "facts": facts(campaign, NAMES, style="exact"),
        "signatures": [{"label": _("Supervisor"), "name": campaign.owner, "at": campaign.reported_at}],
    }
    context: dict[str, Any] = {"sheet": sheet, "campaign": campaign, "fewest": FEWEST, "levels": LEVELS}
    if not of.shown:
        return context
    charts = charts_of(of, links=False)
    context |= {"result": of.result, "steps": steps_of(of.result), **of.parts()}
    for group in context["groups"]:
        group["chart"] = charts.get(OF_GROUPS[group["name"]])
    return context | {
        "charts": {key.removeprefix("survey-"): each for key, each in charts.items()},
        "remark_groups": by_group(campaign, by),
        "measures": measures_of(of),
    }


def measures_of(of: Evaluation) -> list[Measure]:
    """What the departments do, each with the item that it is about as it reads in this survey."""
    wordings = {line.wording.item_id: line.wording for line in of.result.lines}
    rows = list(of.campaign.measures.select_related("department", "owner").order_by("pk"))
    for each in rows:
        each.about = wordings.get(each.item_id) if each.item_id else None  # type: ignore[attr-defined]
    return rows


def kept_report(campaign: Campaign, by: User, language: str) -> str:
    """The report as a page that says all by itself, in one language."""
    with override(language):
        context = report_paper(campaign, by)
        sheet = {**context["sheet"], "kept": within(*STYLES)}
        return render_to_string(TEMPLATE, {**site(), **context, "sheet": sheet})
