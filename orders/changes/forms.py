"""The input of each verb on changes, extensions and customers' requests."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department, User
from crm.forms import LinesField, NearDateField, PickField, VerbForm
from crm.inputs import DAY, WORDS, not_past
from crm.records.attachments import UploadField
from customers.forms import TOLD, OfCustomer, people
from customers.models import Channel, Contact
from orders.catalog.models import Product, Unit
from orders.changes.drafting import lines_of
from orders.changes.models import Change, CustomerRequest, Extension
from orders.changes.telling import concerned
from orders.contracts.forms import AmendedLineForm
from orders.models import Order


def order_of(obj: Any) -> Order | None:
    """The order that a form is about, whatever it is asked of."""
    return obj if obj is None or isinstance(obj, Order) else obj.order


class ChangeLineForm(AmendedLineForm):
    """A line as it is to be: one of the order by its position, or a product that is new in it."""

    priced = True
    position = forms.IntegerField(
        label=_("line of the order"), min_value=1, required=False, help_text=_("Empty: a new line.")
    )
    product = PickField(Product, rows=lambda rows, by: rows.select_related("unit"), required=False, label=_("product"))
    specification = forms.CharField(label=_("specification"), max_length=120, required=False, empty_value=None)
    quantity = forms.DecimalField(
        label=_("quantity"),
        max_digits=12,
        decimal_places=3,
        min_value=Decimal(0),
        help_text=_("0: the line is left out."),
    )
    unit = forms.ModelChoiceField(Unit.objects.all(), label=_("unit"), required=False, empty_label=_("base unit"))
    price = forms.DecimalField(
        label=_("unit price with tax"), max_digits=12, decimal_places=2, min_value=0, required=False
    )

    @classmethod
    def shown(cls, line: Any, *, new: bool = False) -> dict[str, Any]:
        """A line as the form begins with it, with its unit and specification."""
        return {**super().shown(line, new=new), "specification": line.specification, "unit": line.unit_id}


class ChangeForm(VerbForm):
    """What changes, why, whose wish it is, and whom it concerns; it begins with the order as it is."""

    fieldsets: ClassVar[Any] = (
        (_("Why"), ("wish", "why")),
        (_("What changes"), ("lines", "wanted_on", "shift_plan", "cancels")),
        (_("Whom it concerns"), ("departments",)),
    )

    wish = forms.ChoiceField(label=_("initiated by"), choices=Change.Wish.choices)
    why = forms.CharField(label=_("why"), max_length=500, widget=WORDS, help_text=_("The customer reads this."))
    lines = LinesField(ChangeLineForm, least=0, most=200, label=_("lines"))
    wanted_on = NearDateField(label=_("wanted on"), required=False, widget=DAY)
    shift_plan = forms.BooleanField(
        label=_("move the plan along"),
        required=False,
        help_text=_("Open milestones move by as many working days as the date."),
    )
    cancels = forms.BooleanField(
        label=_("cancel the whole order"), required=False, help_text=_("Lines and date above do not count then.")
    )
    departments = forms.ModelMultipleChoiceField(
        Department.objects.all(),
        label=_("departments concerned"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They see it from now on, and acknowledge it once it is applied."),
    )

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        order = order_of(obj)
        if order is None:
            return
        lines = {position: ChangeLineForm.shown(line) for position, line in lines_of(order).items()}
        self.initial["wanted_on"] = order.wanted_on
        self.initial["shift_plan"] = True
        self.initial["departments"] = [row.pk for row in concerned()]
        if isinstance(obj, CustomerRequest):
            self.initial.update({"why": obj.text[:500], "wish": Change.Wish.CUSTOMER})
        if isinstance(obj, Change):
            self.initial.update({name: getattr(obj, name) for name in ("wish", "why", "shift_plan", "cancels")})
            self.initial["departments"] = [row.pk for row in obj.departments.all()]
            self.initial["wanted_on"] = obj.wanted_on or order.wanted_on
            for row in obj.lines.select_related("product", "unit").order_by("position"):
                there = row.position in lines and not row.is_new
                lines[row.position if there else -row.position] = ChangeLineForm.shown(row, new=not there)
        self.initial["lines"] = list(lines.values())

    def clean_wanted_on(self) -> date | None:
        """Not past, where it is to change."""
        day, order = self.cleaned_data["wanted_on"], order_of(self.obj)
        return day if day is None or day == getattr(order, "wanted_on", None) else not_past(day)


class SendForm(OfCustomer):
    """Whom the mail with the link goes to."""

    contact = PickField(Contact, required=False, label=_("contact"), help_text=_("Empty: the order's contact."))


class PaperForm(OfCustomer):
    """The customer's word on paper: nobody records it without the scan."""

    contact = PickField(Contact, required=False, label=_("confirmed by"), help_text=_("Empty: the order's contact."))
    paper = UploadField(label=_("signed paper"), help_text=_("A scan or photo of the signed change."))
    answer = forms.CharField(label=_("what the customer said"), max_length=1000, required=False, widget=WORDS)


