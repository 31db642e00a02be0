"""The time limits of scales (KC 5.2.1.5)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from complaints.verification.models import Scale
from crm.deadlines.rules import Rule


def _holds_until(scale: Scale) -> date:
    """The end of its certificate; a scale that has none needs one on the day on which it is registered."""
    return scale.valid_until or scale.registered_on


Rule(
    "scale.certificate",
    "KC 5.2.1.5",
    label=_("Have a scale calibrated before its certificate expires"),
    on=Scale,
    during={Scale.Status.IN_USE},
    due=_holds_until,
    met_by="verification.enter_certificate",
    warn="30 d",
)
