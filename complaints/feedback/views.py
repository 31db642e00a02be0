"""The page of one piece of feedback."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from complaints.feedback.models import Feedback
from crm.web.areas import join_area
from crm.web.recordpage import RecordView

join_area("complaints", "feedbacks")


class FeedbackView(RecordView):
    """What a customer said, which department has it, what it answers, and what the customer was told."""

    model = Feedback
    related = ("customer", "contact", "order", "product__unit", "staff", "owner", "concerned__head", "complaint")
    prints = ((_("Feedback form"), "feedback-form"),)
    facts = (
        (_("Feedback"), ("customer", "contact", "kind", "about", "staff", "channel", "order", "product")),
        (_("Handling"), ("received_by", "received_at", "concerned", "addressee", "passed_at", "complaint")),
        (_("Answer"), ("verdict", "due_on", "answered_by", "answered_at", "told_at", "told_how")),
        (_("Done as promised"), ("done_by", "done_at", "closed_at")),
    )

    def subtitle(self, obj: Feedback) -> Any:
        """Whose it is, what it is about, and how often it went to the wrong department."""
        words = [obj.customer.name, obj.get_kind_display(), obj.get_about_display()]
        if obj.returns:
            words.append(
                ngettext("sent back %(times)s time", "sent back %(times)s times", obj.returns) % {"times": obj.returns}
            )
        return " · ".join(str(each) for each in words)
