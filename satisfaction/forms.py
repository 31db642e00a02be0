"""The input of each verb on questionnaires, campaigns and invitations."""

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.feedback.forms import AboutForm
from complaints.feedback.models import Feedback
from complaints.models import Category
from crm import clock
from crm.accounts.models import Department, User
from crm.forms import LinesField, NearDateField, PickField, RecordForm, ToldWidget, VerbForm, happened
from crm.inputs import DAY, WORDS, ReasonForm, not_past
from crm.words import exact
from customers.forms import people
from customers.models import Contact, Customer
from satisfaction.low import low_answers
from satisfaction.models import Campaign, Edition, Invitation, Item, Measure, Questionnaire, Section, Sheet
from satisfaction.models.questionnaire import asked_in
from satisfaction.models.sheet import LEVELS
from satisfaction.results import result_of

MOST_ITEMS = 60
CATEGORIES = {
    Section.QUALITY: Category.QUALITY,
    Section.DELIVERY: Category.DELIVERY,
    Section.SALES: Category.SERVICE,
    Section.OTHER: Category.SERVICE,
}
ABOUT = {
    Section.QUALITY: Feedback.About.QUALITY,
    Section.DELIVERY: Feedback.About.DELIVERY,
    Section.SALES: Feedback.About.SERVICE,
    Section.OTHER: Feedback.About.OTHER,
}
KEYED = [each for each in Sheet.Way.choices if each[0] != Sheet.Way.LINK]


class QuestionnaireForm(RecordForm):
    class Meta:
        model = Questionnaire
        fields = ["code", "name", "name_en"]


class ItemLine(VerbForm):
    """One item of a draft, in both languages; its code stays, however it is reworded, or is given where it has none."""

    code = forms.SlugField(
        label=_("item code"),
        max_length=30,
        required=False,
        error_messages={"invalid": _("Latin letters, digits, hyphens and underscores only; or leave it empty.")},
    )
    section = forms.ChoiceField(label=_("section"), choices=Section.choices)
    text = forms.CharField(label=_("wording of an item"), max_length=200)
    text_en = forms.CharField(label=_("English wording"), max_length=200)


