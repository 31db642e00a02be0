"""The demonstration's settlements: what was collected on account is stated, agreed on, invoiced and posted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.base import ContentFile

from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.deadlines.models import Deadline
from crm.links.making import end_links
from crm.reports.demo import Demo, Story, chapter
from crm.reports.invented import paper
from crm.via import Door, Via, through
from customers.models import Contact
from orders.models import Order
from orders.payments import actions as payment_verbs
from orders.payments.models import Invoice
from pickup import actions as pickup_verbs
from pickup.models import Pickup, Record
from pickup.settlement import actions as verbs
from pickup.settlement.forms import beginning
from pickup.settlement.models import LINK_PURPOSE, InvoiceMemo, Statement

RULE = "settlement.reconcile"
# How far the latest ones are, the last first; those before them are posted.
LATEST = ("draft", "sent", "disputed", "adjusted", "reconciled", "filled", "passed", "refused", "issued")
DISPUTES = ("实收少一件，请核对磅单。", "单价与合同不符，应按合同价结算。")


@chapter(50, "settlements")
def settlements(demo: Demo) -> Iterator[Story]:
    """Every order on account that is wholly collected: the older ones invoiced, the latest in every state."""
    waiting = Deadline.objects.open().filter(rule=RULE).values("subject_pk")
    rows = Order.objects.filter(pk__in=waiting, owner__isnull=False).order_by("number")
    left = [(each, last) for each in rows if (last := _left_at(each))]
    left.sort(key=lambda each: each[1], reverse=True)
    can_come_back = [order.pk for order, _last in left if order.status == Order.Status.COLLECTED]
    told = dict.fromkeys(can_come_back[:1], "stale") | dict.fromkeys(can_come_back[1:][-1:], "credited")
    others = [order.pk for order, _last in left[1:] if order.pk not in told]
    told |= dict(zip(others, LATEST, strict=False)) | dict.fromkeys(others[1:][-1:], "voided")
    for number, (order, last) in enumerate(left):
        ending = told.get(order.pk, "posted")
        yield Story(f"settlement-{order.number}", last, partial(_settle, demo, order, last, ending, number))


def _left_at(order: Order) -> datetime | None:
    record = Record.objects.filter(pickup__order=order).order_by("-at").first()
    return record.at if record else None


def _settle(demo: Demo, order: Order, last: datetime, ending: str, number: int) -> None:
    rows = Contact.objects.filter(customer=order.customer_id, active=True, email_index__isnull=False)
    contact = rows.order_by("-main", "pk").first()
    if contact is not None and order.owner_id:
        _Settlement(demo, order, demo.user(order.owner_id), contact, last, number).tell(ending)


@dataclass
class _Settlement:
    """One settlement on its way; each step is done some working hours after the one before."""

    demo: Demo
    order: Order
    owner: User
    contact: Contact
    moment: datetime
    number: int
    statement: Any = field(default=None)

    def later(self, hours: float) -> datetime:
        self.moment = self.demo.after(self.moment, hours + self.number % 3)
        return self.moment

    def fresh(self) -> Any:
        return Statement.objects.get(pk=self.statement.pk)

    def tell(self, ending: str) -> None:
        """Tell it up to its end."""
        with self.demo.at(self.later(3)):
            self.statement = verbs.make_statement(Order.objects.get(pk=self.order.pk), by=self.owner)
        if ending == "draft":
            return
        self.send()
        if ending == "stale":
            self.take_back(self.demo.ago(0.6))
        if ending in ("sent", "stale"):
            return
        if ending in ("disputed", "adjusted"):
            self.dispute(adjusted=ending == "adjusted")
            return
        self.agree()
        if ending != "reconciled":
            self.invoice(ending)
        if ending == "voided":
            self.void()
        if ending == "credited":
            self.credit()

    def void(self) -> None:
        """The invoice names a wrong buyer and is cancelled, which voids its memo: agreed on and invoiced once more."""
        wrong = Invoice.objects.filter(order=self.order.pk).latest("pk")
        with self.demo.at(self.later(6)):
            cashier = self.demo.people("finance")[0]
            payment_verbs.cancel_invoice(wrong, by=cashier, reason="购方名称开错，已作废重开")
        self.send()
        self.agree()
        self.invoice("posted")

    def credit(self) -> None:
        """What was invoiced comes back: stated below nothing, agreed on, and credited by a red invoice."""
        self.take_back(self.later(8))
        with self.demo.at(self.later(2)):
            self.statement = verbs.make_statement(Order.objects.get(pk=self.order.pk), by=self.owner)
        self.send()
        self.agree()
        self.invoice("posted")

    def send(self) -> None:
        with self.demo.at(self.later(0.5)):
            verbs.send_statement(self.fresh(), by=self.owner, contact=self.contact)

    def take_back(self, moment: datetime) -> None:
        """The goods come back, so that what is stated does not say all."""
        taken = Pickup.objects.filter(order=self.order.pk, status=Pickup.Status.HANDED_OVER).order_by("-pk").first()
        if taken is not None:
            with self.demo.at(moment):
                manager = self.demo.people("sales_manager")[0]
                pickup_verbs.reverse_later(taken, by=manager, reason="客户到厂发现规格不符，整车退回")

    def agree(self) -> None:
        """The customer confirms by his link, or every fourth on paper."""
        with self.demo.at(self.later(7)):
            if self.number % 4 == 3:
                scan = paper("Signed statement", self.demo.calendar.day_of(self.moment))
                verbs.record_answer(self.fresh(), by=self.owner, name=self.contact.name, paper=scan)
                return
            with through(Via(door=Door.LINK)):
                verbs.answer_statement(self.fresh(), by=User.objects.system("links"), name=self.contact.name)
            end_links(self.statement, LINK_PURPOSE)

    def dispute(self, *, adjusted: bool) -> None:
        """He says what differs in the first line; where it is adjusted, a new version is with him."""
        line = self.statement.lines.order_by("position").first()
        less = (line.amount * 95 / 100).quantize(line.amount)
        said = {"position": line.position, "quantity": None, "amount": less, "words": DISPUTES[adjusted]}
        with self.demo.at(self.later(7)), through(Via(door=Door.LINK)):
            links = User.objects.system("links")
            verbs.answer_statement(self.fresh(), by=links, name=self.contact.name, lines=[said])
            end_links(self.statement, LINK_PURPOSE)
        if not adjusted:
            return
        with self.demo.at(self.later(2)):
            near = line.amount - min(line.amount / 100, 80).quantize(line.amount)
            given: dict[str, Any] = {"line": line, "amount": near, "reason": "按合同价折算，差额由我司承担"}
            ACTIONS["settlement.ask_adjust_statement"](self.fresh(), by=self.owner, **given)
            self.statement = Statement.objects.get(replaces=self.statement)
        self.send()

    def invoice(self, ending: str) -> None:
        """The memo is filled in, checked, invoiced and posted, as far as the story goes."""
        cashier = self.demo.people("finance")[0]
        with self.demo.at(self.later(2)):
            memo = verbs.fill_in_memo(self.fresh(), by=self.owner, **self.buyer())
        if ending == "filled":
            return
        with self.demo.at(self.later(2)):
            if ending == "refused":
                verbs.refuse_memo(memo, by=cashier, reason="抬头与税号不一致，请与客户核对后重新对账")
                return
            verbs.pass_memo(memo, by=cashier)
        if ending == "passed":
            return
        day = self.demo.calendar.day_of(min(self.later(1), self.demo.now))
        with self.demo.at(self.moment):
            file = ContentFile(paper("VAT invoice", day).read(), name="发票.pdf")
            given: dict[str, Any] = {"lines": [{"number": f"2650200000{memo.pk:010d}"}], "issued_on": day, "file": file}
            verbs.issue_invoice(InvoiceMemo.objects.get(pk=memo.pk), by=cashier, **given)
        if ending == "issued":
            return
        by_mail = {"how": "mail", "contact": self.contact}
        by_post = {"how": "post", "carrier": "顺丰速运", "tracking": f"SF{memo.pk:013d}"}
        with self.demo.at(self.later(3)):
            posting: dict[str, Any] = by_mail if self.number % 2 else by_post
            verbs.post_invoice(InvoiceMemo.objects.get(pk=memo.pk), by=self.owner, **posting)

    def buyer(self) -> dict[str, Any]:
        """What stands on the invoice; a buyer without a tax number gets an ordinary one."""
        facts = beginning(self.fresh())
        return {"kind": "special" if facts.get("tax_number") else "ordinary", **facts}
