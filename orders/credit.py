"""Whether an order fits into what its customer is trusted with: asked at its review, and where goods leave (JD 7.1).

Asked are orders on account, and only in a company that rates its customers. One that is beyond the limit, or whose
customer owes what is overdue, waits for a decision (`orders.allow_credit`). The decision holds for the total and the
overdue debt that it was made about: more of either needs another one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists
from django.utils.translation import gettext as _

from crm import clock
from crm.refusals import Refused
from crm.statements import Statement, hold
from crm.web.templatetags.crm import money
from customers.credit.exposure import OVERDUE, OWED, Exposure, exposure_of
from customers.credit.models import RatingPolicy
from customers.models import Customer
from orders.exposure import ON_ACCOUNT, RUNNING
from orders.leaving import worth_of
from orders.models import Order

NONE = Decimal("0.00")
TRUSTED = "_trusted"  # noted of an order whose goods were judged: whether its customer's credit was asked
STANDING = Statement(
    lambda customer: Customer.objects.filter(pk=customer).values_list(
        Exists(RatingPolicy.objects.all()), "standing__rating", "standing__limit", "standing__valid_until"
    )
)


@dataclass(frozen=True)
class Trust:
    """How far a customer is trusted today."""

    rating: str
    limit: Decimal
    valid_until: date | None

    @property
    def assessed(self) -> bool:
        """Whether an assessment is valid today."""
        return self.valid_until is not None and self.valid_until >= clock.today()


@dataclass(frozen=True)
class CreditStop:
    """Why an order may not go on by its customer's credit, what to do about it, and whether somebody allowed it."""

    code: str
    sentence: str
    remedy: str
    allowed: bool = False


@dataclass(frozen=True)
class Position:
    """Where an order stands: its own open amount, what else the customer is trusted with, and how far he is."""

    order: Order
    trust: Trust
    exposure: Exposure

    @property
    def own(self) -> Decimal:
        """What the order itself counts, once it is agreed."""
        return max(self.order.due - self.order.paid, NONE)

    @property
    def others(self) -> Decimal:
        """What everything else counts."""
        return self.exposure.total - (self.own if self.order.status in RUNNING else NONE)

    @property
    def beyond(self) -> Decimal:
        """By how much the limit is exceeded with this order; nothing where it is not."""
        return max(self.others + self.own - self.trust.limit, NONE)

    @property
    def is_allowed(self) -> bool:
        """Whether somebody decided that this order may exceed the limit, or be made in spite of this much debt."""
        allowed = self.order.credit_allowed
        return (
            allowed is not None and self.order.total <= allowed and self.exposure.overdue <= self.order.credit_overdue
        )


def trust_in(customer: int) -> Trust | None:
    """How far the customer with this key is trusted; None in a company that rates nobody. One query."""
    [(in_use, rating, limit, valid_until)] = STANDING(customer)
    return Trust(rating or "", limit or NONE, valid_until) if in_use else None


def position(order: Order) -> Position | None:
    """Where an order stands by its customer's credit; None where that is not asked."""
    if order.payment_terms != ON_ACCOUNT or order.history:
        return None
    trust = trust_in(order.customer_id)
    return Position(order, trust, exposure_of(order.customer_id)) if trust else None


def credit_stops(order: Order) -> Iterator[CreditStop]:
    """Why an application on account may not pass its review by itself; what was allowed is named, and stops nothing."""
    found = position(order)
    if found is None:
        return
    if not found.trust.assessed:
        yield CreditStop(
            "no_assessment",
            _("The customer buys on account, and there is no valid assessment of his credit."),
            _("Let sales or finance assess him, or agree on other payment terms."),
        )
        return
    allowed = found.is_allowed
    said = " " + _("It was allowed: %(reason)s") % {"reason": order.credit_reason} if allowed else ""
    remedy = _("Pay first, or ask for credit.")
    if found.beyond:
        facts = {
            "beyond": money(found.beyond),
            "limit": money(found.trust.limit),
            "others": money(found.others),
        }
        sentence = _("With this order the limit of %(limit)s is exceeded by %(beyond)s; %(others)s is used without it.")
        yield CreditStop("over_limit", sentence % facts + said, remedy, allowed)
    if found.exposure.overdue > 0:
        sentence = _("The customer owes %(amount)s that is overdue.") % {"amount": money(found.exposure.overdue)}
        yield CreditStop("overdue", sentence + said, remedy, allowed)


def pass_within_limit(order: Order) -> None:
    """Look again under the customer's lock, so that two orders at once do not slip under one limit. Raises Refused."""
    if order.payment_terms != ON_ACCOUNT or order.history or trust_in(order.customer_id) is None:
        return
    hold(Customer, order.customer_id)
    if stops := [each for each in credit_stops(order) if not each.allowed]:
        raise Refused("findings", " ".join(each.sentence for each in stops), stops[0].remedy)


def goods_stop(order: Order, leaving: Mapping[int, Decimal]) -> CreditStop | None:
    """Why so much of each line of an order on account may not leave; what was decided about the order holds here, too.

    What the customer has and has not paid counts, together with these goods; of whom nobody assessed only what is
    overdue. No query for orders that are paid first; one in a company that rates nobody; else one more for each part of
    the exposure that is owed or overdue. What the goods cost is asked only where it could be too much.
    """
    if order.payment_terms != ON_ACCOUNT or order.history:
        return None
    trust = trust_in(order.customer_id)
    order.__dict__[TRUSTED] = trust is not None
    if trust is None:
        return None
    found = exposure_of(order.customer_id, (OWED, OVERDUE))
    owed, overdue = found.owed, found.overdue
    allowed = order.credit_allowed is not None and order.total <= order.credit_allowed
    remedy = _("Let him pay, ask for credit on the order, or hand over all the same if you answer for it.")
    if overdue > (order.credit_overdue if allowed else NONE):
        sentence = _("The customer owes %(amount)s that is overdue.") % {"amount": money(overdue)}
        return CreditStop("credit", sentence, remedy)
    if allowed or not trust.rating or owed + max(order.due - order.paid, NONE) <= trust.limit:
        return None
    before = max(worth_of(order.pk) - order.paid, NONE)  # it is among what he owes
    after = max(worth_of(order.pk, leaving) - order.paid, NONE)
    if (beyond := owed - before + after - trust.limit) <= 0:
        return None
    facts = {"limit": money(trust.limit), "beyond": money(beyond)}
    sentence = _("With these goods the customer owes %(beyond)s more than his limit of %(limit)s.") % facts
    return CreditStop("credit", sentence, remedy)


def goods_within_limit(order: Order, leaving: Callable[[], Mapping[int, Decimal]], *, anyway: bool = False) -> None:
    """Ask `goods_stop` again under the customer's lock, so that goods of two orders do not slip under one limit.

    Call it in the verb by which they leave, after it was asked once, and before anything moves. `leaving` answers how
    much of each line leaves; whoever hands over `anyway` only lets the others wait. No query where that first question
    found that credit is not asked. Raises Refused.
    """
    if order.payment_terms != ON_ACCOUNT or order.history or not order.__dict__.get(TRUSTED):
        return
    hold(Customer, order.customer_id)
    if not anyway and (stop := goods_stop(order, leaving())):
        raise Refused(stop.code, stop.sentence, stop.remedy)
