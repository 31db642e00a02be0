"""The life of a customer's credit: assessed, decided, lowered, watched, stopped in time (JD 7.1, ZT 6.1)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.accounts.system import system_user
from crm.actions import action
from crm.approvals.declare import Approval
from crm.approvals.facts import Fact
from crm.approvals.steps import Step, Who
from crm.records.attachments import attach
from crm.records.numbers import next_number
from crm.refusals import Refused, only_the_system
from crm.statements import insert_keyed
from customers.actions import keep_contact, plan_task, set_payment_terms, suspend_supply
from customers.credit import alerting, forms, scoring
from customers.credit.exposure import exposure_of
from customers.credit.models import Alert, Aspect, Assessment, Rating, RatingChange, RatingPolicy, Standing, standing_of
from customers.models import Customer

S = Assessment.Status
USUAL_POLICIES = (  # rating, from score, limit, terms, days
    (Rating.A, 85, Decimal(500000), Customer.Terms.CREDIT, 60),
    (Rating.B, 70, Decimal(200000), Customer.Terms.CREDIT, 30),
    (Rating.C, 55, Decimal(50000), Customer.Terms.CREDIT, 15),
    (Rating.D, 0, Decimal(0), Customer.Terms.PREPAY, 0),
)
LARGE = Decimal(500000)  # a limit above it is decided by the executive, too, where no chain says otherwise
USUAL, HIGH = "usual", "high"
FINANCE = Step(gettext_lazy("Finance"), who=Who.ROLE, role="finance")
EXECUTIVE = Step(gettext_lazy("General manager"), who=Who.ROLE, role="executive")


# Ratings as such.


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


# Assessments.


def _one_at_a_time(customer: Customer, by: User) -> Refused | None:
    if not scoring.in_use():
        return Refused(
            "no_ratings",
            _("The company does not rate its customers yet."),
            _("Let an administrator enter which rating brings which limit."),
        )
    waiting = Assessment.objects.filter(customer=customer, status=S.PROPOSED).first()
    if waiting is None:
        return None
    return Refused(
        "being_assessed",
        _("An assessment waits to be decided already: %(number)s.") % {"number": waiting.number},
        _("Let it be decided, or withdraw it."),
    )


def _assess(
    assessment: Assessment,
    *,
    by: User,
    limit: Decimal | None,
    limit_reason: str,
    valid_until: date | None,
    papers: dict[str, File | None],
    **judged: Any,
) -> None:
    """Write down what was judged, and what follows from it; then the papers, each with its aspect."""
    for name, value in judged.items():
        setattr(assessment, name, value)
    weighted = scoring.weights()
    for aspect, weight in weighted.items():
        setattr(assessment, f"{aspect}_weight", weight)
    scores = {str(aspect): judged[f"{aspect}_score"] for aspect in Aspect.values}
    assessment.score = scoring.score_of(scores, weighted)
    policy = scoring.policy_for(assessment.score)
    if policy is None:
        raise Refused("no_ratings", _("The company does not rate its customers yet."))
    assessment.rating, assessment.policy_limit = policy.rating, policy.limit
    assessment.payment_terms, assessment.payment_days = policy.payment_terms, policy.payment_days
    assessment.limit = policy.limit if limit is None else limit
    if assessment.limit and policy.payment_terms != Customer.Terms.CREDIT:
        message = _("Rating %(rating)s buys nothing on account; there is no limit for it.") % {"rating": policy.rating}
        raise ValidationError({"limit": ValidationError(message, code="no_account")})
    if assessment.limit > policy.limit and not limit_reason:
        message = _("A limit above that of the rating needs a reason.")
        raise ValidationError({"limit_reason": ValidationError(message, code="required")})
    assessment.limit_reason = limit_reason if assessment.limit != policy.limit else ""
    assessment.valid_until = valid_until or _a_year_from(clock.today())
    assessment.save()
    for aspect, paper in papers.items():
        if paper:
            attach(assessment, paper, by=by, kind=aspect)


def _a_year_from(day: date) -> date:
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


@action(Customer, label=gettext_lazy("Assess the customer's credit"), form=forms.AssessForm, unless=_one_at_a_time)
def assess_customer(
    customer: Customer,
    *,
    by: User,
    limit: Decimal | None = None,
    limit_reason: str = "",
    valid_until: date | None = None,
    operations_paper: File | None = None,
    finances_paper: File | None = None,
    payment_paper: File | None = None,
    **judged: Any,
) -> Assessment:
    """Judge operations, finances and payment record; it counts once finance has decided on it (JD 7.1, ZT 6.1)."""
    assessment = Assessment(customer=customer, number=next_number("CA"), assessed_by=by)
    papers = {"operations": operations_paper, "finances": finances_paper, "payment": payment_paper}
    _assess(assessment, by=by, limit=limit, limit_reason=limit_reason, valid_until=valid_until, papers=papers, **judged)
    return assessment


def _by_its_assessor(assessment: Assessment, by: User) -> Refused | None:
    if by.pk == assessment.assessed_by_id:
        return None
    return Refused(
        "not_the_assessor",
        _("Only %(name)s, who made this assessment, answers for it.") % {"name": assessment.assessed_by},
        _("Withdraw it and make one of your own."),
    )


@action(
    Assessment,
    label=gettext_lazy("Revise the assessment"),
    source={S.PROPOSED},
    form=forms.AssessForm,
    unless=_by_its_assessor,
)
def revise_assessment(
    assessment: Assessment,
    *,
    by: User,
    limit: Decimal | None = None,
    limit_reason: str = "",
    valid_until: date | None = None,
    operations_paper: File | None = None,
    finances_paper: File | None = None,
    payment_paper: File | None = None,
    **judged: Any,
) -> None:
    """Judge again before it is decided; who was asked for a decision is asked anew (JD 7.1)."""
    papers = {"operations": operations_paper, "finances": finances_paper, "payment": payment_paper}
    _assess(assessment, by=by, limit=limit, limit_reason=limit_reason, valid_until=valid_until, papers=papers, **judged)


def assessment_facts(assessment: Assessment, inputs: dict[str, Any]) -> Iterator[Fact]:
    """What is decided: how far he is trusted now, each score with its words, and which limit and terms follow.

    What holds now is among them, so that a rating that falls while the decision waits is not undone unseen.
    """
    now = Standing.objects.filter(customer=assessment.customer_id).first() or Standing()
    yield Fact("customer", gettext_lazy("Customer"), assessment.customer)
    yield Fact("rating_now", gettext_lazy("Rating now"), now.rating)
    yield Fact("limit_now", gettext_lazy("Limit now"), now.limit, "money")
    for aspect in Aspect:
        yield Fact(f"{aspect}_score", aspect.label, getattr(assessment, f"{aspect}_score"))
        yield Fact(str(aspect), assessment._meta.get_field(str(aspect)).verbose_name, getattr(assessment, aspect))  # type: ignore[union-attr]
    yield Fact("score", gettext_lazy("Score"), assessment.score)
    yield Fact("rating", gettext_lazy("Rating"), assessment.rating)
    yield Fact("policy_limit", gettext_lazy("Limit of the rating"), assessment.policy_limit, "money")
    yield Fact("limit", gettext_lazy("Credit limit"), assessment.limit, "money")
    yield Fact("limit_reason", gettext_lazy("Why another limit"), assessment.limit_reason)
    yield Fact("terms", gettext_lazy("Payment terms"), Customer.Terms(assessment.payment_terms).label)
    yield Fact("days", gettext_lazy("Days to pay"), assessment.payment_days)
    yield Fact("valid_until", gettext_lazy("Valid until"), assessment.valid_until)


def _still_ahead(assessment: Assessment, by: User) -> Refused | None:
    if refused := _by_its_assessor(assessment, by):
        return refused
    if assessment.valid_until < clock.today():
        return Refused("over", _("The day until which it would be valid is past."), _("Revise the assessment first."))
    return None


@action(
    Assessment,
    label=gettext_lazy("Put the assessment in force"),
    source={S.PROPOSED},
    target=S.IN_FORCE,
    unless=_still_ahead,
    approval=Approval(
        facts=assessment_facts,
        amount=lambda assessment, inputs: assessment.limit,
        kind=lambda assessment, inputs: HIGH if assessment.limit > LARGE else USUAL,
        kinds={USUAL: gettext_lazy("Usual limit"), HIGH: gettext_lazy("Large limit")},
        default=(FINANCE,),
        defaults={HIGH: (FINANCE, EXECUTIVE)},
        label=gettext_lazy("Ask finance to decide"),
    ),
)
def put_in_force(assessment: Assessment, *, by: User) -> None:
    """Let rating, limit and payment terms hold for the customer, once finance agrees (JD 7.1)."""
    customer = assessment.customer
    for former in Assessment.objects.filter(customer=customer, status=S.IN_FORCE):
        replace_assessment(former, by=system_user("credit"))
    assessment.in_force_at = clock.now()
    fell = _let_hold(
        customer,
        by=by,
        why=RatingChange.Why.ASSESSED,
        reason=assessment.limit_reason,
        rating=assessment.rating,
        limit=assessment.limit,
        valid_until=assessment.valid_until,
        assessment=assessment,
    )
    terms, days = assessment.payment_terms, assessment.payment_days
    if (customer.payment_terms, customer.payment_days) != (terms, days):
        set_payment_terms(customer, by=system_user("credit"), payment_terms=terms, payment_days=days)
    if fell:
        _raise(customer, Alert.Sign.LOWERED, words=assessment.number, key=f"credit-lowered-{fell.pk}")
    else:
        for alert in Alert.objects.filter(customer=customer, sign=Alert.Sign.LOWERED, gone_at=None):
            note_gone(alert, by=system_user("credit"))
    alerting.look_at([customer.pk])


@action(
    Assessment,
    label=gettext_lazy("Replaced by a later one"),
    source={S.IN_FORCE},
    target=S.REPLACED,
    unless=only_the_system,
)
def replace_assessment(assessment: Assessment, *, by: User) -> None:
    """Note that a later assessment is in force (JD 7.1)."""


@action(Assessment, label=gettext_lazy("Withdraw"), source={S.PROPOSED}, target=S.WITHDRAWN, form=forms.ReasonForm)
def withdraw_assessment(assessment: Assessment, *, by: User, reason: str) -> None:
    """Give up an assessment that was not decided, with the reason."""
    assessment.reason = reason


# The rating of a customer.


def _let_hold(
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


def _can_fall(customer: Customer, by: User) -> Refused | None:
    if by.is_system:
        return None
    standing = standing_of(customer)
    if standing is None or not standing.rating:
        return Refused("not_rated", _("This customer has no rating yet."), _("Assess the customer's credit first."))
    if scoring.policy_below(standing.rating) is None:
        return Refused("lowest_rating", _("There is no rating below %(rating)s.") % {"rating": standing.rating})
    return None


@action(Customer, label=gettext_lazy("Lower the rating"), form=forms.ReasonForm, unless=_can_fall)
def lower_rating(customer: Customer, *, by: User, reason: str) -> None:
    """Lower a customer's rating by one step, with the reason; owner and finance are told (JD 7.1).

    Limit and terms follow where those of the lower rating are stricter. Done by a system user, as the consequence of a
    broken promise, it is never refused: where there is no rating, or none below, only the reason goes into the history.
    """
    standing, _made = Standing.objects.get_or_create(customer=customer)
    policy = scoring.policy_below(standing.rating)
    change = _let_hold(
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
    _raise(customer, Alert.Sign.LOWERED, words=reason[:300], key=f"credit-lowered-{last.pk}")
    alerting.look_at([customer.pk])


# Signs, and what is done about them.


def _alert(customer: Customer, sign: str) -> tuple[Alert, bool]:
    """The alert of this sign that stands, made where there is none; and whether it is new."""
    standing = Standing.objects.filter(customer=customer).first() or Standing(customer=customer)
    found = exposure_of(customer)
    row = Alert(
        customer=customer,
        sign=sign,
        rating=standing.rating,
        limit=standing.limit,
        used=found.total,
        overdue=found.overdue,
    )
    new = insert_keyed([row], or_nothing=True)
    return (row, True) if new else (Alert.objects.get(customer=customer, sign=sign, gone_at=None), False)


def _raise(customer: Customer, sign: str, *, words: str, key: str) -> None:
    """Tell of a sign at once, also where it stands already: this is another reason."""
    alert, _new = _alert(customer, sign)
    alerting.tell(alert, words=words, key=key)


@action(Customer, label=gettext_lazy("Alert owner and finance"), unless=only_the_system)
def raise_alert(customer: Customer, *, by: User, sign: str) -> Alert | None:
    """Follow a sign that was seen: owner and finance are told once, until it is gone (JD 7.1, ZT 6.1)."""
    alert, new = _alert(customer, sign)
    if not new:
        return None
    alerting.tell(alert, words="", key=f"credit-alert-{alert.pk}")
    return alert


def _settle(alert: Alert, *, by: User, done: str, words: str) -> None:
    alert.done, alert.words, alert.settled_by, alert.settled_at = done, words, by, clock.now()
    if alert.sign == Alert.Sign.LOWERED:  # nothing is there that could be looked at again
        alert.gone_at = clock.now()


OPEN, SETTLED = Alert.Status.OPEN, Alert.Status.SETTLED


def _supplied(alert: Alert, by: User) -> Refused | None:
    return suspend_supply.refusal(alert.customer, by)


@action(
    Alert,
    label=gettext_lazy("Suspend supply"),
    source={OPEN},
    target=SETTLED,
    form=forms.ReasonForm,
    unless=_supplied,
)
def suspend_for_alert(alert: Alert, *, by: User, reason: str) -> None:
    """Stop handing over goods to the customer because of the sign (JD 7.1, ZT 6.1)."""
    suspend_supply(alert.customer, by=by, reason=reason)
    _settle(alert, by=by, done=Alert.Done.SUSPENDED, words=reason)


@action(Alert, label=gettext_lazy("Dun the customer"), source={OPEN}, target=SETTLED, form=forms.DunForm)
def dun_for_alert(alert: Alert, *, by: User, channel: str, words: str, again_on: date) -> None:
    """Remind the customer of what he owes, and look again on a day whether he has paid (JD 7.1)."""
    customer = alert.customer
    keep_contact(customer, by=by, channel=channel, what=words)
    plan_task(
        customer,
        by=system_user("credit"),
        what=_("Look whether he has paid: %(sign)s") % {"sign": alert.get_sign_display()},
        due_on=again_on,
        owner=by,
    )
    _settle(alert, by=by, done=Alert.Done.DUNNED, words=words)


@action(Alert, label=gettext_lazy("Dealt with otherwise"), source={OPEN}, target=SETTLED, form=forms.WordsForm)
def settle_alert(alert: Alert, *, by: User, words: str) -> None:
    """Say what else was done about the sign."""
    _settle(alert, by=by, done=Alert.Done.OTHERWISE, words=words)


@action(Alert, label=gettext_lazy("The sign is gone"), source={OPEN, SETTLED}, target=SETTLED, unless=only_the_system)
def note_gone(alert: Alert, *, by: User) -> None:
    """Note that the sign is seen no more; where nobody had dealt with it, that is how it ended (JD 7.1)."""
    if alert.status == OPEN:
        _settle(alert, by=by, done=Alert.Done.GONE, words="")
    alert.gone_at = clock.now()
