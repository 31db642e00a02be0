"""What the outbox's verbs ask for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.forms import PickManyField, VerbForm
from crm.outbox.models import Message
from crm.records.fields import IdentifierField


class CallForm(VerbForm):
    """What came of a call."""

    result = forms.ChoiceField(label=_("Result"), choices=Message.Result.choices, widget=forms.RadioSelect)
    call_back_at = forms.DateTimeField(
        label=_("Call again at"), required=False, widget=forms.DateTimeInput({"type": "datetime-local"})
    )
    note = forms.CharField(
        label=_("What was said"), required=False, max_length=2000, widget=forms.Textarea({"rows": 4})
    )

    def clean(self) -> dict[str, Any]:
        """A wish to be called again needs a moment to come; other results have none."""
        cleaned = super().clean() or self.cleaned_data
        at = cleaned.get("call_back_at")
        if cleaned.get("result") != Message.Result.CALL_BACK:
            cleaned["call_back_at"] = None
        elif at is None and "call_back_at" not in self.errors:
            self.add_error("call_back_at", ValidationError(_("Say when to call again."), code="required"))
        elif at is not None and at <= clock.now():
            self.add_error("call_back_at", ValidationError(_("This moment has passed."), code="past"))
        return cleaned


class ResendForm(VerbForm):
    """Where a mail is sent that was not delivered."""

    sensitive = ("address",)
    address = IdentifierField(
        kind="email", label=_("To another address"), required=False, help_text=_("Empty: to the same one again.")
    )


class ReadForm(VerbForm):
    """Which notices were read."""

    notices = PickManyField(Message, label=_("Notices"), required=False, help_text=_("Empty: all of mine."))
