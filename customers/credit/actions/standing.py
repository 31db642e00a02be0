"""How far a customer is trusted falls, without an assessment (JD 7.1)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.accounts.system import system_user
from crm.actions import action
from crm.inputs import ReasonForm
from crm.refusals import Refused
from customers.actions import set_payment_terms
from customers.credit import alerting, scoring
from customers.credit.actions.ratings import let_hold
from customers.credit.models import Alert, RatingChange, Standing, standing_of
from customers.models import Customer


def _can_fall(customer: Customer, by: User) -> Refused | None:
    if by.is_system:
        return None
    standing = standing_of(customer)
    if standing is None or not standing.rating:
        return Refused("not_rated", _("This customer has no rating yet."), _("Assess the customer's credit first."))
    if scoring.policy_below(standing.rating) is None:
        return Refused("lowest_rating", _("There is no rating below %(rating)s.") % {"rating": standing.rating})
    return None


@action(Customer, label=gettext_lazy("Lower the rating"), form=ReasonForm, unless=_can_fall)
def lower_rating(customer: Customer, *, by: User, reason: str) -> None:
    """Lower a customer's rating by one step, with the reason; owner and finance are told (JD 7.1).

    Limit and terms follow where those of the lower rating are stricter. Done by a system user, as the consequence of a
    broken promise, it is never refused: where there is no rating, or none below, only the reason goes into the history.
    """
    standing, _made = Standing.objects.get_or_create(customer=customer)
    policy = scoring.policy_below(standing.rating)
    change = let_hold(
        customer,
        by=by,
        why=RatingChange.Why.LOWERED,
        reason=reason[:300],
        rating=policy.rating if policy else standing.rating,
        limit=min(standing.limit, policy.limit) if policy else standing.limit,
    )
    if policy and customer.payment_terms == Customer.Terms.CREDIT:
        days = min(policy.payment_days, customer.payment_days)
        if policy.payment_terms != Customer.Terms.CREDIT or days != customer.payment_days:
            days = days if policy.payment_terms == Customer.Terms.CREDIT else 0
            set_payment_terms(customer, by=system_user("credit"), payment_terms=policy.payment_terms, payment_days=days)
    last = change or RatingChange.objects.filter(customer=customer).latest("pk")
    alerting.raise_sign(customer, Alert.Sign.LOWERED, words=reason[:300], key=f"credit-lowered-{last.pk}")
    alerting.look_at([customer.pk])
