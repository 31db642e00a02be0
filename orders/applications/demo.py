"""The demonstration's application forms in customers' hands: sent by a link, some of them filled in."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from crm.accounts.models import User
from crm.reports.demo import Demo, Story, chapter
from crm.via import Door, Via, through
from customers.models import Contact, Customer
from orders.applications import actions as verbs
from orders.applications.forms import offered
from orders.applications.models import SentForm
from orders.catalog.demo import goods
from orders.demo import PROJECTS, buyer
from orders.inquiries.demo import MATTERS, ask
from orders.models import Order

KINDS = (("sent", 3, 24.0), ("inquired", 2, 9.0), ("filled", 2, 5.0), ("described", 2, 8.0))  # how many, how long ago
WISHES = (  # what is on no list: what the customer writes, which kind he means
    ("防爆灯 100W", "Ex d IIC T6，IP66"),
    ("铜排接地箱", "400×300×200，304 不锈钢"),
    ("双电源切换箱 63A", "4P，带消防联动"),
)


@chapter(45, "application forms")
def forms(demo: Demo) -> Iterator[Story]:
    """Those that customers still have, and those that came back: into the review, or with goods that are on no list."""
    for kind, count, most in KINDS:
        for number in range(demo.some(count)):
            key = f"form-{kind}-{number}"
            chance = demo.random(key)
            begins = demo.ago(most * (0.2 + 0.8 * chance.random()))
            yield Story(key, begins, partial(_form, demo, kind, number, begins, chance))


def _form(demo: Demo, kind: str, number: int, begins: datetime, chance: Random) -> None:
    customer = buyer(demo, chance)
    contact = _reader(customer)
    if contact is None:
        return
    owner = demo.user(customer.owner_id)
    if kind == "inquired":
        inquiry = ask(demo, chance, begins, customer, owner, matter=chance.choice(MATTERS)[0])
        with demo.at(demo.after(begins, 0.1)):
            verbs.ask_inquirer_to_apply(inquiry, by=owner, contact=contact)
        return
    verbs.ask_to_apply(customer, by=owner, contact=contact)
    if kind == "sent":
        return
    form = SentForm.objects.filter(customer=customer, status=SentForm.Status.SENT).latest("pk")
    with demo.at(demo.after(begins, chance.uniform(0.1, 0.8))), through(Via(door=Door.LINK)):
        verbs.fill_in_application(
            form,
            by=User.objects.system("links"),
            lines=[*_lines(chance), *(_wishes(number) if kind == "described" else [])],
            wanted_on=demo.day(chance.randrange(6, 12)),
            fulfilment=Order.Fulfilment.PICKUP,
            project=chance.choice(PROJECTS),
            description="",
            reference="",
            place="",
            remarks="请尽快确认交期",
        )


def _reader(customer: Customer) -> Contact | None:
    """Whom a link can be mailed to."""
    rows = customer.contacts.filter(active=True, email_index__isnull=False)
    return rows.order_by("-main", "pk").first()


def _lines(chance: Random) -> list[dict[str, Any]]:
    chosen = offered().filter(pk__in=[product.pk for product in chance.sample(goods(), 2)]).order_by("pk")
    return [
        {
            "what": product.name,
            "product": product,
            "specification": "",
            "quantity": Decimal(chance.randrange(5, 60)),
            "unit": product.unit,
            "factor": Decimal(1),
        }
        for product in chosen
    ]


def _wishes(number: int) -> list[dict[str, Any]]:
    what, specification = WISHES[number % len(WISHES)]
    return [{"what": what, "product": None, "specification": specification, "quantity": Decimal(8), "unit": None}]
