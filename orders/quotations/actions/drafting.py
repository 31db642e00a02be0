"""A quotation is drafted, revised into its next version, and prices below the lowest are allowed (KF 3.1.9)."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.accounts.scopes import involve
from crm.actions import action
from crm.approvals.declare import Approval
from crm.approvals.facts import Fact
from crm.inputs import ReasonForm
from crm.links.making import end_links
from crm.records.numbers import next_number
from crm.refusals import Refused
from customers.models import Contact, Customer
from orders.inquiries.models import Inquiry
from orders.pricing import low_price_facts
from orders.quotations import forms
from orders.quotations.actions.requesting import ASKED, inquirer_unknown, keeper, main_contact
from orders.quotations.models import LINK_PURPOSE, Quotation, QuotationLine, QuotationVersion, Sample
from orders.quotations.pricing import priced, terms_of

S, OUTCOME = Quotation.Status, QuotationVersion.Outcome


def _write(
    quotation: Quotation,
    version: QuotationVersion,
    lines: list[dict[str, Any]],
    payment_terms: str,
    payment_days: int | None,
    **facts: Any,
) -> None:
    """Put the terms and lines into the version, and what lists need of it into the quotation; saves both."""
    for name, value in facts.items():
        setattr(version, name, value)
    version.payment_terms, version.payment_days = terms_of(quotation.customer, payment_terms, payment_days)
    version.price_reason = ""
    rows = priced(quotation.customer, version, lines)
    quotation.latest, quotation.valid_until = version.number, version.valid_until
    quotation.total, quotation.tax, quotation.low_price = version.total, version.tax, version.low_price
    quotation.save()
    version.quotation = quotation
    version.save()
    version.lines.all().delete()
    QuotationLine.objects.bulk_create(rows)


def _quote(
    customer: Customer,
    *,
    by: User,
    lines: list[dict[str, Any]],
    contact: Contact | None = None,
    project: str = "",
    inquiry: Inquiry | None = None,
    sample: Sample | None = None,
    payment_terms: str = "",
    payment_days: int | None = None,
    **facts: Any,
) -> Quotation:
    owner = keeper(customer, by)
    quotation = Quotation(
        number=next_number("QT"),
        customer=customer,
        contact=contact or main_contact(customer),
        project=project,
        inquiry=inquiry,
        sample=sample,
        owner=owner,
        department=customer.department or owner.department,
    )
    _write(quotation, QuotationVersion(number=1, made_by=by), lines, payment_terms, payment_days, **facts)
    if owner.pk != by.pk:
        involve(quotation, user=by, why=_("drafted it"))
    return quotation


@action(None, label=gettext_lazy("New quotation"), form=forms.NewQuotationForm)
def draft_quotation(*, by: User, customer: Customer, **offer: Any) -> Quotation:
    """Draft a quotation for a customer: goods with prices, validity, payment and delivery (KF 3.1.9)."""
    return _quote(customer, by=by, **offer)


@action(Customer, label=gettext_lazy("Quote"), form=forms.QuotationForm)
def quote_customer(customer: Customer, *, by: User, **offer: Any) -> Quotation:
    """Draft a quotation for this customer (KF 3.1.9)."""
    return _quote(customer, by=by, **offer)


@action(Inquiry, label=gettext_lazy("Quote"), source=ASKED, form=forms.QuotationForm, unless=inquirer_unknown)
def quote_inquiry(inquiry: Inquiry, *, by: User, **offer: Any) -> Quotation:
    """Draft a quotation for whoever inquires; the order that comes of it is the inquiry's (KF 3.1.9)."""
    if inquiry.customer is None:  # the guard has asked
        raise TypeError("an inquiry of nobody")
    return _quote(inquiry.customer, by=by, inquiry=inquiry, **offer)


@action(
    Sample,
    label=gettext_lazy("Quote"),
    source=set(Sample.Status.values) - {Sample.Status.CANCELLED},
    form=forms.QuoteSampleForm,
)
def quote_sample(sample: Sample, *, by: User, **offer: Any) -> Quotation:
    """Draft a quotation for the goods of a sample (KF 3.1.9)."""
    return _quote(sample.customer, by=by, sample=sample, inquiry=sample.inquiry, **offer)


@action(
    Quotation,
    label=gettext_lazy("Revise"),
    source={S.DRAFT, S.SENT, S.WISHES, S.DECLINED, S.EXPIRED},
    target=S.DRAFT,
    form=forms.QuotationRevisionForm,
)
def revise_quotation(
    quotation: Quotation,
    *,
    by: User,
    lines: list[dict[str, Any]],
    contact: Contact | None = None,
    project: str = "",
    payment_terms: str = "",
    payment_days: int | None = None,
    **facts: Any,
) -> None:
    """Mend the draft, or follow a version that was sent with the next; what the customer has in hand holds no more."""
    version = quotation.current
    if version.outcome != OUTCOME.DRAFT:
        if version.outcome == OUTCOME.SENT:
            version.outcome = OUTCOME.SUPERSEDED
            version.save(update_fields=["outcome"])
        version = QuotationVersion(quotation=quotation, number=version.number + 1, made_by=by)
        end_links(quotation, LINK_PURPOSE)
        quotation.answered_at = None
    version.made_by, version.made_at = by, clock.now()
    quotation.contact, quotation.project = contact or quotation.contact, project
    _write(quotation, version, lines, payment_terms, payment_days, **facts)


def _no_low_price(quotation: Quotation, by: User) -> Refused | None:
    return None if quotation.low_price else Refused("no_low_price", _("No price is below the lowest one."))


def low_prices(quotation: Quotation, inputs: dict[str, Any]) -> Iterator[Fact]:
    """What is approved: to whom it is offered, each price below the lowest, what it all comes to, and why."""
    version = quotation.current
    yield Fact("customer", gettext_lazy("Customer"), quotation.customer)
    yield Fact("version", gettext_lazy("Version"), str(version))
    yield from low_price_facts(version.lines)
    yield Fact("total", gettext_lazy("Total with tax"), version.total, "money")
    yield Fact("valid_until", gettext_lazy("Valid until"), version.valid_until)
    yield Fact("reason", gettext_lazy("Reason"), inputs["reason"])


@action(
    Quotation,
    label=gettext_lazy("Allow the low price"),
    source={S.DRAFT},
    form=ReasonForm,
    unless=_no_low_price,
    approval=Approval(
        facts=low_prices,
        amount=lambda quotation, inputs: quotation.total,
        label=gettext_lazy("Ask for the low price"),
    ),
)
def allow_price(quotation: Quotation, *, by: User, reason: str) -> None:
    """Let this version have prices below the lowest of the list, once the asker's manager agrees (KF 3.1.9)."""
    QuotationVersion.objects.filter(quotation=quotation, number=quotation.latest).update(price_reason=reason)
