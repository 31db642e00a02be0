"""The life of a message, as far as people have a hand in it: calls are recorded, mails sent again, notices read."""

from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.outbox.forms import CallForm, ReadForm, ResendForm
from crm.outbox.models import Message
from crm.outbox.queue import again
from crm.outbox.tasks import wake
from crm.refusals import Refused

S = Message.Status


@action(Message, label=_("Record the call"), source={S.OPEN}, target=S.DONE, form=CallForm)
def record_call(
    message: Message, *, by: User, result: str, note: str = "", call_back_at: datetime | None = None
) -> Message | None:
    """Note what came of a call; one who wants to be called again becomes a new call task (ZT 3.3)."""
    message.result, message.note, message.done_by, message.read_at = result, note, by, clock.now()
    if result == Message.Result.CALL_BACK and call_back_at is not None:
        return again(message, call_back_at)
    return None


def nothing_leaves(message: Message, by: User) -> Refused | None:
    """In test mode no mail is sent, also not again."""
    if settings.OUTBOX_TEST_MODE:
        return Refused("test_mode", _t("Test mode is on: no mail is sent out."))
    return None


@action(
    Message,
    label=_("Send again"),
    source={S.FAILED, S.UNCERTAIN, S.SUPPRESSED},
    target=S.QUEUED,
    form=ResendForm,
    unless=nothing_leaves,
)
def resend_message(message: Message, *, by: User, address: str = "") -> None:
    """Send a mail that was not delivered once more, to a corrected address where one is given."""
    message.email = address or message.email
    message.attempts, message.last_error, message.next_at = 0, "", clock.now()
    transaction.on_commit(partial(wake, message.pk))


@action(None, label=_("Mark as read"), form=ReadForm)
def read_notices(*, by: User, notices: Any = ()) -> None:
    """Mark notices of one's own as read, all of them where none are named."""
    rows = Message.objects.unread_by(by)
    if notices:
        rows = rows.filter(pk__in=[notice.pk for notice in notices])
    rows.order_by().update(status=S.READ, read_at=clock.now(), version=F("version") + 1)
