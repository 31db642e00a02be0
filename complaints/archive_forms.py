"""The input of what is done with the file of a closed complaint."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import VerbForm
from crm.inputs import WORDS
from crm.records.attachments import UploadField


class ReviewForm(VerbForm):
    words = forms.CharField(label=_("opinion"), max_length=2000, widget=WORDS)


class SendBackForm(VerbForm):
    words = forms.CharField(label=_("what is missing"), max_length=2000, widget=WORDS)


class CompleteForm(VerbForm):
    """What was added, and its paper where there is one."""

    words = forms.CharField(label=_("what was completed"), max_length=2000, widget=WORDS)
    paper = UploadField(label=_("file"), required=False)
