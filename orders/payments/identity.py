"""By what a line of a bank is known when it comes again: its serial number, or all that it says (decision 0013)."""

import hashlib
import json
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from crm.records.text import fold


def identity_of(
    account: Any,
    received_on: date | str,
    amount: Decimal | str,
    *,
    payer_name: str = "",
    remark: str = "",
    serial: str = "",
    balance: Decimal | str | None = None,
) -> str:
    """A hash that is the same for the same line of the same account, however often and from which file it comes.

    `account` is the key of the company's own account, or nothing. With a serial number that alone decides; without one
    day, amount, payer, purpose and the balance after it do, as far as they are known. Values are taken as the form has
    them or as a file's cells read.
    """
    said: list[str]
    if serial.strip():
        said = ["serial", serial.strip().casefold()]
    else:
        said = ["line", str(received_on)[:10], _money(amount), fold(payer_name), fold(remark), _money(balance)]
    content = json.dumps([str(getattr(account, "pk", account) or ""), *said], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def _money(value: Any) -> str:
    """An amount so that 1, 1.0 and "1.00" are the same; what is none stays as it is."""
    if value in (None, ""):
        return ""
    try:
        return f"{Decimal(str(value)):.2f}"
    except InvalidOperation:
        return str(value)
