"""The time limits of pickups."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department
from crm.deadlines.rules import Rule
from crm.once import once
from orders.models import Order
from pickup.models import Pickup

S = Pickup.Status
PLANNED = (*Pickup.EXPECTED, S.MISSED)
WAREHOUSE = "warehouse"  # the department that checks stock, and to which the counters belong


@once
def _the_warehouse() -> Department | None:
    return Department.objects.filter(code=WAREHOUSE).first()


def _warehouse(_obj: Any) -> Department | None:
    return _the_warehouse()


def _is_planned(order: Any) -> bool:
    """Whether a pickup of the order is expected, or was missed and waits for a new window."""
    if hasattr(order, "is_planned"):
        return bool(order.is_planned)
    return bool(order.pickups.filter(status__in=PLANNED).exists())


Rule(
    "stock.check",
    "ZT 3.2",
    label=_("Check the stock for a confirmed order"),
    on=Order,
    during={Order.Status.CONFIRMED},
    since="check_from",  # after a later date was agreed on; else at once
    who=_warehouse,
    met_by="pickup.check_stock",
    limit="4 wh",
)
Rule(
    "stock.shortage",
    "ZT 3.2",
    label=_("Agree with the customer on what is short"),
    on=Order,
    during={Order.Status.SHORT},
    met_by=(
        "pickup.take_part",
        "pickup.agree_later",
        "pickup.substitute",
        "pickup.waive_rest",
        "orders.cancel_order",
    ),
    limit="4 wh",
)
Rule(
    "pickup.plan",
    "ZT 3.3",
    label=_("Plan the pickup, or the delivery, of goods that are ready"),
    on=Order,
    during={Order.Status.READY},
    when=lambda order: not _is_planned(order),
    met_by=("pickup.plan_pickup", "pickup.deliver_order"),
    limit="4 wh",
    asks={"is_planned": Exists(Pickup.objects.filter(order=OuterRef("pk"), status__in=PLANNED))},
)
Rule(
    "pickup.storage",
    "ZT 3.3",
    label=_("Have goods collected that are kept for a customer"),
    on=Order,
    during={Order.Status.READY},
    met_by=("orders.note_collection", "pickup.deliver_order"),
    limit="14 d",
)
Rule(
    "pickup.notice",
    "ZT 3.3",
    label=_("Send the pickup notice"),
    on=Pickup,
    during={S.PLANNED},
    due=lambda pickup: pickup.window.starts_at,
    limit="24 h",
    met_by="pickup.send_notice",
    warn="4 h",
    reads=("window",),
)
Rule(
    "pickup.confirm",
    "ZT 3.3",
    label=_("Get the customer's answer to the notice"),
    on=Pickup,
    during={S.NOTIFIED},
    since="notified_at",
    met_by=("pickup.confirm_pickup", "pickup.move_pickup"),
    limit="12 h",
    soon="pickup.remind_customer",
    late="pickup.ask_by_phone",
)
Rule(
    "pickup.collect",
    "ZT 3.4",
    label=_("Collect the goods"),
    on=Pickup,
    during={S.PLANNED, S.NOTIFIED, S.CONFIRMED},
    due=lambda pickup: pickup.window.ends_at + timedelta(minutes=30),
    met_by=("pickup.arrive", "pickup.hand_over", "pickup.hand_over_anyway"),
    late="pickup.miss_pickup",
    warn="2 h",
)
Rule(
    "pickup.serve",
    "ZT 3.4, 4.1",
    label=_("Serve a customer who is at the counter"),
    on=Pickup,
    during={S.ARRIVED},
    since="arrived_at",
    who=_warehouse,
    met_by=("pickup.hand_over", "pickup.hand_over_anyway", "pickup.move_pickup", "pickup.cancel_pickup"),
    limit="0.5 h",
)
Rule(
    "pickup.missed",
    "ZT 3.3",
    label=_("Offer a new window to a customer who did not come"),
    on=Pickup,
    during={S.MISSED},
    met_by=("pickup.move_pickup", "pickup.cancel_pickup"),
    limit="1 wd",
)
