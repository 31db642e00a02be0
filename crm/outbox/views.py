"""The bell, the notices, the calls to make, and the page of one message."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm.outbox.actions import read_notices
from crm.outbox.models import Message
from crm.small import whole
from crm.web.recordpage import RecordView

IN_BELL = 8
ON_PAGE = 40


@login_required
@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The newest notices and how many calls wait, as the fragment below the bell."""
    user: Any = request.user
    notices = Message.objects.notices_of(user)[:IN_BELL]
    return render(request, "messages/bell.html", {"notices": notices, "calls": Message.objects.calls_of(user).count()})


@login_required
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """All notices of the user, newest first; `before` is the last one of the page before."""
    user: Any = request.user
    rows, before = Message.objects.notices_of(user), request.GET.get("before", "")
    if whole(before) is not None:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: ON_PAGE + 1])
    context = {
        "notices": found[:ON_PAGE],
        "older": found[ON_PAGE - 1].pk if len(found) > ON_PAGE else None,
        "unread": Message.objects.unread_by(user).exists(),
        "first": not before,
    }
    return render(request, "messages/notices.html", context)


@login_required
@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Open what a notice is about, and take it as read."""
    user: Any = request.user
    found = get_object_or_404(Message.objects.notices_of(user), pk=pk)
    if found.status == Message.Status.UNREAD and read_notices.refusal(None, user) is None:
        read_notices(by=user, notices=[found])
    return HttpResponseRedirect(found.path or reverse("message", args=[pk]))


@login_required
@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """The calls that the user is asked to make, with what to say, the most urgent first."""
    user: Any = request.user
    rows = Message.objects.calls_of(user).select_related("recipient")
    return render(request, "messages/calls.html", {"calls": rows[:ON_PAGE]})


class MessagePage(RecordView):
    """One message: whom it went to, what it says, its state and its proof."""

    model = Message
    related = ("recipient", "done_by", "subject_type")
    facts = (
        ("", ("about", "channel", "addressee", "email", "phone", "language")),
        (
            _("Proof of sending"),
            ("queued_at", "next_at", "sent_at", "message_id", "attempts", "trouble", "read_at", "done_by", "result"),
        ),
        (_("Note"), ("note",)),
    )
