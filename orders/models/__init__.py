"""Orders: the application, its lines, who carries it through, and what was promised, told and paid."""

from orders.models.allocation import Allocation, Territory
from orders.models.follow_up import JointSession, Milestone, ProgressReport, ShippingAdvice
from orders.models.money import Allowance, Payment
from orders.models.order import DUE, OVERPAID, UNPAID, Line, OfOrder, Order, OrderQuerySet
from orders.models.papers import Handover
from orders.models.types import OrderType, Stage
from orders.models.versions import OrderVersion

__all__ = [
    "DUE",
    "OVERPAID",
    "UNPAID",
    "Allocation",
    "Allowance",
    "Handover",
    "JointSession",
    "Line",
    "Milestone",
    "OfOrder",
    "Order",
    "OrderQuerySet",
    "OrderType",
    "OrderVersion",
    "Payment",
    "ProgressReport",
    "ShippingAdvice",
    "Stage",
    "Territory",
]
