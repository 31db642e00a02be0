"""How amounts, quantities, days and moments are said to people, on pages as in messages and refusals."""

import datetime
from decimal import Decimal
from html import escape as quoted  # of plain text, without the checks for marked and translated texts

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock

NO_VALUE = "\N{EN DASH}"
WEEKDAYS = [
    gettext_lazy("Mon"),
    gettext_lazy("Tue"),
    gettext_lazy("Wed"),
    gettext_lazy("Thu"),
    gettext_lazy("Fri"),
    gettext_lazy("Sat"),
    gettext_lazy("Sun"),
]
CURRENCY_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥"}


def _grouped(number: Decimal) -> str:
    """The number with a comma every three digits and as many decimals as it needs."""
    text = f"{number:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "\N{MINUS SIGN}")


def money(amount: Decimal | None, currency: str = "") -> str:
    """An amount with its currency's sign, two decimals and grouped digits; a dash for None."""
    if amount is None:
        return NO_VALUE
    code = currency or settings.CURRENCY
    sign = CURRENCY_SIGNS.get(code, f"{code} ")
    digits = f"{amount if type(amount) is Decimal else Decimal(amount):,.2f}"
    return f"\N{MINUS SIGN}{sign}{digits[1:]}" if digits[0] == "-" else sign + digits


def quantity(value: Decimal | None, unit: str = "") -> str:
    """A quantity with its unit, grouped digits and no trailing zeros; a dash for None."""
    if value is None:
        return NO_VALUE
    return f"{_grouped(Decimal(value))} {unit}".rstrip()


def plain(value: Decimal | None) -> str:
    """A number as an input holds it: no grouping, no trailing zeros."""
    return "" if value is None else f"{Decimal(value).normalize():f}"


class Moments:
    """How moments and days are said to one reader. Made once for a list: words and zone are looked up once for all."""

    def __init__(self) -> None:
        self.zone = timezone.get_current_timezone()
        self.weekdays = [str(name) for name in WEEKDAYS]
        today = clock.today()
        near = enumerate((_("Yesterday"), _("Today"), _("Tomorrow")), start=-1)
        self.near = {today + datetime.timedelta(days=by): quoted(word) for by, word in near}

    def local(self, moment: datetime.date) -> datetime.date:
        """The moment where the company is; a day stays the day."""
        aware = isinstance(moment, datetime.datetime) and moment.tzinfo is not None
        return moment.astimezone(self.zone) if aware else moment  # type: ignore[attr-defined]

    def exact(self, moment: datetime.date) -> str:
        """A moment or a day as `2026-09-21 14:30 (Mon)`."""
        local = self.local(moment)
        return f"{_digits(local)} ({self.weekdays[local.weekday()]})"

    def html(self, moment: datetime.date | None, style: str = "") -> SafeString | str:
        """The moment as the tag `when` has it."""
        if moment is None:
            return NO_VALUE
        local = self.local(moment)
        digits = _digits(local)
        full = f"{digits} ({quoted(self.weekdays[local.weekday()])})"
        if style == "exact":
            text = full
        else:
            is_moment = isinstance(local, datetime.datetime)
            near = self.near.get(local.date() if is_moment else local, "")  # type: ignore[attr-defined]
            text = f"{near} {digits[11:]}".rstrip() if near else digits
        return mark_safe(f'<time datetime="{moment.isoformat()}" title="{full}">{text}</time>')  # noqa: S308 quoted


def _digits(local: datetime.date) -> str:
    """`2026-09-21 14:30`, or the day alone."""
    return local.isoformat(" ", "minutes")[:16] if isinstance(local, datetime.datetime) else local.isoformat()


def exact(moment: datetime.date) -> str:
    """A moment or a day as `2026-09-21 14:30 (Mon)`, where the company is."""
    return Moments().exact(moment)
