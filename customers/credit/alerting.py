"""Signs that a customer's credit is in danger: told to owner and finance once, until they are gone (JD 7.1)."""

import logging
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from crm import clock
from crm.accounts.models import User
from crm.accounts.system import system_user
from crm.outbox import queue
from crm.statements import insert_keyed
from crm.words import money
from customers.credit.exposure import Exposure, exposure_of, exposures
from customers.credit.models import Alert, Standing
from customers.credit.scoring import in_use
from customers.models import Customer

log = logging.getLogger(__name__)

NEARLY = Decimal("0.90")  # of the limit; what is used beyond it is a sign
BATCH = 500
LASTING = (Alert.Sign.OVERDUE, Alert.Sign.UNASSESSED, Alert.Sign.NEARLY_USED)  # what can be seen at any time
AMOUNTS = ["open_orders", "owed", "overdue", "used", "free", "looked_at"]


def tell(alert: Alert, *, words: str, key: str) -> None:
    """Tell the customer's owner and finance of a sign; the notice opens the alert, which offers what can be done."""
    customer = alert.customer
    people = User.objects.working().in_role("finance")
    if customer.owner_id:
        people = (people | User.objects.working().filter(pk=customer.owner_id)).distinct()
    for user in people.order_by("pk"):
        queue.notify(
            user,
            "credit.alert",
            about=alert,
            context={
                "customer": customer.name,
                "sign": alert.sign,
                "rating": alert.rating,
                "limit": money(alert.limit),
                "used": money(alert.used),
                "overdue": money(alert.overdue),
                "words": words,
            },
            key=key,
        )


def alert_of(customer: Customer, sign: str) -> tuple[Alert, bool]:
    """The alert of this sign that stands, made where there is none; and whether it is new."""
    standing = Standing.objects.filter(customer=customer).first() or Standing(customer=customer)
    found = exposure_of(customer)
    row = Alert(
        customer=customer,
        sign=sign,
        rating=standing.rating,
        limit=standing.limit,
        used=found.total,
        overdue=found.overdue,
    )
    new = insert_keyed([row], or_nothing=True)
    return (row, True) if new else (Alert.objects.get(customer=customer, sign=sign, gone_at=None), False)


def raise_sign(customer: Customer, sign: str, *, words: str, key: str) -> None:
    """Tell of a sign at once, also where it stands already: this is another reason."""
    alert, _new = alert_of(customer, sign)
    tell(alert, words=words, key=key)


def note_risen(customer: Customer) -> None:
    """End the alert of a rating that fell: what holds now is no less than before."""
    from customers.credit.actions import note_gone  # whose module stands on this one

    for alert in Alert.objects.filter(customer=customer, sign=Alert.Sign.LOWERED, gone_at=None):
        note_gone(alert, by=system_user("credit"))


def note_amounts(standing: Standing, found: Exposure) -> None:
    """Write into a standing what is used of it now; it is not saved."""
    standing.open_orders, standing.owed, standing.overdue = found.open_orders, found.owed, found.overdue
    standing.used, standing.free = found.total, standing.limit - found.total
    standing.looked_at = clock.now()


def signs_of(customer: Customer, standing: Standing) -> set[str]:
    """Which of the lasting signs a customer shows."""
    found: set[str] = set()
    if standing.overdue > 0:
        found.add(Alert.Sign.OVERDUE)
    if customer.payment_terms == Customer.Terms.CREDIT and standing.rating:
        if not standing.assessed and customer.status != Customer.Status.LOST:
            found.add(Alert.Sign.UNASSESSED)
        if standing.used > standing.limit * NEARLY:
            found.add(Alert.Sign.NEARLY_USED)
    return found


def look_at(keys: Sequence[int], *, going_on: bool = False) -> int:
    """See how the customers with these keys stand now, raise the alerts that are new, end those whose sign is gone.

    Answers how many were raised. Some queries for all of them, and a verb for each sign that came or went. With
    `going_on` the trouble of one customer is logged, and the others are looked at all the same.
    """
    customers = Customer.objects.in_bulk(keys)
    standings = {row.customer_id: row for row in Standing.objects.filter(customer__in=keys)}
    known: dict[int, dict[str, Alert]] = {key: {} for key in keys}
    for alert in Alert.objects.filter(customer__in=keys, gone_at=None, sign__in=LASTING):
        known[alert.customer_id][alert.sign] = alert
    found = exposures(keys)
    for key in keys:
        note_amounts(standings.setdefault(key, Standing(customer_id=key)), found[key])
    Standing.objects.bulk_create(
        standings.values(), update_conflicts=True, unique_fields=["customer"], update_fields=AMOUNTS
    )
    raised = 0
    for key, customer in customers.items():
        try:
            raised += _follow(customer, signs_of(customer, standings[key]), known[key])
        except Exception:
            if not going_on:
                raise
            log.exception("the signs of customer %s could not be followed", key)
    return raised


def _follow(customer: Customer, signs: set[str], known: dict[str, Alert]) -> int:
    """Raise the alerts of signs that came, end those of signs that went; answers how many were raised."""
    from customers.credit.actions import note_gone, raise_alert  # verbs, which look again after they have changed it

    raised = 0
    for sign in sorted(signs - known.keys()):
        raised += raise_alert(customer, by=system_user("credit"), sign=sign) is not customer
    for sign in sorted(known.keys() - signs):
        note_gone(known[sign], by=system_user("credit"))
    return raised


def look() -> int:
    """Look at everybody who buys on account or was rated once; answers how many alerts were raised."""
    return sum(look_at(keys, going_on=True) for keys in _batches()) if in_use() else 0


def _batches() -> Iterator[list[int]]:
    on_account = Customer.objects.filter(payment_terms=Customer.Terms.CREDIT)
    rated = Customer.objects.filter(standing__isnull=False).exclude(payment_terms=Customer.Terms.CREDIT)
    for rows in (on_account, rated):
        yield from _in_order(rows)


def _in_order(rows: Any) -> Iterator[list[int]]:
    last = 0
    while keys := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield keys
        last = keys[-1]
