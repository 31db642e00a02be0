"""What each role may do with orders when the product is new; an administrator's later changes win."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.reports.waits import waits
from customers.models import Customer
from orders.models import Order

VIEW = ["orders.view_order"]
APPLY = [*VIEW, "orders.apply_order", "orders.order_inquiry", "orders.revise_order", "orders.submit_order"]
FOLLOW = [
    "orders.accept_order",
    "orders.decline_order",
    "orders.ask_to_confirm",
    "orders.confirm_order",
    "orders.plan_order",
    "orders.add_milestone",
    "orders.finish_milestone",
    "orders.move_milestone",
    "orders.drop_milestone",
    "orders.report_progress",
    "orders.hold_session",
    "orders.tell_progress",
    "orders.advise_shipping",
    "orders.hand_in_sheet",
    "orders.cancel_order",
]
DESK = [
    "orders.pass_review",
    "orders.send_back",
    "orders.allocate_order",
    "orders.receive_handover",
    "orders.close_order",
    "orders.hold_session",  # the desk brings the departments together
    "orders.drop_milestone",  # whoever closes an order drops what is left of its plan
]
LOW_PRICE = ["orders.ask_allow_price", "orders.allow_price"]  # the one asks, and the other is done once others agree
CREDIT = ["orders.ask_allow_credit", "orders.allow_credit"]
MONEY = ["orders.view_payment", "orders.enter_payment", "orders.reverse_payment"]

GRANTS = {
    "sales": [*APPLY, *FOLLOW, *LOW_PRICE, *CREDIT, "orders.view_payment"],
    "sales_support": [
        *APPLY,
        *LOW_PRICE,
        *CREDIT,
        "orders.take_over_order",
        "orders.confirm_order",
        "orders.ask_to_confirm",
    ],
    "sales_manager": [*APPLY, *FOLLOW, *LOW_PRICE, *CREDIT, "orders.view_payment", "orders.take_over_order"],
    "order_desk": [*APPLY, *DESK, "orders.report_progress"],
    "order_desk_manager": [*APPLY, *DESK, *FOLLOW, "orders.view_payment", "orders.take_over_order"],
    "finance": [*VIEW, *MONEY],
    "warehouse": VIEW,
    "counter": VIEW,
    "quality": VIEW,
    "production": [*VIEW, "orders.finish_milestone"],
    "logistics": [*VIEW, "orders.finish_milestone"],
    "executive": [*VIEW, "orders.view_payment"],
    "department_manager": VIEW,
    "administrator": [*APPLY, *FOLLOW, *DESK, *MONEY, "orders.take_over_order"],
}

_ALL = ("sales_support", "order_desk", "order_desk_manager", "finance", "executive", "administrator")
REACH = {
    **{role: {"orders.Order": "all"} for role in _ALL},
    "sales": {"orders.Order": "own"},
    "sales_manager": {"orders.Order": "department"},
    "warehouse": {"orders.Order": "all"},
    "counter": {"orders.Order": "all"},
    "department_manager": {"orders.Order": "department"},
    "quality": {"orders.Order": "department"},
    "production": {"orders.Order": "department"},
    "logistics": {"orders.Order": "department"},
}

SYSTEM_GRANTS = {
    "links": ["orders.confirm_order", "orders.ask_for_changes"],
    "clock": ["orders.pass_on_order"],
    "import": ["orders.apply_order", "orders.submit_order"],
}


# What waits for the people of a role, for the demonstration's sign-in page.

S = Order.Status


def for_sales(user: User) -> str:
    """His orders, by the next step."""
    mine = Order.objects.filter(owner=user)
    return waits(
        (_("orders to accept: %(number)s"), mine.filter(status=S.ALLOCATED)),
        (_("to confirm with the customer: %(number)s"), mine.filter(status=S.ACCEPTED)),
        (_("short of stock: %(number)s"), mine.filter(status=S.SHORT)),
    )


def for_desk(user: User) -> str:
    """What lies at the order desk."""
    return waits(
        (_("applications to review: %(number)s"), Order.objects.filter(status=S.SUBMITTED)),
        (_("orders to allocate: %(number)s"), Order.objects.filter(status=S.REVIEWED)),
        (_("orders to close: %(number)s"), Order.objects.filter(status=S.SIGNED_OFF)),
    )


def for_support(user: User) -> str:
    """Applications that were sent back, and those that nobody has submitted."""
    return waits(
        (_("applications to correct: %(number)s"), Order.objects.filter(status=S.RETURNED)),
        (_("drafts: %(number)s"), Order.objects.filter(status=S.DRAFT)),
    )


def for_finance(user: User) -> str:
    """Goods that are ready and not paid."""
    first = Order.objects.filter(payment_terms__in=[Customer.Terms.PREPAY, Customer.Terms.CASH])
    return waits((_("orders to be paid before pickup: %(number)s"), first.filter(status=S.READY).unpaid()))


WAITS = {
    "sales": for_sales,
    "order_desk": for_desk,
    "order_desk_manager": for_desk,
    "sales_support": for_support,
    "finance": for_finance,
}
