"""What a record's page shows of its messages."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.actions import customer_of
from crm.outbox.models import Message, MessageQuerySet
from crm.outbox.render import parts_of
from crm.records.entries import entry
from crm.records.timeline import register_timeline
from crm.web.panels import panel

SHOWN = 10


def messages_of(obj: models.Model) -> MessageQuerySet:
    """The mails and calls about a record, newest first; about a customer also those about everything that is his."""
    rows = Message.objects.exclude(channel=Message.Channel.NOTICE).select_related("recipient").order_by("-pk")
    if customer_of(obj) == obj.pk and obj._meta.label == "customers.Customer":
        return rows.filter(customer_id=obj.pk)
    return rows.about(obj)


def _in_timeline(obj: Any, user: Any, limit: int, before: datetime | None) -> list[dict[str, Any]]:
    """Mails and calls about a record, as entries of its timeline: where each stands, and what came of a call."""
    rows = messages_of(obj).select_related("done_by").order_by("-queued_at", "-pk")
    if before is not None:
        rows = rows.filter(queued_at__lt=before)
    return [
        entry(
            row.queued_at,
            row.get_channel_display(),
            actor=row.addressee,
            icon="phone" if row.channel == Message.Channel.CALL else "mail",
            body=" · ".join(filter(None, [row.subject, *_came_of(row)])),
            state=(row.get_status_display(), row.colour),
            trouble=row.trouble if row.status in (Message.Status.FAILED, Message.Status.UNCERTAIN) else "",
        )
        for row in rows[:limit]
    ]


def _came_of(row: Message) -> list[str]:
    """Of a call that was made: who made it, what came of it, and what he wrote down."""
    if row.status != Message.Status.DONE:
        return []
    return [row.done_by.display_name if row.done_by else "", row.get_result_display(), row.note]


register_timeline(None, _in_timeline)


@panel(None, "messages", _("Messages"), "messages/panel.html", side=True, order=60)
def messages(obj: Any, user: Any) -> dict[str, Any] | None:
    """The latest messages with their state."""
    found = list(messages_of(obj)[: SHOWN + 1])
    return {"rows": found[:SHOWN], "more": len(found) > SHOWN, "count": min(len(found), SHOWN)} if found else None


@panel(Message, "text", _("Text"), "messages/text.html", order=10)
def text(message: Message, user: Any) -> dict[str, Any]:
    """What it says."""
    words = message.words
    return {"subject": words["subject"], "parts": parts_of(words["body"])}
