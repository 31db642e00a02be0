"""Telling subscribers that a report is issued, each of what he sees of it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from crm.outbox import queue
from pickup.execution.models import Report, Subscription
from pickup.execution.parts import seen_by, sums_of

TEMPLATE = "execution.issued"
FIGURE = "execution-report"  # of the table that is exported


def sheet_url(report: Report, asked: Mapping[str, str] | None = None) -> str:
    """The address at which the report, filtered as `asked`, is taken out as a workbook."""
    query = urlencode({"report": report.pk, **(asked or {})})
    return f"{reverse('do', args=['exchange.export_figures'])}?{urlencode({'figure': FIGURE, 'query': query})}"


def mail_to_subscribers(report: Report, rows: list[dict[str, Any]]) -> int:
    """Mail each subscriber the sums of what he sees and where the report is; answers how many were told.

    Who has no mail address gets a notice instead. Who may not see reports any more is passed over.
    """
    told = 0
    subscriptions = Subscription.objects.filter(kind=report.kind, status=Subscription.Status.ACTIVE)
    for subscription in subscriptions.select_related("user").order_by("pk"):
        user = subscription.user
        if not user.is_active or not user.has_perm("execution.view_report"):
            continue
        mine = seen_by(user, rows)
        sums = sums_of(mine)
        context = {
            "number": report.number,
            "monthly": not report.daily,
            "first": report.first,
            "contracts": sum(bool(row["contract"]) for row in mine),
            "moved": sum(bool(row["moves"]) for row in mine),
            "executed": sums["amount"]["now"],
            "paid": sums["paid"]["now"],
            "open": sums["amount"]["open"],
            "page": f"{settings.CRM_URL}{report.get_absolute_url()}",
            "sheet": f"{settings.CRM_URL}{sheet_url(report)}",
        }
        key = f"execution-{report.pk}-{user.pk}"
        if user.email:
            queue.mail(
                template=TEMPLATE,
                about=report,
                context=context,
                key=key,
                address=user.email,
                contact_name=user.display_name,
                language=user.language,
            )
        else:
            queue.notify(user, TEMPLATE, about=report, context=context, key=key)
        told += 1
    return told
