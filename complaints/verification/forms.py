"""The input of each verb on verifications and scales."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from complaints.forms import OFTEN
from complaints.verification.differences import valid
from complaints.verification.models import Scale, Verification, Weighing
from complaints.verification.needed import kinds_for
from crm import clock
from crm.accounts.models import User
from crm.forms import LinesField, NearDateField, PickField, RecordForm, VerbForm, happened
from crm.inputs import DAY, MOMENT, WORDS
from crm.records.attachments import UploadField
from customers.forms import OfCustomer, people
from customers.models import Contact


def yes_or_no(label: Any, yes: Any, no: Any) -> forms.TypedChoiceField:
    """A choice between two sentences, one of which must be chosen."""
    return forms.TypedChoiceField(label=label, choices=[("yes", yes), ("no", no)], coerce=lambda value: value == "yes")


class OpenForm(VerbForm):
    """Which procedure; of a shortage it is asked where it arose."""

    kind = forms.ChoiceField(label=_("procedure"), choices=Verification.Kind.choices)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            kinds = kinds_for(obj)
            field: Any = self.fields["kind"]
            field.choices = [each for each in Verification.Kind.choices if each[0] in kinds]
            if len(kinds) == 1:
                self.initial["kind"] = kinds[0]


class ItemLine(VerbForm):
    """One property: what the standard asks for, and what was measured."""

    name = forms.CharField(label=_("property"), max_length=120)
    standard = forms.CharField(label=_("standard value"), max_length=120)
    measured = forms.CharField(label=_("measured value"), max_length=120)
    conforms = yes_or_no(_("conforms"), _("Conforms"), _("Does not conform"))


class TestForm(VerbForm):
    """Who tested what when, item by item; whether the goods conform follows from the items."""

    __test__ = False  # it is no test of ours

    number = forms.CharField(label=_("report number"), max_length=60)
    tested_on = forms.DateField(label=_("tested on"), widget=DAY)
    tester = PickField(User, rows=people, label=_("tester"))
    items = LinesField(ItemLine, most=50, label=_("what was tested"))
    conclusion = forms.CharField(label=_("conclusion"), max_length=2000, widget=WORDS)
    file = UploadField(label=_("file"), required=False, help_text=_("The report as a scan or photo."))

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        self.initial.setdefault("tester", by.pk)
        self.initial.setdefault("tested_on", clock.today())

    def clean_tested_on(self) -> Any:
        return happened(self.cleaned_data["tested_on"])


class SampleForm(VerbForm):
    """Who took what where, and who of the customer saw it sealed."""

    number = forms.CharField(label=_("number of the sample"), max_length=40)
    what = forms.CharField(label=_("what was sampled"), max_length=200)
    amount = forms.CharField(label=_("how much"), max_length=60)
    place = forms.CharField(label=_("where"), max_length=200)
    taken_at = forms.DateTimeField(label=_("sampled at"), widget=MOMENT)
    tester = PickField(User, rows=people, label=_("tester"))
    witness = forms.CharField(label=_("customer's person present"), max_length=60)
    seal = forms.CharField(label=_("number of the seal"), max_length=40)
    sealed = forms.BooleanField(label=_("It was sealed before the customer's person."))
    file = UploadField(label=_("photo"), required=False)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        self.initial.setdefault("tester", by.pk)
        if obj is not None:
            complaint = obj.complaint
            self.initial.setdefault(
                "what", " ".join(str(each) for each in (complaint.product, complaint.batch) if each)
            )

    def clean_taken_at(self) -> Any:
        return happened(self.cleaned_data["taken_at"])


class ResultWordForm(OfCustomer):
    """Whether the customer accepts the result of the test, and how he said so."""

    accepted = yes_or_no(_("the customer"), _("accepts the result"), _("disputes the result"))
    channel = forms.ChoiceField(label=_("how"), choices=OFTEN)
    words = forms.CharField(label=_("what he said"), max_length=2000, widget=WORDS)
    contact = PickField(Contact, required=False, label=_("contact"), help_text=_("Empty: the complaint's contact."))


class LaboratoryForm(VerbForm):
    """Which laboratory, and how the customer accepted it."""

    laboratory = forms.CharField(label=_("laboratory"), max_length=120)
    channel = forms.ChoiceField(label=_("how the customer accepted it"), choices=OFTEN)
    words = forms.CharField(label=_("what he said"), max_length=500, widget=WORDS)


class CertificateOfTestForm(VerbForm):
    """The laboratory's certificate: number, date, result, and the paper itself."""

    number = forms.CharField(label=_("certificate number"), max_length=60)
    tested_on = forms.DateField(label=_("date of the certificate"), widget=DAY)
    conforms = yes_or_no(_("result"), _("The goods conform"), _("The goods do not conform"))
    conclusion = forms.CharField(label=_("conclusion"), max_length=2000, widget=WORDS)
    items = LinesField(ItemLine, least=0, most=50, label=_("what was tested"))
    file = UploadField(label=_("certificate"))

    def clean_tested_on(self) -> Any:
        return happened(self.cleaned_data["tested_on"])


