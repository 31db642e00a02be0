"""What a customer is reminded of: his overdue invoices, the step that fits their age, and the words of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Min, Sum
from django.utils.translation import override

from crm import clock
from crm.accounts.models import Department, User
from crm.once import once
from crm.words import exact, money
from customers.models import Contact
from orders.contracts.texts import PLACE
from orders.payments.models import Dunning, DunningStep, Invoice

FINANCE = "finance"  # the department's code, and the role's
NAMES = ("customer", "contact", "amount", "number", "oldest", "days", "company")  # what a step's text may name


@dataclass(frozen=True)
class Late:
    """What of a customer's is overdue: how many days the oldest of it, and how much it is."""

    oldest: date
    amount: Decimal
    number: int

    @property
    def days(self) -> int:
        """How many days the oldest is overdue."""
        return (clock.today() - self.oldest).days


def late_customers(customers: Iterable[int] | None = None) -> dict[int, Late]:
    """Every customer, or those of these keys, of whom anything is overdue; one query."""
    rows = Invoice.objects.overdue()
    if customers is not None:
        rows = rows.filter(customer__in=list(customers))
    sums = (
        rows.order_by()
        .values("customer")
        .annotate(oldest=Min("due_on"), left=Sum(F("amount") - F("paid")), number=Count("pk"))
    )
    return {row["customer"]: Late(row["oldest"], row["left"], row["number"]) for row in sums}


def overdue_of(customer: int) -> list[Invoice]:
    """A customer's overdue invoices, the oldest due first."""
    return list(Invoice.objects.overdue().filter(customer=customer).select_related("order").order_by("due_on", "pk"))


def step_for(steps: Iterable[DunningStep], days: int, done: int) -> DunningStep | None:
    """The step of `steps` that fits what is `days` overdue, after those up to `done` days were done; None for none."""
    return max((each for each in steps if done < each.days <= days), key=lambda each: each.days, default=None)


@once
def finance() -> Department | None:
    """The department of finance, where the company has one of that code."""
    return Department.objects.filter(code=FINANCE).first()


def finance_people() -> Any:
    """Whoever has finance as his role."""
    return User.objects.working().in_role(FINANCE)


def addressee(dunning: Dunning) -> Contact | None:
    """Whom a reminder is for: the customer's contact for money, else the main one, else anybody."""
    people = list(Contact.objects.filter(customer=dunning.customer_id, active=True).order_by("-main", "pk"))
    money_people = [each for each in people if Contact.Role.FINANCE in each.roles]
    return next(iter([*money_people, *people]), None)


def wording(dunning: Dunning, step: DunningStep | None, contact: Contact | None, invoices: list[Invoice]) -> str:
    """The step's text in the contact's language, with what it names filled in."""
    if step is None:
        return ""
    language = (contact.language if contact else "") or settings.LANGUAGE_CODE
    text = step.text_en if language.startswith("en") and step.text_en else step.text
    with override(language):
        values = {
            "customer": dunning.customer.name,
            "contact": contact.name if contact else dunning.customer.name,
            "amount": money(sum_of(invoices)),
            "number": str(len(invoices)),
            "oldest": exact(invoices[0].due_on) if invoices else "",
            "days": str(invoices[0].days_overdue) if invoices else "0",
            "company": settings.COMPANY_NAME,
        }
        return PLACE.sub(lambda found: str(values.get(found[1], found[0])), text)


def sum_of(invoices: Iterable[Invoice]) -> Decimal:
    """What of the invoices is still to be paid."""
    return sum((each.open_amount for each in invoices), Decimal("0.00"))


def as_kept(invoices: Iterable[Invoice]) -> list[dict[str, Any]]:
    """The invoices as a reminder keeps them: what was overdue when it was sent."""
    return [
        {
            "number": each.number,
            "order": each.order.number,
            "issued_on": each.issued_on.isoformat(),
            "due_on": each.due_on.isoformat(),
            "amount": str(each.amount),
            "open": str(each.open_amount),
            "days": each.days_overdue,
        }
        for each in invoices
    ]
