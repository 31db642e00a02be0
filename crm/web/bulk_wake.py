"""Beginning a bulk action: a short one at once, a long one in the background."""

from crm.waking import wake_up

AT_ONCE = 50  # records; more are done by a worker, while the page shows how far it is


def begin(pk: int, total: int) -> None:
    """Do a short one now; have a long one done soon."""
    from crm.web.bulk_work import work

    if total <= AT_ONCE:
        work(pk)
    else:
        wake(pk)


def wake(pk: int) -> None:
    """Have it worked on soon; what was not woken the sweep finds."""
    from crm.web.tasks import work_on_bulk

    wake_up(work_on_bulk, pk)
