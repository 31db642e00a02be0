"""The pages of meetings, help requests and joint handlings, and the minutes on paper."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm import clock
from crm.web.areas import area
from crm.web.facts import facts
from crm.web.qr import qr
from crm.web.recordpage import RecordView
from crm.web.requests import SignedIn
from orders.coordination.models import HelpRequest, JointHandling, OrderMeeting

area(
    "coordination",
    _("Meetings and help"),
    icon="users-group",
    order=42,
    listings=["order-meetings", "meeting-tasks", "help-requests", "joint-handlings"],
)


class MeetingView(RecordView):
    """One order meeting: its agenda, what was settled, who does what."""

    model = OrderMeeting
    related = ("convener", "filed_by")
    facts = (
        (_("Meeting"), ("meets_at", "place", "convener", "called_at", "reason")),
        (_("Minutes"), ("minutes", "filed_by", "filed_at")),
    )

    def record(self, obj: OrderMeeting, request: SignedIn) -> dict[str, Any]:
        filed = obj.status == OrderMeeting.Status.FILED
        label = _("Minutes") if filed else _("Agenda")
        record = super().record(obj, request)
        url = f"{obj.get_absolute_url()}minutes/"
        return {**record, "print_links": [{"label": label, "url": url}]}


class HelpView(RecordView):
    """One request for help with an order, and its answer."""

    model = HelpRequest
    related = ("order__customer", "department__head", "asked_by", "answered_by")
    facts = (
        (_("Help request"), ("order", "department", "what", "needed_on", "asked_by", "asked_at")),
        (_("Answer"), ("answer", "promised_on", "answered_by", "answered_at", "done_at")),
    )


class JointView(RecordView):
    """One order that departments handle together."""

    model = JointHandling
    related = ("order__customer", "lead", "begun_by", "ended_by")
    facts = (
        (_("Joint handling"), ("order", "purpose", "lead", "begun_by", "begun_at")),
        (_("Result"), ("result", "ended_by", "ended_at")),
    )


@login_required
@require_GET
def minutes_print(request: SignedIn, pk: int) -> HttpResponse:
    """The minutes of the order meeting (会议纪要) once they are filed, the agenda before."""
    rows = OrderMeeting.objects.visible_to(request.user).select_related("convener", "filed_by")
    meeting: OrderMeeting = get_object_or_404(rows, pk=pk)
    filed = meeting.status == OrderMeeting.Status.FILED
    signed = [{"label": _("Convened by"), "name": meeting.convener, "at": meeting.called_at}]
    if filed:
        signed.append({"label": _("Minutes by"), "name": meeting.filed_by, "at": meeting.filed_at})
    sheet = {
        "title": _("Minutes of the order meeting") if filed else _("Agenda of the order meeting"),
        "number": meeting.number,
        "form_number": "JD-08",
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(meeting.number),
        "back_url": meeting.get_absolute_url(),
        "facts": facts(meeting, ("meets_at", "place"), style="exact"),
        "signatures": signed,
    }
    context = {
        "sheet": sheet,
        "meeting": meeting,
        "filed": filed,
        "departments": meeting.departments.all(),
        "invited": meeting.invited.order_by("pk"),
        "present": meeting.present.order_by("pk"),
        "items": meeting.items.filter(struck=False).select_related("order__customer", "order__owner"),
        "tasks": meeting.tasks.select_related("owner", "item"),
    }
    return render(request, "coordination/print/minutes.html", context)
