"""What the clock does for approvals."""

from datetime import timedelta

from crm.approvals.engine import system
from crm.approvals.healing import handed_over, replaced, voided
from crm.deadlines.periodic import periodic


@periodic("approvals.check", every=timedelta(minutes=5))
def check() -> None:
    """Ask others where an approver has left, is away or lost his right; make void what was changed past the verbs."""
    by = system()
    replaced(by)
    handed_over()
    voided(by)
