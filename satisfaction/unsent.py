"""What a customer has answered and not sent yet is kept between two screens, until he sends it or does not want to."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.http import QueryDict

from crm import clock
from crm.links.models import Link
from crm.links.using import actor
from crm.small import whole
from satisfaction.forms import MOST_ITEMS, SheetForm
from satisfaction.models import Invitation, Unsent


def keep(invitation: Invitation, link: Link, posted: QueryDict) -> bool:
    """Keep what his page sends from screen to screen; answers whether it did."""
    form = SheetForm(posted, by=actor(), obj=invitation)
    if not form.is_valid():
        return False
    place = min(whole(posted.get("at", "")) or 0, MOST_ITEMS)
    return keep_unsent(invitation, at=place, answers=form.cleaned_data["answers"], remarks=form.cleaned_data["remarks"])


@transaction.atomic
def keep_unsent(invitation: Invitation, *, answers: Collection[Mapping[str, Any]], remarks: str, at: int) -> bool:
    """Write down what he has answered so far; answers False where no sheet of his is waited for any more.

    The invitation is locked as a verb locks it, so that nothing is kept behind the sheet that he has just sent.
    """
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True).select_related("campaign")
    held = rows.get(pk=invitation.pk)
    if held.status != Invitation.Status.SENT or held.campaign.anonymous or not held.campaign.answerable:
        return False
    lines = [
        {"item": each["item"], "level": each.get("level") or "", "matters": bool(each.get("matters"))}
        for each in answers
        if each.get("level") or each.get("matters")
    ]
    now = clock.now()
    kept = {"answers": lines, "remarks": remarks, "at": at, "saved_at": now}
    Unsent.objects.update_or_create(invitation=held, defaults=kept, create_defaults={**kept, "begun_at": now})
    return True
