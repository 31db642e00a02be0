"""Waking the background for imports and exports; apart from their tasks, which import the verbs that wake them."""

from crm.waking import wake_up


def wake_import(pk: int) -> None:
    """Have an import worked on soon; what was not woken the sweep finds."""
    from crm.exchange.tasks import work_on_import

    wake_up(work_on_import, pk)


def wake_export(pk: int) -> None:
    """Have an export written soon."""
    from crm.exchange.tasks import write_export

    wake_up(write_export, pk)
