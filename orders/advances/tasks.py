"""What happens by itself at times."""

import logging
from datetime import time

from crm import clock
from crm.accounts.system import system_user
from crm.deadlines.periodic import periodic
from crm.refusals import Refused
from orders.advances.actions import expire_advance
from orders.advances.models import Advance

log = logging.getLogger(__name__)


def expire() -> int:
    """End advances whose last day is over, where the company is; answers how many. The counter knows it at midnight."""
    over = Advance.objects.filter(status=Advance.Status.GRANTED, expires_on__lt=clock.today())
    by, done = system_user("clock"), 0
    for advance in over.order_by("expires_on", "pk"):
        try:
            expire_advance(advance, by=by)
            done += 1
        except Refused as refusal:  # it was revoked or settled at this moment
            log.info("advance %s: it does not expire (%s)", advance.pk, refusal.code)
    return done


periodic("advances.expire", at=time(0, 5))(expire)
