"""The input of each verb on advances."""

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import NearDateField, VerbForm
from crm.inputs import DAY, WORDS, not_past
from orders.advances.accounts import Account, account_of
from orders.advances.models import Advance


class AdvanceForm(VerbForm):
    """The application (先行发货申请单); the dialog shows before what is ordered, paid, and gone already."""

    preface = "advances/account.html"
    fieldsets: ClassVar[Any] = (
        (_("Limits"), ("ceiling", "expires_on", "promised_on")),
        (_("Reasons"), ("situation", "why")),
        (_("Decision"), ("route",)),
    )

    ceiling = forms.DecimalField(
        label=_("most that may leave unpaid"),
        max_digits=14,
        decimal_places=2,
        min_value=Decimal("0.01"),
        help_text=_("The value of the goods that may leave ahead of payment; at most what is not paid yet."),
    )
    expires_on = NearDateField(label=_("goods may leave until"), widget=DAY, help_text=_("This day included."))
    promised_on = NearDateField(
        label=_("promised payment date"), widget=DAY, help_text=_("The day by which the customer promised to pay.")
    )
    situation = forms.CharField(
        label=_("the customer's situation"),
        max_length=2000,
        widget=WORDS,
        help_text=_("How he has paid so far, what he says, what secures the payment."),
    )
    why = forms.CharField(label=_("why goods must leave before the money"), max_length=2000, widget=WORDS)
    route = forms.ChoiceField(
        label=_("who decides"), choices=Advance.Route.choices, initial=Advance.Route.USUAL, required=False
    )

    def know(self, by: Any, obj: Any) -> None:
        """A new application begins with all that is not paid, one that is revised as it is."""
        super().know(by, obj)
        if isinstance(obj, Advance):
            self.initial.update({name: getattr(obj, name) for name in self.fields})
        elif self.account is not None and self.account.unpaid > 0:
            self.initial.setdefault("ceiling", self.account.unpaid)

    @cached_property
    def account(self) -> Account | None:
        """How the order stands, for the dialog; nothing for several at once."""
        order = self.obj.order if isinstance(self.obj, Advance) else self.obj
        return account_of(order) if order is not None else None

    def clean_expires_on(self) -> date:
        return not_past(self.cleaned_data["expires_on"])

    def clean_promised_on(self) -> date:
        return not_past(self.cleaned_data["promised_on"])

    def clean_route(self) -> str:
        return self.cleaned_data["route"] or Advance.Route.USUAL


class ReasonForm(VerbForm):
    reason = forms.CharField(label=_("reason"), max_length=300, widget=WORDS)
