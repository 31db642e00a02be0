"""The input of each verb on return visits."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from complaints.forms import OFTEN
from complaints.models import Category
from crm import clock
from crm.accounts.models import User
from crm.forms import NearDateField, PickField, VerbForm
from crm.inputs import DAY, WORDS, not_past
from customers.forms import OfCustomer, people
from customers.models import Contact
from satisfaction.choosing import contact_of
from satisfaction.models.sheet import LEVELS
from satisfaction.visits.models import last_day, quarter_of


class AnewForm(VerbForm):
    """Who visits the customer, and when; it is planned by itself."""

    owner = PickField(User, rows=people, label=_("owner"))
    planned_on = forms.DateField(label=_("planned for"))


class PlanForm(AnewForm):
    """And after which delivery, where it is a call."""

    delivered_at = forms.DateTimeField(label=_("first delivery since he was spoken to"), required=False)


class RecordForm(OfCustomer):
    """The form of a return visit (客户回访表)."""

    channel = forms.ChoiceField(label=_("how"), choices=OFTEN)
    contact = PickField(Contact, required=False, label=_("contact"))
    # Nothing is chosen beforehand: what nobody asked the customer is not his answer.
    level = forms.ChoiceField(label=_("how satisfied he is"), choices=[("", "–"), *LEVELS])
    news = forms.CharField(label=_("new goods presented to him"), max_length=2000, required=False, widget=WORDS)
    questions = forms.CharField(label=_("what he asked, and the answer"), max_length=2000, required=False, widget=WORDS)
    use = forms.CharField(label=_("how he uses the goods"), max_length=2000, required=False, widget=WORDS)
    needs = forms.CharField(label=_("what he needs"), max_length=2000, required=False, widget=WORDS)
    suggestions = forms.CharField(label=_("suggestions"), max_length=2000, required=False, widget=WORDS)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            main = contact_of([obj.customer_id]).get(obj.customer_id)
            self.initial.setdefault("contact", main and main.pk)


class MoveForm(VerbForm):
    """Another day within the quarter; of a call after a delivery at most as late as the quarter's end, too."""

    planned_on = NearDateField(label=_("to be tried again on"), widget=DAY)

    def clean_planned_on(self) -> Any:
        day = not_past(self.cleaned_data["planned_on"])
        # Who was not reached in his quarter may still be visited late, in the present one.
        if self.obj is not None and day > max(self.obj.due_on, last_day(quarter_of(clock.today()))):
            raise ValidationError(_("The quarter is over by then."), code="after_quarter")
        return day


class ComplaintForm(VerbForm):
    category = forms.ChoiceField(label=_("category"), choices=Category.choices)
