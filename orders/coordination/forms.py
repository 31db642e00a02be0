"""The input of each verb on meetings, help requests and joint handling."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department, User
from crm.forms import NearDateField, PickField, RecordForm, VerbForm, happened
from crm.inputs import DAY, MOMENT, WORDS, not_past
from customers.forms import people
from orders.coordination.models import AgendaItem, HelpRequest, JointHandling, MeetingTask, OrderMeeting
from orders.models import Order

USUAL = ("sales", "marketing", "service", "order_desk")  # codes of those who are called where nobody says otherwise


class OutcomeForm(VerbForm):
    outcome = forms.CharField(label=_("outcome"), max_length=300, required=False)


class CallForm(RecordForm):
    """When, where and who; the owners of what is on the agenda are called with them."""

    departments = forms.ModelMultipleChoiceField(
        Department.objects.all(),
        label=_("departments"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Their heads are invited, and the owners of the orders on the agenda."),
    )

    class Meta:
        model = OrderMeeting
        fields = ["meets_at", "place", "departments"]
        widgets = {"meets_at": MOMENT}

    def __init__(self, data: Any = None, files: Any = None, *, by: Any, obj: Any = None, **options: Any) -> None:
        super().__init__(data, files, by=by, obj=obj, **options)
        self.initial.setdefault(
            "departments", lambda: list(Department.objects.filter(code__in=USUAL).values_list("pk", flat=True))
        )

    def clean_meets_at(self) -> datetime:
        when: datetime = self.cleaned_data["meets_at"]
        if when < clock.now():
            raise ValidationError(_("This lies in the past."), code="past")
        return when


class MoveForm(RecordForm):
    """Another time or place, and why."""

    reason = forms.CharField(label=_("reason"), max_length=300, widget=WORDS)

    class Meta:
        model = OrderMeeting
        fields = ["meets_at", "place"]
        widgets = {"meets_at": MOMENT}

    clean_meets_at = CallForm.clean_meets_at


class InviteForm(VerbForm):
    user = PickField(User, rows=people, label=_("who"))


class ItemForm(RecordForm):
    """A topic, of an order or of none."""

    topic = forms.CharField(label=_("topic"), max_length=300)
    order = PickField(Order, label=_("order"), required=False)

    class Meta:
        model = AgendaItem
        fields = ["topic", "order"]


class SettleForm(VerbForm):
    """What was settled, and a task where somebody is to do something."""

    fieldsets = (
        (_("What was settled"), ("settled",)),
        (_("Task"), ("what", "owner", "due_on")),
    )

    settled = forms.CharField(label=_("what was settled"), max_length=2000, widget=WORDS)
    what = forms.CharField(label=_("what is to be done"), max_length=300, required=False)
    owner = PickField(User, rows=people, required=False, label=_("who"), help_text=_("Empty: the order's owner."))
    due_on = NearDateField(label=_("due on"), required=False, widget=DAY)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            self.initial.setdefault("settled", obj.settled)

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["due_on"]
        return day and not_past(day)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("what") and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", ValidationError(_("Say until when."), code="required"))
        if not data.get("what") and (data.get("owner") or data.get("due_on")):
            self.add_error("what", ValidationError(_("Say what is to be done."), code="required"))
        return data


class MinutesForm(VerbForm):
    """When it was, who was there, and what else was said; the items were settled one by one."""

    preface = "coordination/minutes_preface.html"

    meets_at = forms.DateTimeField(label=_("held at"), widget=MOMENT)
    present = forms.ModelMultipleChoiceField(
        User.objects.all(), label=_("present"), widget=forms.CheckboxSelectMultiple
    )
    minutes = forms.CharField(
        label=_("other matters"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            invited = User.objects.filter(pk__in=obj.invited.values("pk")) | User.objects.filter(pk=obj.convener_id)
            field: Any = self.fields["present"]
            field.queryset = invited.order_by("pk")
            self.initial.setdefault("meets_at", obj.meets_at)
            self.initial.setdefault("present", list(invited.values_list("pk", flat=True)))

    @property
    def left(self) -> int:
        """How many items are not settled and go to the next meeting."""
        return self.obj.items.filter(settled="", struck=False).count() if self.obj is not None else 0

    def clean_meets_at(self) -> Any:
        return happened(self.cleaned_data["meets_at"])


class TaskForm(RecordForm):
    owner = PickField(User, rows=people, label=_("who"))

    class Meta:
        model = MeetingTask
        fields = ["what", "owner", "due_on"]
        widgets = {"due_on": DAY}
        field_classes = {"due_on": NearDateField}

    def clean_due_on(self) -> date:
        return not_past(self.cleaned_data["due_on"])


class HelpForm(RecordForm):
    """Whom one asks, for what, and until when."""

    department = forms.ModelChoiceField(Department.objects.all(), label=_("department"))

    class Meta:
        model = HelpRequest
        fields = ["department", "what", "needed_on"]
        widgets = {"needed_on": DAY, "what": WORDS}
        field_classes = {"needed_on": NearDateField}

    def clean_needed_on(self) -> date:
        return not_past(self.cleaned_data["needed_on"])


class AnswerForm(VerbForm):
    """Done, promised for a day, or not possible and why."""

    S = HelpRequest.Status
    outcome = forms.ChoiceField(
        label=_("answer"), choices=[(each.value, each.label) for each in (S.DONE, S.PROMISED, S.DECLINED)]
    )
    promised_on = NearDateField(label=_("promised for"), required=False, widget=DAY)
    answer = forms.CharField(label=_("in words"), max_length=1000, required=False, widget=WORDS)

    def clean_promised_on(self) -> date | None:
        day: date | None = self.cleaned_data["promised_on"]
        return day and not_past(day)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        outcome = data.get("outcome")
        if outcome == self.S.PROMISED and not data.get("promised_on") and "promised_on" not in self.errors:
            self.add_error("promised_on", ValidationError(_("Say for when it is promised."), code="required"))
        if outcome == self.S.DECLINED and not data.get("answer"):
            self.add_error("answer", ValidationError(_("Say why it is not possible."), code="required"))
        return data


class JointForm(RecordForm):
    """What it is for, who leads it, and which departments take part."""

    lead = PickField(User, rows=people, label=_("lead"))
    departments = forms.ModelMultipleChoiceField(
        Department.objects.all(), label=_("departments"), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = JointHandling
        fields = ["purpose", "lead", "departments"]

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            self.initial.setdefault("lead", obj.owner_id)


class DepartmentForm(VerbForm):
    department = forms.ModelChoiceField(Department.objects.all(), label=_("department"))


class LeadForm(VerbForm):
    lead = PickField(User, rows=people, label=_("lead"))


class ResultForm(VerbForm):
    result = forms.CharField(label=_("result"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
