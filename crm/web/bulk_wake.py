"""Beginning a bulk action: a short one at once, a long one in the background."""

import logging

from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

AT_ONCE = 50  # records; more are done by a worker, while the page shows how far it is


def begin(pk: int, total: int) -> None:
    """Do a short one now; have a long one done soon."""
    from crm.web.bulk_work import work

    if total <= AT_ONCE:
        work(pk)
    else:
        wake(pk)


def wake(pk: int) -> None:
    """Have it worked on soon. A broker that is down loses nothing: the sweep finds what waits."""
    from crm.web.tasks import work_on_bulk

    try:
        work_on_bulk.apply_async((pk,), retry=False)
    except OperationalError:
        log.warning("the broker cannot be reached; the bulk action %s waits for the sweep", pk)
