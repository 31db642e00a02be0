"""The printable forms of contracts (R8): the sales contract, its review form, the contract list."""

from copy import copy
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm import clock
from crm.approvals.changing import changed
from crm.approvals.models import ApprovalRequest
from crm.web.areas import may_list, must_open
from crm.web.facts import facts
from crm.web.qr import qr
from crm.web.requests import SignedIn
from orders.contracts.amended import agreed_anew, as_of
from orders.contracts.capitals import capitals
from orders.contracts.lists import CONTRACTS
from orders.contracts.models import TERMS, Contract, Supplement
from orders.contracts.reviewing import changed_terms, last_review, opinions, requirements_of

MOST_PRINTED = 500  # rows of the contract list on paper
REVIEWED = (
    "customer",
    "order",
    "kind",
    "class_reason",
    "accepted_at",
    "accepted_by",
    *TERMS,
)


def sheet_of(contract: Contract) -> dict[str, Any]:
    """What the contract says on paper, as it was signed: parties, lines, their total in figures and capitals, articles.

    The contract's own total is that of by now: what was agreed anew stands on the papers of the supplements.
    """
    lines = list(contract.lines.select_related("product", "unit").order_by("position"))
    total = sum((line.amount for line in lines), Decimal(0))
    return {
        "contract": contract,
        "lines": lines,
        "total": total,
        "tax": sum((line.tax for line in lines), Decimal(0)),
        "capitals": capitals(total),
        "articles": contract.text,
        "seller": contract.parties.get("seller", {}),
        "buyer": contract.parties.get("buyer", {}),
    }


def supplement_sheet(supplement: Supplement) -> dict[str, Any]:
    """What a supplementary agreement says on paper: parties, lines and terms before and after."""
    return {
        "supplement": supplement,
        "lines": list(supplement.lines.select_related("product", "unit").order_by("position")),
        "terms": changed_terms(supplement),
        "paper": sheet_of(supplement.contract),
    }


def as_reviewed(contract: Contract) -> Contract:
    """A copy of the contract with the terms that were reviewed and signed, whatever was agreed anew since."""
    found, terms = copy(contract), as_of(contract, agreed_anew(contract), None).terms
    for name, value in terms.items():
        setattr(found, name, Contract._meta.get_field(name).to_python(value))  # type: ignore[union-attr]
    return found


def stands_for(contract: Contract, asked: ApprovalRequest) -> bool:
    """Whether the review is about the form as it is: one that was filled in anew since is to be reviewed anew."""
    return contract.status != Contract.Status.FILLED or not changed(asked, contract)


def _head(contract: Contract, title: Any, form_number: str) -> dict[str, Any]:
    return {
        "title": title,
        "number": contract.number,
        "form_number": form_number,
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(contract.number),
        "back_url": contract.get_absolute_url(),
    }


@login_required
@require_GET
def supplement_print(request: SignedIn, pk: int) -> HttpResponse:
    """The supplementary agreement (合同补充协议), to be signed and sealed by both."""
    must_open(request.user, Supplement, pk)
    rows = Supplement.objects.visible_to(request.user).select_related("contract__customer", "contract__owner")
    supplement: Supplement = get_object_or_404(rows, pk=pk)
    contract = supplement.contract
    sheet = {**_head(contract, _("Supplementary agreement"), "KC-7.7"), "number": supplement.number}
    sheet |= {"qr": qr(supplement.number), "back_url": supplement.get_absolute_url()}
    context = {
        **supplement_sheet(supplement),
        "sheet": sheet,
        "request": last_review(supplement),
    }
    return render(request, "contracts/print/supplement.html", context)


def _contract(request: SignedIn, pk: int) -> Contract:
    found: Contract = get_object_or_404(
        Contract.objects.visible_to(request.user).select_related(
            "customer", "contact", "order", "owner", "recorded_by"
        ),
        pk=pk,
    )
    return found


@login_required
@require_GET
def contract_print(request: SignedIn, pk: int) -> HttpResponse:
    """The sales contract (产品购销合同), once it is made."""
    contract = _contract(request, pk)
    if contract.made_at is None or not contract.text:
        raise Http404
    sheet = _head(contract, _("Sales contract"), "KC-CT")
    return render(request, "contracts/print/contract.html", {"sheet": sheet, "paper": sheet_of(contract)})


@login_required
@require_GET
def review_print(request: SignedIn, pk: int) -> HttpResponse:
    """The review form (合同评审表), with every opinion as it was signed."""
    contract = _contract(request, pk)
    asked = last_review(contract)
    sheet = _head(contract, _("Contract review form"), "KC-7.5")
    sheet["facts"] = facts(as_reviewed(contract), REVIEWED, style="exact")
    outdated = asked is not None and not stands_for(contract, asked)
    if outdated:
        asked = None
    context = {
        "sheet": sheet,
        "contract": contract,
        "lines": contract.lines.select_related("product", "unit").order_by("position"),
        "total": contract.lines.aggregate(found=Sum("amount"))["found"],  # of these lines; supplements have their own
        "requirements": requirements_of(contract),
        "request": asked,
        "outdated": outdated,
        "opinions": opinions(asked) if asked else [],
        "conditions": asked.conditions.select_related("owner", "closed_by") if asked else [],
    }
    return render(request, "contracts/print/review.html", context)


@login_required
@require_GET
def list_print(request: SignedIn) -> HttpResponse:
    """The contract list (合同清单) on paper: what the list's filters find, up to MOST_PRINTED rows."""
    if not may_list(request.user, Contract):
        raise PermissionDenied
    names = ["number", "customer", "kind", "status", "delivery_on", "quantity", "executed", "open", "total"]
    names += ["executed_amount", "open_amount", "signed_on"]
    try:
        rows = CONTRACTS.filtered(request.user, request.GET, request=request, tab=request.GET.get("tab", ""))
        page = CONTRACTS.page(rows, size=MOST_PRINTED, columns=names)
    except ValidationError:
        raise Http404 from None
    kinds, states = dict(Contract.Kind.choices), dict(Contract.Status.choices)
    for row in page.rows:
        row["kind"], row["status"] = kinds.get(row["kind"], ""), states[row["status"]]
    sums = {name: sum(row[name] for row in page.rows) for name in ("total", "executed_amount", "open_amount")}
    sheet = {
        "title": _("Contract list"),
        "number": "",
        "form_number": "KC-7.1",
        "form_version": "1",
        "at": clock.now(),
        "back_url": reverse("contracts"),
    }
    context = {"sheet": sheet, "rows": page.rows, "sums": sums, "more": bool(page.next)}
    return render(request, "contracts/print/list.html", context)
