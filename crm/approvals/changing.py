"""What differs from what is asked since it was asked: the facts of a record change while a request waits."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models

from crm.actions import ACTIONS
from crm.approvals.declare import APPROVALS
from crm.approvals.engine import subject_of
from crm.approvals.facts import differences, in_every_language, wording_of
from crm.approvals.kept import restored
from crm.approvals.models import ApprovalRequest
from crm.refusals import Refused


def _state_of(subject: Any) -> dict[str, Any]:
    """That a record is in a state now in which the verb is not done any more, as a difference."""
    field = type(subject)._meta.get_field("status")
    now = in_every_language(subject.get_status_display)
    return {"label": in_every_language(lambda: field.verbose_name), "before": dict.fromkeys(now, ""), "after": now}


def changed(request: ApprovalRequest, subject: models.Model | None = None) -> list[dict[str, Any]] | None:
    """What differs now from what is asked: [] where nothing does, None where that cannot be told.

    It cannot be told where what was typed is not accepted by the verb's form any more, or what the facts name is gone:
    then the verb will say why.
    """
    verb, approval = ACTIONS.get(request.verb), APPROVALS.get(request.verb)
    subject = subject if subject is not None else subject_of(request)
    if verb is None or approval is None or (subject is None and request.subject_pk):
        return None
    record: Any = subject
    if record is not None and verb.source is not None and record.status not in verb.source:
        return [_state_of(record)]
    actor = approval.actor(request.requester)
    try:
        form = restored(request, subject, actor)
        if not form.is_valid():
            return None
        facts, _kept, digest = approval.found(verb, subject, form.cleaned_data)
    except (Refused, ValidationError, ObjectDoesNotExist):
        return None
    if digest == request.question.hash:
        return []
    found = differences(request.question.wording, wording_of(facts))
    if found:
        return found
    nothing = {"zh-hans": "", "en": ""}  # the words are the same, what they stand for is not
    return [{"label": nothing, "before": nothing, "after": nothing}]


def lock_subject(request: ApprovalRequest) -> models.Model | None:
    """Lock the record that it is about, so that its facts stay as they are until the decision is written."""
    model: Any = request.subject_type.model_class() if request.subject_type else None
    if model is None:
        return None
    rows = model._base_manager.select_for_update(of=("self",), no_key=True)
    return rows.filter(pk=request.subject_pk).first()
