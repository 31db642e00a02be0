"""The customer's written confirmation of a change: by his signed link, or on a signed paper (KF 3.2.4)."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.links.making import end_links
from crm.records.attachments import attach
from crm.refusals import Refused, only_the_customer
from customers.models import Contact
from orders.changes import forms, telling
from orders.changes.drafting import moved_since
from orders.changes.models import LINK_PURPOSE, Change, How

S = Change.Status
LINK_LASTS = timedelta(days=14)
SIGNED = "signed_change"  # the kind of an attachment that is the customer's word on paper


def _still_fits(change: Change, by: User) -> Refused | None:
    return moved_since(change)


def _his_word(change: Change, by: User) -> Refused | None:
    return only_the_customer(change, by) or moved_since(change)


@action(
    Change,
    label=gettext_lazy("Ask the customer to confirm"),
    source={S.DRAFTED, S.ASKED, S.DECLINED},
    target=S.ASKED,
    form=forms.SendForm,
    unless=_still_fits,
)
def send_change(change: Change, *, by: User, contact: Contact | None = None) -> None:
    """Mail the customer a link under which he sees before and after, and confirms or declines (KF 3.2.4)."""
    change.contact = telling.ask_customer(
        change,
        LINK_PURPOSE,
        "changes.confirm",
        contact,
        {"why": change.why, "cancels": change.cancels},
        by=by,
        valid_for=LINK_LASTS,
    )
    change.asked_at, change.answer = clock.now(), ""


@action(
    Change,
    label=gettext_lazy("Confirm the change"),
    source={S.ASKED},
    target=S.CONFIRMED,
    form=forms.AgreeForm,
    unless=_his_word,
)
def agree_to_change(change: Change, *, by: User, answer: str = "") -> None:
    """Confirm a change by one's link, exactly as it was shown (KF 3.2.4)."""
    _confirmed(change, How.LINK, answer)
    telling.tell_owner(change, "changes.answered", {"agreed": True, "words": answer}, by=by, also=[change.drafted_by])


@action(
    Change,
    label=gettext_lazy("Decline the change"),
    source={S.ASKED},
    target=S.DECLINED,
    form=forms.DeclineForm,
    unless=only_the_customer,
)
def decline_change(change: Change, *, by: User, answer: str) -> None:
    """Decline a change by one's link, with the reason; nothing changes (KF 3.2.4)."""
    change.answer = answer
    telling.tell_owner(change, "changes.answered", {"agreed": False, "words": answer}, by=by, also=[change.drafted_by])


@action(
    Change,
    label=gettext_lazy("Record the signed paper"),
    source={S.DRAFTED, S.ASKED, S.DECLINED},
    target=S.CONFIRMED,
    form=forms.PaperForm,
    unless=_still_fits,
)
def record_confirmation(
    change: Change, *, by: User, paper: Any, contact: Contact | None = None, answer: str = ""
) -> None:
    """Keep the change that the customer has signed on paper; nobody records it without the scan (KF 3.2.4)."""
    attach(change, paper, by=by, kind=SIGNED)
    change.contact = contact or change.contact or change.order.contact
    end_links(change, LINK_PURPOSE)
    _confirmed(change, How.PAPER, answer)


def _confirmed(change: Change, how: str, answer: str) -> None:
    change.confirmed_at, change.confirmed_how, change.answer = clock.now(), how, answer
