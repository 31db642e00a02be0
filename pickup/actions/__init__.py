"""The life of a pickup: stock checked, planned, told, confirmed, come for, handed over.

One file per subject, imported in the order in which a pickup lives: it is the order in which its buttons stand.
"""

# isort: off
from pickup.actions.supply import agree_later, check_stock, substitute, take_part
from pickup.actions.planning import (
    ask_by_phone,
    cancel_pickup,
    confirm_pickup,
    miss_pickup,
    move_pickup,
    plan_pickup,
    remind_customer,
    send_notice,
)
from pickup.actions.delivery import deliver_order
from pickup.actions.standing_down import call_off, release_stock, waive_rest
from pickup.actions.authorities import add_authority, name_collector, revoke_authority
from pickup.actions.counter import arrive, hand_over, hand_over_anyway, scan
from pickup.actions.taking_back import reverse_handover, reverse_later

# isort: on

__all__ = [
    "add_authority",
    "agree_later",
    "arrive",
    "ask_by_phone",
    "call_off",
    "cancel_pickup",
    "check_stock",
    "confirm_pickup",
    "deliver_order",
    "hand_over",
    "hand_over_anyway",
    "miss_pickup",
    "move_pickup",
    "name_collector",
    "plan_pickup",
    "release_stock",
    "remind_customer",
    "reverse_handover",
    "reverse_later",
    "revoke_authority",
    "scan",
    "send_notice",
    "substitute",
    "take_part",
    "waive_rest",
]
