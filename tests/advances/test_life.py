"""An advance is applied for, decided by two managers or by the general manager, revised, withdrawn, revoked."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from crm import clock
from crm.accounts.models import Department, User
from crm.approvals import actions as approvals
from crm.approvals.chains import Chain, ChainStep, new_version
from crm.approvals.healing import voided
from crm.approvals.models import ApprovalRequest, Task
from crm.outbox.models import Message
from orders.advances import actions as advances
from orders.advances.models import Advance
from orders.models import Order
from tests.advances.conftest import FORM, Company
from tests.world import MORNING, nothing_moves, refused, shanghai

S, A, T = Advance.Status, ApprovalRequest.Status, Task.Status


def fresh(advance: Advance) -> Advance:
    return Advance.objects.get(pk=advance.pk)


def waiting() -> list[str]:
    return list(Task.objects.filter(status=T.WAITING).values_list("approver__username", flat=True))


def test_an_application_says_how_much_until_when_for_which_promise_and_how_the_order_stands(company: Company) -> None:
    advance = company.applied()
    assert (advance.number, advance.status, advance.applied_by) == ("AD2026-000001", S.APPLIED, company.seller)
    assert (advance.ceiling, advance.expires_on, advance.promised_on) == (
        Decimal("500.00"),
        date(2026, 12, 1),
        date(2026, 12, 4),
    )
    assert (advance.order_total, advance.paid_then, advance.left_then) == (
        Decimal("1280.00"),
        Decimal("500.00"),
        Decimal("0.00"),
    )
    assert (advance.customer, advance.owner, advance.department) == (
        advance.order.customer,
        company.seller,
        company.world.sales,
    )


def test_the_figures_of_an_application_count_what_has_left(company: Company) -> None:
    order = company.order(paid="640.00", goods="5")
    company.hand_over(order)
    assert company.applied(order).left_then == Decimal("640.00")


def test_the_ceiling_is_at_most_what_is_not_paid_to_the_fen(company: Company) -> None:
    order = company.order(paid="500.01")
    with nothing_moves(), pytest.raises(ValidationError) as caught:
        company.applied(order, ceiling=Decimal("780.00"))
    assert list(caught.value.message_dict) == ["ceiling"] and "779.99" in str(caught.value)
    assert company.applied(order, ceiling=Decimal("779.99")).ceiling == Decimal("779.99")


def test_goods_on_account_and_goods_that_are_paid_need_no_advance(company: Company) -> None:
    order = company.order(paid="1280.00")
    with refused("paid"):
        company.applied(order)
    Order.objects.filter(pk=order.pk).update(payment_terms="credit", paid=0)
    with refused("not_paid_first"):
        company.applied(order)


def test_an_order_has_one_live_advance(company: Company) -> None:
    advance = company.applied()
    with refused("advance_open"):
        company.applied(advance.order)
    advances.withdraw_advance(fresh(advance), by=company.seller, reason="客户已付")
    assert company.applied(advance.order).number == "AD2026-000002"


def test_nobody_applies_for_the_order_of_a_stranger(company: Company) -> None:
    order = company.order()
    with nothing_moves(), pytest.raises(Order.DoesNotExist):
        advances.apply_advance(order, by=company.world.charlie, **FORM)


# Who decides.


def test_department_manager_and_then_finance_decide(company: Company) -> None:
    advance = company.applied()
    request = company.asked(advance)
    assert (waiting(), request.amount, request.kind) == (["boss"], Decimal("500.00"), "usual")
    company.sign(company.boss)
    assert (waiting(), fresh(advance).status) == (["cashier"], S.APPLIED)
    company.sign(company.cashier)
    done = fresh(advance)
    assert (done.status, done.granted_at) == (S.GRANTED, MORNING)
    request.refresh_from_db()
    assert request.status == A.DONE


def test_the_general_manager_alone_decides_where_he_is_asked(company: Company) -> None:
    advance = company.applied(route="general")
    company.asked(advance)
    assert waiting() == ["chief"]
    company.sign(company.chief)
    assert fresh(advance).status == S.GRANTED


@pytest.mark.parametrize(("ceiling", "who"), [("99999.99", "boss"), ("100000.00", "chief")])
def test_a_large_one_goes_to_the_general_manager(company: Company, ceiling: str, who: str) -> None:
    order = company.order(paid="0", goods="1", quantity="1000")
    company.asked(company.applied(order, ceiling=Decimal(ceiling)))
    assert waiting() == [who]


def test_an_administrators_chain_wins(company: Company) -> None:
    chain = Chain.objects.create(verb="advances.grant_advance", name="总经理", amount_from=Decimal(300))
    ChainStep.objects.create(chain=chain, position=1, name="总经理", who="users").users.add(company.chief)
    new_version(chain)
    company.asked(company.applied())
    assert waiting() == ["chief"]


def test_where_the_department_has_no_head_the_administrators_decide_first(company: Company) -> None:
    keeper = company.world.person("keeper", "administrator")
    Department.objects.filter(pk=company.world.sales.pk).update(head=None)
    company.seller.refresh_from_db()
    company.asked(company.applied())
    assert waiting() == [keeper.username]


def test_without_approval_nobody_grants_it(company: Company) -> None:
    advance = company.applied()
    for user in (company.seller, company.world.root):
        with refused("needs_approval"):
            advances.grant_advance(fresh(advance), by=user)
    company.asked(advance)
    with refused("needs_approval"):
        advances.grant_advance(fresh(advance), by=company.world.root)


@pytest.mark.parametrize(
    "changed",
    [
        {"ceiling": Decimal("500.01")},
        {"expires_on": date(2026, 12, 2)},
        {"promised_on": date(2026, 12, 5)},
        {"why": "别的原因"},
        {"situation": "已逾期"},
        {"route": "general"},
    ],
)
def test_a_revised_application_makes_the_request_void(company: Company, changed: dict[str, object]) -> None:
    advance = company.applied()
    request = company.asked(advance)
    company.sign(company.boss)
    advances.revise_advance(fresh(advance), by=company.seller, **{**FORM, **changed})
    request.refresh_from_db()
    assert (request.status, waiting(), fresh(advance).status) == (A.VOID, [], S.APPLIED)
    with refused("needs_approval"):
        advances.grant_advance(fresh(advance), by=company.seller)


def test_a_revision_takes_the_figures_of_its_day(company: Company) -> None:
    advance = company.applied()
    company.pay(advance.order, "100.00")
    advances.revise_advance(fresh(advance), by=company.seller, **FORM)
    assert fresh(advance).paid_then == Decimal("600.00")


def test_what_was_approved_and_edited_past_the_verbs_is_not_granted(company: Company) -> None:
    advance = company.applied()
    company.asked(advance)
    company.sign(company.boss)
    Advance.objects.filter(pk=advance.pk).update(ceiling=Decimal("700.00"))
    task = Task.objects.get(approver=company.cashier)
    with refused("changed_since"):
        approvals.approve(task, by=company.cashier)
    assert fresh(advance).status == S.APPLIED


def test_what_is_approved_after_its_day_is_not_granted_and_says_why(company: Company) -> None:
    advance = company.applied()
    request = company.asked(advance)
    company.sign(company.boss)
    with clock.at(shanghai(2, 9, month=12)):
        company.sign(company.cashier)
    request.refresh_from_db()
    assert (request.status, fresh(advance).status) == (A.FAILED, S.APPLIED)
    assert request.problem


def test_nothing_is_granted_for_an_order_that_is_paid_meanwhile(company: Company) -> None:
    advance = company.applied()
    company.pay(advance.order, "780.00")
    with refused("paid"):
        company.asked(advance)


# Withdrawn and revoked.


def test_an_application_is_withdrawn_with_the_reason_and_its_request_ends(company: Company) -> None:
    advance = company.applied()
    request = company.asked(advance)
    advances.withdraw_advance(fresh(advance), by=company.seller, reason="客户已付")
    done = fresh(advance)
    assert (done.status, done.reason, done.ended_at) == (S.WITHDRAWN, "客户已付", MORNING)
    voided(User.objects.system("approvals"))
    request.refresh_from_db()
    assert (request.status, waiting()) == (A.VOID, [])


def test_finance_revokes_it_with_the_reason_and_the_owner_hears_of_it(company: Company) -> None:
    advance = company.granted()
    advances.revoke_advance(advance, by=company.cashier, reason="客户涉诉")
    done = fresh(advance)
    assert (done.status, done.reason) == (S.REVOKED, "客户涉诉")
    assert [row.recipient for row in Message.objects.filter(template="advances.revoked")] == [company.seller]
    with refused("wrong_state"):
        advances.revoke_advance(fresh(advance), by=company.cashier, reason="再次")


def test_the_owner_cannot_revoke_nor_lift(company: Company) -> None:
    advance = company.granted()
    with refused("forbidden"):
        advances.revoke_advance(advance, by=company.seller, reason="x")
    with refused("forbidden"):
        advances.lift_block(advance, by=company.cashier, reason="x")
