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
from customers.forms import people
from customers.models import Contact
from orders.contracts.forms import DAY, WORDS, OfCustomer, ReasonForm, not_past
from satisfaction.models.sheet import LEVELS
from satisfaction.visits.models import last_day, quarter_of

__all__ = ["ReasonForm"]


class PlanForm(VerbForm):
    """Who visits the customer, and when; it is planned by itself."""

    owner = PickField(User, rows=people, label=_("owner"))
    planned_on = forms.DateField(label=_("planned for"))


class RecordForm(OfCustomer):
    """The form of a return visit (客户回访表)."""

    channel = forms.ChoiceField(label=_("how"), choices=OFTEN)
    contact = PickField(Contact, required=False, label=_("contact"))
    level = forms.ChoiceField(label=_("how satisfied he is"), choices=LEVELS)
    use = forms.CharField(label=_("how he uses the goods"), max_length=2000, required=False, widget=WORDS)
    needs = forms.CharField(label=_("what he needs"), max_length=2000, required=False, widget=WORDS)
    suggestions = forms.CharField(label=_("suggestions"), max_length=2000, required=False, widget=WORDS)


class MoveForm(VerbForm):
    """Another day within the quarter."""

    planned_on = NearDateField(label=_("planned for"), widget=DAY)

    def clean_planned_on(self) -> Any:
        day = not_past(self.cleaned_data["planned_on"])
        # Who was not reached in his quarter may still be visited late, in the present one.
        if self.obj is not None and day > max(self.obj.due_on, last_day(quarter_of(clock.today()))):
            raise ValidationError(_("The quarter is over by then."), code="after_quarter")
        return day


class ComplaintForm(VerbForm):
    category = forms.ChoiceField(label=_("category"), choices=Category.choices)
