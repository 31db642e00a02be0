"""The pages that a customer opens by a link, without an account."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.links.models import Link
from crm.links.pages import LinkPage
from crm.records.masks import masked
from customers.models import Contact, Customer

SHOWN = ("name", "region", "industry", "bank_name")


def details(customer: Customer, link: Link) -> list[tuple[Any, Any]]:
    """What we know of him; identifiers by their last characters, so that a link in wrong hands tells little."""
    rows = [(Customer._meta.get_field(name).verbose_name, getattr(customer, name)) for name in SHOWN]  # type: ignore[union-attr]
    rows += [(_("social credit code"), masked(customer, "licence"))]
    rows += [(address.get_kind_display(), address.text) for address in customer.addresses.all()]
    for contact in Contact.objects.filter(customer=customer, active=True):
        phones = [masked(contact, name) for name in contact.phones]
        rows.append((_("contact"), " · ".join(filter(None, [contact.name, contact.title, *phones]))))
    return [(label, value) for label, value in rows if value]


LinkPage(
    "customers.details",
    title=_("Please check your details"),
    lead=_("Is this still right? If something has changed, tell us below."),
    verbs=("customers.verify_customer", "customers.tell_change"),
    facts=details,
    given=lambda verb, customer, link: {"remarks": "by link"} if verb == "customers.verify_customer" else {},
    buttons={
        "customers.verify_customer": _("Everything is right"),
        "customers.tell_change": _("Something has changed"),
    },
)
