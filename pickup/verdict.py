"""The counter's verdict on a pickup: green, amber or red, why, and what to do (P7).

Buttons, REST and the gate's last look under the lock all ask here, so the screen never promises what is then refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from crm import clock
from crm.statements import Statement
from crm.words import exact, money
from customers.models import Contact, Customer
from orders.contracts.guard import contract_missing
from orders.credit import goods_stop
from orders.leaving import shortfall, worth_of
from orders.models import Order
from pickup.models import Pickup, Record, Window
from pickup.stock import ledger

GRACE = timedelta(minutes=30)  # before and after the window


def _of(model: type[Model], *names: str) -> tuple[type[Model], list[str]]:
    """Some columns of a model in its own order, in which they are made into a record."""
    return model, [field.attname for field in model._meta.concrete_fields if field.attname in ("id", *names)]


# What is asked about a pickup's customer, window and contact; of its order everything, because it moves on as well.
KNOWN = {
    "customer": _of(Customer, "name", "owner_id", "supply_suspended", "suspension_reason"),
    "window": _of(Window, "starts_at", "ends_at"),
    "contact": _of(Contact, "name"),
}
ORDER = Statement(lambda pk: Order.objects.filter(pk=pk))
FACTS = Statement(
    lambda pk: Pickup.objects.filter(pk=pk).values_list(
        *(f"{name}__{column}" for name, (_model, columns) in KNOWN.items() for column in columns)
    )
)

UNPAID = "unpaid"  # the code of what a payment clears away
GREEN, AMBER, RED = "green", "amber", "red"


@dataclass(frozen=True)
class Obstacle:
    """Something in the way: amber asks the clerk to look, red stops him; what is `final` nobody can override."""

    code: str
    sentence: str
    remedy: str = ""
    colour: str = RED
    final: bool = False

    def shown(self) -> dict[str, Any]:
        """As the counter's page and REST have it."""
        return {
            "code": self.code,
            "sentence": self.sentence,
            "remedy": self.remedy,
            "colour": self.colour,
            "final": self.final,
        }


@dataclass(frozen=True)
class Verdict:
    """What the screen says: its colour is that of the worst obstacle."""

    obstacles: tuple[Obstacle, ...]

    @property
    def colour(self) -> str:
        """green, amber or red."""
        colours = {each.colour for each in self.obstacles}
        return RED if RED in colours else AMBER if AMBER in colours else GREEN

    @property
    def stops(self) -> list[Obstacle]:
        """The red ones."""
        return [each for each in self.obstacles if each.colour == RED]


def verdict(pickup: Pickup) -> Verdict:
    """Whether the goods of this pickup may leave now."""
    know(pickup)
    here = due(pickup)
    final = tuple(_state(pickup, here))
    right = without_right(pickup.order, pickup.customer, here)
    return Verdict(final or (*right, *_without_contract(pickup), *_time(pickup)))


def know(pickup: Pickup) -> None:
    """Read of the pickup's order, customer, window and contact what was not read yet."""
    there = pickup._state.fields_cache
    if "order" not in there:
        [pickup.order] = ORDER(pickup.order_id)
    if KNOWN.keys() <= there.keys():
        return
    [found] = FACTS(pickup.pk)
    values = iter(found)
    for name, (model, columns) in KNOWN.items():
        part = [next(values) for _column in columns]
        if name not in there:
            setattr(pickup, name, None if part[0] is None else model.from_db(connection.alias, columns, part))


def _state(pickup: Pickup, here: dict[int, Decimal]) -> Iterator[Obstacle]:
    if pickup.status == Pickup.Status.HANDED_OVER:
        record = pickup.records.filter(kind=Record.Kind.HANDOVER).select_related("clerk").latest("pk")
        facts = {"at": exact(record.at), "clerk": record.clerk, "collector": record.collector}
        yield Obstacle(
            "used",
            _("Handed over already: %(at)s, by %(clerk)s to %(collector)s.") % facts,
            _("If this was a mistake, take the handover back."),
            final=True,
        )
    elif pickup.status == Pickup.Status.CANCELLED:
        yield Obstacle(
            "cancelled", _("This pickup was cancelled."), _("Call %(owner)s.") % {"owner": pickup.owner}, final=True
        )
    elif pickup.status == Pickup.Status.REVERSED:
        yield Obstacle(
            "reversed",
            _("This handover was taken back."),
            _("A new pickup has to be planned; call %(owner)s.") % {"owner": pickup.owner},
            final=True,
        )
    elif not here:
        yield Obstacle(
            "nothing_reserved",
            _("No goods are reserved for this order."),
            _("Ask the warehouse to check the stock."),
            final=True,
        )


def due(pickup: Pickup) -> dict[int, Decimal]:
    """How much of each line is to be handed over at this pickup, in base units; goods elsewhere cannot leave here."""
    return ledger.due(pickup.order_id, pickup.warehouse_id)


def without_right(order: Order, customer: Customer, leaving: dict[int, Decimal]) -> Iterator[Obstacle]:
    """Why so much of each line may not leave, by whomever: supply is suspended, not paid, or beyond credit."""
    if customer.supply_suspended:
        yield Obstacle(
            "suspended",
            _("Supply to this customer is suspended: %(reason)s") % {"reason": customer.suspension_reason},
            _("Finance or the sales manager can resume it."),
        )
    if short := shortfall(order, leaving):
        sentence = _("%(amount)s must be paid before these goods leave.") % {"amount": money(short.amount)}
        yield Obstacle(UNPAID, " ".join([sentence, *short.words]), _("Let finance enter the payment, then look again."))
    if stop := goods_stop(order, leaving):
        yield Obstacle(stop.code, stop.sentence, stop.remedy)


def _without_contract(pickup: Pickup) -> Iterator[Obstacle]:
    """That the contract is missing: whoever was told to come had it in force, and nobody is led around the notice."""
    if pickup.notified_at is None and (refused := contract_missing(pickup.order)):
        yield Obstacle(refused.code, refused.sentence, refused.remedy)


def _time(pickup: Pickup) -> Iterator[Obstacle]:
    now = clock.now()
    if pickup.status == Pickup.Status.MISSED:
        yield Obstacle(
            "missed",
            _("The customer did not come in his window: %(window)s.") % {"window": pickup.window},
            _("Move the pickup to a window of today."),
        )
    elif not pickup.window.starts_at - GRACE <= now <= pickup.window.ends_at + GRACE:
        yield Obstacle(
            "wrong_window",
            _("The window is %(window)s.") % {"window": pickup.window},
            _("Serve him if there is time, or move the pickup."),
            AMBER,
        )


def worth(pickup: Pickup) -> Decimal:
    """What the goods of the order cost that have left, together with those that are due here now."""
    return worth_of(pickup.order_id, due(pickup))
