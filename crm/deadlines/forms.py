"""The forms of the verbs about deadlines."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.deadlines.models import Deadline
from crm.deadlines.moves import Move, moves
from crm.forms import VerbForm
from crm.words import exact


class MovesField(forms.ModelMultipleChoiceField):
    """Running deadlines that the changed calendar would move, each with its old and its new time."""

    widget = forms.CheckboxSelectMultiple
    found: dict[int, Move]

    def label_from_instance(self, obj: Deadline) -> str:
        move = self.found[obj.pk]
        subject = f" {move.deadline.subject}" if move.deadline.subject else ""
        return f"{obj.label}{subject}: {exact(move.old)} → {exact(move.new)}"


class MoveForm(VerbForm):
    """Which running deadlines follow the changed calendar; all that would move are offered, and chosen at first."""

    deadlines = MovesField(
        Deadline.objects.all(),
        label=_("deadlines"),
        help_text=_("They were computed before the calendar changed, and keep their time unless they are moved."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, by: Any, obj: Any = None, **options: Any) -> None:
        super().__init__(data, files, by=by, obj=obj, **options)
        field: Any = self.fields["deadlines"]
        field.found = {move.deadline.pk: move for move in moves()[0]}
        field.queryset = field.queryset.filter(pk__in=field.found)
        field.initial = list(field.found)
