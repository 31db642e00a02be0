"""What the page of a message shows, and what its complaint shows of it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.inbox.actions import complain_of_talk, files_of
from complaints.inbox.models import Incoming
from complaints.models import Complaint
from crm.accounts.models import User
from crm.records.entries import talking
from crm.web.panels import panel
from customers.models import Contact

talking(complain_of_talk)


@panel(Incoming, "text", _("Text"), "inbox/panels/text.html", order=10)
def text(item: Incoming, user: User) -> dict[str, Any]:
    """What it says, as plain text; and what is only claimed in it."""
    seen = item.contact_id and Contact.objects.visible_to(user).filter(pk=item.contact_id).exists()
    named = item.named if item.status == Incoming.Status.NEW else None
    return {
        "claimed": item.contact if seen else None,
        "named": named,
        "rows": [each for each in (named, item.contact if seen else None) if each],
    }


@panel(Incoming, "files", _("Files"), "inbox/panels/files.html", order=20)
def files(item: Incoming, user: User) -> dict[str, Any] | None:
    """What came with it, and what of it was not kept."""
    found, missing = files_of(item), item.missing
    return {"files": found, "missing": missing, "count": len(found)} if found or missing else None


@panel(Complaint, "inbox", _("As it came in"), "inbox/panels/of_complaint.html", order=35)
def of_complaint(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """The messages that it was made of, or that were added to it, word for word."""
    rows = list(complaint.incoming.order_by("pk"))
    return {"rows": rows, "count": len(rows)} if rows else None
