"""The order desk: the department that reviews, allocates and closes (JD 2.2-2.5)."""

from typing import Any

from crm.accounts.models import Department

ORDER_DESK = "order_desk"  # the department's code


def desk(order: Any = None) -> Department | None:
    """The order desk, where the company has a department of that code; it is the same for every order."""
    return Department.objects.filter(code=ORDER_DESK).first()