class WeighingForm(VerbForm):
    """One weighing; on a delivery one of logistics and one of sales were there."""

    fieldsets = (
        (_("Where"), ("stage", "place", "scale", "whose", "vehicle")),
        (_("How much"), ("gross", "tare")),
        (_("When and by whom"), ("at", "weigher", "logistics", "sales", "file")),
    )

    stage = forms.ChoiceField(label=_("when on the way"), choices=Weighing.Stage.choices)
    place = forms.CharField(label=_("where"), max_length=200)
    scale = PickField(Scale, required=False, label=_("our scale"), help_text=_("Empty: a scale of somebody else."))
    whose = forms.CharField(
        label=_("whose scale"), max_length=120, required=False, help_text=_("Where it is not ours.")
    )
    vehicle = forms.CharField(label=_("vehicle"), max_length=20, required=False)
    gross = forms.DecimalField(label=_("gross in kg"), max_digits=12, decimal_places=3, min_value=0)
    tare = forms.DecimalField(label=_("tare in kg"), max_digits=12, decimal_places=3, min_value=0)
    at = forms.DateTimeField(label=_("weighed at"), widget=MOMENT)
    weigher = forms.CharField(label=_("weighed by"), max_length=60)
    logistics = PickField(User, rows=people, required=False, label=_("of logistics"))
    sales = PickField(User, rows=people, required=False, label=_("of sales"))
    file = UploadField(label=_("weighing ticket"), required=False)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is None:
            return
        self.fields["logistics"].required = self.fields["sales"].required = obj.kind == Verification.Kind.DELIVERY
        if obj.kind == Verification.Kind.DELIVERY:
            self.initial.setdefault("sales", obj.complaint.owner_id)
        if vehicle := obj.weighings.exclude(vehicle="").values_list("vehicle", flat=True).last():
            self.initial.setdefault("vehicle", vehicle)

    def clean_at(self) -> Any:
        return happened(self.cleaned_data["at"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        gross, tare = data.get("gross"), data.get("tare")
        if gross is not None and tare is not None and gross <= tare:
            self.add_error("gross", ValidationError(_("The gross weight must be greater than the tare."), "too_small"))
        if not data.get("scale") and not data.get("whose") and not {"scale", "whose"} & self.errors.keys():
            self.add_error("whose", ValidationError(_("Say on whose scale it was weighed."), "required"))
        return data


class StrikeForm(VerbForm):
    """Which weighing was written down wrongly, and why it counts no more."""

    weighing = forms.ModelChoiceField(Weighing.objects.all(), label=_("weighing"))
    reason = forms.CharField(label=_("reason"), max_length=300, widget=WORDS)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            field: Any = self.fields["weighing"]
            field.queryset = obj.weighings.filter(pk__in=[each.pk for each in valid(obj.weighings.all())])


class ScaleStatementForm(VerbForm):
    """Which of our scales, and whether it meets the national standard."""

    scale = PickField(Scale, label=_("scale"))
    meets_standard = yes_or_no(
        _("national standard"), _("The scale meets it"), _("The scale does not meet it, or cannot prove it")
    )
    statement = forms.CharField(label=_("what was stated"), max_length=2000, widget=WORDS)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            used = obj.weighings.filter(struck_because="", scale__isnull=False).values_list("scale", flat=True)
            self.initial.setdefault("scale", used.last())


class RecountForm(VerbForm):
    """What a recount of the stock and of the papers shows, of goods that are counted."""

    statement = forms.CharField(label=_("what the recount shows"), max_length=2000, widget=WORDS)


class ExplainForm(VerbForm):
    explanation = forms.CharField(
        label=_("production's explanation"),
        max_length=2000,
        widget=WORDS,
        help_text=_("What weather or moisture may have done to the weight."),
    )


class WeighingReportForm(VerbForm):
    statement = forms.CharField(label=_("what the weighings show"), max_length=2000, widget=WORDS)


class SealForm(VerbForm):
    """That the paper is sealed, with a remark and the paper itself where there is a scan."""

    sealed = forms.BooleanField(label=_("The paper is signed and bears the seal of the department."))
    opinion = forms.CharField(label=_("remark"), max_length=500, required=False, widget=WORDS)
    file = UploadField(label=_("signed and sealed paper"), required=False)


class ScaleForm(RecordForm):
    """What the register says of a scale."""

    owner = PickField(
        User, rows=people, required=False, label=_("weighbridge head"), help_text=_("Empty: whoever registers it.")
    )

    class Meta:
        model = Scale
        fields = ["number", "kind", "warehouse", "place", "capacity", "division", "accuracy", "owner"]


class CertificateForm(VerbForm):
    """A certificate of calibration with its file."""

    number = forms.CharField(label=_("certificate number"), max_length=60)
    issued_by = forms.CharField(label=_("calibrated by"), max_length=120)
    issued_on = forms.DateField(label=_("calibrated on"), widget=DAY)
    valid_until = NearDateField(label=_("valid until"), widget=DAY)
    file = UploadField(label=_("certificate"))

    def clean_issued_on(self) -> date:
        return happened(self.cleaned_data["issued_on"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins, ends = data.get("issued_on"), data.get("valid_until")
        if begins and ends and ends < begins:
            self.add_error("valid_until", ValidationError(_("The certificate ends before it begins."), "too_early"))
        return data
