"""The card of a request, and the link that opens it from a mail."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from crm.actions import ACTIONS
from crm.approvals.card import card, look
from crm.approvals.models import ApprovalRequest, Task
from crm.approvals.people import deputy_of
from crm.approvals.telling import read_link
from crm.deadlines.models import Deadline
from crm.refusals import Forbidden
from crm.web.areas import area
from crm.web.recordpage import RecordView
from crm.web.requests import SignedIn

area("approvals", _("Approvals"), icon="signature", order=45, listings=["approvals", "approval-requests"])

INTERNAL = {"approvals.conclude", "approvals.note_failure", "approvals.void"}
BESIDE = (
    "approvals.send_back",
    "approvals.raise_condition",
    "approvals.reject",
    "approvals.add_signer",
    "approvals.delegate",
)


class RequestView(RecordView):
    """One request: the card, with the buttons of the task that waits for the reader."""

    model = ApprovalRequest
    related = ("requester", "department", "question", "subject_type", "previous__question")
    facts = (
        (_("Request"), ("requester", "department", "amount", "asked_at", "ended_at", "reason", "problem", "previous")),
    )

    def record(self, obj: ApprovalRequest, request: SignedIn) -> dict[str, Any]:
        found = look(obj)
        if found.status != obj.status:
            obj.refresh_from_db()
        record = super().record(obj, request)
        shown = card(obj, request.user)
        html = render_to_string("approvals/card.html", shown, request)
        panel = {"key": "card", "title": _("What is to be approved"), "html": html, "count": None, "action": None}
        steps = render_to_string("approvals/steps.html", shown, request)
        way = {"key": "steps", "title": _("Who decides"), "html": steps, "count": None, "action": None}
        record["panels_main"] = [panel, *record["panels_main"]]
        record["panels_side"] = [way, *record["panels_side"]]
        record["title"] = f"{obj.label}: {obj.title}"
        record["owner"] = obj.requester
        hidden = [each for each in record["refused"] if each["name"] not in INTERNAL]
        record["refused"] = [each for each in hidden if each["name"].partition(".")[0] == "approvals"]
        own = [each for each in (record["primary"], *record["others"]) if each]
        record["primary"], record["others"] = None, own
        if task := shown["task"]:
            self._add_buttons(record, task, request, own)
        elif obj.status == ApprovalRequest.Status.FAILED:
            again = next((each for each in own if each["name"] == "approvals.carry_out"), None)
            record["primary"], record["others"] = again, [each for each in own if each is not again]
        return record

    def subtitle(self, obj: ApprovalRequest) -> Any:
        """Its number."""
        return obj.number

    def _add_buttons(self, record: dict[str, Any], task: Task, request: SignedIn, own: list[dict[str, Any]]) -> None:
        """What the reader may decide, before what else he may do."""
        record["pill"] = Deadline.objects.open().about(task).order_by("due_at").first()
        steps = []
        for name in ("approvals.approve", *BESIDE):
            verb, url = ACTIONS[name], reverse("do", args=[name, task.pk])
            refusal = verb.refusal(task, request.user)
            if refusal is None:
                steps.append({"name": name, "label": verb.label, "url": url})
            elif not isinstance(refusal, Forbidden):
                record["refused"].append(
                    {"name": name, "label": verb.label, "reason": refusal.sentence, "remedy": refusal.remedy}
                )
        if steps and steps[0]["name"] == "approvals.approve":
            record["primary"] = steps.pop(0)
        record["others"] = [*steps, *own]


@login_required
@require_GET
@never_cache
def open_card(request: SignedIn, token: str) -> HttpResponse:
    """The card that a mail points to, for whom the mail was sent; what is wrong with the link is said in words."""
    try:
        task_pk, user_pk = read_link(token)
    except signing.SignatureExpired:
        return render(request, "approvals/link.html", {"reason": "expired"}, status=410)
    except signing.BadSignature:
        return render(request, "approvals/link.html", {"reason": "forged"}, status=404)
    task = get_object_or_404(Task.objects.select_related("request__requester", "approver"), pk=task_pk)
    if request.user.pk not in (user_pk, getattr(deputy_of(task.approver, task.request.requester), "pk", None)):
        return render(request, "approvals/link.html", {"reason": "other"}, status=403)
    return HttpResponseRedirect(f"{task.request.get_absolute_url()}?asked={task.pk}")
