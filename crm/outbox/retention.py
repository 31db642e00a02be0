"""How long messages are kept: mails and calls as proof towards customers, notices until nobody looks for them."""

from datetime import timedelta

from django.db.models import Q

from crm import clock
from crm.outbox.models import Message
from crm.records.retention import remove

MAILS_AND_CALLS = timedelta(days=3 * 365)  # the general limitation period (民法典 188)
NOTICES = timedelta(days=180)


def forget_old() -> int:
    """Delete what is older than it is kept, in small transactions; answers how many.

    What still waits for somebody (an open call, a mail that failed) is not old, however long it waits.
    """
    now, done = clock.now(), Message.Status
    kept = [done.QUEUED, done.SENDING, done.FAILED, done.UNCERTAIN, done.OPEN]
    notices = Q(channel=Message.Channel.NOTICE, queued_at__lt=now - NOTICES)
    old = Message.objects.filter(notices | Q(queued_at__lt=now - MAILS_AND_CALLS)).exclude(status__in=kept)
    return remove(old)
