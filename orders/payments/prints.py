"""The printable form of payments: the formal letter over what is overdue (催款函)."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm.records.kinds import shown
from crm.web.qr import qr
from crm.web.requests import SignedIn
from orders.contracts.capitals import capitals
from orders.payments.models import BankAccount, DunningStep, Reminder


@login_required
@require_GET
def letter_print(request: SignedIn, pk: int) -> HttpResponse:
    """The letter as it was written: its words and the invoices of that day, with the account to pay to."""
    rows = Reminder.objects.visible_to(request.user).filter(channel=DunningStep.Channel.LETTER)
    reminder: Reminder = get_object_or_404(rows.select_related("dunning__customer", "contact", "step"), pk=pk)
    account = BankAccount.objects.filter(active=True).order_by("pk").first()
    sheet = {
        "title": _("Demand for payment"),
        "number": reminder.number,
        "form_number": "JD-7.1",
        "form_version": "1",
        "at": reminder.at,
        "qr": qr(reminder.number),
        "back_url": reminder.get_absolute_url(),
    }
    context = {
        "sheet": sheet,
        "reminder": reminder,
        "customer": reminder.dunning.customer,
        "rows": [_read(each) for each in reminder.invoices],
        "capitals": capitals(reminder.amount),
        "account": account,
        "number": shown("bank", account.number) if account and account.number else "",  # our own, for him to pay to
    }
    return render(request, "payments/print/letter.html", context)


def _read(row: dict) -> dict:
    """One invoice as the reminder keeps it, with days and amounts as such."""
    days = {name: date.fromisoformat(row[name]) for name in ("issued_on", "due_on")}
    return {**row, **days, "amount": Decimal(row["amount"]), "open": Decimal(row["open"])}
