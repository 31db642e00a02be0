"""The pages that a customer opens by a link, without an account."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.links.models import Link
from crm.links.pages import LinkPage
from customers.models import Contact, Customer

SHOWN = ("name", "region", "industry", "bank_name")


def details(customer: Customer, link: Link) -> list[tuple[Any, Any]]:
    """What we know of him; identifiers by their last characters, so that a link in wrong hands tells little."""
    rows = [(Customer._meta.get_field(name).verbose_name, getattr(customer, name)) for name in SHOWN]  # type: ignore[union-attr]
    rows += [(_("social credit code"), f"…{customer.licence_tail}" if customer.licence_tail else "")]
    rows += [(address.get_kind_display(), address.text) for address in customer.addresses.all()]  # type: ignore[attr-defined]
    for contact in Contact.objects.filter(customer=customer, active=True):
        tails = [f"…{tail}" for tail in (contact.mobile_tail, contact.phone_tail) if tail]
        rows.append((_("contact"), " · ".join([contact.name, contact.title, *tails]).strip(" ·")))
    return [(label, value) for label, value in rows if value]


LinkPage(
    "customers.details",
    title=_("Please check your details"),
    lead=_("Is this still right? If something has changed, tell us below."),
    verbs=("customers.verify_customer", "customers.tell_change"),
    facts=details,
)
