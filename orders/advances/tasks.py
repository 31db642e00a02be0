"""What happens by itself at times."""

from datetime import time
from functools import partial

from crm import clock
from crm.accounts.system import system_user
from crm.deadlines.one_by_one import one_by_one
from crm.deadlines.periodic import periodic
from orders.advances.actions import expire_advance
from orders.advances.models import Advance


def expire() -> int:
    """End advances whose last day is over, where the company is; answers how many. The counter knows it at midnight."""
    over = Advance.objects.filter(status=Advance.Status.GRANTED, expires_on__lt=clock.today())
    return one_by_one(over.order_by("expires_on", "pk"), partial(expire_advance, by=system_user("clock")))


periodic("advances.expire", at=time(0, 5))(expire)
