"""The life of an application form in the customer's hands: sent to him as a link, and filled in by him (JD 2.2)."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.links.making import end_links, make_link
from crm.outbox import queue
from crm.refusals import Refused, only_the_customer
from crm.words import money
from customers.models import Contact, Customer
from orders.actions import apply_order, order_inquiry
from orders.applications.forms import AskToApplyForm, CustomerApplicationForm, as_sent, words_of
from orders.applications.models import SentForm
from orders.inquiries.models import Inquiry
from orders.models import Order, OrderType

PURPOSE = "applications.form"
LINK_LASTS = timedelta(days=14)


def _nobody_to_ask(customer: Customer, by: User) -> Refused | None:
    if customer.contacts.filter(active=True, email_index__isnull=False).exists():
        return None
    return Refused(
        "no_mail_address",
        _("No contact of this customer has a mail address."),
        _("Add one to a contact, or fill in the form with him by phone."),
    )


def _inquirer_unknown(inquiry: Inquiry, by: User) -> Refused | None:
    if inquiry.customer is None:
        return Refused(
            "no_customer",
            _("It is not written down yet whose inquiry this is."),
            _("Put it to a customer first."),
        )
    return _nobody_to_ask(inquiry.customer, by)


@action(Customer, label=gettext_lazy("Send the application form"), form=AskToApplyForm, unless=_nobody_to_ask)
def ask_to_apply(customer: Customer, *, by: User, contact: Contact) -> None:
    """Mail a contact a link under which he fills in an order application form himself (JD 2.2)."""
    _send(customer, contact, by=by)


@action(
    Inquiry,
    label=gettext_lazy("Send the application form"),
    source={Inquiry.Status.OPEN, Inquiry.Status.PASSED, Inquiry.Status.ANSWERED},
    form=AskToApplyForm,
    unless=_inquirer_unknown,
)
def ask_inquirer_to_apply(inquiry: Inquiry, *, by: User, contact: Contact) -> None:
    """Mail whoever asked a link under which he fills in the application form himself, once he means to (JD 2.2)."""
    for earlier in inquiry.sent_forms.filter(status=SentForm.Status.SENT):
        end_links(earlier, PURPOSE)  # of one inquiry comes one order
    _send(contact.customer, contact, by=by, inquiry=inquiry)


def _send(customer: Customer, contact: Contact, *, by: User, inquiry: Inquiry | None = None) -> None:
    form = SentForm.objects.create(
        customer=customer,
        contact=contact,
        inquiry=inquiry,
        sent_by=by,
        applicant=_applicant(by, inquiry.owner if inquiry else None, customer.owner),
    )
    link, url = make_link(
        PURPOSE, form, by=by, contact_name=contact.name, language=contact.language, valid_for=LINK_LASTS
    )
    queue.mail(
        contact=contact,
        template="applications.form",
        about=inquiry or customer,
        context={"customer": customer.name, "by": by.display_name, "link": url},
        key=f"application-form-{link.pk}",
    )


def _applicant(*candidates: User | None) -> User:
    """Who looks after the application once it is here: the first who may revise one. Raises Refused."""
    for each in candidates:
        if each is not None and each.is_active and each.has_perm("orders.revise_order"):
            return each
    raise Refused(
        "nobody",
        _("There is nobody yet who would look after the application."),
        _("Pass the inquiry on to a salesperson first."),
    )


def _overtaken(form: SentForm, by: User) -> Refused | None:
    """Why the form is not wanted any more, in words for the customer, who alone fills it in."""
    if refused := only_the_customer(form, by):
        return refused
    if form.inquiry and form.inquiry.status == Inquiry.Status.ORDERED:
        return Refused("ordered", _("Your order has been written down already."))
    if form.inquiry and form.inquiry.status == Inquiry.Status.CLOSED:
        return Refused("closed", _("Your inquiry has been closed in the meantime."))
    if not OrderType.objects.filter(active=True).exists():
        return Refused("no_type", _("Orders cannot be taken by this form at the moment."))
    return None


def _usual_type(customer: Customer) -> OrderType | None:
    """The type of the customer's last order, else the first that is offered; the review may find another."""
    offered = OrderType.objects.filter(active=True)
    last = Order.objects.filter(customer=customer).order_by("-pk").values_list("type", flat=True).first()
    return offered.filter(pk=last or 0).first() or offered.first()


@action(
    SentForm,
    label=gettext_lazy("Fill in the application form"),
    source={SentForm.Status.SENT},
    target=SentForm.Status.FILLED,
    form=CustomerApplicationForm,
    unless=_overtaken,
)
def fill_in_application(
    form: SentForm, *, by: User, lines: list[dict[str, Any]], remarks: str = "", **facts: Any
) -> Order:
    """Take the customer's own application: into the review, or as a draft where he describes what is on no list."""
    goods = [
        {name: line.get(name) for name in ("product", "specification", "quantity", "unit", "factor")}
        for line in lines
        if line.get("product")
    ]
    wishes = [line for line in lines if not line.get("product")]
    application = {
        **facts,
        "customer": form.customer,
        "contact": form.contact,
        "type": _usual_type(form.customer),
        "lines": goods,
        "remarks": words_of(wishes, remarks),
        "draft": bool(wishes),
        "applicant": form.applicant,
    }
    order: Order = (
        order_inquiry(form.inquiry, by=by, **application) if form.inquiry else apply_order(by=by, **application)
    )
    form.order, form.filled_at = order, clock.now()
    form.content = as_sent(lines, remarks=remarks, **facts)
    queue.notify(
        form.applicant,
        "applications.filled_in",
        about=order,
        context={
            "number": order.number,
            "customer": form.customer.name,
            "contact": form.contact.name,
            "total": money(order.total),
            "wishes": words_of(wishes),
        },
        key=f"application-filled-in-{form.pk}",
    )
    return order
