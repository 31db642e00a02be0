"""A customer's credit is assessed, decided, in force until a later assessment replaces it (JD 7.1, ZT 6.1)."""

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
from crm.approvals.declare import FINANCE, GENERAL_MANAGER, Approval
from crm.approvals.facts import Fact
from crm.inputs import ReasonForm
from crm.records.attachments import attach
from crm.records.numbers import next_number
from crm.refusals import Refused, only_the_system
from customers.actions import set_payment_terms
from customers.credit import alerting, forms, scoring
from customers.credit.actions.ratings import let_hold
from customers.credit.models import Alert, Aspect, Assessment, RatingChange, Standing
from customers.models import Customer

S = Assessment.Status
LARGE = Decimal(500000)  # a limit above it is decided by the general manager, too, where no chain says otherwise
USUAL, HIGH = "usual", "high"


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
        message = _("Customers rated %(rating)s do not buy on account; there is no limit to set.") % {
            "rating": policy.rating
        }
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
        defaults={HIGH: (FINANCE, GENERAL_MANAGER)},
        label=gettext_lazy("Ask finance to decide"),
    ),
)
def put_in_force(assessment: Assessment, *, by: User) -> None:
    """Let rating, limit and payment terms hold for the customer, once finance agrees (JD 7.1)."""
    customer = assessment.customer
    for former in Assessment.objects.filter(customer=customer, status=S.IN_FORCE):
        replace_assessment(former, by=system_user("credit"))
    assessment.in_force_at = clock.now()
    fell = let_hold(
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
        alerting.raise_sign(customer, Alert.Sign.LOWERED, words=assessment.number, key=f"credit-lowered-{fell.pk}")
    else:
        alerting.note_risen(customer)
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


@action(Assessment, label=gettext_lazy("Withdraw"), source={S.PROPOSED}, target=S.WITHDRAWN, form=ReasonForm)
def withdraw_assessment(assessment: Assessment, *, by: User, reason: str) -> None:
    """Give up an assessment that was not decided, with the reason."""
    assessment.reason = reason
