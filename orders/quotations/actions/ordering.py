"""An accepted quotation or an approved sample becomes an order application, once (KF 3.1.9, 3.2.2)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.actions import action
from crm.refusals import Refused
from customers.models import Contact
from orders.actions import apply_order, order_inquiry
from orders.inquiries.models import Inquiry
from orders.models import Order
from orders.quotations import forms
from orders.quotations.actions.offering import ordered
from orders.quotations.models import Quotation, Sample
from orders.quotations.pricing import cheap_today
from orders.terms import kindness

REVISES = "orders.revise_order"  # the right of whoever looks after an application


def _apply(inquiry: Inquiry | None, owner: User, *, by: User, **application: Any) -> Order:
    """Fill in the application form; where it began with an inquiry that waits for its order, as the inquiry's."""
    applicant = owner if owner.is_active and owner.has_perm(REVISES) else by
    if inquiry is not None:
        seen = Inquiry.objects.visible_to(by).filter(pk=inquiry.pk).first()
        if seen is not None and order_inquiry.refusal(seen, by) is None:
            return order_inquiry(seen, by=by, applicant=applicant, **application)
    return apply_order(by=by, applicant=applicant, **application)


@action(
    Quotation,
    label=gettext_lazy("Make an order"),
    source={Quotation.Status.ACCEPTED},
    form=forms.OrderQuotationForm,
    unless=ordered,
)
def order_quotation(quotation: Quotation, *, by: User, **application: Any) -> Order:
    """Turn the accepted version into an order application: its lines, its prices, its terms (KF 3.1.9).

    What the customer accepted binds, also where the list says otherwise by now; the review is shown where it does.
    """
    version, customer = quotation.current, quotation.customer
    lines = list(version.lines.select_related("product", "unit").order_by("position"))
    terms = version.payment_terms, version.payment_days
    own = customer.payment_terms, customer.payment_days
    if kindness(*terms) > kindness(*own):  # stricter since: what is owed meanwhile was decided with his credit
        terms = own
    order = _apply(
        quotation.inquiry,
        quotation.owner,
        by=by,
        customer=customer,
        contact=quotation.contact,
        project=quotation.project,
        payment_terms=terms[0],
        payment_days=terms[1],
        price_reason=f"{version} {version.price_reason}".strip()[:300] if cheap_today(lines) else "",
        lines=[
            {
                "product": line.product,
                "specification": line.specification,
                "quantity": line.quantity,
                "unit": line.unit,
                "factor": line.factor,
                "price": line.price,
            }
            for line in lines
        ],
        **application,
    )
    quotation.order = order
    return order


@action(
    Sample,
    label=gettext_lazy("Make an order"),
    source={Sample.Status.APPROVED},
    form=forms.OrderSampleForm,
    unless=ordered,
)
def order_sample(
    sample: Sample,
    *,
    by: User,
    lines: list[dict[str, Any]] | None = None,
    contact: Contact | None = None,
    **application: Any,
) -> Order:
    """Turn the approved sample into an order application; without lines about its own goods (KF 3.2.2)."""
    order = _apply(
        sample.inquiry,
        sample.owner,
        by=by,
        customer=sample.customer,
        contact=contact or sample.contact,
        lines=lines or _goods(sample),
        **application,
    )
    sample.order = order
    return order


def _goods(sample: Sample) -> list[dict[str, Any]]:
    rows = list(sample.lines.select_related("product__unit", "unit").order_by("position"))
    if any(row.product is None for row in rows):
        raise Refused(
            "described",
            _("Goods of this sample are described in words; an order names products."),
            _("Choose a product for each line."),
        )
    found = []
    for row in rows:
        product: Any = row.product
        unit = row.unit or product.unit
        factor = product.factor_of(unit)
        if factor is None:
            message = _("%(product)s is not sold in %(unit)s.") % {"product": product, "unit": unit}
            raise Refused("unit", message, _("Choose another unit in the line."))
        found.append(
            {
                "product": product,
                "specification": row.specification[:120],
                "quantity": row.quantity,
                "unit": unit,
                "factor": factor,
                "price": None,
            }
        )
    return found
