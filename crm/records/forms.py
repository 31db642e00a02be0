"""The input of the verbs on notes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.forms import VerbForm
from crm.records.notes import read_by_customers, subject_of

LARGEST = 2**63 - 1


class NoteForm(VerbForm):
    """A note, and the record that it is about: its kind as in `orders.order`, and its key."""

    sensitive = ("text",)  # the log says that a note was written; what stands in it, the note says

    about = forms.CharField(label=_("Kind of record"), max_length=100, widget=forms.HiddenInput)
    record = forms.IntegerField(label=_("Key of the record"), min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    for_customer = forms.BooleanField(
        label=_("The customer may read it"),
        required=False,
        help_text=_("It then stands on the pages that his links open."),
    )

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if not read_by_customers(str((self.data if self.is_bound else self.initial).get("about", ""))):
            del self.fields["for_customer"]

    def clean(self) -> dict[str, Any]:
        """The record itself instead of its kind and key. Refuses one that is not there, or not to be seen, alike."""
        data = super().clean() or {}
        if self.errors:
            return data
        subject = subject_of(data["about"], data.pop("record"), self.by)
        if subject is None:
            raise ValidationError(_("There is no such record, or you may not see it."), code="unknown")
        return {**data, "about": subject}
