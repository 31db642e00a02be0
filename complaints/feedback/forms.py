"""The input of each verb on feedback."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from complaints.feedback.models import Feedback
from complaints.forms import OFTEN
from complaints.inbox.forms import ComplaintForm as WhoseForm
from complaints.models import Category
from crm.accounts.models import Department, User
from crm.forms import NearDateField, PickField, VerbForm, narrow
from crm.inputs import DAY, WORDS, not_past
from crm.records.attachments import UploadField
from customers.forms import OfCustomer, people
from customers.models import Channel, Contact
from orders.catalog.models import Product
from orders.models import Order

V = Feedback.Verdict
SAID = ("content",)  # not kept by the log of customer, talk or message, which others read than the feedback
SIMPLE = [each for each in Feedback.Verdict.choices if each[0] == V.EXPLAINED]


class ContentField(forms.CharField):
    """What the customer says; it stands on its own page, for whoever sees the customer may not see this (KH 6.2.2)."""

    in_words = False  # for the timeline of the customer

    def __init__(self) -> None:
        super().__init__(label=_("what he says"), max_length=4000, widget=WORDS)


class AboutForm(VerbForm):
    """What it is, and what it is about; whom it is about only where it is one of our people."""

    kind = forms.ChoiceField(label=_("kind"), choices=Feedback.Kind.choices)
    about = forms.ChoiceField(label=_("what it is about"), choices=Feedback.About.choices)
    staff = PickField(
        User,
        rows=people,
        required=False,
        label=_("whom it is about"),
        help_text=_("Only where it is about one of our people; then only managers read it."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("staff") and data.get("about") != Feedback.About.STAFF:
            self.add_error("about", ValidationError(_("Choose “One of our people”, or name nobody."), code="not_staff"))
        return data


class ReceiveForm(AboutForm, OfCustomer):
    """What a customer, also a potential one, says at a visit, by telephone or in any other way."""

    sensitive = SAID
    contacts: ClassVar[tuple[str, ...]] = ("contact", "order")

    channel = forms.ChoiceField(label=_("how it came"), choices=Feedback.Way.choices)
    content = ContentField()
    contact = PickField(Contact, required=False, label=_("contact"))
    order = PickField(Order, required=False, label=_("order"))
    product = PickField(Product, required=False, label=_("product"))
    file = UploadField(label=_("file"), required=False)
    field_order = ("content", "kind", "about", "channel", "contact", "order", "product", "file", "staff")

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            for name in self.contacts:
                field: Any = self.fields[name]
                narrow(field, customer=obj.pk)


class EntryForm(AboutForm):
    """A contact entry that holds feedback: what of it is to be passed on."""

    sensitive = SAID
    content = ContentField()
    field_order = ("content", "kind", "about", "staff")

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            self.initial["content"] = obj.what


class IncomingForm(AboutForm, WhoseForm):
    """Whose feedback it is, and what it is; as much as the message tells stands there already."""

    sensitive = SAID
    fieldsets = (
        (_("Who"), ("customer", "new_customer", "contact", "keep_sender")),
        (_("What"), ("kind", "about", "staff", "content", "order")),
    )

    content = ContentField()
    category = wish = pickup = None  # type: ignore[assignment]  # those are a complaint's


class PassForm(AboutForm):
    """Which department answers it; kind and subject may be put right."""

    department = forms.ModelChoiceField(Department.objects.all(), label=_("department"))
    words = forms.CharField(label=_("what to look at"), max_length=500, required=False, widget=WORDS)
    field_order = ("department", "words", "kind", "about", "staff")

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            self.initial.update({"kind": obj.kind, "about": obj.about, "staff": obj.staff_id})


class SolutionForm(VerbForm):
    """What the department does with it; the customer reads the solution."""

    fieldsets = (
        (_("Answer"), ("verdict", "solution", "reason")),
        (_("What the customer is promised"), ("promise", "due_on")),
    )

    verdict = forms.ChoiceField(label=_("verdict on it"), choices=V.choices)
    solution = forms.CharField(
        label=_("solution"), max_length=2000, widget=WORDS, help_text=_("The customer reads this.")
    )
    reason = forms.CharField(
        label=_("reason"),
        max_length=1000,
        required=False,
        widget=WORDS,
        help_text=_("Needed where it is not adopted, or only in part; the customer reads this."),
    )
    promise = forms.CharField(
        label=_("what will be done"), max_length=500, required=False, help_text=_("The customer reads this.")
    )
    due_on = NearDateField(label=_("to be done by"), required=False, widget=DAY)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None and obj.kind in (Feedback.Kind.SUGGESTION, Feedback.Kind.WISH):
            field: Any = self.fields["verdict"]
            field.choices = [each for each in V.choices if each[0] != V.EXPLAINED]
        elif obj is not None:
            self.initial["verdict"] = V.EXPLAINED

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        return day if day is None else not_past(day)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        verdict, promise, due_on = data.get("verdict"), data.get("promise"), data.get("due_on")
        if verdict in (V.PARTLY, V.DECLINED) and not data.get("reason"):
            self.add_error("reason", ValidationError(_("Say why not all of it is adopted."), code="required"))
        adopted = verdict in (V.ADOPTED, V.PARTLY)
        if (adopted or due_on) and not promise and "promise" not in self.errors:
            self.add_error("promise", ValidationError(_("Say what will be done."), code="required"))
        if (adopted or promise) and not due_on and "due_on" not in self.errors:
            self.add_error("due_on", ValidationError(_("Say until when it will be done."), code="required"))
        if verdict == V.DECLINED and promise:
            self.add_error("promise", ValidationError(_("What is not adopted promises nothing."), code="declined"))
        return data


class SendBackForm(VerbForm):
    """Why it is not this department's, and whose it is where that is known."""

    reason = forms.CharField(label=_("reason"), max_length=500, widget=WORDS)
    department = forms.ModelChoiceField(
        Department.objects.all(),
        required=False,
        label=_("whose it is"),
        help_text=_("Empty: sales decides. Otherwise it goes there at once."),
    )

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            field: Any = self.fields["department"]
            field.queryset = field.queryset.exclude(pk=obj.concerned_id)


class ReplyForm(VerbForm):
    solution = forms.CharField(
        label=_("answer"), max_length=2000, widget=WORDS, help_text=_("The customer reads this.")
    )


class SendForm(OfCustomer):
    contact = PickField(Contact, required=False, label=_("contact"), help_text=_("Empty: the feedback's contact."))


class TellForm(OfCustomer):
    """How the customer is told; by mail he gets the answer with a link."""

    channel = forms.ChoiceField(label=_("how"), choices=OFTEN, initial=Channel.MAIL)
    contact = PickField(Contact, required=False, label=_("contact"), help_text=_("Empty: the feedback's contact."))
    reaction = forms.CharField(label=_("what he said to it"), max_length=1000, required=False, widget=WORDS)


class DoneForm(VerbForm):
    outcome = forms.CharField(label=_("how it was done"), max_length=1000, widget=WORDS)


class ReasonForm(VerbForm):
    reason = forms.CharField(label=_("reason"), max_length=500, widget=WORDS)


class ComplaintForm(VerbForm):
    """As which complaint it goes on; everything else goes along."""

    category = forms.ChoiceField(label=_("category"), choices=Category.choices)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            known = obj.about in Category.values
            self.initial["category"] = obj.about if known else Category.SERVICE
