"""What is done with messages in the background."""

from datetime import time, timedelta

from crm import clock
from crm.deadlines.periodic import periodic

ASIDE_KEPT = timedelta(days=180)
AUTOMATIC_KEPT = timedelta(days=90)
AT_ONCE = 200


@periodic("inbox.forget", at=time(3, 55))
def forget() -> int:
    """Remove messages that were set aside or automatic, with their files, when their time is over; answers how many."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import transaction
    from django.db.models import Q

    from complaints.inbox.models import Incoming
    from crm.records.models import Attachment

    now, count = clock.now(), 0
    old = Q(status=Incoming.Status.ASIDE, received_at__lt=now - ASIDE_KEPT)
    old |= Q(status=Incoming.Status.AUTOMATIC, received_at__lt=now - AUTOMATIC_KEPT)
    kind = ContentType.objects.get_for_model(Incoming)
    rows = Incoming.objects.filter(old).order_by("pk")
    while True:
        with transaction.atomic():  # locked, and asked anew once locked: one may be looked at after all meanwhile
            pks = list(rows.select_for_update().values_list("pk", flat=True)[:AT_ONCE])
            if not pks:
                return count
            Attachment.objects.filter(subject_type=kind, subject_pk__in=pks).delete()
            count += Incoming.objects.filter(pk__in=pks).delete()[0]
