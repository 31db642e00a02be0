"""The page of a return visit."""

from django.utils.translation import gettext_lazy as _

from crm.web.areas import join_area
from crm.web.recordpage import RecordView
from satisfaction.visits.models import Visit

join_area("satisfaction", "visits")


class VisitView(RecordView):
    """One return visit: when it is planned, and what the customer said."""

    model = Visit
    prints = ((_("Return visit form"), "visit-form"),)
    related = ("customer", "contact", "owner", "department", "visited_by", "complaint", "feedback")
    facts = (
        (
            _("Return visit"),
            ("customer", "contact", "owner", "occasion", "delivered_at", "quarter", "planned_on", "attempts"),
        ),
        (
            _("What he said"),
            ("channel", "done_at", "visited_by", "level", "news", "questions", "use", "needs", "suggestions"),
        ),
        (_("What became of it"), ("reason", "dropped_at", "complaint", "feedback")),
    )
