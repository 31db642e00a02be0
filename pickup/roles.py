"""What each role may do with pickups when the product is new; an administrator's later changes win."""

from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import User
from crm.accounts.roles import SystemUser
from crm.approvals.models import Task
from crm.days import within
from crm.reports.waits import waits
from orders.models import Order
from pickup.models import Pickup

VIEW = ["pickup.view_pickup", "pickup.view_record", "pickup.view_window", "pickup.view_authority"]
ARRANGE = [
    *VIEW,
    "pickup.take_part",
    "pickup.agree_later",
    "pickup.substitute",
    "pickup.plan_pickup",
    "pickup.deliver_order",
    "pickup.send_notice",
    "pickup.confirm_pickup",
    "pickup.move_pickup",
    "pickup.cancel_pickup",
    "pickup.call_off",
    "pickup.waive_rest",
    "pickup.add_authority",
    "pickup.name_collector",
    "pickup.revoke_authority",
]
COUNTER = [
    *VIEW,
    "pickup.arrive",
    "pickup.hand_over",
    "pickup.reverse_handover",
    "pickup.move_pickup",
    "pickup.name_collector",
]
SUPERVISE = ["pickup.hand_over_anyway", "pickup.reverse_later"]

GRANTS = {
    "sales": ARRANGE,
    "sales_support": ARRANGE,
    "sales_manager": [*ARRANGE, *SUPERVISE],
    "warehouse": [*VIEW, "pickup.check_stock", "pickup.release_stock"],
    "counter": COUNTER,
    "supervisor": [*VIEW, *SUPERVISE, "orders.view_order"],
    "order_desk": VIEW,
    "order_desk_manager": VIEW,
    "logistics": [*VIEW, "pickup.deliver_order"],
    "finance": VIEW,
    "executive": VIEW,
    "administrator": [
        *ARRANGE,
        *COUNTER,
        *SUPERVISE,
        "pickup.check_stock",
        "pickup.release_stock",
        "pickup.view_windowpattern",
        "pickup.add_windowpattern",
        "pickup.change_windowpattern",
        "pickup.delete_windowpattern",
    ],
}

_ALL = (
    "sales_support",
    "order_desk",
    "order_desk_manager",
    "warehouse",
    "supervisor",
    "logistics",
    "finance",
    "executive",
)
REACH = {
    **{role: {"pickup.Pickup": "all"} for role in (*_ALL, "administrator")},
    "sales": {"pickup.Pickup": "own"},
    "sales_manager": {"pickup.Pickup": "department"},
    "counter": {"pickup.Pickup": "own"},
    "supervisor": {"pickup.Pickup": "all", "orders.Order": "all"},
}

SYSTEM_USERS = {"pickup": SystemUser("提货", "Pickup")}
SYSTEM_GRANTS = {
    "pickup": ["orders.note_collection", "orders.reopen_collection"],
    "changes": ["pickup.call_off", "pickup.cancel_pickup"],  # an order that is cancelled while its goods lie ready
    "links": ["pickup.confirm_pickup", "pickup.move_pickup", "pickup.name_collector"],
    "clock": ["pickup.remind_customer", "pickup.ask_by_phone", "pickup.miss_pickup"],
}


# What waits for the people of a role, for the demonstration's sign-in page.


def for_warehouse(user: User) -> str:
    """Confirmed orders whose stock nobody has checked."""
    return waits((_("stock checks: %(number)s"), Order.objects.filter(status=Order.Status.CONFIRMED)))


def for_counter(user: User) -> str:
    """Who is expected today at his counters, and who is there."""
    mine = Pickup.objects.filter(within("window__starts_at", clock.today()), warehouse__clerks=user)
    return waits(
        (_("at the counter: %(number)s"), mine.filter(status=Pickup.Status.ARRIVED)),
        (_("pickups expected today: %(number)s"), mine.filter(status__in=Pickup.EXPECTED)),
    )


def for_sales_manager(user: User) -> str:
    """What he is asked to agree to, customers who did not come, and goods that are not there."""
    return waits(
        (_("approvals to decide: %(number)s"), Task.objects.filter(approver=user, status=Task.Status.WAITING)),
        (_("customers who did not come: %(number)s"), Pickup.objects.filter(status=Pickup.Status.MISSED)),
        (_("orders short of stock: %(number)s"), Order.objects.filter(status=Order.Status.SHORT)),
    )


WAITS = {"warehouse": for_warehouse, "counter": for_counter, "sales_manager": for_sales_manager}
