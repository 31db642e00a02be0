"""How long messages are kept: mails and calls as proof towards customers, notices until nobody looks for them."""

from datetime import timedelta

from django.db.models import Q

from crm import clock
from crm.outbox.models import Message

MAILS_AND_CALLS = timedelta(days=3 * 365)  # the general limitation period (民法典 188)
NOTICES = timedelta(days=180)
BATCH = 1000


def forget_old() -> int:
    """Delete what is older than it is kept, in small transactions; answers how many.

    What still waits for somebody (an open call, a mail that failed) is not old, however long it waits.
    """
    now, done = clock.now(), Message.Status
    kept = [done.QUEUED, done.SENDING, done.FAILED, done.UNCERTAIN, done.OPEN]
    notices = Q(channel=Message.Channel.NOTICE, queued_at__lt=now - NOTICES)
    old = Message.objects.filter(notices | Q(queued_at__lt=now - MAILS_AND_CALLS)).exclude(status__in=kept)
    count = 0
    while pks := list(old.order_by().values_list("pk", flat=True)[:BATCH]):
        count += Message.objects.filter(pk__in=pks).delete()[0]
    return count
