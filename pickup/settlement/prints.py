"""The printable forms of a settlement (R8): the statement (对账单) and the invoice memo (开票备忘录), in Chinese."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from crm import clock
from crm.accounts.models import User
from crm.records.masks import encrypted_field, may_reveal, reveal
from crm.web.areas import must_open
from crm.web.facts import fact, facts
from crm.web.qr import qr
from crm.web.requests import SignedIn
from orders.contracts.capitals import capitals
from orders.contracts.models import Contract
from pickup.settlement.models import InvoiceMemo, Statement

BUYER = ("title", "tax_number", "address", "phone", "bank_name", "bank_account")


def in_capitals(amount: Decimal) -> str:
    """An amount in capitals; below nothing as red invoices have it (（负数）before the amount)."""
    return f"（负数）{capitals(-amount)}" if amount < 0 else capitals(amount)


def sheet_of(statement: Statement) -> dict[str, Any]:
    """What a statement says on paper: both parties, each line, the total in figures and capitals."""
    order = statement.order
    contract = Contract.objects.filter(order=order.pk, status__in=Contract.BINDING).order_by("-pk").first()
    return {
        "statement": statement,
        "order": order,
        "contract": contract,
        "customer": order.customer,
        "seller": settings.COMPANY_NAME,
        "phone": settings.COMPANY_PHONE,
        "lines": list(statement.lines.select_related("product", "unit").order_by("position")),
        "capitals": in_capitals(statement.total),
    }


@login_required
@require_GET
def statement_print(request: SignedIn, pk: int) -> HttpResponse:
    """The statement (对账单) on paper, to be signed and sealed by the customer."""
    must_open(request.user, Statement, pk)
    rows = Statement.objects.visible_to(request.user).select_related("order__customer", "order__owner", "contact")
    statement: Statement = get_object_or_404(rows, pk=pk)
    sheet = {
        "title": _("Statement of account"),
        "number": statement.number,
        "form_number": "KC-ST",
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(statement.number),
        "back_url": statement.get_absolute_url(),
    }
    return render(request, "settlement/print/statement.html", {"sheet": sheet, "paper": sheet_of(statement)})


def may_print_in_clear(user: User) -> bool:
    """Who issues the invoice copies the buyer's numbers from the memo; for everybody else they stay masked."""
    return user.has_perm("settlement.issue_invoice") and may_reveal(user)


def _buyer(memo: InvoiceMemo, by: User, *, clear: bool) -> list[dict[str, Any]]:
    """Whom the invoice is made out to; what is printed in clear is logged number by number, as any look at one is."""
    lines = [(name, line) for name in BUYER if (line := fact(memo, name, style="exact"))]
    for name, line in lines if clear else ():
        if encrypted_field(InvoiceMemo, name):
            line["html"] = reveal(memo, name, by=by)
    return [line for _name, line in lines]


@login_required
@require_GET
@never_cache
def memo_print(request: SignedIn, pk: int, *, clear: bool = False) -> HttpResponse:
    """The invoice memo (开票备忘录) on paper; the buyer's numbers are masked, in clear for who issues the invoice."""
    must_open(request.user, InvoiceMemo, pk)
    rows = InvoiceMemo.objects.visible_to(request.user).select_related(
        "order__customer", "statement", "filled_by", "checked_by"
    )
    memo: InvoiceMemo = get_object_or_404(rows, pk=pk)
    if clear and not may_print_in_clear(request.user):
        raise PermissionDenied
    sheet = {
        "title": _("Invoice memo for a red invoice") if memo.is_credit else _("Invoice memo"),
        "number": memo.number,
        "form_number": "KC-IM",
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(memo.number),
        "back_url": memo.get_absolute_url(),
        "facts": [
            *facts(memo, ("customer", "order", "statement", "kind"), style="exact"),
            *_buyer(memo, request.user, clear=clear),
            *facts(memo, ("remarks", "post_to"), style="exact"),
        ],
        "signatures": [
            {"label": _("Filled in by"), "name": memo.filled_by, "at": memo.filled_at},
            {"label": _("Checked by"), "name": memo.checked_by or "", "at": memo.checked_at},
        ],
    }
    context = {
        "sheet": sheet,
        "memo": memo,
        "lines": list(memo.lines.select_related("product", "unit").order_by("position")),
        "issued": list(memo.issued.all()),
        "capitals": in_capitals(memo.total),
    }
    return render(request, "settlement/print/memo.html", context)
