"""The input of each verb on complaints."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from complaints.carrying import may_lead
from complaints.facts import current_plan, measures_of
from complaints.handover import noted_at, photos_of
from complaints.models import Category, Cause, Complaint, Evidence, Finding, Plan, TeamTask
from complaints.parties import required
from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.standing import holders
from crm.forms import LinesField, NearDateField, PickField, VerbForm, narrow
from crm.inputs import DAY, MOMENT, WORDS, ReasonForm, not_past
from crm.records.attachments import UploadField
from customers.forms import TOLD, OfCustomer, people
from customers.models import Channel, Contact
from orders.catalog.models import Product
from orders.catalog.money import fen
from orders.models import Order
from pickup.models import Pickup

FIRST_TASK = timedelta(days=2)
OFTEN = [each for each in TOLD if each[0] != Channel.MEETING]


def causes() -> QuerySet[Cause]:
    """The causes that are in use, with what they are part of."""
    return Cause.objects.filter(active=True).select_related("parent").order_by("code")


class CauseField(forms.ModelChoiceField):
    """A cause of the tree, shown with what it is part of."""

    def label_from_instance(self, obj: Any) -> str:
        return obj.path


class CounterForm(VerbForm):
    """What the customer at the counter says; everything about his goods is known."""

    category = forms.ChoiceField(label=_("category"), choices=[("", "–"), *Category.choices])
    content = forms.CharField(
        label=_("what he complains of"), max_length=4000, widget=WORDS, help_text=_("The customer reads this.")
    )
    product = forms.ModelChoiceField(
        Product.objects.all(), label=_("product"), required=False, help_text=_("Empty: it is about several products.")
    )
    photo = UploadField(label=_("photo"), required=False)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        products: Any = self.fields["product"]
        if obj is None:
            return
        products.queryset = Product.objects.filter(pk__in=obj.order.lines.values("product")).order_by("code")
        noted = noted_at(obj)
        only = products.queryset.first() if products.queryset.count() == 1 else None
        product = noted.product or only
        self.initial.update({"content": noted.content, "category": noted.category, "product": product})
        if photos := len(photos_of(obj)):
            self.fields["photo"].help_text = ngettext(
                "%(number)s photo of the handover goes along.", "%(number)s photos of the handover go along.", photos
            ) % {"number": photos}


class ReceiveForm(OfCustomer):
    """What a customer says by telephone, at a visit, or in any other way."""

    channel = forms.ChoiceField(
        label=_("how it came"),
        choices=[each for each in Complaint.Channel.choices if each[0] != Complaint.Channel.COUNTER],
    )
    category = forms.ChoiceField(label=_("category"), choices=Category.choices)
    content = forms.CharField(
        label=_("what he complains of"), max_length=4000, widget=WORDS, help_text=_("The customer reads this.")
    )
    wish = forms.ChoiceField(
        label=_("what the customer wishes"), choices=[("", "–"), *Complaint.Wish.choices], required=False
    )
    contact = PickField(Contact, required=False, label=_("contact"))
    order = PickField(Order, required=False, label=_("order"))
    pickup = PickField(Pickup, required=False, label=_("pickup"))
    product = PickField(Product, required=False, label=_("product"))
    batch = forms.CharField(label=_("batch"), max_length=40, required=False)
    photo = UploadField(label=_("photo"), required=False)
    contacts: ClassVar[tuple[str, ...]] = ("contact", "order", "pickup")

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            for name in self.contacts:
                field: Any = self.fields[name]
                narrow(field, customer=obj.pk)


class RegisterForm(OfCustomer):
    """What it is, how severe, what he wishes, and which goods it is about."""

    contacts: ClassVar[tuple[str, ...]] = ("contact", "order", "pickup")

    category = forms.ChoiceField(label=_("category"), choices=Category.choices)
    severity = forms.ChoiceField(label=_("severity"), choices=Complaint.Severity.choices)
    wish = forms.ChoiceField(label=_("what the customer wishes"), choices=Complaint.Wish.choices)
    content = forms.CharField(
        label=_("what he complains of"), max_length=4000, widget=WORDS, help_text=_("The customer reads this.")
    )
    contact = PickField(Contact, required=False, label=_("contact"))
    order = PickField(Order, required=False, label=_("order"))
    pickup = PickField(Pickup, required=False, label=_("pickup"))
    product = PickField(Product, required=False, label=_("product"))
    batch = forms.CharField(label=_("batch"), max_length=40, required=False)
    quantity = forms.DecimalField(
        label=_("quantity concerned, in base units"), max_digits=14, decimal_places=3, min_value=0, required=False
    )

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            self.initial.update({name: getattr(obj, name) for name in self.fields if name not in self.contacts})
            self.initial.update({name: getattr(obj, f"{name}_id") for name in (*self.contacts, "product")})

    def clean(self) -> dict[str, Any]:
        """What was not sent at all stays as it is; what was sent empty is taken away."""
        data = super().clean() or {}
        return {name: value for name, value in data.items() if name in self.data}


def leaders(rows: Any, by: User) -> Any:
    """Colleagues who can lead a team."""
    return people(rows, by).filter(pk__in=may_lead().values("pk"))


def doers(rows: Any, by: User) -> Any:
    """Colleagues who can say that a task is done."""
    return people(rows, by).filter(pk__in=holders("complaints.finish_task").values("pk"))


def carriers(rows: Any, by: User) -> Any:
    """Colleagues who can tick a measure off; whoever cannot would keep it open for ever."""
    return people(rows, by).filter(pk__in=holders("complaints.finish_measure").values("pk"))


class LeadForm(ReasonForm):
    lead = PickField(User, rows=leaders, label=_("lead of the team"))
    field_order = ("lead", "reason")


class TaskLine(VerbForm):
    """One department, who of it, and what until when."""

    department = forms.ModelChoiceField(Department.objects.all(), label=_("department"))
    owner = PickField(User, rows=doers, required=False, label=_("who"), help_text=_("Empty: its head."))
    kind = forms.ChoiceField(
        label=_("kind of task"), choices=TeamTask.Kind.choices, initial=TeamTask.Kind.TASK, required=False
    )
    where = forms.CharField(label=_("with whom, or where"), max_length=200, required=False)
    what = forms.CharField(label=_("task"), max_length=500)
    due_on = NearDateField(label=_("due on"), widget=DAY)

    def clean_due_on(self) -> date:
        return not_past(self.cleaned_data["due_on"])


class TeamForm(VerbForm):
    """The lead, and each department with its task; those that the category asks for stand there already."""

    lead = PickField(User, rows=leaders, label=_("lead of the team"))
    tasks = LinesField(TaskLine, most=20, label=_("tasks"))

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            until = clock.today() + FIRST_TASK
            self.initial["lead"] = obj.owner_id
            self.initial["tasks"] = [
                {"department": each.pk, "owner": each.head_id, "what": "", "due_on": until}
                for each in required(obj.category)
            ]


class OutcomeForm(VerbForm):
    """What was found out, and of an interview or a site visit with whom, or where."""

    outcome = forms.CharField(label=_("outcome"), max_length=2000, widget=WORDS)
    where = forms.CharField(label=_("with whom, or where"), max_length=200, required=False)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            self.initial.setdefault("where", obj.where)


class EvidenceForm(VerbForm):
    """What it shows, where it came from, who took it when, and its file."""

    what = forms.CharField(label=_("what it shows"), max_length=2000, widget=WORDS)
    source = forms.ChoiceField(label=_("source"), choices=Evidence.Source.choices)
    taken_by = forms.CharField(label=_("taken by"), max_length=60)
    taken_at = forms.DateTimeField(label=_("taken at"), widget=MOMENT)
    file = UploadField(label=_("file"), required=False)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        self.initial.setdefault("taken_by", by.display_name)

    def clean_taken_at(self) -> Any:
        when = self.cleaned_data["taken_at"]
        if when > clock.now():
            raise ValidationError(_("This lies in the future."), code="future")
        return when


class VerdictForm(VerbForm):
    """Accepted, doubtful or rejected, always with the reason."""

    verdict = forms.ChoiceField(
        label=_("verdict on the evidence"),
        choices=[each for each in Evidence.Status.choices if each[0] != Evidence.Status.UNJUDGED],
    )
    reason = forms.CharField(label=_("reason of the verdict"), max_length=500, widget=WORDS)


class OpinionForm(VerbForm):
    text = forms.CharField(label=_("opinion"), max_length=2000, widget=WORDS)


class FindingForm(VerbForm):
    """Facts, cause and responsibility."""

    facts = forms.CharField(label=_("facts"), max_length=4000, widget=WORDS, help_text=_("The customer reads this."))
    cause = CauseField(causes(), label=_("cause"))
    explanation = forms.CharField(label=_("how it came about"), max_length=2000, required=False, widget=WORDS)
    fault = forms.ChoiceField(label=_("responsibility"), choices=Finding.Fault.choices)
    responsible = forms.ModelChoiceField(Department.objects.all(), label=_("responsible department"))


class MeasureLine(VerbForm):
    """What is done, by whom, until when."""

    what = forms.CharField(label=_("measure taken"), max_length=500)
    owner = PickField(
        User, rows=carriers, required=False, label=_("who"), help_text=_("Empty: the responsible person.")
    )
    due_on = NearDateField(label=_("due on"), widget=DAY)

    def clean_due_on(self) -> date:
        return not_past(self.cleaned_data["due_on"])


class PlanForm(VerbForm):
    """Who answers, what the customer gets, and the measures."""

    fieldsets = (
        (_("What the customer gets"), ("outcome", "solution", "compensation", "amount", "percent")),
        (_("Who carries it out"), ("department", "person", "measures")),
    )

    outcome = forms.ChoiceField(label=_("outcome"), choices=Plan.Outcome.choices)
    solution = forms.CharField(
        label=_("solution"), max_length=2000, widget=WORDS, help_text=_("The customer reads this.")
    )
    compensation = forms.CharField(
        label=_("compensation"), max_length=500, required=False, help_text=_("The customer reads this.")
    )
    amount = forms.DecimalField(label=_("amount"), max_digits=14, decimal_places=2, min_value=0, required=False)
    percent = forms.DecimalField(
        label=_("discount in percent"),
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("Instead of the amount: of the complaint's product on the order, else of the whole order."),
    )
    department = forms.ModelChoiceField(Department.objects.all(), label=_("department"))
    person = PickField(User, rows=carriers, label=_("responsible person"))
    measures = LinesField(MeasureLine, most=20, label=_("measures taken"))

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is None:
            return
        self.initial["department"] = obj.responsible_id
        if obj.wish in Plan.Outcome.values:
            self.initial["outcome"] = obj.wish  # what he asked for stands there first, not that it is no fault of ours
        if plan := current_plan(obj):
            names = ("outcome", "solution", "compensation", "amount")
            self.initial.update({name: getattr(plan, name) for name in names})
            self.initial.update({"department": plan.department_id, "person": plan.person_id})
            self.initial["measures"] = [
                {"what": each.what, "owner": each.owner_id, "due_on": each.due_on}
                for each in measures_of(plan)
                if each.status == each.Status.OPEN
            ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") == Plan.Outcome.COMPENSATION and not (data.get("compensation") or data.get("amount")):
            self.add_error("compensation", ValidationError(_("Say what the compensation is."), code="required"))
        percent = data.pop("percent", None)
        if percent and data.get("amount"):  # of the plan as it was, perhaps: neither is taken silently
            both = _("Enter the amount or the percentage, not both.")
            self.add_error("percent", ValidationError(both, code="both"))
        elif percent and data.get("outcome") == Plan.Outcome.DISCOUNT:
            data["amount"] = self._of_lines(percent)
        return data

    def _of_lines(self, percent: Decimal) -> Decimal | None:
        """So many percent of what the lines of the complaint's product cost, of all lines where it names none."""
        order = getattr(self.obj, "order", None)
        if order is None:
            return None
        lines = order.lines.filter(product=self.obj.product_id) if self.obj.product_id else order.lines
        cost = lines.aggregate(found=Sum("amount"))["found"] or Decimal(0)
        return fen(cost * percent / 100)


