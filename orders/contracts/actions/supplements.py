"""Supplementary agreements: drafted with before and after, reviewed, applied on approval (KC 5.1.10)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.approvals.declare import Approval
from crm.inputs import ReasonForm
from crm.refusals import Refused
from orders.actions.amending import DATED_ORDERS, amend_order, lines_are_fixed
from orders.amending import refuse_below_delivered, refuse_too_fine, refuse_unfit
from orders.catalog.money import line_amounts
from orders.contracts import forms
from orders.contracts.actions.execution import OPEN_REQUESTS
from orders.contracts.actions.terms import granted_too_much, is_kinder, judge_kinder_terms, let_order_follow_terms
from orders.contracts.amended import Agreed, differing, kept, lines_now, terms_with, total_with
from orders.contracts.models import Contract, Supplement, SupplementLine
from orders.contracts.reviewing import PARTS, REGULAR, SPECIAL, supplement_facts
from orders.credit import beyond_ahead
from orders.models import OrderVersion

S, U = Contract.Status, Supplement.Status


def _drafted_already(contract: Contract, by: User) -> Refused | None:
    found = contract.supplements.filter(status=U.DRAFTED).first()
    if found is None:
        return None
    return Refused("drafted", _("Supplementary agreement %(number)s is not decided yet.") % {"number": found})


def _new_line(position: int, line: dict[str, Any]) -> dict[str, Any]:
    product = line.get("product")
    if product is None:
        raise Refused("no_product", _("A new line needs a product."))
    price = line.get("price")
    listed = product.price_on()
    if price is None and listed is None:
        raise Refused("no_price", _("%(product)s has no list price.") % {"product": product}, _("Enter a price."))
    return {
        "position": position,
        "product": product,
        "specification": product.specification,
        "unit": product.unit,
        "factor": Decimal(1),
        "tax_rate": product.tax_rate,
        "quantity_before": None,
        "price_before": None,
        "price": listed.price if price is None else price,
    }


def _changed_line(now: Agreed, line: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: getattr(now, name) for name in ("position", "product", "specification", "unit", "factor", "tax_rate")},
        "quantity_before": now.quantity,
        "price_before": now.price,
        "price": now.price if line.get("price") is None else line["price"],
    }


def _rows(contract: Contract, lines: list[dict[str, Any]]) -> list[SupplementLine]:
    """The lines as they are to be, each beside what it is now. Raises Refused for what cannot be agreed.

    Raises ValidationError for a number too fine.
    """
    now = {each.position: each for each in lines_now(contract)}
    following, rows = max(now, default=0) + 1, []
    for index, line in enumerate(lines):
        position = line.get("position")
        if position is None:
            facts, following = _new_line(following, line), following + 1
        elif position not in now:
            raise Refused("no_line", _("The contract has no line %(line)s.") % {"line": position})
        elif line.get("product") and line["product"].pk != now[position].product_id:
            raise Refused(
                "other_product",
                _("Line %(line)s is %(product)s.") % {"line": position, "product": now[position].product},
                _("Another product is a new line."),
            )
        else:
            facts = _changed_line(now[position], line)
        if (facts["quantity_before"], facts["price_before"]) == (line["quantity"], facts["price"]):
            continue
        amounts = line_amounts(line["quantity"], facts["price"], facts["tax_rate"])
        row = SupplementLine(**facts, quantity=line["quantity"], amount=amounts.gross, tax=amounts.tax)
        refuse_too_fine(row, index)
        rows.append(row)
    if len({row.position for row in rows}) < len(rows):
        raise Refused("line_twice", _("A line is named twice."))
    refuse_below_delivered(contract.order_id, rows)
    return rows


def _terms_too_kind(supplement: Supplement) -> Refused | None:
    """Asked only where the terms change: what was agreed before is agreed."""
    if not {"payment_terms", "payment_days"} & supplement.terms.keys():
        return None
    return granted_too_much(supplement.contract, *terms_with(supplement))


def _write(supplement: Supplement, lines: list[dict[str, Any]], terms: dict[str, Any]) -> None:
    contract = supplement.contract
    rows = _rows(contract, lines)
    changed = {
        name: {"before": kept(getattr(contract, name)), "after": kept(value)}
        for name, value in differing(contract, terms).items()
    }
    if not rows and not changed:
        raise Refused("no_change", _("Nothing differs from the contract as it is."))
    supplement.terms = changed
    if refused := _terms_too_kind(supplement):
        raise refused
    supplement.save()
    supplement.lines.all().delete()
    for row in rows:
        row.supplement = supplement
    SupplementLine.objects.bulk_create(rows)


@action(
    Contract,
    label=gettext_lazy("Draft a supplementary agreement"),
    source={S.IN_FORCE},
    form=forms.SupplementForm,
    unless=_drafted_already,
)
def draft_supplement(
    contract: Contract,
    *,
    by: User,
    why: str,
    agreed: str,
    effective_on: date,
    lines: list[dict[str, Any]] | None = None,
    **terms: Any,
) -> Supplement:
    """Write down what is agreed anew with the customer, line by line and term by term (KC 5.1.10)."""
    number = f"{contract.number}-{contract.supplements.count() + 1}"
    supplement = Supplement(
        number=number, contract=contract, why=why, agreed=agreed, effective_on=effective_on, drafted_by=by
    )
    _write(supplement, lines or [], terms)
    return supplement


@action(Supplement, label=gettext_lazy("Revise the draft"), source={U.DRAFTED}, form=forms.SupplementForm)
def revise_supplement(
    supplement: Supplement,
    *,
    by: User,
    why: str,
    agreed: str,
    effective_on: date,
    lines: list[dict[str, Any]] | None = None,
    **terms: Any,
) -> None:
    """Write the draft anew; of a review that runs only the parts that change are asked again (KC 5.1.10)."""
    supplement.why, supplement.agreed, supplement.effective_on = why, agreed, effective_on
    _write(supplement, lines or [], terms)


def _lines_do_not_fit(supplement: Supplement) -> Refused | None:
    """Why the lines could not be applied as they are drafted: contract or order are not as they were then."""
    rows, order = list(supplement.lines.select_related("product__unit")), supplement.contract.order
    if not rows:
        return None
    if refused := lines_are_fixed(order):
        return refused
    now = {each.position: each for each in lines_now(supplement.contract)}
    for row in rows:
        before = now.get(row.position)
        if (row.quantity_before, row.price_before) != ((before.quantity, before.price) if before else (None, None)):
            return Refused(
                "line_differs",
                _("Line %(line)s is not as it was when this was drafted.") % {"line": row},
                _("Revise the draft."),
            )
    try:
        refuse_unfit(order, rows)
    except Refused as refused_:
        return refused_
    return None


def _cannot_be_applied(supplement: Supplement, by: User) -> Refused | None:
    contract, order = supplement.contract, supplement.contract.order
    if contract.status != S.IN_FORCE:
        return Refused(
            "contract_not_in_force",
            _("Contract %(number)s is not in force: %(state)s.")
            % {"number": contract, "state": contract.get_status_display()},
        )
    if any(kept(getattr(contract, name)) != change["before"] for name, change in supplement.terms.items()):
        return Refused("term_differs", _("A term is not as it was when this was drafted."), _("Revise the draft."))
    if refused := _lines_do_not_fit(supplement) or _terms_too_kind(supplement):
        return refused
    raises = total_with(supplement) > order.total or is_kinder(order, *terms_with(supplement))
    return beyond_ahead(order) if raises else None


@action(
    Supplement,
    label=gettext_lazy("Apply the supplementary agreement"),
    source={U.DRAFTED},
    target=U.APPLIED,
    unless=_cannot_be_applied,
    approval=Approval(
        facts=supplement_facts,
        amount=lambda supplement, inputs: sum((row.amount for row in supplement.lines.all()), Decimal(0)),
        kind=lambda supplement, inputs: supplement.contract.kind,
        kinds=dict(Contract.Kind.choices),
        defaults={Contract.Kind.REGULAR: REGULAR, Contract.Kind.SPECIAL: SPECIAL},
        parts=PARTS,
        renewed=True,
        rule="contract.review",
        label=gettext_lazy("Send to review"),
    ),
)
def apply_supplement(supplement: Supplement, *, by: User) -> None:
    """Follow the last signature: contract and order are from now on as agreed anew (KC 5.1.10)."""
    contract, rows = supplement.contract, list(supplement.lines.select_related("product", "unit"))
    now = {each.position: each for each in lines_now(contract)}
    agreed: dict[int, Any] = {**now, **{row.position: row for row in rows}}
    changes: dict[str, Any] = {
        name: Contract._meta.get_field(name).to_python(change["after"])  # type: ignore[union-attr]
        for name, change in supplement.terms.items()
    }
    kinder = let_order_follow_terms(contract, *terms_with(supplement))  # first: a raised total is judged by them
    _let_order_follow(supplement, rows, changes.get("delivery_on"))
    if kinder:
        judge_kinder_terms(contract.order)  # last: they are judged by the total that was agreed with them
    if "delivery_on" in changes and not contract.shipments.filter(status__in=OPEN_REQUESTS).exists():
        changes["arranged_at"] = None  # the customer is called about transport again, on the new date
    quantity = sum((each.quantity * each.factor for each in agreed.values()), Decimal(0))
    Contract.objects.filter(pk=contract.pk).update(
        **changes,
        quantity=quantity.quantize(Decimal("0.001")),
        total=sum((each.amount for each in agreed.values()), Decimal(0)),
        tax=sum((each.tax for each in agreed.values()), Decimal(0)),
        version=F("version") + 1,
    )
    supplement.applied_at = clock.now()


def _let_order_follow(supplement: Supplement, rows: list[SupplementLine], delivery_on: date | None) -> None:
    """The order's lines are as agreed anew; its date follows the contract's for as long as goods are still to leave."""
    order = supplement.contract.order
    wanted_on = delivery_on if order.status in DATED_ORDERS else None
    if rows or wanted_on:
        amend_order(
            order,
            by=User.objects.system("contracts"),
            cause=OrderVersion.Cause.SUPPLEMENT,
            reference=supplement.number,
            lines=rows,
            wanted_on=wanted_on,
        )


@action(Supplement, label=gettext_lazy("Withdraw the draft"), source={U.DRAFTED}, target=U.DROPPED, form=ReasonForm)
def drop_supplement(supplement: Supplement, *, by: User, reason: str) -> None:
    """Withdraw a draft, with the reason; the contract stays as it is (KC 5.1.10)."""
    supplement.reason = reason
