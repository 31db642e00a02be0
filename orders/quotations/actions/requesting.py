"""A sample is requested for a customer, revised as long as nothing is made of it, or cancelled (KF 3.2.1)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.accounts.scopes import involve
from crm.actions import action
from crm.inputs import ReasonForm
from crm.links.making import end_links
from crm.outbox import queue
from crm.records.numbers import next_number
from crm.refusals import Refused
from customers.models import Contact, Customer
from orders.inquiries.models import Inquiry
from orders.quotations import forms
from orders.quotations.models import SAMPLE_LINK, Sample, SampleLine

S, IS = Sample.Status, Inquiry.Status
ASKED = {IS.OPEN, IS.PASSED, IS.ANSWERED}


def inquirer_unknown(inquiry: Inquiry, by: User) -> Refused | None:
    """Why nothing can be offered to whoever asked: it is not known yet whose inquiry it is."""
    if inquiry.customer_id is not None:
        return None
    return Refused(
        "no_customer", _("It is not written down yet whose inquiry this is."), _("Put it to a customer first.")
    )


def main_contact(customer: Customer) -> Contact | None:
    """Whom the customer's papers go to where nobody is named."""
    return Contact.objects.filter(customer=customer, active=True).order_by("-main", "pk").first()


def keeper(customer: Customer, by: User) -> User:
    """Who looks after what is made for a customer: his salesperson while he works here, else whoever makes it."""
    return customer.owner if customer.owner is not None and customer.owner.is_active else by


def _write(sample: Sample, lines: list[dict[str, Any]]) -> None:
    sample.lines.all().delete()
    SampleLine.objects.bulk_create(
        SampleLine(
            sample=sample,
            position=position,
            product=line.get("product"),
            what=line.get("what", "") if line.get("product") is None else "",
            specification=line.get("specification") or (line["product"].specification if line.get("product") else ""),
            quantity=line["quantity"],
            unit=line.get("unit"),
        )
        for position, line in enumerate(lines, start=1)
    )


def _request(
    customer: Customer, *, by: User, lines: list[dict[str, Any]], contact: Contact | None = None, **facts: Any
) -> Sample:
    owner = keeper(customer, by)
    sample: Sample = Sample.objects.create(
        number=next_number("SA"),
        customer=customer,
        contact=contact or main_contact(customer),
        owner=owner,
        department=customer.department or owner.department,
        requested_by=by,
        **facts,
    )
    _write(sample, lines)
    if owner.pk != by.pk:
        involve(sample, user=by, why=_("requested it"))
    tell_maker(sample)
    return sample


def tell_maker(sample: Sample) -> None:
    """Whoever is to make the sample learns of it."""
    if sample.maker is not None:
        queue.notify(
            sample.maker,
            "quotations.sample_requested",
            about=sample,
            context={
                "number": sample.number,
                "customer": sample.customer.name,
                "goods": "; ".join(line.goods for line in sample.lines.select_related("product").order_by("position")),
                "wanted_on": sample.wanted_on,
            },
            key=f"sample-requested-{sample.pk}-{sample.version}-{sample.maker_id}",
        )


@action(Customer, label=gettext_lazy("Request a sample"), form=forms.SampleForm)
def request_sample(customer: Customer, *, by: User, **facts: Any) -> Sample:
    """Ask the house for a sample for this customer: which goods, until when, and what he expects (KF 3.1.9)."""
    return _request(customer, by=by, **facts)


@action(
    Inquiry,
    label=gettext_lazy("Request a sample"),
    source=ASKED,
    form=forms.SampleForm,
    unless=inquirer_unknown,
)
def request_inquiry_sample(inquiry: Inquiry, *, by: User, **facts: Any) -> Sample:
    """Ask the house for a sample for whoever inquires (KF 3.1.9)."""
    if inquiry.customer is None:  # the guard has asked
        raise TypeError("an inquiry of nobody")
    return _request(inquiry.customer, by=by, inquiry=inquiry, **facts)


@action(
    Sample,
    label=gettext_lazy("Revise the request"),
    source={S.REQUESTED, S.DECLINED},
    form=forms.SampleRevisionForm,
)
def revise_sample(
    sample: Sample, *, by: User, lines: list[dict[str, Any]], contact: Contact | None = None, **facts: Any
) -> None:
    """Mend what is asked for, before it is made or between two rounds; rounds that were made stay as they are."""
    maker = sample.maker_id
    for name, value in facts.items():
        setattr(sample, name, value)
    sample.contact = contact or sample.contact
    _write(sample, lines)
    if sample.maker_id != maker:
        tell_maker(sample)


@action(
    Sample,
    label=gettext_lazy("Cancel the sample"),
    source={S.REQUESTED, S.MAKING, S.MADE, S.SENT, S.RECEIVED, S.DECLINED},
    target=S.CANCELLED,
    form=ReasonForm,
)
def cancel_sample(sample: Sample, *, by: User, reason: str) -> None:
    """Cancel a sample that nobody wants any more, with the reason."""
    sample.reason = reason
    end_links(sample, SAMPLE_LINK)
