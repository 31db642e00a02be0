"""The review: the form is filled in, departments judge their parts, the last yes passes it (KC 5.1.3-5)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.approvals.declare import Approval
from crm.links.making import end_links
from crm.refusals import Refused, only_the_system
from orders.contracts import forms
from orders.contracts.actions.terms import granted_too_much, is_kinder
from orders.contracts.models import LINK_PURPOSE, Contract, ContractLine
from orders.contracts.reviewing import PARTS, REGULAR, SPECIAL, review_facts
from orders.credit import beyond_ahead
from orders.models import Line, Order

S = Contract.Status
COPIED = (
    "position",
    "product_id",
    "specification",
    "unit_id",
    "quantity",
    "factor",
    "price",
    "tax_rate",
    "amount",
    "tax",
)
GONE = (Order.Status.DRAFT, Order.Status.RETURNED, Order.Status.CANCELLED)


def lines_now(order: Order) -> list[tuple[Any, ...]]:
    """The order's lines as a contract copies them."""
    return list(Line.objects.filter(order=order).order_by("position").values_list(*COPIED))


def order_differs(contract: Contract, by: User) -> Refused | None:
    """Why the contract may not go on: its order is gone, or says something else than what the form copied."""
    if contract.order.status in GONE:
        return Refused(
            "order_gone",
            _("Its order %(number)s is “%(state)s”.")
            % {"number": contract.order, "state": contract.order.get_status_display()},
            _("Cancel the contract, or see to the order first."),
        )
    copied = list(contract.lines.order_by("position").values_list(*COPIED))
    if copied != lines_now(contract.order):
        return Refused(
            "order_differs",
            _("The order was changed since the form was filled in."),
            _("Fill in the form again: it takes over the order's lines, and what has changed is reviewed anew."),
        )
    return None


@action(
    Contract,
    label=gettext_lazy("Fill in the review form"),
    source={S.CLASSIFIED, S.FILLED, S.REVIEW, S.PASSED, S.MADE, S.SENT},
    target={S.FILLED, S.REVIEW},
    form=forms.ReviewForm,
)
def fill_in_form(contract: Contract, *, by: User, delivery_on: date, **facts: Any) -> str:
    """Fill in or mend the review form (合同评审表) over the order's lines; only changed parts reopen (KC 5.1.5)."""
    for name, value in {"delivery_on": delivery_on, **facts}.items():
        setattr(contract, name, value)
    if refused := granted_too_much(contract, contract.payment_terms, contract.payment_days):
        raise refused
    rows = [dict(zip(COPIED, each, strict=True)) for each in lines_now(contract.order)]
    if not rows:
        raise Refused("no_lines", _("The order has no lines."), _("Complete the order first."))
    if [tuple(row.values()) for row in rows] != list(contract.lines.order_by("position").values_list(*COPIED)):
        contract.lines.all().delete()
        ContractLine.objects.bulk_create(ContractLine(contract=contract, **row) for row in rows)
    contract.quantity = sum((row["quantity"] * row["factor"] for row in rows), Decimal(0)).quantize(Decimal("0.001"))
    contract.total = sum((row["amount"] for row in rows), Decimal(0))
    contract.tax = sum((row["tax"] for row in rows), Decimal(0))
    contract.passed_at = None
    end_links(contract, LINK_PURPOSE)  # what he has in hand is not what will be signed
    return S.REVIEW if contract.status == S.REVIEW else S.FILLED


def _cannot_be_passed(contract: Contract, by: User) -> Refused | None:
    """Nobody reviews what cannot be signed, or terms that are beyond what the customer is trusted with."""
    terms = contract.payment_terms, contract.payment_days
    if refused := order_differs(contract, by) or granted_too_much(contract, *terms):
        return refused
    return beyond_ahead(contract.order) if is_kinder(contract.order, *terms) else None


@action(Contract, label=gettext_lazy("The review begins"), source={S.FILLED}, target=S.REVIEW, unless=only_the_system)
def begin_review(contract: Contract, *, by: User) -> None:
    """Note that the departments have the form (KC 5.1.3)."""


@action(Contract, label=gettext_lazy("The review ends"), source={S.REVIEW}, target=S.FILLED, unless=only_the_system)
def end_review(contract: Contract, *, by: User) -> None:
    """Note that the form came back without being passed; it is mended and sent again (KC 5.1.3)."""


@action(
    Contract,
    label=gettext_lazy("Pass the contract review"),
    source={S.FILLED, S.REVIEW},
    target=S.PASSED,
    unless=_cannot_be_passed,
    approval=Approval(
        facts=review_facts,
        amount=lambda contract, inputs: contract.total,
        kind=lambda contract, inputs: contract.kind,
        kinds=dict(Contract.Kind.choices),
        defaults={Contract.Kind.REGULAR: REGULAR, Contract.Kind.SPECIAL: SPECIAL},
        parts=PARTS,
        renewed=True,
        begun="contracts.begin_review",
        ended="contracts.end_review",
        rule="contract.review",
        label=gettext_lazy("Send to review"),
    ),
)
def pass_contract(contract: Contract, *, by: User) -> None:
    """Follow the last signature: the contract may be made and signed (KC 5.1.4-5.1.6)."""
    contract.passed_at = clock.now()
