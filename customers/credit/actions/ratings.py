"""The ratings that the company gives, and which one holds for a customer from when on (JD 7.1)."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.actions import action
from crm.refusals import Refused
from customers.credit import scoring
from customers.credit.models import Rating, RatingChange, RatingPolicy, Standing
from customers.models import Customer

USUAL_POLICIES = (  # rating, from score, limit, terms, days
    (Rating.A, 85, Decimal(500000), Customer.Terms.CREDIT, 60),
    (Rating.B, 70, Decimal(200000), Customer.Terms.CREDIT, 30),
    (Rating.C, 55, Decimal(50000), Customer.Terms.CREDIT, 15),
    (Rating.D, 0, Decimal(0), Customer.Terms.PREPAY, 0),
)


@action(None, label=gettext_lazy("Begin to rate customers"))
def set_up_ratings(*, by: User) -> RatingPolicy:
    """Enter the four usual ratings; from then on orders on account need an assessment (JD 7.1)."""
    if scoring.in_use():
        raise Refused(
            "rated_already",
            _("Customers are rated already."),
            _("An administrator edits the ratings in the back office."),
        )
    names = ("rating", "from_score", "limit", "payment_terms", "payment_days")
    rows = [RatingPolicy(**dict(zip(names, each, strict=True))) for each in USUAL_POLICIES]
    return RatingPolicy.objects.bulk_create(rows)[0]


def let_hold(
    customer: Customer, *, by: User, why: str, reason: str, rating: str, limit: Decimal, **facts: Any
) -> RatingChange | None:
    """Let rating and limit hold from now on, and write the history; answers the entry where the rating fell.

    The customer is locked by whoever calls it.
    """
    standing, _made = Standing.objects.get_or_create(customer=customer)
    assessment = facts.pop("assessment", None)
    change = RatingChange.objects.create(
        customer=customer,
        by=by,
        why=why,
        reason=reason,
        rating_before=standing.rating,
        rating=rating,
        limit_before=standing.limit,
        limit=limit,
        assessment=assessment,
    )
    standing.rating, standing.limit = rating, limit
    for name, value in facts.items():
        setattr(standing, name, value)
    standing.version += 1
    standing.save()
    return change if change.rating_before and change.rating > change.rating_before else None
