"""Figures of return visits: how far each owner is in this quarter, and whom he did not reach."""

from collections import Counter, defaultdict
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.reports.charts import BARS, Figure, Row, Value, report
from satisfaction.visits.models import Visit, quarter_of

S = Visit.Status


@report(
    "visits-by-owner",
    gettext_lazy("Return visits of this quarter, by owner"),
    definition=gettext_lazy(
        "The return visits of the present quarter: recorded, still to be made, of these not reached at least once, and"
        " not made with a reason. The share counts what is recorded."
    ),
    kind=BARS,
    right="visits.view_visit",
    order=66,
)
def visits_by_owner(user: User) -> Figure:
    """Each owner's visits by how far they are; two queries."""
    quarter = quarter_of(clock.today())
    rows = Visit.objects.visible_to(user).filter(quarter=quarter, occasion=Visit.Occasion.QUARTER)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    grouped = rows.order_by().values_list("owner", "status")
    for owner, status, number, missed in grouped.annotate(
        number=Count("pk"), missed=Count("pk", filter=Q(attempts__gt=0))
    ):
        counts[owner][status] = number
        if status == S.PLANNED:
            counts[owner]["missed"] = missed
    names = {each.pk: each.display_name for each in User.objects.filter(pk__in=list(counts))}
    found = []
    for owner in sorted(counts, key=lambda pk: (names[pk], pk)):
        asked, mine = (
            {"owner": owner, "quarter": quarter.isoformat(), "occasion": Visit.Occasion.QUARTER.value},
            counts[owner],
        )
        of = mine[S.DONE] + mine[S.PLANNED] + mine[S.DROPPED]
        values = [
            _number(mine[S.DONE], {**asked, "status": S.DONE}, "done"),
            _number(mine[S.PLANNED], {**asked, "status": S.PLANNED}, "soon"),
            _number(mine[S.DROPPED], {**asked, "status": S.DROPPED}, "neutral"),
        ]
        share = round(100 * mine[S.DONE] / of)
        total = _("%(share)s %% of %(number)s visits") % {"share": share, "number": of}
        missed = _number(mine["missed"], {**asked, "status": S.PLANNED, "tab": "unreached"}, "late")
        found.append(Row(names[owner], values, total=total, more=[missed, Value(share, f"{share} %")]))
    series = [(_("Recorded"), "done"), (_("Still to be made"), "soon"), (_("Not made"), "neutral")]
    more = [_("Not reached yet"), _("Share recorded, %")]
    return Figure(_("Owner"), series, found, more=more, empty=_("No return visit is planned in this quarter."))


def _number(number: int, asked: dict[str, Any], tone: str) -> Value:
    return Value(number, f"{number:,}", f"{reverse('visits')}?{urlencode(asked)}" if number else "", tone)
