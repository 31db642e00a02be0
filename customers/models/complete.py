"""How complete a customer's record is."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer
from customers.models.papers import Document

ASKED_FOR: tuple[tuple[str, int], ...] = (
    # what a complete record holds (ZT 2.1, KH 2.1), and what each is worth
    ("name", 10),
    ("licence", 10),
    ("tax_number", 5),
    ("region", 5),
    ("industry", 5),
    ("business_area", 5),
    ("needs", 5),
    ("usual_goods", 5),
    ("owner", 10),
)


def completeness(customer: Customer) -> tuple[int, list[str]]:
    """How complete a record is, 0 to 100, and the names of what is missing (ZT 2.1, KH 2.1, JD 4.1).

    A person needs no licence and no tax number. Three queries.
    """
    person = customer.kind == Customer.Kind.PERSON
    got = Decimal(0)
    most = Decimal(0)
    missing: list[str] = []

    def ask(label: Any, worth: int, there: bool) -> None:
        nonlocal got, most
        most += worth
        if there:
            got += worth
        else:
            missing.append(str(label))

    for name, worth in ASKED_FOR:
        if not (person and name in {"licence", "tax_number"}):
            ask(Customer._meta.get_field(name).verbose_name, worth, bool(getattr(customer, name)))  # type: ignore[union-attr]
    contacts = [each for each in customer.contacts.all() if each.active]
    ask(_("contact"), 10, bool(contacts))
    ask(
        _("contact with a phone"),
        10,
        any(each.phones for each in contacts),
    )
    ask(_("address"), 10, customer.addresses.exists())
    if not person:
        held = set(customer.documents.filter(status=Document.Status.VALID).values_list("kind", flat=True))
        ask(Document.Kind.LICENCE.label, 10, Document.Kind.LICENCE in held)
        ask(Document.Kind.TAX.label, 5, Document.Kind.TAX in held)
    return int(got * 100 / most), missing
