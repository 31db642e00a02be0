"""Signs of danger are told once, dealt with, and gone (JD 7.1, ZT 6.1)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.accounts.system import system_user
from crm.actions import action
from crm.inputs import ReasonForm
from crm.refusals import Refused, only_the_system
from customers.actions import keep_contact, plan_task, suspend_supply
from customers.credit import alerting, forms
from customers.credit.models import Alert
from customers.models import Customer

OPEN, SETTLED = Alert.Status.OPEN, Alert.Status.SETTLED


@action(Customer, label=gettext_lazy("Alert owner and finance"), unless=only_the_system)
def raise_alert(customer: Customer, *, by: User, sign: str) -> Alert | None:
    """Follow a sign that was seen: owner and finance are told once, until it is gone (JD 7.1, ZT 6.1)."""
    alert, new = alerting.alert_of(customer, sign)
    if not new:
        return None
    alerting.tell(alert, words="", key=f"credit-alert-{alert.pk}")
    return alert


def _settle(alert: Alert, *, by: User, done: str, words: str) -> None:
    alert.done, alert.words, alert.settled_by, alert.settled_at = done, words, by, clock.now()
    if alert.sign == Alert.Sign.LOWERED:  # nothing is there that could be looked at again
        alert.gone_at = clock.now()


def _supplied(alert: Alert, by: User) -> Refused | None:
    return suspend_supply.refusal(alert.customer, by)


@action(
    Alert,
    label=gettext_lazy("Suspend supply"),
    source={OPEN},
    target=SETTLED,
    form=ReasonForm,
    unless=_supplied,
)
def suspend_for_alert(alert: Alert, *, by: User, reason: str) -> None:
    """Stop handing over goods to the customer because of the sign (JD 7.1, ZT 6.1)."""
    suspend_supply(alert.customer, by=by, reason=reason)
    _settle(alert, by=by, done=Alert.Done.SUSPENDED, words=reason)


@action(Alert, label=gettext_lazy("Dun the customer"), source={OPEN}, target=SETTLED, form=forms.DunForm)
def dun_for_alert(alert: Alert, *, by: User, channel: str, words: str, again_on: date) -> None:
    """Remind the customer of what he owes, and look again on a day whether he has paid (JD 7.1)."""
    customer = alert.customer
    keep_contact(customer, by=by, channel=channel, what=words)
    plan_task(
        customer,
        by=system_user("credit"),
        what=_("Look whether he has paid: %(sign)s") % {"sign": alert.get_sign_display()},
        due_on=again_on,
        owner=by,
    )
    _settle(alert, by=by, done=Alert.Done.DUNNED, words=words)


@action(Alert, label=gettext_lazy("Dealt with otherwise"), source={OPEN}, target=SETTLED, form=forms.WordsForm)
def settle_alert(alert: Alert, *, by: User, words: str) -> None:
    """Say what else was done about the sign."""
    _settle(alert, by=by, done=Alert.Done.OTHERWISE, words=words)


@action(Alert, label=gettext_lazy("The sign is gone"), source={OPEN, SETTLED}, target=SETTLED, unless=only_the_system)
def note_gone(alert: Alert, *, by: User) -> None:
    """Note that the sign is seen no more; where nobody had dealt with it, that is how it ended (JD 7.1)."""
    if alert.status == OPEN:
        _settle(alert, by=by, done=Alert.Done.GONE, words="")
    alert.gone_at = clock.now()
