"""A complaint comes in, at the counter or otherwise, and is registered in time (ZT 5.1, KF 3.3)."""

from decimal import Decimal
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import forms, telling
from complaints.carrying import only_sales
from complaints.handover import short_of, take_photos
from complaints.models import Category, Complaint, Evidence
from complaints.parties import QUALITY, looks_after, required
from complaints.telling import News
from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.standing import speakers
from crm.actions import action
from crm.records.attachments import attach
from crm.records.numbers import next_number
from crm.refusals import Refused
from customers.models import Contact, Customer
from orders.catalog.models import Product
from orders.models import Order
from pickup.models import Pickup, RecordLine
from pickup.stock.models import Movement

S, PS = Complaint.Status, Pickup.Status


class Kept(Enum):
    """The one value that says: as it is."""

    KEPT = "kept"


KEPT = Kept.KEPT


def take_in(customer: Customer, *, by: User, photo: Any = None, **facts: Any) -> Complaint:
    """Number it, give it to whoever looks after the order or the customer, and tell him and the customer.

    To be called from a verb's body; `facts` are the complaint's. Raises Refused for a pickup of another order.
    """
    pickup = facts.get("pickup")
    order = facts.get("order") or (pickup.order if pickup else None)
    known = (order.owner if order else None, pickup.owner if pickup else None, customer.owner)
    owner = looks_after(known, "complaints.register_complaint", by)
    contact = facts.pop("contact", None) or (order.contact if order else None)
    complaint = Complaint(
        number=next_number("TS"),
        customer=customer,
        contact=contact or customer.contacts.filter(active=True).order_by("-main", "pk").first(),
        owner=owner,
        department=owner.department or by.department,
        received_by=by,
        **facts,
    )
    _of_one_order(complaint)
    complaint.save()
    if photo is not None:
        _keep_photo(complaint, photo, by=by)
    head = complaint.department.head if complaint.department else None
    telling.let_see(complaint, users=[each for each in (owner, head) if each is not None])
    telling.tell(complaint, News.RECEIVED, [owner, head], by=by)
    _ask_quality(complaint, by=by)
    telling.mail_number(complaint, by=by)
    return complaint


def _ask_quality(complaint: Complaint, *, by: User) -> None:
    """Have quality know of a complaint about it at once, and think of a solution (KF 3.3.2)."""
    if complaint.category != Category.QUALITY:
        return
    quality = list(Department.objects.filter(code=QUALITY).select_related("head"))
    telling.let_see(complaint, departments=quality)
    telling.tell(complaint, News.SOLUTION, speakers(quality), by=by)


def _keep_photo(complaint: Complaint, photo: Any, *, by: User) -> None:
    Evidence.objects.create(
        complaint=complaint,
        source=Evidence.Source.CUSTOMER,
        taken_by=str(complaint.contact or complaint.customer.name)[:60],
        file=attach(complaint, photo, by=by, kind="evidence"),
        added_by=by,
    )


def goods_of(pickup: Pickup, product: Product | None) -> dict[str, Any]:
    """Product, batch and quantity as far as there is only one that is meant; quantities are in base units."""
    lines = RecordLine.objects.filter(record__pickup=pickup, record__kind="handover").select_related("line__product")
    left: dict[Product, Decimal] = {}
    for each in lines.order_by("pk"):
        left[each.line.product] = left.get(each.line.product, Decimal(0)) + each.quantity
    found = product or (next(iter(left)) if len(left) == 1 else None)
    if found is None and not left:
        products = {each.product for each in pickup.order.lines.select_related("product")}
        found = products.pop() if len(products) == 1 else None
    if found is None:
        return {}
    numbers = pickup.records.filter(kind="handover").values("number")
    moved = Movement.objects.filter(reference__in=numbers, product=found).order_by().values_list("batch", flat=True)
    batches = set(moved.distinct())
    batch = batches.pop() if len(batches) == 1 else ""
    return {"product": found, "batch": batch, "quantity": left.get(found)}