class ItemsForm(VerbForm):
    """All items of a draft in their order."""

    items = LinesField(
        ItemLine,
        most=MOST_ITEMS,
        label=_("survey items"),
        help_text=_(
            "An item that keeps its code is compared over the years, however it is reworded. A new one needs no code: "
            "it is given one."
        ),
    )

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            self.initial["items"] = [
                {"code": each.item.code, "section": each.section, "text": each.text, "text_en": each.text_en}
                for each in asked_in(obj)
            ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        codes = [each["code"] for each in data.get("items") or () if each["code"]]
        twice = next((code for code in codes if codes.count(code) > 1), None)
        if twice is not None:
            message = _("The code %(code)s stands there twice.")
            self.add_error("items", ValidationError(message, code="twice", params={"code": twice}))
        return data


class CampaignForm(RecordForm):
    """What is asked from when to when, whether anonymously, and how often who does not answer is reminded."""

    fieldsets = (
        (_("Survey"), ("name", "kind", "edition", "anonymous")),
        (_("After an event"), ("trigger", "rest_days")),
        (_("Time"), ("opens_on", "until", "remind_every", "remind_most")),
        (_("Scores"), ("step",)),
    )

    class Meta:
        model = Campaign
        fields = [
            "name",
            "kind",
            "edition",
            "trigger",
            "rest_days",
            "opens_on",
            "until",
            "anonymous",
            "step",
            "remind_every",
            "remind_most",
        ]
        field_classes = {"opens_on": NearDateField, "until": NearDateField}
        widgets = {"opens_on": DAY, "until": DAY}

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        fields: Any = self.fields
        fields["edition"].queryset = Edition.objects.filter(status=Edition.Status.RELEASED).select_related(
            "questionnaire"
        )
        fields["step"].help_text = _("Empty: the usual one, 1/n² for n items.")
        fields["anonymous"].help_text = _(
            "Nobody can find out who answered what, not even in the database; this cannot be changed after the start."
        )
        if obj is None:
            self.initial.setdefault("opens_on", clock.today())


class EventForm(VerbForm):
    """Who is asked about which event; it happens by itself."""

    customer = PickField(Customer, label=_("customer"))
    contact = PickField(Contact, label=_("contact"))
    event = forms.CharField(label=_("event"), max_length=40)


class ChooseForm(VerbForm):
    """Which customers are asked: who collected goods since a day, narrowed down by tier, region and owner."""

    since = forms.DateField(
        label=_("collected goods since"),
        required=False,
        widget=DAY,
        help_text=_("Empty: since the last campaign of this kind, or within a year."),
    )
    tiers = forms.MultipleChoiceField(
        label=_("tiers"), choices=Customer.Tier.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    region = forms.CharField(label=_("region"), max_length=40, required=False)
    owner = PickField(User, rows=people, required=False, label=_("owner"))

    def clean_since(self) -> Any:
        day = self.cleaned_data["since"]
        return day if day is None else happened(day)


class EndForm(VerbForm):
    """Nothing is asked; the dialog says how many would never be asked, and for how many nobody would wait any more."""

    preface = "satisfaction/preface/ending.html"

    @cached_property
    def never_asked(self) -> int:
        """How many invitations are not sent yet."""
        return self._number(status=Invitation.Status.TO_SEND)

    @cached_property
    def still_out(self) -> int:
        """How many were sent and have brought nothing back."""
        return self._number(status=Invitation.Status.SENT, used=False)

    def _number(self, **which: Any) -> int:
        return Invitation.objects.filter(campaign=self.obj, **which).count() if self.obj is not None else 0


class SendForm(VerbForm):
    """By which way the customer gets his survey."""

    way = forms.ChoiceField(label=_("way of sending"), choices=Invitation.Way.choices, initial=Invitation.Way.MAIL)

    def know(self, by: Any, obj: Any) -> None:
        """Of one customer the way by which he can be reached is there already."""
        super().know(by, obj)
        if obj is not None and not obj.contact.email:
            reached = obj.contact.mobile or obj.contact.phone or obj.campaign.anonymous
            self.initial.setdefault("way", Invitation.Way.SMS if reached else Invitation.Way.PAPER)


class AnswerLine(VerbForm):
    """What is said of one item."""

    item = forms.SlugField(label=_("item code"), max_length=30)
    level = forms.ChoiceField(label=_("how satisfied he is"), choices=[("", "–"), *LEVELS], required=False)
    matters = forms.BooleanField(label=_("matters most"), required=False)


def naming(line: type[VerbForm], edition: Edition, **more: Any) -> type[VerbForm]:
    """The form of a line that says which item of an edition it is about, as it reads; each has one line."""
    choices = [(each.item.code, str(each)) for each in asked_in(edition)]
    item: Any = forms.ChoiceField(label=_("survey item"), choices=choices, widget=ToldWidget)
    item.wide = True  # a whole line on a phone, or nobody could read which item it is
    return type(line.__name__, (line,), {"item": item, **more})


def ticked() -> Any:
    """The four steps of an answer side by side, as they stand on the sheet that is keyed in."""
    choices = [*LEVELS, ("", _("Left blank"))]
    field: Any = forms.ChoiceField(
        label=_("how satisfied he is"), choices=choices, required=False, widget=forms.RadioSelect
    )
    field.wide = True
    return field


class SheetForm(VerbForm):
    """A sheet: the answers to the items, which of them matter most, and what is remarked."""

    # The page sends each item, also a blank one: without any it is no sheet, and must not use up an anonymous survey.
    answers = LinesField(
        AnswerLine,
        most=MOST_ITEMS,
        label=_("answers to items"),
        error_messages={"too_few": _("Nothing arrived of what was answered. Please send it once more.")},
    )
    remarks = forms.CharField(label=_("remarks and suggestions"), max_length=2000, required=False, widget=WORDS)

    def clean_answers(self) -> list[dict[str, Any]]:
        """Only items of the edition that was sent, each at most once."""
        lines = self.cleaned_data["answers"]
        known = {each.item.code for each in asked_in(self.obj.campaign.edition)} if self.obj is not None else None
        seen: set[str] = set()
        for line in lines:
            if known is not None and line["item"] not in known:
                raise ValidationError(_("This item is not asked here."), code="other_item")
            if line["item"] in seen:
                raise ValidationError(
                    _("The code %(code)s stands there twice."), code="twice", params={"code": line["item"]}
                )
            seen.add(line["item"])
        return lines


class KeyedForm(SheetForm):
    """A sheet that came on paper, or was answered on the telephone."""

    way = forms.ChoiceField(label=_("how it came back"), choices=KEYED)
    returned_on = forms.DateField(label=_("came back on"), widget=DAY)
    field_order = ("way", "returned_on", "answers", "remarks")

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        self.initial.setdefault("returned_on", clock.today())
        if obj is not None:
            fields: Any = self.fields
            fields["answers"].line_form = naming(AnswerLine, obj.campaign.edition, level=ticked())
            fields["answers"].fixed = True
            known = known_answers(obj)
            self.initial["answers"] = [
                {
                    "item": each.item.code,
                    "level": known.get(each.item_id, ("", False))[0],
                    "matters": known.get(each.item_id, ("", False))[1],
                }
                for each in asked_in(obj.campaign.edition)
            ]

    def clean_returned_on(self) -> Any:
        return _came_back(self.cleaned_data["returned_on"], self.obj)


def _came_back(day: date, invitation: Invitation | None) -> date:
    """Not in the future, and not before the day on which it was sent: whether it is late hangs on it."""
    happened(day)
    sent = invitation.sent_at if invitation is not None else None
    if sent is not None and day < timezone.localdate(sent):
        raise ValidationError(
            _("It was not sent before %(day)s."), code="not_sent", params={"day": exact(timezone.localdate(sent))}
        )
    return day


class ReturnDayForm(ReasonForm):
    """On which day a keyed sheet came back in truth, and why another one stands there."""

    returned_on = forms.DateField(label=_("came back on"), widget=DAY)
    field_order = ("returned_on", "reason")

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if (day := self._known()) is not None:
            self.initial.setdefault("returned_on", day)

    def _known(self) -> date | None:
        moment = Sheet.objects.filter(invitation=self.obj).values_list("returned_at", flat=True).first()
        return timezone.localdate(moment) if self.obj is not None and moment is not None else None

    def clean_returned_on(self) -> Any:
        """As where it was keyed in, and another day than the one that stands there."""
        day = _came_back(self.cleaned_data["returned_on"], self.obj)
        if day == self._known():
            raise ValidationError(_("This day stands there already."), code="same")
        return day


def known_answers(invitation: Invitation) -> dict[int, tuple[str, bool]]:
    """What the sheet of an invitation says so far: level and mark by the key of the item."""
    sheet = Sheet.objects.filter(invitation=invitation).first()
    if sheet is None:
        return {}
    return {item: (level, matters) for item, level, matters in sheet.answers.values_list("item", "level", "matters")}


class CoefficientLine(VerbForm):
    """The coefficient of one item."""

    item = forms.SlugField(label=_("item code"), max_length=30)
    value = forms.DecimalField(
        label=_("coefficient"), max_digits=7, decimal_places=6, min_value=Decimal("0.000001"), max_value=Decimal(1)
    )


class CorrectForm(VerbForm):
    """All coefficients as they shall be, and why."""

    reason = forms.CharField(label=_("reason"), max_length=500, widget=WORDS)
    lines = LinesField(CoefficientLine, most=MOST_ITEMS, label=_("coefficients"))

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            fields: Any = self.fields
            fields["lines"].line_form = naming(CoefficientLine, obj.edition)
            fields["lines"].fixed = True
            self.initial["lines"] = [
                {"item": line.wording.item.code, "value": line.coefficient} for line in result_of(obj).lines
            ]


class ProposeForm(VerbForm):
    """What the yearly survey is proposed with; it happens by itself."""

    edition = PickField(Edition, label=_("edition of a questionnaire"))
    owner = PickField(User, rows=people, label=_("owner"))
    opens_on = forms.DateField(label=_("begins on"))


class HandOutForm(VerbForm):
    """Which departments get the report, to answer it with measures."""

    departments = forms.ModelMultipleChoiceField(
        Department.objects.all(), label=_("departments"), widget=forms.CheckboxSelectMultiple
    )


class MeasureForm(VerbForm):
    """What a department does, about which item, by whom, and until when."""

    department = forms.ModelChoiceField(Department.objects.all(), label=_("department"))
    item = forms.ModelChoiceField(Item.objects.all(), label=_("survey item"), required=False)
    kind = forms.ChoiceField(label=_("kind"), choices=Measure.Kind.choices)
    what = forms.CharField(label=_("measure taken"), max_length=500, widget=WORDS)
    owner = PickField(User, rows=people, label=_("who"))
    due_on = NearDateField(label=_("due on"), widget=DAY)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        fields: Any = self.fields
        self.initial.setdefault("department", by.department_id)
        if obj is not None:
            wordings = {each.item_id: str(each) for each in asked_in(obj.edition)}
            fields["item"].queryset = Item.objects.filter(pk__in=wordings)
            fields["item"].label_from_instance = lambda item: wordings[item.pk]

    def clean_due_on(self) -> Any:
        return not_past(self.cleaned_data["due_on"])


class OutcomeForm(VerbForm):
    outcome = forms.CharField(label=_("outcome"), max_length=2000, widget=WORDS)


class ComplaintForm(VerbForm):
    """As which complaint a low answer goes on; what he answered and remarked goes along."""

    category = forms.ChoiceField(label=_("category"), choices=Category.choices)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if section := lowest_section(obj):
            self.initial["category"] = CATEGORIES[section]


class FeedbackForm(AboutForm):
    """As which feedback it goes on; what he answered and remarked goes along."""

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if section := lowest_section(obj):
            self.initial.update({"kind": Feedback.Kind.GRUMBLE, "about": ABOUT[section]})


def lowest_section(invitation: Invitation | None) -> Section | None:
    """What the first item is about that the customer is not satisfied with; None where there is none."""
    sheet = Sheet.objects.filter(invitation=invitation).first() if invitation is not None else None
    low = low_answers(sheet) if sheet is not None else []
    return Section(low[0].section) if low else None
