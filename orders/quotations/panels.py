"""What this app shows on the page of a quotation, a sample, a customer, an inquiry and an order."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.web.panels import panel
from customers.models import Customer
from orders.inquiries.models import Inquiry
from orders.models import Order
from orders.quotations.models import Quotation, Sample, SampleRound

SHOWN = 20
SEES_QUOTATIONS, SEES_SAMPLES = "quotations.view_quotation", "quotations.view_sample"


@panel(Quotation, "lines", _("Lines"), "quotations/panels/lines.html", order=10)
def lines(quotation: Quotation, user: User) -> dict[str, Any]:
    """What the latest version offers, beside the list as it was, and on which conditions."""
    version = quotation.current
    rows = list(version.lines.select_related("product", "unit").order_by("position"))
    return {"rows": [row.product for row in rows], "lines": rows, "version": version, "count": len(rows)}


@panel(Quotation, "versions", _("Versions"), "quotations/panels/versions.html", order=20)
def versions(quotation: Quotation, user: User) -> dict[str, Any]:
    """Every version with what became of it, the latest first."""
    rows = list(quotation.versions.select_related("made_by").order_by("-number"))
    return {"rows": rows, "count": len(rows)}


@panel(Sample, "goods", _("Goods"), "quotations/panels/goods.html", order=10)
def goods(sample: Sample, user: User) -> dict[str, Any]:
    """Which goods are wanted."""
    rows = list(sample.lines.select_related("product", "unit").order_by("position"))
    return {"rows": [row.product for row in rows if row.product], "lines": rows, "count": len(rows)}


@panel(Sample, "rounds", _("Rounds"), "quotations/panels/rounds.html", order=20)
def rounds(sample: Sample, user: User) -> dict[str, Any] | None:
    """What was made and sent, and the customer's word about each round, the latest first."""
    rows = list(sample.rounds.select_related("made_by").order_by("-number"))
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(Sample, "quotations", _("Quotations"), "quotations/panels/quotations.html", side=True, order=12)
def of_sample(sample: Sample, user: User) -> dict[str, Any] | None:
    """What was quoted for its goods."""
    return _quotations(user, sample=sample)


@panel(Customer, "quotations", _("Quotations"), "quotations/panels/quotations.html", order=17)
def of_customer(customer: Customer, user: User) -> dict[str, Any] | None:
    """His quotations, the newest first."""
    return _quotations(user, customer=customer)


@panel(Customer, "samples", _("Samples"), "quotations/panels/samples.html", order=18)
def samples_of_customer(customer: Customer, user: User) -> dict[str, Any] | None:
    """His samples, the newest first."""
    return _samples(user, customer=customer)


@panel(Inquiry, "quotations", _("Quotations"), "quotations/panels/quotations.html", order=20)
def of_inquiry(inquiry: Inquiry, user: User) -> dict[str, Any] | None:
    """What was quoted to whoever asked."""
    return _quotations(user, inquiry=inquiry)


@panel(Inquiry, "samples", _("Samples"), "quotations/panels/samples.html", order=21)
def samples_of_inquiry(inquiry: Inquiry, user: User) -> dict[str, Any] | None:
    """Which samples were requested for whoever asked."""
    return _samples(user, inquiry=inquiry)


@panel(Order, "origin", _("Where it comes from"), "quotations/panels/origin.html", side=True, order=11)
def origin(order: Order, user: User) -> dict[str, Any] | None:
    """The accepted quotation or the approved sample that the order was made of, and what exactly was approved."""
    quotation = Quotation.objects.filter(order=order).select_related("customer").first()
    version = quotation.current if quotation else None
    sample = Sample.objects.filter(order=order).first()
    if sample is None and quotation is not None:
        sample = quotation.sample
    approved = (
        sample.rounds.filter(outcome=SampleRound.Outcome.APPROVED).select_related("made_by").last() if sample else None
    )
    if quotation is None and approved is None:
        return None
    return {
        "rows": [each for each in (quotation, sample) if each is not None],
        "quotation": quotation,
        "version": version,
        "sample": sample if approved else None,
        "approved": approved,
    }


def _quotations(user: User, **of: Any) -> dict[str, Any] | None:
    if not user.has_perm(SEES_QUOTATIONS):
        return None
    rows = list(Quotation.objects.visible_to(user).filter(**of).select_related("owner", "order")[:SHOWN])
    return {"rows": rows, "count": len(rows)} if rows else None


def _samples(user: User, **of: Any) -> dict[str, Any] | None:
    if not user.has_perm(SEES_SAMPLES):
        return None
    rows = list(Sample.objects.visible_to(user).filter(**of).select_related("owner", "maker", "order")[:SHOWN])
    return {"rows": rows, "count": len(rows)} if rows else None
