"""What this app shows on the pages of orders, customers and pickups."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.web.panels import panel, step
from customers.models import Customer
from orders.models import Order
from pickup.forms import authorities_of
from pickup.models import Authority, Pickup, Record
from pickup.stock.models import Movement, Reservation
from pickup.verdict import verdict


@panel(Order, "pickups", _("Pickups"), "pickup/panels/pickups.html", order=15)
def pickups_of_order(order: Order, user: User) -> dict[str, Any] | None:
    """When the goods of the order are collected."""
    rows = list(order.pickups.select_related("window", "warehouse"))
    return {"rows": rows, "count": len(rows), "action": step("pickup.plan_pickup", order, user)} if rows else None


@panel(Order, "deliveries", _("Deliveries"), "pickup/panels/deliveries.html", order=16)
def deliveries(order: Order, user: User) -> dict[str, Any] | None:
    """What was brought to the customer, by whom and to whom."""
    rows = list(order.deliveries.select_related("by", "returns"))
    brought: dict[str, dict[Any, Decimal]] = {}
    moved = Movement.objects.filter(reference__in=[row.number for row in rows]).select_related("product__unit")
    moved = moved.exclude(kind=Movement.Kind.WRITE_OFF)  # what of a return is not fit to be sold came back all the same
    for movement in moved.order_by("pk"):
        of = brought.setdefault(movement.reference, {})
        of[movement.product] = of.get(movement.product, Decimal(0)) - movement.quantity
    shown = [{"delivery": row, "goods": list(brought.get(row.number, {}).items())} for row in rows]
    return {"rows": shown, "count": len(rows)} if rows else None


@panel(Order, "reservations", _("Reserved"), "pickup/panels/reservations.html", side=True, order=25)
def reservations(order: Order, user: User) -> dict[str, Any] | None:
    """What is kept for it, and where."""
    rows = list(
        Reservation.objects.filter(line__order=order)
        .select_related("line__product__unit", "stock__warehouse")
        .order_by("line")
    )
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(Customer, "pickups", _("Pickups"), "pickup/panels/pickups.html", order=17)
def pickups_of_customer(customer: Customer, user: User) -> dict[str, Any] | None:
    """When he collects and collected, the newest first."""
    rows = list(Pickup.objects.visible_to(user).filter(customer=customer).select_related("window", "warehouse")[:20])
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(Customer, "authorities", _("Letters of authority"), "pickup/panels/authorities.html", side=True, order=50)
def authorities(customer: Customer, user: User) -> dict[str, Any] | None:
    """Who may collect for him."""
    rows = list(Authority.objects.filter(customer=customer).select_related("paper")[:10])
    action = step("pickup.add_authority", customer, user)
    return {"rows": rows, "count": len(rows), "action": action} if rows or action else None


@panel(Pickup, "verdict", _("Verdict"), "pickup/panels/verdict.html", order=5)
def obstacles(pickup: Pickup, user: User) -> dict[str, Any]:
    """Whether the goods may leave now, and if not, why."""
    found = verdict(pickup)
    return {"verdict": found}


@panel(Pickup, "goods", _("Goods"), "orders/panels/lines.html", order=10)
def goods(pickup: Pickup, user: User) -> dict[str, Any]:
    """What is collected."""
    rows = list(pickup.order.lines.select_related("product__unit", "unit").order_by("position"))
    return {"rows": rows, "count": len(rows), "object": pickup.order}


@panel(Pickup, "records", _("Pickup records"), "pickup/panels/records.html", order=20)
def records(pickup: Pickup, user: User) -> dict[str, Any] | None:
    """What was handed over, and taken back."""
    rows = list(pickup.records.select_related("clerk"))
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(Pickup, "authorities", _("Letters of authority"), "pickup/panels/authorities.html", side=True, order=20)
def authorities_for_pickup(pickup: Pickup, user: User) -> dict[str, Any]:
    """Who may collect."""
    rows = list(authorities_of(pickup).select_related("paper"))
    return {"rows": rows, "count": len(rows), "action": step("pickup.name_collector", pickup, user)}


@panel(Record, "lines", _("Goods"), "pickup/panels/record_lines.html", order=10)
def record_lines(record: Record, user: User) -> dict[str, Any]:
    """What was due, what left, and what was different."""
    rows = list(record.lines.select_related("line__product__unit").order_by("line__position"))
    return {"rows": rows, "count": len(rows)}
