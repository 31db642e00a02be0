"""The time limit of credit."""

from django.utils.translation import gettext_lazy as _

from crm.deadlines.rules import Rule
from customers.credit.models import Assessment
from customers.models import Customer


def is_wanted(assessment: Assessment) -> bool:
    """Whether anybody must assess the customer again: he buys on account, and is not lost."""
    customer = assessment.customer
    return customer.payment_terms == Customer.Terms.CREDIT and customer.status != Customer.Status.LOST


Rule(
    "credit.assessment",
    "JD 7.1",
    label=_("Assess the customer's credit again before it ends"),
    on=Assessment,
    during={Assessment.Status.IN_FORCE},
    when=is_wanted,
    due="valid_until",
    who="customer.owner",
    met_by="credit.replace_assessment",
    warn="30 d",
)
