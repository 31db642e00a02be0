"""What this app shows on the page of a customer, and of what belongs to him."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.deadlines.models import Deadline
from crm.records.entries import talking
from crm.records.masks import may_reveal
from crm.web.panels import panel, step
from customers.actions import log_contact
from customers.models import ChangeReport, Customer, ReportedField, Task

talking(log_contact)
DUE = 20  # deadlines shown of his orders, pickups, tasks and papers


@panel(Customer, "contacts", _("Contacts"), "customers/panels/contacts.html", order=10)
def contacts(customer: Customer, user: User) -> dict[str, Any]:
    """Who is there, the main contact first."""
    rows = list(customer.contacts.order_by("-active", "-main", "pk"))
    return {"rows": rows, "count": len(rows), "action": step("customers.add_contact", customer, user)}


@panel(Customer, "contact-log", _("Contact log"), "customers/panels/contact_log.html", order=20)
def contact_log(customer: Customer, user: User) -> dict[str, Any]:
    """The last calls, visits, mails and meetings."""
    rows = list(customer.contact_entries.select_related("contact", "by")[:20])
    return {"rows": rows, "count": len(rows), "action": step("customers.log_contact", customer, user)}


@panel(Customer, "papers", _("Papers"), "customers/panels/papers.html", order=30)
def papers(customer: Customer, user: User) -> dict[str, Any]:
    """Licence copies and other papers, the valid ones first."""
    rows = list(customer.documents.select_related("file").order_by("-status", "expires_on"))
    return {"rows": rows, "count": len(rows), "action": step("customers.add_document", customer, user)}


@panel(Customer, "addresses", _("Addresses"), "customers/panels/addresses.html", order=40)
def addresses(customer: Customer, user: User) -> dict[str, Any]:
    """The customer's places."""
    rows = list(customer.addresses.order_by("pk"))
    return {"rows": rows, "count": len(rows), "action": step("customers.add_address", customer, user)}


@panel(Customer, "due", _("Due for this customer"), "customers/panels/due.html", side=True, order=12)
def due(customer: Customer, user: User) -> dict[str, Any] | None:
    """What is open on his orders, pickups, tasks and papers, the most urgent first, as far as the user sees them."""
    rows = Deadline.objects.open().filter(customer_id=customer.pk).select_related("responsible", "department")
    kind = ContentType.objects.get_for_model(Customer)
    found = list(rows.exclude(subject_type=kind, subject_pk=customer.pk).order_by("due_at")[:DUE])
    records = _seen(((row.subject_type_id, row.subject_pk) for row in found), user)
    shown = [(row, records.get((row.subject_type_id, row.subject_pk))) for row in found]
    open_ones = [{"deadline": row, "record": record} for row, record in shown if record]
    return {"rows": list(records.values()), "due": open_ones, "count": len(open_ones)} if open_ones else None


def _seen(keys: Iterable[tuple[int | None, int | None]], user: User) -> dict[Any, Any]:
    """The records with these kinds and keys that the user may see: one query for each kind."""
    wanted: dict[int, set[int]] = {}
    for kind, pk in keys:
        if kind and pk:
            wanted.setdefault(kind, set()).add(pk)
    found: dict[Any, Any] = {}
    for kind, pks in wanted.items():
        model: Any = ContentType.objects.get_for_id(kind).model_class()
        through = getattr(model, "seen_through", "")
        rows = model._default_manager.visible_to(user).filter(pk__in=pks)
        for record in rows.select_related(through) if through else rows:
            found[kind, record.pk] = record
    return found


@panel(Customer, "tasks", _("Tasks"), "customers/panels/tasks.html", side=True, order=20)
def tasks(customer: Customer, user: User) -> dict[str, Any]:
    """Next steps that are open."""
    rows = list(customer.tasks.filter(status=Task.Status.OPEN).select_related("owner"))
    return {"rows": rows, "count": len(rows), "action": step("customers.plan_task", customer, user)}


@panel(Customer, "reports", _("Reported changes"), "customers/panels/reports.html", side=True, order=30)
def reports(customer: Customer, user: User) -> dict[str, Any] | None:
    """Changes that wait for a decision."""
    rows = list(customer.changereports.filter(status=ChangeReport.Status.OPEN).select_related("reported_by"))
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(ChangeReport, "fields", _("What has changed"), "customers/panels/reported_fields.html", order=10)
def reported_fields(report: ChangeReport, user: User) -> dict[str, Any]:
    """Old and new value of each field side by side, and what was decided."""
    rows = list(report.fields.select_related("contact", "report__customer"))
    shown = [{"field": row, "old": _value(row, "old", user), "new": _value(row, "new", user)} for row in rows]
    return {"rows": shown, "count": len(rows)}


def _value(row: ReportedField, name: str, user: User) -> dict[str, Any]:
    """The old or the new value: an identifier is masked, and shown whole to who may see it and asks."""
    value: dict[str, Any] = {"label": row.label, "html": getattr(row, f"{name}_shown")}
    if row.kind and value["html"] and may_reveal(user):
        value["masked"] = {"url": reverse("reveal", args=[row._meta.label_lower, row.pk, name])}
    return value
