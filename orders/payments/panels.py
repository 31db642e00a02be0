"""What this app shows on the pages of invoices, receipts and dunning, and on those of an order and a customer."""

from typing import Any
from uuid import uuid4

from django.db.models import F, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.web.panels import panel, step
from customers.models import Customer
from orders.models import Order
from orders.payments import reminding
from orders.payments.ages import AGES, age_of_invoice
from orders.payments.models import Dunning, Invoice, Receipt
from orders.payments.suggesting import suggestions

SHOWN = 20


@panel(Invoice, "payments", _("Payments of the order"), "orders/panels/payments.html", side=True, order=20)
def payments(invoice: Invoice, user: User) -> dict[str, Any] | None:
    """What was received for the invoice's order, for whom may see payments."""
    if not user.has_perm("orders.view_payment"):
        return None
    rows = list(invoice.order.payments.select_related("entered_by", "reversal"))
    return {"rows": rows, "count": len(rows), "action": step("orders.enter_payment", invoice.order, user)}


@panel(Invoice, "others", _("Invoices of the order"), "payments/panels/invoices.html", side=True, order=15)
def others(invoice: Invoice, user: User) -> dict[str, Any] | None:
    """The other invoices and the credit notes of its order, which share the order's payments with it."""
    rows = list(invoice.order.invoices.exclude(pk=invoice.pk).order_by("due_on", "pk"))
    return {"rows": rows, "count": len(rows), "small": True} if rows else None


@panel(Receipt, "suggestions", _("Suggestions"), "payments/panels/suggestions.html", order=5)
def suggested(receipt: Receipt, user: User) -> dict[str, Any] | None:
    """What the rest of the money may be for, each accepted by one click."""
    verb = ACTIONS["payments.match_receipt"]
    if verb.refusal(receipt, user) is not None:
        return None
    found = suggestions(receipt, user)
    return {
        "rows": [item.order for each in found for item in each.items],
        "suggestions": found,
        "url": reverse("do", args=[verb.name, receipt.pk]),
        "key": uuid4(),
        "action": step(verb.name, receipt, user),
    }


@panel(Receipt, "matches", _("Matches"), "payments/panels/matches.html", order=10)
def matches(receipt: Receipt, user: User) -> dict[str, Any] | None:
    """For which orders the money counts, what was taken back, and what was paid back."""
    rows = list(receipt.matches.select_related("order__customer", "by", "taken_back_by"))
    refunds = list(receipt.refunds.select_related("by"))
    if not rows and not refunds:
        return None
    may = ACTIONS["payments.take_back_match"].refusal(receipt, user) is None
    back = reverse("do", args=["payments.take_back_match", receipt.pk]) if may else ""
    return {"rows": [each.order for each in rows], "matches": rows, "refunds": refunds, "back": back}


@panel(Dunning, "step", _("Next step"), "payments/panels/step.html", order=5)
def next_step(dunning: Dunning, user: User) -> dict[str, Any] | None:
    """The step that is proposed, its words, and that supply may be suspended, where the step proposes it."""
    if dunning.step is None:
        return None
    invoices = reminding.overdue_of(dunning.customer_id)
    contact = reminding.addressee(dunning)
    suspend = step("customers.suspend_supply", dunning.customer, user) if dunning.step.suspends else None
    return {
        "step": dunning.step,
        "text": reminding.wording(dunning, dunning.step, contact, invoices),
        "contact": contact,
        "suspends": dunning.step.suspends and not dunning.customer.supply_suspended,
        "action": suspend,
    }


@panel(Dunning, "invoices", _("Overdue invoices"), "payments/panels/invoices.html", order=10)
def overdue(dunning: Dunning, user: User) -> dict[str, Any] | None:
    """What of the customer's is overdue, the oldest first."""
    rows = reminding.overdue_of(dunning.customer_id)
    return {"rows": rows, "count": len(rows), "total": reminding.sum_of(rows)} if rows else None


@panel(Dunning, "reminders", _("Reminders"), "payments/panels/reminders.html", order=20)
def reminders(dunning: Dunning, user: User) -> dict[str, Any] | None:
    """What was sent, called and written, the latest first."""
    rows = list(dunning.reminders.select_related("by", "contact", "step"))
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(Order, "invoices", _("Invoices"), "payments/panels/invoices.html", side=True, order=22)
def of_order(order: Order, user: User) -> dict[str, Any] | None:
    """The order's invoices and what of them is open, for whom may see them."""
    if not user.has_perm("payments.view_invoice"):
        return None
    rows = list(order.invoices.order_by("due_on", "pk"))
    action = None
    if user.has_perm("payments.enter_invoice"):
        verb = ACTIONS["payments.enter_invoice"]
        action = {"name": verb.name, "label": verb.label, "url": f"{reverse('do', args=[verb.name])}?order={order.pk}"}
    return {"rows": rows, "count": len(rows), "action": action, "small": True} if rows or action else None


@panel(Customer, "ageing", _("Invoices to be paid"), "payments/panels/ageing.html", side=True, order=17)
def of_customer(customer: Customer, user: User) -> dict[str, Any] | None:
    """What the customer owes by age, his credit, and whether he is being reminded."""
    if not user.has_perm("payments.view_invoice"):
        return None
    rows = Invoice.objects.visible_to(user).filter(customer=customer, status=Invoice.Status.OPEN)
    sums = dict.fromkeys((each.key for each in AGES), reminding.sum_of([]))
    aged = rows.annotate(age=age_of_invoice()).order_by().values("age").annotate(left=Sum(F("amount") - F("paid")))
    sums.update(aged.values_list("age", "left"))
    receipts = Receipt.objects.visible_to(user).to_match().filter(customer=customer).order_by()
    credit = receipts.aggregate(found=Sum(F("amount") - F("matched") - F("refunded")))["found"]
    case = Dunning.objects.visible_to(user).filter(customer=customer, status=Dunning.Status.OPEN).first()
    if not any(sums.values()) and not credit and case is None:
        return None
    ages = [
        {
            "label": each.label,
            "tone": each.tone,
            "sum": sums[each.key],
            "url": f"{reverse('invoices')}?customer={customer.pk}&age={each.key}",
        }
        for each in AGES
        if sums[each.key]
    ]
    credit_url = f"{reverse('receipts')}?tab=open&customer={customer.pk}"
    return {"ages": ages, "credit": credit, "credit_url": credit_url, "case": case, "rows": [case] if case else []}
