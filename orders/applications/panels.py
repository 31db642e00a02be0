"""What this app shows on the page of a customer, an inquiry and an order."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.links.models import Link
from crm.links.panels import SHOWN, row_of
from crm.web.panels import panel
from customers.models import Customer
from orders.applications.models import SentForm
from orders.inquiries.models import Inquiry
from orders.models import Order

IN_HAND = (Order.Status.DRAFT, Order.Status.SUBMITTED, Order.Status.RETURNED)  # until the review is passed


def _links_of(forms: QuerySet[SentForm], user: User) -> dict[str, Any] | None:
    """The links of the forms, newest first, with their state and the way to end one."""
    pks = list(forms.order_by("-pk").values_list("pk", flat=True)[:SHOWN])
    links = Link.objects.filter(subject_type=ContentType.objects.get_for_model(SentForm), subject_pk__in=pks)
    rows = [row_of(link, user) for link in links.select_related("made_by").order_by("-pk")] if pks else []
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(Customer, "sent-forms", _("Application forms sent"), "links/panel.html", side=True, order=71)
def of_customer(customer: Customer, user: User) -> dict[str, Any] | None:
    """The latest forms that his contacts were asked to fill in."""
    return _links_of(SentForm.objects.filter(customer=customer), user)


@panel(Inquiry, "sent-forms", _("Application forms sent"), "links/panel.html", side=True, order=71)
def of_inquiry(inquiry: Inquiry, user: User) -> dict[str, Any] | None:
    """The forms that whoever asked was asked to fill in."""
    return _links_of(SentForm.objects.filter(inquiry=inquiry), user)


@panel(Order, "filled-in", _("Filled in by the customer"), "applications/filled_in.html", side=True, order=15)
def filled_in(order: Order, user: User) -> dict[str, Any] | None:
    """Who filled in the application when and by which link, and what he described that is on no list."""
    form = SentForm.objects.filter(order=order).select_related("contact", "sent_by").first()
    if form is None:
        return None
    return {
        "form": form,
        "link": Link.objects.about(form).first(),
        "wishes": form.wishes if order.status in IN_HAND else [],
    }
