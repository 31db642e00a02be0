"""The input of each verb on approvals."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.approvals.people import may_decide_at_all
from crm.approvals.steps import group_of
from crm.forms import NearDateField, PickField, VerbForm
from crm.inputs import DAY, WORDS, not_past
from crm.records.attachments import UploadField

LONG = 1000


def colleagues(rows: QuerySet[User], by: User) -> QuerySet[User]:
    """People who work here, but for who asks."""
    return rows.filter(kind=User.Kind.PERSON, is_active=True).exclude(pk=by.pk)


class OpinionForm(VerbForm):
    opinion = forms.CharField(label=_("Opinion"), required=False, max_length=LONG, widget=WORDS)

    def know(self, by: Any, obj: Any) -> None:
        """What one agrees to stands beside the opinion; a step that asks for one says so before it is left empty."""
        super().know(by, obj)
        if obj is not None:
            self.fields["opinion"].required = obj.step.opinion
            texts = [f"{fact['label']}: {fact['text'] or '–'}" for fact in obj.facts]
            if former := obj.former:
                texts.append(_("last time: “%(opinion)s”") % {"opinion": former.opinion or former.get_what_display()})
            self.fields["opinion"].help_text = " · ".join(texts)


class ReasonForm(VerbForm):
    reason = forms.CharField(label=_("Reason"), max_length=LONG, widget=WORDS)


class SendBackForm(VerbForm):
    step = forms.TypedChoiceField(
        label=_("Back to"), required=False, empty_value=None, coerce=int, choices=[("", _("the requester"))]
    )
    reason = forms.CharField(label=_("Reason"), max_length=LONG, widget=WORDS)

    def know(self, by: Any, obj: Any) -> None:
        """The steps before this one are offered."""
        super().know(by, obj)
        if obj is not None:
            steps = obj.request.steps
            before = steps[: group_of(steps, obj.position).start]
            earlier = [(str(index), step.title) for index, step in enumerate(before)]
            self.fields["step"].choices = [("", _("the requester")), *earlier]  # type: ignore[attr-defined]


class SomebodyForm(VerbForm):
    """Names somebody who may decide in this request."""

    user = PickField(User, rows=colleagues, label=_("Person"))

    def clean_user(self) -> User:
        """Neither the requester nor somebody without the right to decide."""
        user: User = self.cleaned_data["user"]
        if self.obj is not None and user.pk == self.obj.request.requester_id:
            raise ValidationError(_("Nobody decides on his own request."), "own_request")
        if not may_decide_at_all(user):
            raise ValidationError(_("This person has no right to decide on approvals."), "no_right")
        return user


class AddSignerForm(SomebodyForm):
    BEFORE, AFTER = "before", "after"

    when = forms.ChoiceField(label=_("When"), choices=[(AFTER, _("after me")), (BEFORE, _("before me"))], initial=AFTER)
    opinion = forms.CharField(label=_("What it is about"), required=False, max_length=LONG, widget=WORDS)

    field_order = ("user", "when", "opinion")


class DelegateForm(SomebodyForm):
    reason = forms.CharField(label=_("Reason"), max_length=LONG, widget=WORDS)


class CopyForm(VerbForm):
    user = PickField(User, rows=colleagues, label=_("Person"))


class ConditionForm(VerbForm):
    text = forms.CharField(label=_("Condition"), max_length=LONG, widget=WORDS)
    owner = PickField(User, rows=colleagues, label=_("Who meets it"))
    due_on = NearDateField(label=_("To be met by"), widget=DAY)

    def clean_due_on(self) -> date:
        """Today at the earliest."""
        day: date = not_past(self.cleaned_data["due_on"])
        return day


class ProofForm(VerbForm):
    proof = forms.CharField(
        label=_("Proof"), max_length=LONG, widget=WORDS, help_text=_("What shows that the condition is met.")
    )
    paper = UploadField(label=_("File"), required=False)
