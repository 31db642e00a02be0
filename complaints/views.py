"""The page of a complaint."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from complaints.coming import Coming, coming
from complaints.models import Complaint
from complaints.papers import may_reply
from crm.records.addresses import Addresses
from crm.web.areas import area
from crm.web.panels import step
from crm.web.recordpage import RecordView
from crm.web.requests import SignedIn

area("complaints", _("Complaints"), icon="mood-sad", order=60, listings=["complaints"])


class ComplaintView(RecordView):
    """One complaint: how severe, how far, what is known, and who does what."""

    model = Complaint
    related = ("customer", "contact", "order", "pickup", "product__unit", "owner", "lead", "department__head", "cause")
    prints = (
        (_("Complaint handling report"), "complaint-report"),
        (_("8D report"), "complaint-8d"),
        (_("Letter of reply to the customer"), "complaint-letter"),
    )
    facts = (
        (_("Complaint"), ("customer", "contact", "category", "severity", "wish", "channel", "content")),
        (_("Goods"), ("order", "pickup", "product", "batch", "quantity")),
        (_("Handling"), ("received_by", "received_at", "registered_at", "lead", "responsible", "cause")),
        (
            _("Result"),
            ("result", "reported_by", "told_at", "closed_at", "check_on", "effective", "effect", "file_state"),
        ),
        (_("Complaint withdrawn"), ("withdrawn_at", "withdrawn_why", "double_of", "withdrawal")),
    )

    def subtitle(self, obj: Complaint) -> Any:
        """Whose it is, how severe, and how often it went round again."""
        words = [obj.customer.name, obj.get_category_display(), obj.get_severity_display()]
        if obj.reopened:
            words.append(
                ngettext("reopened %(times)s time", "reopened %(times)s times", obj.reopened) % {"times": obj.reopened}
            )
        return " · ".join(str(each) for each in words)

    def next_verb(self, obj: Complaint) -> str:
        """The first step that is waited for and is done on the complaint itself."""
        return next((each.verb for each in self.coming if each.on is None and each.verb), "")

    def record(self, obj: Complaint, request: SignedIn) -> dict[str, Any]:
        """The page's content; the letter can be printed once the result is reported."""
        self.coming: list[Coming] = coming(obj)
        shown = super().record(obj, request)
        addresses = Addresses(request.user)
        addresses.expect(each.page for each in self.coming if each.page is not None)
        shown["coming"] = [
            {
                "step": each,
                "url": addresses.of(each.page) if each.page is not None else "",  # not where he may not go
                "button": step(each.verb, each.on, request.user) if each.on is not None else None,
            }
            for each in self.coming
        ]
        shown["coming"].sort(key=lambda row: row["button"] is None)  # what the reader does himself stands first
        if not may_reply(obj):
            letter = reverse("complaint-letter", args=[obj.pk])
            shown["print_links"] = [each for each in shown["print_links"] if each["url"] != letter]
        return shown
