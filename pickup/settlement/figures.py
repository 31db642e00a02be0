"""Figures of settlement: what was collected and is not reconciled yet, by how long ago it left."""

from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.reports.charts import BARS, Figure, Row, Value, report
from crm.words import money
from pickup.settlement.unreconciled import AGES, of_age, unreconciled
from pickup.settlement.views import RIGHT

TONES = ("active", "soon", "pressing", "late")


@report(
    "unreconciled",
    gettext_lazy("Collected and not reconciled"),
    definition=gettext_lazy(
        "The value of the goods that left under orders on account or under a contract, less what the customer has"
        " confirmed by statement; by the days since the order's goods last left."
    ),
    kind=BARS,
    right=RIGHT,
    order=56,
    starts=["settlement.pass_memo"],
)
def unreconciled_by_age(user: User) -> Figure:
    """The sums of each age; one query."""
    found = unreconciled(user)
    rows = []
    for (least, most), tone in zip(AGES, TONES, strict=True):
        part = of_age(found, least, most)
        whole = sum((each.worth for each in part), Decimal(0))
        label = (
            _("more than %(days)s days") % {"days": least - 1}
            if most is None
            else _("%(least)s to %(most)s days") % {"least": least, "most": most}
        )
        url = f"{reverse('unreconciled')}?age={least}"
        count = Value(len(part), str(len(part)), url)
        rows.append(Row(label, [Value(whole, money(whole), url, tone)], money(whole), url, more=[count]))
    return Figure(
        _("Age"),
        [(_("Amount"), "active")],
        rows if found else [],
        more=[_("Orders")],
        empty=_("Everything that left is reconciled."),
    )
