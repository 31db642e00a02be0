"""Who is told of a change: the customer by mail or in the contact log, colleagues, and the departments concerned."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.accounts.models import Department, User
from crm.accounts.scopes import involve
from crm.accounts.standing import speakers
from crm.deadlines.turn import turn
from crm.links.mailing import mail_link
from crm.outbox import queue
from customers.models import Contact
from orders.changes.models import Acknowledgement, Change, Extension
from orders.changes.models.base import AboutOrder

# The departments that plan, make, keep and bring goods, and those that bill them; by code, where there are any.
CONCERNED = ("order_desk", "production", "warehouse", "logistics", "quality", "finance")


def concerned() -> QuerySet[Department]:
    """The departments that a change of an order concerns, where nobody says otherwise."""
    return Department.objects.filter(code__in=CONCERNED)


def ask_customer(
    paper: Any,
    purpose: str,
    template: str,
    contact: Contact | None,
    context: Mapping[str, Any],
    *,
    by: User,
    valid_for: timedelta,
) -> Contact | None:
    """Mail a link about a change or an extension to `contact`, else to whom it went before; answers whom."""
    contact = contact or paper.contact or paper.order.contact
    given = {"number": paper.number, "order": paper.order.number, **context}
    remedy = _("Add one, choose another contact, or record the signed paper.")
    mail_link(paper, purpose, template, contact, given, by=by, valid_for=valid_for, remedy=remedy)
    return contact


def tell_owner(
    paper: Any, template: str, context: Mapping[str, Any], *, by: User, also: Iterable[User | None] = ()
) -> None:
    """Ring the bell of the order's owner, and of whoever else wrote the paper."""
    key = f"{template}-{paper._meta.model_name}-{paper.pk}-{paper.version}"
    queue.notify_each((paper.order.owner, *also), template, by=by, about=paper, context=_named(paper, context), key=key)


def let_departments_see(paper: Change | Extension, departments: Iterable[Department]) -> None:
    """Keep which departments are concerned; they see the order from now on, and what is under way."""
    found = list(departments)
    paper.departments.set(found)
    for department in found:
        involve(paper.order, department=department, why=str(paper._meta.verbose_name))


def tell_departments(paper: Change | Extension, context: Mapping[str, Any], *, by: User) -> None:
    """Tell who speaks for each department concerned of what was applied; each department acknowledges it."""
    field = "change" if isinstance(paper, Change) else "extension"
    for department in paper.departments.select_related("head").order_by("code"):
        row = Acknowledgement.objects.create(order=paper.order, department=department, **{field: paper})
        turn(row)
        queue.notify_each(
            speakers([department]),
            "changes.told",
            by=by,
            about=paper,
            context=_named(paper, {"department": str(department), **context}),
            key=f"changes-told-{row.pk}",
        )


def _named(paper: Any, context: Mapping[str, Any]) -> dict[str, Any]:
    order = paper.order
    return {"number": paper.number, "order": order.number, "customer": order.customer.name, **context}


def tell_result(paper: AboutOrder, template: str, contact: Contact | None, context: Mapping[str, Any]) -> bool:
    """Mail the customer what came of it, where the contact has an address; answers whether it was possible."""
    contact = contact or paper.order.contact
    if contact is None or not contact.email:
        return False
    given = {"number": paper.number, "order": paper.order.number, **context}
    queue.mail(contact=contact, template=template, about=paper, context=given, key=f"{template}-{paper.pk}")
    return True
