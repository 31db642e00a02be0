"""The customer's pickup pass: when and where, what to bring, and his answer."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.links.models import Link
from crm.links.pages import LinkPage
from crm.web.qr import qr
from crm.words import money, quantity
from orders.leaving import shortfall
from pickup.models import LINK_PURPOSE, Pickup
from pickup.verdict import due
from pickup.windows import told

S = Pickup.Status
IN_WORDS = {
    S.PLANNED: gettext_lazy("We are preparing this pickup and will tell you when it is ready."),
    S.NOTIFIED: gettext_lazy("We expect you at the time below."),
    S.CONFIRMED: gettext_lazy("You have confirmed this pickup, and we expect you at the time below."),
    S.ARRIVED: gettext_lazy("You are at our counter, and your goods are being handed over."),
    S.HANDED_OVER: gettext_lazy("The goods of this pickup were handed over."),
    S.REVERSED: gettext_lazy("The handover of these goods was taken back, and we will agree on another time with you."),
    S.MISSED: gettext_lazy("The time of this pickup is over. Please choose another one below, or call us."),
    S.CANCELLED: gettext_lazy("This pickup was cancelled."),
}


def state_of(pickup: Pickup) -> Any:
    """Where the pickup stands, in one sentence to the customer."""
    return IN_WORDS[S(pickup.status)]


def facts(pickup: Pickup, link: Link) -> list[tuple[Any, Any]]:
    """When, where, and what he collects."""
    rows: list[tuple[Any, Any]] = [
        (_("when"), told(pickup.window)),
        (_("where"), f"{pickup.warehouse} {pickup.warehouse.address}".strip()),
        (_("order number"), pickup.order.number),
    ]
    here = due(pickup)
    for line in pickup.order.lines.select_related("product__unit").order_by("position"):
        if line.pk in here:
            goods = " · ".join(filter(None, [str(line.product), line.specification]))
            rows.append((goods, quantity(here[line.pk], str(line.product.unit))))
    return rows


def context(pickup: Pickup, link: Link) -> dict[str, Any]:
    """The code as a QR and the papers to bring as a checklist, as long as there is something to come for."""
    if pickup.status not in Pickup.EXPECTED:
        return {"pickup": pickup}
    bring = [_("Your identity card"), _("This notice, or the order confirmation")]
    if pickup.authorities.exists():
        bring.append(_("The original letter of authority"))
    if short := shortfall(pickup.order, due(pickup)):
        bring.append(_("Payment of %(amount)s, or its receipt") % {"amount": money(short.amount)})
    return {"qr": qr(pickup.code, scale=6), "checklist": bring, "pickup": pickup}


LinkPage(
    LINK_PURPOSE,
    title=gettext_lazy("Pickup notice"),
    verbs=("pickup.confirm_pickup", "pickup.move_pickup", "pickup.name_collector"),
    facts=facts,
    context=context,
    buttons={
        "pickup.confirm_pickup": gettext_lazy("I will come then"),
        "pickup.move_pickup": gettext_lazy("Choose another time"),
        "pickup.name_collector": gettext_lazy("Somebody collects for me"),
    },
    template="pickup/pass.html",
    single_use=False,
    state=state_of,
)