class SendForm(OfCustomer):
    contact = PickField(Contact, required=False, label=_("contact"), help_text=_("Empty: the complaint's contact."))


class WordForm(OfCustomer):
    """What the customer said to the plan, and how."""

    channel = forms.ChoiceField(label=_("how"), choices=OFTEN)
    words = forms.CharField(label=_("what he said"), max_length=2000, widget=WORDS)
    contact = PickField(Contact, required=False, label=_("contact"), help_text=_("Empty: the complaint's contact."))


class LinkAnswerForm(VerbForm):
    answer = forms.CharField(label=_("anything to add"), max_length=2000, required=False, widget=WORDS)


class LinkDeclineForm(VerbForm):
    answer = forms.CharField(label=_("what should be different"), max_length=2000, widget=WORDS)


class ProofForm(VerbForm):
    """What came of a measure, and what proves it."""

    outcome = forms.CharField(label=_("outcome"), max_length=2000, widget=WORDS)
    proof = UploadField(label=_("proof"), help_text=_("A photo, a signed paper, a report."))


class ResultForm(VerbForm):
    result = forms.CharField(label=_("result"), max_length=2000, widget=WORDS, help_text=_("The customer reads this."))


class TellForm(OfCustomer):
    """How the customer is told; by mail he gets the result with a link."""

    channel = forms.ChoiceField(label=_("how"), choices=OFTEN, initial=Channel.MAIL)
    contact = PickField(Contact, required=False, label=_("contact"), help_text=_("Empty: the complaint's contact."))


