""" "Who would decide this now, and why?": a chain tried on a record before anybody asks."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.approvals.chains import Chain, chain_for, verb_choices
from crm.approvals.declare import APPROVALS
from crm.approvals.engine import record_department, steps_for
from crm.approvals.people import NOTES, deputy_of, seating
from crm.records.search import best_hits
from crm.small import whole

NAMED_BY = ("number", "code")  # what people call a record by


@dataclass
class Shown:
    """What the preview says: the chain, those that do not fit and why, and each step with its people."""

    subject: Any
    chain: Chain | None
    looked: list[tuple[Chain, str]]
    steps: list[dict[str, Any]] = field(default_factory=list)


def kind_choices() -> list[tuple[str, Any]]:
    """Every kind that some verb tells its requests apart by."""
    kinds = {key: label for each in APPROVALS.values() for key, label in each.kinds.items()}
    return [("", _("every kind")), *kinds.items()]


def part_choices() -> list[tuple[str, Any]]:
    """Every part of the facts that some verb lets a step judge on its own."""
    parts = {key: label for each in APPROVALS.values() for key, label in each.parts.items()}
    return [("", _("everything")), *parts.items()]


class PreviewForm(forms.Form):
    """A verb, the record that it would be done to, who would ask, and what he would type."""

    verb = forms.ChoiceField(label=_("What is approved"), choices=verb_choices)
    record = forms.CharField(
        label=_("Record"), required=False, max_length=80, help_text=_("Its number, its name or its key.")
    )
    requester = forms.ModelChoiceField(User.objects.none(), label=_("Asked by"))
    amount = forms.DecimalField(label=_("Amount"), required=False, max_digits=14, decimal_places=2)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=kind_choices)

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.by = by
        people: Any = self.fields["requester"]
        people.queryset = User.objects.working().order_by("username")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        verb = ACTIONS.get(found.get("verb", ""))
        if verb is None or verb.model is None:
            found["subject"] = None
            return found
        rows = verb.model._default_manager.visible_to(self.by)  # type: ignore[attr-defined]
        found["subject"] = find(rows, found.get("record", ""))
        if found["subject"] is None:
            raise ValidationError({"record": _("There is no such record, or it is not for you to see.")})
        return found


def find(rows: QuerySet, text: str) -> Any:
    """The record that `text` means: by number, by key, or by name where that can be searched for."""
    if not text:
        return None
    names = {each.name for each in rows.model._meta.fields}
    for name in NAMED_BY:
        if name in names and (row := rows.filter(**{name: text}).first()):
            return row
    key = whole(text)
    if key is not None and (row := rows.filter(pk=key).first()):
        return row
    if "search_terms" in names:
        return next(iter(best_hits(rows, text, 1)), None)
    return None


def preview(*, verb: str, subject: Any, requester: User, amount: Decimal | None, kind: str) -> Shown:
    """Who would decide, step by step, if `requester` asked now, and why he."""
    approval = APPROVALS[verb]
    department = record_department(subject, requester)
    version, looked = chain_for(verb, amount, kind, department)
    _version, steps = steps_for(approval, verb, amount, kind, department)
    shown = Shown(subject, version.chain if version else None, looked)
    for step in steps:
        found = seating(step, requester, department)
        people = []
        for seat in found.seats:
            deputy = deputy_of(seat.user, requester)
            people.append({"user": seat.user, "why": _why(seat.note), "deputy": deputy, "role": seat.role})
        shown.steps.append(
            {
                "step": step,
                "who": step.words,
                "people": people,
                "left_out": bool(found.note),
                "stops": not found.seats and not found.note,
            }
        )
    return shown


def _why(note: str) -> str:
    return str(NOTES[note]) if note else _t("named by the step")
