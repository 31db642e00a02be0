"""How an order stands: what was ordered, paid and has left, what of it is owed, and what an advance lets leave."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from crm.words import exact, money
from orders.advances.models import Advance
from orders.leaving import Release, worth_of
from orders.models import Order

NOTHING = Decimal(0)
S = Advance.Status


@dataclass(frozen=True)
class Account:
    """Amounts of one order, with tax."""

    total: Decimal
    paid: Decimal
    left: Decimal
    allowance: Decimal = NOTHING

    @property
    def unpaid(self) -> Decimal:
        """What is still to be paid: no advance is for more."""
        return max(self.total - self.paid, NOTHING)

    @property
    def owed(self) -> Decimal:
        """What has left and is not paid."""
        return max(min(self.left - self.allowance, self.total) - self.paid, NOTHING)

    def free(self, advance: Advance) -> Decimal:
        """What may still leave under the advance today."""
        return max(advance.ceiling - self.owed, NOTHING) if advance.releases else NOTHING


def account_of(order: Order) -> Account:
    """How the order stands now; one query."""
    return Account(order.due, order.paid, worth_of(order.pk), order.allowance)


def release_of(order: Order) -> Release | None:
    """What the newest advance of an order lets leave, or why it does no more (a part of orders.leaving)."""
    advance = Advance.objects.filter(order=order.pk).exclude(status__in=[S.WITHDRAWN, S.SETTLED]).first()
    if advance is None:
        return None
    return Release(advance.ceiling if advance.releases else NOTHING, lambda: _in_words(advance, order))


def _in_words(advance: Advance, order: Order) -> str:
    """How much is free and until when, or why nothing is."""
    told = {"number": advance.number, "day": exact(advance.expires_on), "reason": advance.reason}
    if advance.releases:
        amounts = {"ceiling": money(advance.ceiling), "free": money(account_of(order).free(advance))}
        words = _("Advance %(number)s lets %(ceiling)s leave unpaid until %(day)s; %(free)s of it is free.")
        return words % {**told, **amounts}
    if advance.status == S.APPLIED:
        return _("Advance %(number)s is not granted yet.") % told
    if advance.status == S.REVOKED:
        return _("Advance %(number)s was revoked: %(reason)s") % told
    if advance.status == S.BROKEN:
        return _("The payment that was promised for advance %(number)s did not come.") % told
    return _("Advance %(number)s held only until %(day)s.") % told
