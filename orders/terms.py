"""How kind payment terms are; no paper grants kinder ones than were decided with the customer's credit (JD 7.1)."""

from django.utils.translation import gettext as _

from crm.refusals import Refused
from customers.models import Customer

LENIENCE = list(Customer.Terms)  # each is kinder to the customer than the one before


def kindness(terms: str, days: int) -> tuple[int, int]:
    """How kind payment terms are to the customer, to be compared: what is paid before or at pickup knows no days."""
    return LENIENCE.index(Customer.Terms(terms)), days if terms == Customer.Terms.CREDIT else 0


def too_kind(customer: Customer, terms: tuple[str, int], remedy: str, *holding: tuple[str, int]) -> Refused | None:
    """Why a paper may not grant these terms: kinder than the customer's own and than those `holding`; else None.

    His own are decided with his credit; `holding` are those that were decided about the order already.
    """
    own = customer.payment_terms, customer.payment_days
    if kindness(*terms) <= max(kindness(*each) for each in (own, *holding)):
        return None
    return Refused(
        "terms_too_kind",
        _("This customer's own payment terms are stricter: %(terms)s.")
        % {"terms": customer.get_payment_terms_display()},
        remedy,
    )