class FollowUpForm(VerbForm):
    """Whether he is satisfied, and his words."""

    # Nothing is chosen beforehand: what nobody asked the customer is not his answer.
    satisfied = forms.TypedChoiceField(
        label=_("satisfied"),
        choices=[("", "–"), ("yes", _("Satisfied")), ("no", _("Not satisfied"))],
        coerce=lambda value: value == "yes",
    )
    channel = forms.ChoiceField(label=_("how"), choices=OFTEN)
    words = forms.CharField(label=_("what he said"), max_length=2000, widget=WORDS)


class ImprovementForm(VerbForm):
    """What is improved so that it happens no more."""

    what = forms.CharField(label=_("measure taken"), max_length=500)
    owner = PickField(User, rows=carriers, label=_("who"))
    due_on = NearDateField(label=_("due on"), widget=DAY)

    def clean_due_on(self) -> date:
        return not_past(self.cleaned_data["due_on"])


class CloseForm(VerbForm):
    check_on = NearDateField(
        label=_("check the effect on"), widget=DAY, help_text=_("By then one looks whether the improvements worked.")
    )

    def clean_check_on(self) -> date:
        return not_past(self.cleaned_data["check_on"])


class EffectForm(VerbForm):
    """Whether the improvements worked."""

    effective = forms.TypedChoiceField(
        label=_("effect"),
        choices=[("yes", _("They worked")), ("no", _("They did not work"))],
        coerce=lambda value: value == "yes",
    )
    effect = forms.CharField(label=_("what was seen"), max_length=2000, widget=WORDS)
    affected = forms.BooleanField(
        label=_("the customer suffers from it again"),
        required=False,
        help_text=_("Then the complaint goes round again, and nothing need be filled in below."),
    )
    what = forms.CharField(label=_("what is improved instead"), max_length=500, required=False)
    owner = PickField(User, rows=carriers, required=False, label=_("who"))
    due_on = NearDateField(label=_("due on"), widget=DAY, required=False)
    check_on = NearDateField(label=_("check the effect again on"), widget=DAY, required=False)
    fieldsets: ClassVar[Any] = (
        (None, ("effective", "effect")),
        (_("Where they did not work"), ("affected", "what", "owner", "due_on", "check_on")),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        improved = ("what", "owner", "due_on", "check_on")
        if data.get("effective") is False and not data.get("affected"):
            for name in improved:
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(_("They did not work, so this is needed."), code="required"))
            for name in ("due_on", "check_on"):
                if data.get(name) and data[name] < clock.today():
                    self.add_error(name, ValidationError(_("This day is over."), code="past"))
            return data
        return {name: value for name, value in data.items() if name not in improved}


class WithdrawForm(VerbForm):
    """Why it is no complaint after all, the one that it is the same as, and the words for whoever approves."""

    why = forms.ChoiceField(label=_("why it was withdrawn"), choices=Complaint.Withdrawal.choices)
    double_of = PickField(
        Complaint, required=False, label=_("the same as"), help_text=_("Only where it was recorded twice.")
    )
    words = forms.CharField(
        label=_("explanation of the withdrawal"),
        max_length=2000,
        widget=WORDS,
        help_text=_("Where the customer takes it back: what he said, when, and how."),
    )

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            others: Any = self.fields["double_of"]
            others.queryset = others.queryset.filter(customer=obj.customer_id).exclude(pk=obj.pk)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        doubled = data.get("why") in (Complaint.Withdrawal.TWICE, Complaint.Withdrawal.DOUBLE)
        if doubled and not data.get("double_of") and "double_of" not in self.errors:
            self.add_error("double_of", ValidationError(_("Say which complaint it is the same as."), code="required"))
        if not doubled:
            data["double_of"] = None
        return data


class AddForm(VerbForm):
    """What the customer adds under his link."""

    text = forms.CharField(label=_("what you want to add"), max_length=2000, widget=WORDS)
    photo = UploadField(label=_("photo"), required=False)
