"""How many customers each tier has, and what is proposed."""

from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.reports.charts import BARS, Figure, Row, Value, report
from customers.models import Customer
from customers.tiers.models import Proposal

TONES = {"vip": "done", "key": "active", "regular": "neutral", "potential": "soon"}


@report(
    "customers-by-tier",
    gettext_lazy("Customers by tier"),
    definition=gettext_lazy(
        "Customers that are not lost, by their tier now. Proposed: those of other tiers for whom this one was worked"
        " out and is not decided yet."
    ),
    kind=BARS,
    right="customers.view_customer",
    order=25,
)
def customers_by_tier(user: User) -> Figure:
    """How many customers each tier has within what the user sees; two queries."""
    rows = Customer.objects.visible_to(user).exclude(status=Customer.Status.LOST).values_list("tier")
    counts = dict(rows.annotate(number=Count("pk")).order_by())
    waiting = Proposal.objects.visible_to(user).filter(status=Proposal.Status.OPEN).values_list("tier")
    proposed = dict(waiting.annotate(number=Count("pk")).order_by())
    kept = [each for each in Customer.Status if each != Customer.Status.LOST]
    found = []
    for tier in Customer.Tier:
        number, more = counts.get(tier, 0), proposed.get(tier, 0)
        asked = urlencode({"tier": [tier], "status": kept}, doseq=True)
        value = Value(number, f"{number:,}", f"{reverse('customers')}?{asked}" if number else "", TONES[tier])
        asked = urlencode({"tier": tier, "status": Proposal.Status.OPEN})
        link = f"{reverse('tier-proposals')}?{asked}" if more and user.has_perm("tiers.view_proposal") else ""
        found.append(Row(str(tier.label), [value], total=f"{number:,}", more=[Value(more, str(more), link)]))
    return Figure(_("Tier"), [(_("Customers"), "active")], found, more=[_("Proposed")])