class AgreeForm(VerbForm):
    answer = forms.CharField(
        label=_("what we should know"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DeclineForm(VerbForm):
    answer = forms.CharField(label=_("why you do not agree"), max_length=1000, widget=WORDS)


class AcknowledgeForm(VerbForm):
    remarks = forms.CharField(label=_("remarks"), max_length=300, required=False)


class DelayForm(VerbForm):
    """What has happened, and who in production planning is asked."""

    cause = forms.ChoiceField(label=_("cause"), choices=Extension.Cause.choices)
    what = forms.CharField(label=_("what has happened"), max_length=500, widget=WORDS)
    planner = forms.ModelChoiceField(
        User.objects.all(), label=_("production planning"), help_text=_("He says whether the date can be kept.")
    )

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        field: Any = self.fields["planner"]
        found = User.objects.working().in_role("production").order_by("pk")
        field.queryset = found
        self.initial.setdefault("planner", found.first())


class PlanningForm(VerbForm):
    """What production planning says: whether the date can be kept, by which remedy, or by when it is possible."""

    kept = forms.TypedChoiceField(
        label=_("can the date be kept?"),
        choices=[("yes", _("Yes, by the remedy below")), ("no", _("No, the delay stays"))],
        coerce=lambda value: value == "yes",
    )
    planning = forms.CharField(label=_("what planning says"), max_length=1000, widget=WORDS)
    remedy = forms.CharField(label=_("remedy"), max_length=1000, widget=WORDS)
    possible_on = NearDateField(
        label=_("possible on"), required=False, widget=DAY, help_text=_("Needed where the delay stays.")
    )

    def clean_possible_on(self) -> date | None:
        day = self.cleaned_data["possible_on"]
        return day and not_past(day)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kept") is False and not data.get("possible_on") and "possible_on" not in self.errors:
            self.add_error("possible_on", ValidationError(_("Say by when it is possible."), code="required"))
        return data


class NewDate(OfCustomer):
    """The date that the customer is asked to agree to, and whom it concerns."""

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if not isinstance(obj, Extension):
            return
        known = {
            "new_on": obj.proposed_on or obj.new_on or obj.possible_on,
            "remedy": obj.remedy,
            "shift_plan": obj.shift_plan,
            "departments": [row.pk for row in obj.departments.all()] or [row.pk for row in concerned()],
        }
        self.initial.update({name: value for name, value in known.items() if name in self.fields})

    def clean_new_on(self) -> date:
        """Not past."""
        return not_past(self.cleaned_data["new_on"])


def _departments() -> Any:
    return forms.ModelMultipleChoiceField(
        Department.objects.all(),
        label=_("departments concerned"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They acknowledge it once the customer has agreed."),
    )


def _shift() -> Any:
    return forms.BooleanField(
        label=_("move the plan along"),
        required=False,
        help_text=_("Open milestones move by as many working days as the date."),
    )


class ExtensionForm(NewDate):
    contact = PickField(Contact, required=False, label=_("contact"), help_text=_("Empty: the order's contact."))
    new_on = NearDateField(label=_("new date"), widget=DAY)
    remedy = forms.CharField(
        label=_("remedy"), max_length=1000, widget=WORDS, help_text=_("The customer reads cause, remedy and date.")
    )
    shift_plan = _shift()
    departments = _departments()


class AgreementForm(NewDate):
    """The customer's word on paper; a change of date is not recorded without the scan."""

    contact = PickField(Contact, required=False, label=_("confirmed by"), help_text=_("Empty: the order's contact."))
    new_on = NearDateField(label=_("new date"), widget=DAY)
    paper = UploadField(label=_("signed paper"), help_text=_("A scan or photo of the signed extension request."))
    answer = forms.CharField(label=_("what the customer said"), max_length=1000, required=False, widget=WORDS)
    shift_plan = _shift()
    departments = _departments()


class ProposalForm(VerbForm):
    """Another date that would suit the customer."""

    proposed_on = NearDateField(label=_("date that suits you"), widget=DAY)
    answer = forms.CharField(label=_("why"), max_length=1000, required=False, widget=WORDS)

    def clean_proposed_on(self) -> date:
        return not_past(self.cleaned_data["proposed_on"])


class RequestForm(OfCustomer):
    """What the customer asks for, and who answers him."""

    contact = PickField(Contact, required=False, label=_("who asked"))
    channel = forms.ChoiceField(label=_("how he asked"), choices=TOLD, initial=Channel.PHONE)
    text = forms.CharField(label=_("what he asks for"), max_length=2000, widget=WORDS)
    owner = PickField(
        User, rows=people, required=False, label=_("who answers"), help_text=_("Empty: the order's owner.")
    )


class HandInForm(VerbForm):
    text = forms.CharField(label=_("what you ask for"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class PassForm(VerbForm):
    owner = PickField(User, rows=people, label=_("who answers"))
    reason = forms.CharField(label=_("remarks"), max_length=300, required=False)


class AnswerForm(OfCustomer):
    """The answer with its reason, and whom it is told."""

    accepted = forms.TypedChoiceField(
        label=_("answer"),
        choices=[("yes", _("We do it")), ("no", _("We cannot do it"))],
        coerce=lambda value: value == "yes",
    )
    answer = forms.CharField(
        label=_("reason"), max_length=2000, widget=WORDS, help_text=_("The customer reads this, also for a yes.")
    )
    contact = PickField(Contact, required=False, label=_("person informed"), help_text=_("Empty: who asked."))
    told_how = forms.ChoiceField(
        label=_("how he was told"),
        choices=[("", _("by mail, where he has an address")), *TOLD],
        required=False,
        help_text=_("Choose a way where you told him yourself."),
    )
