"""What credit shows on the page of a customer, of an assessment and of an alert."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.records.models import ActionLog
from crm.web.panels import panel, step
from crm.words import money
from customers.credit.exposure import OPEN, OVERDUE, OWED, Exposure, exposure_of, parts
from customers.credit.models import COLOURS, Alert, Assessment, Rating, Standing, standing_of
from customers.credit.scoring import in_use
from customers.credit.shown import decisions_of, judgements
from customers.models import Customer

RIGHT = "credit.view_standing"
WIDTH = 240  # units of the bar's drawing
SHOWN = 20
SUPPLY = {
    "customers.suspend_supply": gettext_lazy("Supply suspended"),
    "customers.resume_supply": gettext_lazy("Supply resumed"),
    "credit.suspend_for_alert": gettext_lazy("Supply suspended"),
}


@panel(Customer, "credit", gettext_lazy("Credit"), "credit/panels/credit.html", side=True, order=14)
def credit(customer: Customer, user: User) -> dict[str, Any] | None:
    """Rating, limit and end; what of it is used, by documents that can be opened, and what is free."""
    if not user.has_perm(RIGHT):
        return None
    standing = standing_of(customer)
    if standing is None and not in_use():
        return None
    standing = standing or Standing(customer=customer)
    found = exposure_of(customer)
    standing.free = standing.limit - found.total
    alerts = list(Alert.objects.filter(customer=customer, status=Alert.Status.OPEN))
    return {
        "standing": standing,
        "colour": COLOURS.get(Rating(standing.rating), "neutral") if standing.rating else "neutral",
        "used": found.total,
        "figures": figures(customer, found, user),
        "bar": bar(standing.limit, found),
        "alerts": alerts,
        "rows": alerts,
        "on_account": customer.payment_terms == Customer.Terms.CREDIT,
        "action": step("credit.assess_customer", customer, user),
    }


def figures(customer: Customer, found: Exposure, user: User) -> list[dict[str, Any]]:
    """Each part with its amount and, for whoever may open them, the address of its documents."""
    return [
        {
            "label": part.label,
            "amount": found.amounts.get(part.key, Decimal(0)),
            "late": part.kind == OVERDUE and found.amounts.get(part.key, 0) > 0,
            "url": part.documents(customer.pk) if user.has_perm(part.right) else "",
        }
        for part in parts()
        if part.kind in (OPEN, OWED, OVERDUE)
    ]


def bar(limit: Decimal, found: Exposure) -> dict[str, Any]:
    """The limit and what is used of it as a drawing, and in words for whoever does not see it."""
    whole = max(limit, found.total)
    widths = [
        ("active", found.open_orders),
        ("soon", max(found.owed - found.overdue, Decimal(0))),
        ("late", min(found.overdue, found.owed)),
    ]
    drawn, x = [], Decimal(0)
    for tone, amount in widths:
        length = amount * WIDTH / whole if whole else Decimal(0)
        if length > 0:
            drawn.append({"tone": tone, "x": f"{x:.1f}", "width": f"{length:.1f}"})
        x += length
    share = f"{found.total * 100 / limit:.0f}" if limit else ""
    facts = {"used": money(found.total), "limit": money(limit), "share": share}
    words = _("%(used)s of %(limit)s used, %(share)s %%") if limit else _("%(used)s used, and there is no limit")
    mark = f"{limit * WIDTH / whole:.1f}" if whole and found.total > limit else ""
    return {"parts": drawn, "width": WIDTH, "mark": mark, "words": words % facts}


@panel(Customer, "credit-history", gettext_lazy("History of credit"), "credit/panels/history.html", order=32)
def history(customer: Customer, user: User) -> dict[str, Any] | None:
    """How the rating went, by whom and why, and when supply was suspended and resumed; the latest first."""
    if not user.has_perm(RIGHT):
        return None
    changes = list(customer.rating_changes.select_related("by", "assessment")[:SHOWN])
    rows = ActionLog.objects.filter(customer_id=customer.pk, verb__in=SUPPLY, cause=None)
    stops = [
        {"label": SUPPLY[row.verb], "at": row.at, "by": row.actor, "reason": row.inputs.get("reason", "")}
        for row in rows.select_related("actor").order_by("-at")[:SHOWN]
    ]
    if not changes and not stops:
        return None
    assessments = [each.assessment for each in changes if each.assessment]
    return {"changes": changes, "stops": stops, "rows": assessments, "count": len(changes) + len(stops)}


@panel(Assessment, "judgements", gettext_lazy("How it was judged"), "credit/panels/judgements.html", order=10)
def of_assessment(assessment: Assessment, user: User) -> dict[str, Any]:
    """Each aspect with score, weight and words, and what was decided."""
    return {
        "judgements": judgements(assessment),
        "decisions": decisions_of(assessment),
        "action": step("credit.revise_assessment", assessment, user),
    }


@panel(Alert, "now", gettext_lazy("Current credit standing"), "credit/panels/credit.html", side=True, order=10)
def now(alert: Alert, user: User) -> dict[str, Any] | None:
    """What is used of the limit at this moment: it may be better or worse than when the sign was seen."""
    shown = credit(alert.customer, user)
    return {**shown, "alerts": [], "rows": [], "action": None} if shown else None