@action(
    Pickup,
    label=gettext_lazy("Open a complaint"),
    source={PS.ARRIVED, PS.HANDED_OVER, PS.REVERSED},
    form=forms.CounterForm,
)
def complain_at_counter(
    pickup: Pickup, *, by: User, category: str, content: str, product: Product | None = None, photo: Any = None
) -> Complaint:
    """Write down at once what a customer complains of who collects; his goods are known (ZT 3.5, 5.1)."""
    goods = goods_of(pickup, product)
    if category == Category.SHORTAGE and (short := short_of(pickup, goods.get("product"))):
        goods["quantity"] = short
    complaint = take_in(
        pickup.customer,
        by=by,
        photo=photo,
        channel=Complaint.Channel.COUNTER,
        category=category,
        content=content,
        contact=pickup.contact,
        pickup=pickup,
        **goods,
    )
    take_photos(complaint, pickup, by=by)
    return complaint


@action(Customer, label=gettext_lazy("Receive a complaint"), form=forms.ReceiveForm)
def receive_complaint(
    customer: Customer,
    *,
    by: User,
    channel: str,
    category: str,
    content: str,
    wish: str = "",
    contact: Contact | None = None,
    order: Order | None = None,
    pickup: Pickup | None = None,
    product: Product | None = None,
    batch: str = "",
    photo: Any = None,
) -> Complaint:
    """Write down a complaint that came by telephone, mail, a visit or in any other way (ZT 5.1)."""
    goods: dict[str, Any] = goods_of(pickup, product) if pickup is not None else {"product": product}
    return take_in(
        customer,
        by=by,
        photo=photo,
        channel=channel,
        category=category,
        content=content,
        wish=wish,
        contact=contact,
        order=order,
        pickup=pickup,
        **{**goods, **({"batch": batch} if batch else {})},
    )


@action(
    Complaint,
    label=gettext_lazy("Register"),
    source={S.RECEIVED},
    target=S.REGISTERED,
    form=forms.RegisterForm,
    unless=only_sales,
)
def register_complaint(
    complaint: Complaint,
    *,
    by: User,
    category: str,
    severity: str,
    wish: str,
    content: str,
    contact: Contact | Kept | None = KEPT,
    order: Order | Kept | None = KEPT,
    pickup: Pickup | Kept | None = KEPT,
    product: Product | Kept | None = KEPT,
    batch: str | Kept = KEPT,
    quantity: Decimal | Kept | None = KEPT,
) -> None:
    """Say what it is, how severe, and what the customer wishes; departments concerned are told (ZT 5.1, KF 3.3).

    What is KEPT stays as it was received; what is empty is taken away.
    """
    was = complaint.category
    complaint.category, complaint.severity, complaint.wish, complaint.content = category, severity, wish, content
    goods = {
        "contact": contact,
        "order": order,
        "pickup": pickup,
        "product": product,
        "batch": batch,
        "quantity": quantity,
    }
    for name, value in goods.items():
        if value is not KEPT:
            setattr(complaint, name, value)
    _of_one_order(complaint)
    complaint.registered_by, complaint.registered_at = by, clock.now()
    departments = required(category)
    telling.let_see(complaint, departments=departments)
    told = speakers(departments)
    if category != was:  # the manager was told of something else
        told += [complaint.department.head] if complaint.department and complaint.department.head else []
        _ask_quality(complaint, by=by)
    telling.tell(complaint, News.REGISTERED, told, by=by)


def _of_one_order(complaint: Complaint) -> None:
    """A complaint about a pickup is about the order of that pickup. Raises Refused where it says another one."""
    if complaint.pickup is None:
        return
    complaint.order = complaint.order or complaint.pickup.order
    if complaint.order_id != complaint.pickup.order_id:
        raise Refused(
            "other_order",
            _("Pickup %(pickup)s is not of this order.") % {"pickup": complaint.pickup},
            _("Choose another pickup, or none."),
        )
