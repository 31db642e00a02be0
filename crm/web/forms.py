"""The input of the verbs on pages themselves."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.forms import VerbForm
from crm.listing import COUNTED, LISTINGS
from crm.small import whole


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


class BulkForm(VerbForm):
    """A verb that a list offers for many rows, the keys of the rows, and the verb's own input as a browser sends it."""

    sensitive = ("inputs",)

    verb = forms.CharField(label=_("action"), max_length=80)
    rows = forms.CharField(label=_("keys of the records, separated by commas"), max_length=20 * COUNTED)
    inputs = forms.CharField(label=_("input of the action"), max_length=20_000, required=False)

    def clean_verb(self) -> str:
        name = self.cleaned_data["verb"]
        if not any(name in listing.bulk for listing in LISTINGS.values()):
            raise ValidationError(_("No list offers this for many records."), code="unknown")
        return name

    def clean_rows(self) -> list[int]:
        """The keys, each once, in the order given; what is no key is left out."""
        found = [pk for pk in map(whole, self.cleaned_data["rows"].split(",")) if pk is not None]
        rows = list(dict.fromkeys(found))
        if not rows:
            raise ValidationError(_("Select at least one record."), code="nothing")
        if len(rows) > COUNTED:
            raise ValidationError(
                _("At most %(most)s records are possible at once."),
                code="too_many",
                params={"most": f"{COUNTED:,}"},
            )
        return rows


class TakeBackForm(VerbForm):
    """Nothing is asked, but what is still possible is shown first, which needs a page of its own."""

    @staticmethod
    def page(obj: Any) -> str:
        """The address of the preview."""
        return reverse("bulk-back", args=[obj.pk])
