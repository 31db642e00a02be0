"""Letters of authority: who may collect for a customer (KC 5.1.11.2)."""

from typing import Any

from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.actions import action
from crm.inputs import ReasonForm
from crm.records.attachments import attach
from customers.models import Customer
from pickup import forms
from pickup.models import Authority, Pickup

S = Pickup.Status


@action(Customer, label=gettext_lazy("Add a letter of authority"), form=forms.AuthorityForm)
def add_authority(customer: Customer, *, by: User, paper: Any = None, **facts: Any) -> Authority:
    """Keep a standing letter of authority: who may collect for the customer (KC 5.1.11.2)."""
    kept = attach(customer, paper, by=by, kind="authority") if paper else None
    return Authority.objects.create(customer=customer, paper=kept, **facts)


@action(
    Pickup,
    label=gettext_lazy("Name who collects"),
    source={S.NOTIFIED, S.CONFIRMED, S.ARRIVED},
    form=forms.AuthorityForm,
)
def name_collector(pickup: Pickup, *, by: User, paper: Any = None, **facts: Any) -> Authority:
    """Keep a letter of authority for this pickup, uploaded by the customer or by staff (KC 5.1.11.2)."""
    kept = attach(pickup, paper, by=by, kind="authority") if paper else None
    return Authority.objects.create(customer=pickup.customer, pickup=pickup, paper=kept, **facts)


@action(
    Authority,
    label=gettext_lazy("Revoke the letter"),
    source={Authority.Status.VALID},
    target=Authority.Status.REVOKED,
    form=ReasonForm,
)
def revoke_authority(authority: Authority, *, by: User, reason: str) -> None:
    """Let a letter of authority count no more."""
