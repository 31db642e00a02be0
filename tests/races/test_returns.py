"""Two take the same goods in, or ask them back, at the same moment: they come back once (KC 5.2.3.2)."""

from decimal import Decimal
from typing import Any

from complaints import actions as complaints
from complaints.models import Complaint
from complaints.returns import actions
from complaints.returns.models import ReturnNotice, ReturnReceipt
from orders.models import Line, Order
from pickup.models import Pickup
from pickup.stock import ledger
from pickup.stock.models import Stock
from tests.races.conftest import at_once
from tests.world import World

CALL: dict[str, Any] = {"phoned_to": "小李", "urgent": "客户停工"}


def complaint_about(world: World, found: Pickup) -> Complaint:
    complaint = complaints.complain_at_counter(found, by=world.root, category="service", content="型号发错")
    given = {"category": "service", "severity": "minor", "wish": "return", "content": "型号发错", "pickup": found}
    return complaints.register_complaint(complaint, by=world.root, **given)


def test_of_two_clerks_who_take_the_same_goods_in_one_succeeds(world: World) -> None:
    complaint = complaint_about(world, world.handed_over())
    notice = actions.order_return_by_phone(complaint, by=world.root, **CALL)
    line = {"line": notice.lines.get(), "good": Decimal(6)}
    given: dict[str, Any] = {"by": world.root, "brought_by": "王小明", "lines": [line]}
    answers = at_once(*[lambda: actions.receive_return(ReturnNotice.objects.get(pk=notice.pk), **given)] * 2)
    assert sorted(map(str, answers)) == [notice.number, "too_much"]
    assert (ReturnReceipt.objects.count(), Line.objects.get().returned) == (1, Decimal(6))
    assert (Stock.objects.get().quantity, Order.objects.get().due) == (Decimal(96), Decimal("512.00"))
    assert ledger.disagreements() == []


def test_of_two_complaints_that_ask_the_same_goods_back_one_succeeds(world: World) -> None:
    found = world.handed_over()
    both = [complaint_about(world, found) for _each in range(2)]
    answers = at_once(
        *[
            lambda complaint=complaint: actions.order_return_by_phone(
                Complaint.objects.get(pk=complaint.pk), by=world.root, **CALL
            )
            for complaint in both
        ]
    )
    refused = [each for each in answers if isinstance(each, str)]
    assert len(refused) == 1 and refused[0] in ("more_than_left", "nothing_left")
    assert ReturnNotice.objects.get().lines.get().quantity == Decimal(10)
