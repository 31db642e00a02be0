"""How far a survey is, by owner: chosen, sent, opened, started, answered, whole (S2, S4)."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Q

from crm.accounts.models import User
from crm.links.models import Link
from satisfaction.models import ANSWER_PURPOSE, Campaign, Invitation, Unsent
from satisfaction.shown import share

S = Invitation.Status
COUNTS = ("chosen", "sent", "opened", "started", "begun", "whole", "blank", "declined", "late")


def funnel_of(campaign: Campaign) -> list[dict[str, Any]]:
    """By owner: chosen, sent, opened, started, answered, whole, declined, late; anonymous: sent and answered."""
    kind = ContentType.objects.get_for_model(Invitation)
    links = Link.objects.filter(subject_type=kind, subject_pk=OuterRef("pk"), purpose=ANSWER_PURPOSE)
    opened = links.filter(opened_at__isnull=False)
    unsent = Unsent.objects.filter(invitation=OuterRef("pk"))
    rows = campaign.invitations.annotate(looked=Exists(opened), writes=Exists(unsent)).order_by().values("owner")
    found = rows.annotate(
        chosen=Count("pk", filter=~Q(status=S.LEFT_OUT)),
        sent=Count("pk", filter=Q(status__in=Invitation.SENT_OUT)),
        opened=Count("pk", filter=Q(looked=True) | Q(writes=True) | Q(status__in=Invitation.BACK) | Q(used=True)),
        started=Count("pk", filter=Q(writes=True) | Q(status__in=Invitation.BACK) | Q(used=True)),
        begun=Count("pk", filter=Q(status__in=[S.PARTLY, S.RETURNED]) | Q(used=True)),
        whole=Count("pk", filter=Q(status=S.RETURNED)),
        blank=Count("pk", filter=Q(status=S.BLANK)),
        declined=Count("pk", filter=Q(status=S.REFUSED)),
        late=Count("pk", filter=Q(sheet__late=True)),
    )
    counts = list(found)
    names = {each.pk: each.display_name for each in User.objects.filter(pk__in=[row["owner"] for row in counts])}
    named = [{**row, "label": names[row["owner"]], "rate": share(row["begun"], row["sent"])} for row in counts]
    return sorted(named, key=lambda row: (row["label"], row["owner"]))


def total_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The funnel of all owners together, of the rows of `funnel_of`."""
    sums: dict[str, Any] = {name: sum(row[name] for row in rows) for name in COUNTS}
    return {**sums, "rate": share(sums["begun"], sums["sent"])}
