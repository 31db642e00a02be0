"""For every verb on samples and quotations something that it can be done to, and input that it accepts."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from crm import clock
from crm.accounts.models import User
from orders.catalog.models import Price
from orders.quotations import actions as verbs
from orders.quotations.models import Quotation, Sample
from tests.doors.ready.house import NEXT_WEEK, TODAY, Ready
from tests.world import World, scan

WANTED = {"wanted_on": NEXT_WEEK, "lines": [{"what": "防爆灯", "specification": "IP66", "quantity": "1"}]}
SIGNED = {"signed_by": "王小明", "signed_on": TODAY}


def _sample(world: World) -> Sample:
    line = {"product": world.product, "quantity": Decimal(1), "unit": world.piece}
    return verbs.request_sample(world.customer, by=world.root, lines=[line], wanted_on=clock.today())


def _made(world: World) -> Sample:
    return verbs.finish_sample(_sample(world), by=world.root, batch="Y1", specification="图纸 A 版")


def _out(world: World) -> Sample:
    return verbs.send_sample(_made(world), by=world.root, carrier="顺丰速运", sent_on=clock.today())


def _approved(world: World) -> Sample:
    return verbs.approve_sample(_out(world), by=User.objects.system("links"), signed_by="王小明")


def _draft(world: World, price: str = "128.00") -> Quotation:
    line = {"product": world.product, "quantity": Decimal(10), "unit": world.piece, "factor": Decimal(1)}
    valid_until = clock.today() + timedelta(days=30)
    lines = [{**line, "price": Decimal(price)}]
    return verbs.quote_customer(world.customer, by=world.root, lines=lines, valid_until=valid_until)


def _cheap(world: World) -> Quotation:
    Price.objects.filter(product=world.product).update(lowest=Decimal("120.00"))
    return _draft(world, "100.00")


def _sent(world: World) -> Quotation:
    return verbs.send_quotation(_draft(world), by=world.root)


def _over(world: World) -> Quotation:
    found = _sent(world)
    Quotation.objects.update(valid_until=clock.today() - timedelta(days=1))
    return found


def _accepted(world: World) -> Quotation:
    return verbs.accept_quotation(_sent(world), by=User.objects.system("links"), signed_by="王小明")


def _offer(world: World) -> dict[str, Any]:
    return {"valid_until": NEXT_WEEK, "lines": [{"product": world.product.pk, "quantity": "10", "price": "128.00"}]}


def _order(world: World) -> dict[str, Any]:
    return {"type": world.type.pk, "wanted_on": NEXT_WEEK}


READY: dict[str, Ready] = {
    "quotations.request_sample": lambda w: (w.customer, WANTED),
    "quotations.request_inquiry_sample": lambda w: (w.new_inquiry(customer=w.customer), WANTED),
    "quotations.revise_sample": lambda w: (_sample(w), WANTED),
    "quotations.start_sample": lambda w: (_sample(w), {"expected_on": NEXT_WEEK}),
    "quotations.finish_sample": lambda w: (_sample(w), {"batch": "Y1", "specification": "图纸 A 版"}),
    "quotations.send_sample": lambda w: (_made(w), {"carrier": "顺丰速运", "tracking": "SF1", "sent_on": TODAY}),
    "quotations.tell_sample": lambda w: (_sample(w), {"text": "正在喷涂"}),
    "quotations.receive_sample": lambda w: (_out(w), {}),
    "quotations.approve_sample": lambda w: (_out(w), {"signed_by": "王小明"}),
    "quotations.record_sample_approval": lambda w: (_out(w), {**SIGNED, "paper": scan()}),
    "quotations.decline_sample": lambda w: (_out(w), {"changes": "颜色太浅"}),
    "quotations.order_sample": lambda w: (_approved(w), _order(w)),
    "quotations.cancel_sample": lambda w: (_sample(w), {"reason": "客户不要了"}),
    "quotations.draft_quotation": lambda w: (None, {"customer": w.customer.pk, **_offer(w)}),
    "quotations.quote_customer": lambda w: (w.customer, _offer(w)),
    "quotations.quote_inquiry": lambda w: (w.new_inquiry(customer=w.customer), _offer(w)),
    "quotations.quote_sample": lambda w: (_sample(w), _offer(w)),
    "quotations.revise_quotation": lambda w: (_sent(w), _offer(w)),
    "quotations.allow_price": lambda w: (_cheap(w), {"reason": "老客户"}),
    "quotations.ask_allow_price": lambda w: (_cheap(w), {"reason": "老客户"}),
    "quotations.send_quotation": lambda w: (_draft(w), {}),
    "quotations.expire_quotation": lambda w: (_over(w), {}),
    "quotations.withdraw_quotation": lambda w: (_sent(w), {"reason": "涨价"}),
    "quotations.accept_quotation": lambda w: (_sent(w), {"signed_by": "王小明"}),
    "quotations.record_acceptance": lambda w: (_sent(w), {**SIGNED, "paper": scan()}),
    "quotations.ask_quotation_changes": lambda w: (_sent(w), {"changes": "数量加倍"}),
    "quotations.decline_quotation": lambda w: (_sent(w), {"reason": "太贵"}),
    "quotations.order_quotation": lambda w: (_accepted(w), _order(w)),
}
