"""A complaint comes in, at the counter or otherwise, and is registered in time (ZT 5.1, KF 3.3)."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import forms, telling
from complaints.carrying import only_sales
from complaints.models import Complaint, Evidence
from complaints.parties import required, speakers
from complaints.telling import News
from crm import clock
from crm.accounts.models import User
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


def _received(customer: Customer, *, by: User, photo: Any = None, **facts: Any) -> Complaint:
    """Number it, give it to whoever looks after the order or the customer, and tell him and the customer."""
    order, pickup = facts.get("order"), facts.get("pickup")
    if pickup is not None and order is not None and pickup.order_id != order.pk:
        raise Refused("other_order", _("Pickup %(pickup)s is not of this order.") % {"pickup": pickup})
    if pickup is not None:
        facts["order"] = order = pickup.order
    owner = (order.owner if order else None) or (pickup.owner if pickup else None) or customer.owner or by
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
    complaint.save()
    if photo is not None:
        _keep_photo(complaint, photo, by=by)
    head = complaint.department.head if complaint.department else None
    telling.tell(complaint, News.RECEIVED, [owner, head], by=by)
    telling.mail_number(complaint, by=by)
    return complaint


def _keep_photo(complaint: Complaint, photo: Any, *, by: User) -> None:
    Evidence.objects.create(
        complaint=complaint,
        what=_("Photo handed in with the complaint"),
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
    return _received(
        pickup.customer,
        by=by,
        photo=photo,
        channel=Complaint.Channel.COUNTER,
        category=category,
        content=content,
        contact=pickup.contact,
        pickup=pickup,
        **goods_of(pickup, product),
    )


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
    return _received(
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
def register_complaint(complaint: Complaint, *, by: User, category: str, **facts: Any) -> None:
    """Say what it is, how severe, and what the customer wishes; departments concerned are told (ZT 5.1, KF 3.3)."""
    order, pickup = facts.get("order"), facts.get("pickup")
    if pickup is not None and order is not None and pickup.order_id != order.pk:
        raise Refused("other_order", _("Pickup %(pickup)s is not of this order.") % {"pickup": pickup})
    complaint.category = category
    for name, value in facts.items():
        if value not in (None, ""):  # what is known since it was received is not lost where somebody leaves it out
            setattr(complaint, name, value)
    if pickup is not None:
        complaint.order = pickup.order
    complaint.registered_by, complaint.registered_at = by, clock.now()
    departments = required(category)
    telling.let_see(complaint, departments=departments)
    telling.tell(complaint, News.REGISTERED, speakers(departments), by=by)
