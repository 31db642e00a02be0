"""Low answers: the owner is told of them at once (S5)."""

from django.utils.text import format_lazy

from crm.accounts.models import User
from crm.outbox import queue
from satisfaction.models import Invitation, Sheet, Wording
from satisfaction.scoring import Level


def low_answers(sheet: Sheet) -> list[Wording]:
    """The items with which the customer is not satisfied, as they read, in their order."""
    items = sheet.answers.filter(level=Level.NOT_SATISFIED).values("item")
    rows = Wording.objects.filter(edition=sheet.campaign.edition_id, item__in=items)
    return list(rows.order_by("position"))


def tell_owner(invitation: Invitation, sheet: Sheet, low: list[Wording]) -> None:
    """Tell the owner and who stands in for him, unless he keyed it in himself: the customer is not satisfied."""
    queue.notify_each(
        [invitation.owner],
        "satisfaction.low",
        by=sheet.keyed_by or User.objects.system("links"),
        about=invitation,
        context={
            "number": invitation.number,
            "customer": invitation.customer.name,
            # Lazy, for the notice is written in every language.
            "items": format_lazy("；".join(["{}"] * len(low)), *low),
            "remarks": sheet.remarks,
        },
        key=f"survey-low-{invitation.pk}-{invitation.version}",
    )
