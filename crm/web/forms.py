"""The input of the verbs on pages themselves."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.forms import VerbForm
from crm.listing import LISTINGS


class SaveViewForm(VerbForm):
    name = forms.CharField(label=_("name"), max_length=40)
    shared = forms.BooleanField(label=_("for everyone"), required=False)
    listing = forms.CharField(widget=forms.HiddenInput, max_length=40)
    query = forms.CharField(widget=forms.HiddenInput, max_length=1000, required=False)

    def clean_listing(self) -> str:
        key = self.cleaned_data["listing"]
        if key not in LISTINGS:
            raise ValidationError(_("There is no such list."), code="unknown")
        return key
