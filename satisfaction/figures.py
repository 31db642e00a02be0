"""The figure of surveys among all reports: the overall score of the yearly survey over the years (S4)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.reports.charts import LINE, Figure, report
from satisfaction.charts import RIGHT, waves_figure
from satisfaction.models import Campaign
from satisfaction.report import WAVES
from satisfaction.results import may_be_shown, results_of


@report(
    "satisfaction-over-years",
    gettext_lazy("Customer satisfaction over the years"),
    definition=gettext_lazy("The overall score of each yearly survey that is over, out of 100."),
    kind=LINE,
    right=RIGHT,
    order=70,
)
def over_the_years(user: User) -> Figure:
    """The last yearly surveys that the reader sees, the earliest first, as far as they may be shown."""
    over = [Campaign.Status.ENDED, Campaign.Status.REPORTED]
    rows: Any = Campaign.objects.visible_to(user)
    last = list(rows.filter(kind=Campaign.Kind.ANNUAL, status__in=over).order_by("-opens_on", "-pk")[: WAVES + 1])
    results = results_of(last)
    waves = [(each, results[each.pk]) for each in reversed(last) if may_be_shown(each, results[each.pk].recovered)]
    figure = waves_figure(waves)
    return figure if waves else Figure(figure.heading, figure.series, [], empty=_("No yearly survey is over yet."))
