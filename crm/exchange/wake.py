"""Waking the background: a wake-up carries a primary key and nothing else."""

import logging

from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def wake_import(pk: int) -> None:
    """Have an import worked on soon. A broker that is down loses nothing: the sweep finds what waits."""
    from crm.exchange.tasks import work_on_import

    _wake(work_on_import, pk)


def wake_export(pk: int) -> None:
    """Have an export written soon."""
    from crm.exchange.tasks import write_export

    _wake(write_export, pk)


def _wake(task, pk: int) -> None:
    try:
        task.apply_async((pk,), retry=False)
    except OperationalError:
        log.warning("the broker cannot be reached; %s %s waits for the sweep", task.name, pk)
