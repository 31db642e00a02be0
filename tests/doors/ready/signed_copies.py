"""The paper of a supplementary agreement at every door."""

from typing import Any

from crm import clock
from orders.contracts import actions as contracts
from orders.contracts.models import Supplement
from tests.doors.ready.house import TODAY, Ready
from tests.world import World, scan


def _applied(world: World) -> Supplement:
    """One that counts; how it comes to be applied is not the matter here."""
    supplement = world.supplement()
    Supplement.objects.filter(pk=supplement.pk).update(status=Supplement.Status.APPLIED, applied_at=clock.now())
    return Supplement.objects.get(pk=supplement.pk)


def _sent(world: World) -> Any:
    return contracts.send_supplement(_applied(world), by=world.root, sent_how="paper")


READY: dict[str, Ready] = {
    "contracts.send_supplement": lambda w: (_applied(w), {"sent_how": "link"}),
    "contracts.hand_in_supplement_copy": lambda w: (_sent(w), {"scan": scan()}),
    "contracts.return_supplement": lambda w: (_sent(w), {"signed_on": TODAY, "scan": scan()}),
}
