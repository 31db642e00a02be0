"""What is known of a customer before he is visited or called: whom to ask for, what he said, got and complains of."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from crm.accounts.models import User
from customers.models import Contact
from pickup.models import Record
from satisfaction.visits.models import Visit

FEW = 3  # of each kind
SAID = (
    ("news", _("New goods presented to him")),
    ("questions", _("What he asked, and the answer")),
    ("use", _("How he uses the goods")),
    ("needs", _("What he needs")),
    ("suggestions", _("What he suggests")),
)


def made_before(visit: Visit, user: User) -> Visit | None:
    """The latest visit or call before this one that was made, as far as `user` may see it."""
    made = Visit.objects.visible_to(user).filter(customer=visit.customer_id, status=Visit.Status.DONE)
    if visit.done_at:
        made = made.filter(done_at__lt=visit.done_at)
    return made.exclude(pk=visit.pk).order_by("-done_at").first()


def said_at(visit: Visit) -> list[dict[str, Any]]:
    """What the form of a visit asks for, each with what is written there."""
    return [{"label": label, "text": getattr(visit, name)} for name, label in SAID]


def known_before(visit: Visit, user: User) -> dict[str, Any]:
    """The contacts who are there, the visit before, the latest handovers and the open complaints that `user` may see.

    Four queries, and one for the goods of the handovers.
    """
    customer = visit.customer_id
    contacts = Contact.objects.visible_to(user).filter(customer=customer, active=True).order_by("-main", "pk")
    handed = Record.objects.visible_to(user).filter(pickup__customer=customer, kind=Record.Kind.HANDOVER, reversal=None)
    complaints = Complaint.objects.visible_to(user).filter(customer=customer, status__in=Complaint.OPEN)
    before = made_before(visit, user)
    return {
        "contacts": list(contacts[:FEW]),
        "before": before,
        "said": [each for each in said_at(before) if each["text"]] if before else [],
        "handed": list(handed.prefetch_related("lines__line__product__unit").order_by("-at")[:FEW]),
        "complaints": list(complaints.order_by("-pk")[:FEW]) if user.has_perm("complaints.view_complaint") else [],
    }
