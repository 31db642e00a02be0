"""The outbox in the background: a wake-up carries a primary key and nothing else."""

from datetime import time, timedelta

from celery import shared_task

from crm.deadlines.periodic import periodic
from crm.waking import wake_up


@shared_task
def send_message(pk: int) -> None:
    """Send one mail, if it is still to be sent."""
    from crm.outbox.sender import send_one

    send_one(pk)


def wake(pk: int) -> None:
    """Have a mail sent soon; what was not woken is sent with the next tick."""
    wake_up(send_message, pk)


@periodic("outbox.send", every=timedelta(minutes=1))
def send_due() -> None:
    """Send what is due: further attempts, and whatever was not woken."""
    from crm.outbox.sender import send_due as send

    send()


@periodic("outbox.forget", at=time(3, 40))
def forget() -> None:
    """Remove messages that are older than they are kept."""
    from crm.outbox.retention import forget_old

    forget_old()
