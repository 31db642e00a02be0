"""The demonstration's settlements: one invoice is cancelled and issued anew, another credited by a red one."""

from typing import Any

import pytest

from crm import clock
from crm.reports.demo import Demo
from orders.models import Order
from orders.payments.models import Invoice
from orders.payments.spreading import disagreements
from pickup.settlement import demo as tale
from pickup.settlement.models import InvoiceMemo, Statement
from tests.settlement.conftest import Company
from tests.world import MORNING, shanghai

M = InvoiceMemo.Status


def told(company: Company, ending: str) -> list[tuple[str, Any]]:
    """The story of an order that was collected on a Monday, told three weeks later; answers its invoices."""
    order = company.collected()
    now = shanghai(14, 10, month=12)
    with clock.at(now):
        tale._settle(Demo(1), Order.objects.get(pk=order.pk), MORNING, ending, 0)
    return list(Invoice.objects.order_by("pk").values_list("status", "amount"))


def test_a_cancelled_invoice_voids_its_memo_and_another_takes_its_place(company: Company) -> None:
    assert told(company, "voided") == [("cancelled", 1280), ("open", 1280)]
    assert list(InvoiceMemo.objects.order_by("pk").values_list("status", flat=True)) == [M.VOIDED, M.POSTED]
    assert (Statement.objects.get().status, disagreements()) == ("invoiced", [])


def test_what_came_back_after_it_was_invoiced_is_credited(company: Company) -> None:
    assert told(company, "credited") == [("paid", 1280), ("credit", -1280)]
    assert list(InvoiceMemo.objects.order_by("pk").values_list("status", "total")) == [
        (M.POSTED, 1280),
        (M.POSTED, -1280),
    ]
    assert disagreements() == []


@pytest.mark.parametrize("number", [2, 12])
def test_the_oldest_is_voided_and_the_oldest_that_can_come_back_credited(company: Company, number: int) -> None:
    for _each in range(number):
        company.collected()
    endings = [story.tell.args[-2] for story in tale.settlements(Demo(1))]
    assert endings[0] == "stale"
    assert endings[-1] == "credited"
    assert ("voided" in endings) == (number > 2)
