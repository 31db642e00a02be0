"""Goods are replaced by an order at no price, which goes the way of every order (KC 5.2.3)."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from complaints.carrying import only_who_carries_it
from complaints.compensation import forms
from complaints.compensation.models import Replacement
from complaints.facts import current_plan
from complaints.models import Complaint, Plan
from crm.accounts.models import User
from crm.actions import action
from crm.approvals.models import ApprovalRequest, Decision
from crm.refusals import Refused
from crm.words import quantity as shown
from customers.models import Contact, Customer
from orders.actions import apply_order
from orders.models import Line, Order, OrderType

S = Complaint.Status
NONE = Decimal(0)


def replacement_of(plan: Plan) -> Replacement | None:
    """The replacement of a plan that was not cancelled, or None."""
    rows = plan.replacements.exclude(order__status=Order.Status.CANCELLED)
    return rows.select_related("order").order_by("-pk").first()


def _not_to_replace(complaint: Complaint, by: User) -> Refused | None:
    plan = current_plan(complaint)
    if plan is None or plan.outcome != Plan.Outcome.REPLACEMENT:
        return Refused("other_outcome", _("The plan of this complaint replaces nothing."))
    if found := replacement_of(plan):
        return Refused("replaced", _("Replacement order %(number)s is there already.") % {"number": found.order})
    return only_who_carries_it(complaint, by)


@action(
    Complaint,
    label=gettext_lazy("Make the replacement order"),
    source={S.CARRYING_OUT},
    form=forms.ReplacementForm,
    unless=_not_to_replace,
)
def order_replacement(
    complaint: Complaint,
    *,
    by: User,
    lines: list[dict[str, Any]],
    wanted_on: date,
    type: OrderType,
    fulfilment: str = Order.Fulfilment.PICKUP,
    place: str = "",
    contact: Contact | None = None,
    remarks: str = "",
) -> Replacement:
    """Order what is replaced at no price, by the decision on the plan; it goes the way of every order (KC 5.2.3).

    Raises Refused for goods that did not leave, or more of them than left.
    """
    plan = current_plan(complaint)
    assert plan is not None  # the guard was asked under the lock
    _refuse_others(complaint, lines)
    with override(settings.LANGUAGE_CODE):  # what is kept is read by others than who acts
        told = {"number": complaint, "names": "、".join(_deciders(complaint))}
        why = _("Replacement after complaint %(number)s, approved by %(names)s") % told
    order = apply_order(
        by=User.objects.system("complaints"),
        applicant=by,
        customer=complaint.customer,
        contact=contact or complaint.contact,
        type=type,
        fulfilment=fulfilment,
        wanted_on=wanted_on,
        place=place,
        remarks=remarks,
        description=why,
        price_reason=why[:300],
        payment_terms=Customer.Terms.PREPAY,  # nothing is to be paid, so no credit is asked for
        payment_days=0,
        lines=[{**line, "price": NONE} for line in lines],
    )
    return Replacement.objects.create(complaint=complaint, plan=plan, order=order, made_by=by)


def _deciders(complaint: Complaint) -> list[str]:
    """Who approved the plan, in the order in which they did."""
    asked = ApprovalRequest.objects.about(complaint).filter(verb="complaints.approve_plan").order_by("-pk").first()
    said = Decision.objects.filter(request=asked, what=Decision.What.APPROVED).select_related("by").order_by("pk")
    return [each.by.name for each in said]


def _refuse_others(complaint: Complaint, lines: list[dict[str, Any]]) -> None:
    """Only what the customer had of the order is replaced, and no more of it than he had."""
    wanted: dict[Any, Decimal] = defaultdict(lambda: NONE)
    for line in lines:
        wanted[line["product"]] += line["quantity"] * line["factor"]
    had = _had(complaint)
    for product, quantity in wanted.items():
        if quantity > had.get(product.pk, NONE):
            raise Refused(
                "more_than_delivered",
                _("%(product)s: %(quantity)s would be replaced; the customer had %(had)s.")
                % {
                    "product": product,
                    "quantity": shown(quantity, str(product.unit)),
                    "had": shown(had.get(product.pk, NONE), str(product.unit)),
                },
                _("Replace no more than what he had; what did not leave is still delivered on the order itself."),
            )


def _had(complaint: Complaint) -> dict[int, Decimal]:
    """How many base units of each product he had under the complaint's order and were not replaced yet.

    Without an order it is what the complaint says, less what was replaced after this complaint.
    """
    lines = Line.objects.order_by()
    if complaint.order_id is None:
        found = {complaint.product_id: complaint.quantity or NONE} if complaint.product_id else {}
        replaced = lines.filter(order__replacement__complaint=complaint)
    else:
        left = lines.filter(order=complaint.order_id).values_list("product").annotate(Sum("collected"))
        found = dict(left)
        replaced = lines.filter(order__replacement__complaint__order=complaint.order_id)
    replaced = replaced.exclude(order__status=Order.Status.CANCELLED).order_by()
    for product, quantity in replaced.values_list("product").annotate(found=Sum(F("quantity") * F("factor"))):
        found[product] = found.get(product, NONE) - quantity
    return found
