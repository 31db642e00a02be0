"""What the counter offers once goods have left: verbs on a pickup that apps above this one add."""

from typing import Any

from crm.accounts.models import User
from crm.web.panels import step
from pickup.models import Pickup

OFFERED: list[str] = []


def offers(pickup: Pickup, user: User) -> list[dict[str, Any]]:
    """The verbs that `user` may do to this pickup now, as buttons, each leading to its dialog as a page."""
    return [found for name in OFFERED if (found := step(name, pickup, user)) is not None]
