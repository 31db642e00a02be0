"""A delay on our side is taken up with production planning before anybody asks the customer (KF 3.2.3, JD 7.2)."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.accounts.scopes import involve
from crm.actions import action
from crm.inputs import ReasonForm
from crm.links.making import end_links
from crm.outbox import queue
from crm.records.numbers import next_number
from crm.refusals import Refused
from orders.changes import forms, telling
from orders.changes.models import EXTENSION_PURPOSE, Extension
from orders.models import Order

S, OS = Extension.Status, Order.Status


def _reported_already(order: Order, by: User) -> Refused | None:
    found = Extension.objects.filter(order=order, status__in=Extension.OPEN).first()
    if found is None:
        return None
    values: dict[str, Any] = {"number": found, "state": found.get_status_display()}
    return Refused("extension_open", _("Delay %(number)s is being dealt with: %(state)s.") % values)


@action(
    Order,
    label=gettext_lazy("Report a delay"),
    source={OS.ACCEPTED, OS.CONFIRMED, OS.SHORT, OS.READY},
    form=forms.DelayForm,
    unless=_reported_already,
)
def report_delay(order: Order, *, by: User, cause: str, what: str, planner: User) -> Extension:
    """Take a delay up with production planning: what has happened, and whether the date can be kept (KF 3.2.3)."""
    extension = Extension(
        number=next_number("EX"),
        order=order,
        cause=cause,
        what=what,
        wanted_before=order.wanted_on,
        reported_by=by,
        planner=planner,
    )
    extension.save()
    involve(order, user=planner, why=str(extension._meta.verbose_name))
    queue.notify(
        planner,
        "changes.delay",
        about=extension,
        context={
            "number": extension.number,
            "order": order.number,
            "customer": order.customer.name,
            "wanted_on": order.wanted_on,
            "what": what,
            "by": by,
        },
        key=f"changes-delay-{extension.pk}",
    )
    return extension


@action(
    Extension,
    label=gettext_lazy("Answer for production planning"),
    source={S.PLANNING},
    target={S.KEPT, S.STAYS},
    form=forms.PlanningForm,
)
def answer_delay(
    extension: Extension, *, by: User, kept: bool, planning: str, remedy: str, possible_on: date | None = None
) -> str:
    """Say whether the date can be kept, and by which remedy; if so it ends here, else by when it is possible."""
    extension.planner, extension.planned_at = by, clock.now()
    extension.planning, extension.remedy = planning, remedy
    extension.possible_on = None if kept else possible_on
    extension.new_on = extension.possible_on
    telling.tell_owner(
        extension,
        "changes.planned",
        {"kept": kept, "words": planning, "possible_on": extension.possible_on},
        by=by,
        also=[extension.reported_by],
    )
    return S.KEPT if kept else S.STAYS


@action(
    Extension,
    label=gettext_lazy("Withdraw the extension request"),
    source=set(Extension.OPEN),
    target=S.WITHDRAWN,
    form=ReasonForm,
)
def withdraw_extension(extension: Extension, *, by: User, reason: str) -> None:
    """Give the extension request up, with the reason; the date stays."""
    extension.reason = reason
    end_links(extension, EXTENSION_PURPOSE)
