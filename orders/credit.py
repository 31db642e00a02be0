"""Whether an order fits into what its customer is trusted with: asked at its review, and where goods leave (JD 7.1).

Asked are orders on account, and only in a company that rates its customers. One that is beyond the limit, or whose
customer owes what is overdue, waits for a decision (`orders.allow_credit`). The decision holds for the total and the
overdue debt that it was made about: more of either needs another one. An order that has passed its review is asked
about again where a paper raises its total, or the kindness of its terms: before the paper is decided, and when it is
carried out.
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
from crm.words import money
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
class Ahead:
    """What a paper that does not hold yet is to make of an order: what it comes to, and how it is paid."""

    total: Decimal
    payment_terms: str
    payment_days: int = 0


AHEAD: list[Callable[[Order], Ahead | None]] = []  # of the apps above, whose papers they are


@dataclass(frozen=True)
class Position:
    """Where an order stands: its own open amount, what else the customer is trusted with, and how far he is.

    `total` is what it comes to, and `days` after how many it is to be paid: as it is, or as the papers have it that are
    to hold.
    """

    order: Order
    trust: Trust
    exposure: Exposure
    total: Decimal
    days: int

    @property
    def own(self) -> Decimal:
        """What the order itself counts, once it is agreed."""
        due = self.order.due if self.total == self.order.total else self.total - self.order.taken_off
        return max(due - self.order.paid, NONE)

    @property
    def others(self) -> Decimal:
        """What everything else counts."""
        order = self.order
        if order.status not in RUNNING:
            return self.exposure.total
        counted = order.due if order.payment_terms == ON_ACCOUNT else order.settled
        if counted is None:
            counted = worth_of(order.pk) - order.allowance
        return self.exposure.total - max(counted - order.paid, NONE)

    @property
    def beyond(self) -> Decimal:
        """By how much the limit is exceeded with this order; nothing where it is not."""
        return max(self.others + self.own - self.trust.limit, NONE)

    @property
    def is_allowed(self) -> bool:
        """Whether somebody decided that this order may exceed the limit, or be made in spite of this much debt."""
        allowed = self.order.credit_allowed
        return allowed is not None and self.total <= allowed and self.exposure.overdue <= self.order.credit_overdue

    @property
    def outgrown(self) -> bool:
        """Whether somebody allowed credit once, for less than the order comes to."""
        return self.order.credit_allowed is not None and self.total > self.order.credit_allowed


def trust_in(customer: int) -> Trust | None:
    """How far the customer with this key is trusted; None in a company that rates nobody. One query."""
    [(in_use, rating, limit, valid_until)] = STANDING(customer)
    return Trust(rating or "", limit or NONE, valid_until) if in_use else None


def position(order: Order, *, ahead: bool = False) -> Position | None:
    """Where an order stands by its customer's credit; None where that is not asked.

    With `ahead` it is judged by the papers, too, that do not hold yet: by the most that it is to come to on account.
    """
    if order.history or not (ahead or order.payment_terms == ON_ACCOUNT):
        return None
    trust = trust_in(order.customer_id)
    if trust is None:
        return None
    papers = [Ahead(order.total, order.payment_terms, order.payment_days)]
    if ahead:
        papers += [found for paper in AHEAD if (found := paper(order))]
    on_account = [each for each in papers if each.payment_terms == ON_ACCOUNT]
    if not on_account:
        return None
    most, longest = max(each.total for each in on_account), max(each.payment_days for each in on_account)
    return Position(order, trust, exposure_of(order.customer_id), most, longest)


def credit_stops(order: Order, *, ahead: bool = False) -> Iterator[CreditStop]:
    """Why an order on account may not go on by itself; what was allowed is named, and stops nothing.

    With `ahead` it is asked as the papers have it that are to hold (see `position`).
    """
    found = position(order, ahead=ahead)
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
    if found.outgrown:
        said = " " + _("Credit was allowed up to a total of %(amount)s; it comes to %(total)s now.") % {
            "amount": money(order.credit_allowed),
            "total": money(found.total),
        }
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


def _refused(order: Order, *, ahead: bool = False) -> Refused | None:
    stops = [each for each in credit_stops(order, ahead=ahead) if not each.allowed]
    return Refused("findings", " ".join(each.sentence for each in stops), stops[0].remedy) if stops else None


def pass_within_limit(order: Order, remedy: str = "") -> None:
    """Look again under the customer's lock, so that two orders at once do not slip under one limit. Raises Refused.

    `remedy` says what to do instead, where it is not what helps at the review.
    """
    if order.payment_terms != ON_ACCOUNT or order.history or trust_in(order.customer_id) is None:
        return
    hold(Customer, order.customer_id)
    if refused := _refused(order):
        raise Refused(refused.code, refused.sentence, remedy or refused.remedy)


def beyond_ahead(order: Order) -> Refused | None:
    """Why a paper that raises an order, or the kindness of its terms, may not be decided yet; None where it may.

    Asked of orders that have passed their review; what is not reviewed yet is asked then.
    """
    return _refused(order, ahead=True) if order.status in RUNNING else None


def pass_raised(order: Order, before: Decimal, remedy: str = "") -> None:
    """Judge an order whose total was `before` and is raised, after its review; it is written down here. Raises Refused.

    Call it in the verb that raises it, once its lines are written: the order is asked about as it will be.
    """
    if order.status in RUNNING and order.total > before:
        Order.objects.filter(pk=order.pk).update(total=order.total, tax=order.tax)  # the gate writes the same
        pass_within_limit(order, remedy)


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
    covered = order.paid + order.allowance
    before = max(worth_of(order.pk) - covered, NONE)  # it is among what he owes
    after = max(worth_of(order.pk, leaving) - covered, NONE)
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
