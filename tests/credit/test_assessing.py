"""Assessing a customer's credit: scores, the rating they give, the decision, and what follows from it (JD 7.1)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from crm.accounts.models import User
from crm.accounts.system import system_user
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.healing import voided
from crm.approvals.models import ApprovalRequest, Task
from crm.outbox.models import Message
from crm.records.models import Attachment
from customers.credit import actions as credit
from customers.credit.models import Alert, Assessment, Rating, RatingChange, RatingPolicy, Standing, Weight
from customers.credit.scoring import policy_for, score_of
from customers.models import Customer
from tests.credit.conftest import GOOD, Company, judged
from tests.world import World, nothing_moves, refused, scan


def waiting() -> set[str]:
    """Who is asked for a decision now."""
    return set(Task.objects.filter(status=Task.Status.WAITING).values_list("approver__username", flat=True))


def test_the_score_is_the_weighted_mean_to_the_tenth(company: Company) -> None:
    even = {"operations": 1, "finances": 1, "payment": 1}
    assert score_of({"operations": 80, "finances": 70, "payment": 90}, even) == Decimal("80.0")
    assert score_of({"operations": 1, "finances": 0, "payment": 0}, even) == Decimal("0.3")
    assert score_of({"operations": 1, "finances": 1, "payment": 0}, even) == Decimal("0.7")
    found = company.assessed(operations_score=80, finances_score=70, payment_score=91)
    assert found.score == Decimal("81.4")  # .3 x 80 + .3 x 70 + .4 x 91
    weights = (found.operations_weight, found.finances_weight, found.payment_weight)
    assert weights == (30, 30, 40)


def test_the_weights_are_parameters(company: Company) -> None:
    Weight.objects.create(aspect="operations", weight=0)
    Weight.objects.create(aspect="payment", weight=90)
    found = company.assessed(operations_score=0, finances_score=60, payment_score=100)
    assert found.score == Decimal("90.0")  # (30 x 60 + 90 x 100) / 120
    Weight.objects.update(weight=0)
    Weight.objects.create(aspect="finances", weight=0)
    credit.withdraw_assessment(found, by=company.seller, reason="重评")
    assert company.assessed(operations_score=50, finances_score=50, payment_score=50).operations_weight == 30


@pytest.mark.parametrize(
    ("score", "rating"),
    [("100", "A"), ("85", "A"), ("84.99", "B"), ("70", "B"), ("69.99", "C"), ("55", "C"), ("54.99", "D"), ("0", "D")],
)
def test_the_score_gives_the_best_rating_that_it_reaches(company: Company, score: str, rating: str) -> None:
    policy = policy_for(Decimal(score))
    assert policy is not None and policy.rating == rating


def test_a_score_that_reaches_no_rating_gives_the_worst_there_is(company: Company) -> None:
    RatingPolicy.objects.filter(rating="D").delete()
    policy = policy_for(Decimal("10"))
    assert policy is not None and policy.rating == "C"


def test_an_assessment_proposes_what_the_policy_says_for_a_year(company: Company) -> None:
    found = company.assessed()
    assert (found.status, found.rating, found.limit) == ("proposed", "B", Decimal("200000.00"))
    assert (found.payment_terms, found.payment_days, found.valid_until) == ("credit", 30, date(2027, 11, 23))
    assert found.number.startswith("CA2026-")
    assert not Standing.objects.exists()
    assert Customer.objects.get(pk=company.customer.pk).payment_days == 0


def test_its_papers_are_kept_with_their_aspect(company: Company) -> None:
    found = company.assessed(operations_paper=scan("a.pdf"), payment_paper=scan("b.pdf"))
    rows = Attachment.objects.filter(subject_pk=found.pk, customer_id=company.customer.pk)
    assert sorted(rows.values_list("kind", "name")) == [("operations", "a.pdf"), ("payment", "b.pdf")]


def test_a_lower_limit_needs_no_reason_and_a_higher_one_does(company: Company) -> None:
    with nothing_moves(), pytest.raises(ValidationError) as caught:
        company.assessed(limit=Decimal("200000.01"))
    assert list(caught.value.message_dict) == ["limit_reason"]
    found = company.assessed(limit=Decimal("150000"))
    assert (found.limit, found.policy_limit, found.limit_reason) == (150000, 200000, "")
    credit.revise_assessment(found, by=company.seller, **judged(limit=Decimal("260000"), limit_reason="大项目"))
    found.refresh_from_db()
    assert (found.limit, found.limit_reason) == (260000, "大项目")


def test_the_worst_rating_has_no_limit_whatever_is_asked_for(company: Company) -> None:
    with nothing_moves(), pytest.raises(ValidationError) as caught:
        company.assessed(
            operations_score=10, finances_score=10, payment_score=10, limit=Decimal(5), limit_reason="熟人"
        )
    assert list(caught.value.message_dict) == ["limit"]


def test_one_assessment_waits_at_a_time(company: Company) -> None:
    company.assessed()
    with refused("being_assessed"):
        company.assessed()


def test_without_ratings_nobody_is_assessed(world: World) -> None:
    assert world.customer
    with refused("no_ratings"):
        credit.assess_customer(world.customer, by=world.root, **judged())


def test_the_usual_ratings_are_entered_once(world: World) -> None:
    credit.set_up_ratings(by=world.root)
    rows = RatingPolicy.objects.values_list("rating", "from_score", "limit", "payment_terms", "payment_days")
    assert list(rows) == [
        ("A", 85, 500000, "credit", 60),
        ("B", 70, 200000, "credit", 30),
        ("C", 55, 50000, "credit", 15),
        ("D", 0, 0, "prepay", 0),
    ]
    with refused("rated_already"):
        credit.set_up_ratings(by=world.root)


def test_finance_decides_and_rating_limit_and_terms_hold(company: Company) -> None:
    found = company.assessed()
    company.ask(found)
    assert waiting() == {"cashier", "second"}  # either of them
    company.agree(company.cashier)
    found.refresh_from_db()
    customer = Customer.objects.get(pk=company.customer.pk)
    standing = Standing.objects.get(customer=customer)
    assert found.status == "in_force" and found.in_force_at is not None
    assert (standing.rating, standing.limit, standing.valid_until) == ("B", 200000, date(2027, 11, 23))
    assert (customer.payment_terms, customer.payment_days) == ("credit", 30)
    change = RatingChange.objects.get()
    assert (change.rating_before, change.rating, change.limit_before, change.limit) == ("", "B", 0, 200000)
    assert (change.by, change.why, change.assessment) == (company.seller, "assessed", found)
    assert not Alert.objects.exists()


def test_a_large_limit_is_decided_by_the_general_manager_too(company: Company) -> None:
    found = company.assessed(
        operations_score=95, finances_score=95, payment_score=95, limit=Decimal("500000.01"), limit_reason="集团担保"
    )
    company.ask(found)
    company.agree(company.cashier)
    found.refresh_from_db()
    assert found.status == "proposed"
    company.agree(company.chief)
    found.refresh_from_db()
    assert found.status == "in_force"
    assert Standing.objects.get().limit == Decimal("500000.01")


def test_nobody_decides_on_his_own_assessment(company: Company) -> None:
    found = credit.assess_customer(company.customer, by=company.cashier, **judged())
    for other in (company.seller, company.second):
        with refused("not_the_assessor"):
            company.ask(found, by=other)
    company.ask(found, by=company.cashier)
    assert waiting() == {"second", "chief"}  # in his place his superior
    task = Task.objects.get(approver=company.second)
    with refused("own_request"):
        approvals.approve(task, by=company.cashier, opinion="同意")
    company.agree(company.second)
    assert Standing.objects.get().rating == "B"


def test_nothing_holds_without_the_decision(company: Company) -> None:
    found = company.assessed()
    with refused("needs_approval"):
        credit.put_in_force(found, by=company.seller)
    with refused("not_the_assessor"):
        credit.put_in_force(found, by=company.world.root)
    assert not Standing.objects.exists()


def test_what_was_mended_is_asked_anew(company: Company) -> None:
    found = company.assessed()
    request = company.ask(found)
    credit.revise_assessment(found, by=company.seller, **judged(payment_score=20, payment="拖欠三次"))
    request.refresh_from_db()
    assert request.status == ApprovalRequest.Status.VOID
    found.refresh_from_db()
    assert (found.score, found.rating) == (Decimal("53.0"), "D")


def test_a_rating_that_falls_while_it_is_decided_is_not_undone_unseen(company: Company) -> None:
    company.in_force()
    found = company.assessed()
    request = company.ask(found)
    said = {fact["key"]: fact["text"]["en"] for fact in request.question.wording}
    assert (said["rating_now"], said["limit_now"]) == ("B", "¥200,000.00")
    credit.lower_rating(company.customer, by=company.second, reason="支票退票")
    with refused("changed_since"):
        company.agree(company.cashier)
    voided(User.objects.system("approvals"))
    request.refresh_from_db()
    found.refresh_from_db()
    assert (request.status, found.status) == (ApprovalRequest.Status.VOID, "proposed")
    standing = Standing.objects.get()
    assert (standing.rating, standing.limit) == ("C", 50000)


def test_a_new_assessment_replaces_the_one_before(company: Company) -> None:
    first = company.in_force()
    second = company.in_force(operations_score=95, finances_score=95, payment_score=95)
    first.refresh_from_db()
    assert (first.status, second.status) == ("replaced", "in_force")
    standing = Standing.objects.get()
    assert (standing.rating, standing.limit) == ("A", 500000)
    assert not Alert.objects.exists()  # it did not fall
    assert [str(each) for each in RatingChange.objects.order_by("pk")] == ["– → B", "B → A"]


def test_a_worse_assessment_alerts_and_demands_prepayment(company: Company) -> None:
    company.in_force()
    company.in_force(operations_score=10, finances_score=10, payment_score=10)
    customer = Customer.objects.get(pk=company.customer.pk)
    assert (customer.payment_terms, customer.payment_days) == ("prepay", 0)
    alert = Alert.objects.get()
    assert (alert.sign, alert.status, alert.rating) == ("lowered", "open", "D")
    told = Message.objects.filter(template="credit.alert")
    assert set(told.values_list("recipient__username", flat=True)) == {"alice", "cashier", "second"}
    company.in_force()
    alert.refresh_from_db()
    assert (alert.status, alert.done) == ("settled", "gone") and alert.gone_at is not None


def test_who_may_assess_whom(company: Company) -> None:
    for stranger in (company.world.charlie, company.world.stranger):
        with nothing_moves(), pytest.raises(Customer.DoesNotExist):
            credit.assess_customer(company.customer, by=stranger, **judged())
    clerk = company.world.clerk
    with refused("forbidden"):
        credit.assess_customer(company.customer, by=clerk, **judged())


def test_an_assessment_that_is_not_decided_can_be_withdrawn(company: Company) -> None:
    found = company.assessed()
    credit.withdraw_assessment(found, by=company.seller, reason="资料不全")
    assert (found.status, found.reason) == ("withdrawn", "资料不全")
    with refused("wrong_state"):
        credit.revise_assessment(found, by=company.seller, **judged())
    decided = company.in_force()
    with refused("wrong_state"):
        credit.withdraw_assessment(decided, by=company.seller, reason="反悔")


def test_lowering_goes_one_step_and_takes_limit_and_terms_along(company: Company) -> None:
    company.in_force()
    credit.lower_rating(company.customer, by=company.cashier, reason="支票退票")
    customer, standing = Customer.objects.get(pk=company.customer.pk), Standing.objects.get()
    assert (standing.rating, standing.limit, customer.payment_days) == ("C", 50000, 15)
    assert standing.valid_until == date(2027, 11, 23)
    change = RatingChange.objects.latest("pk")
    assert (change.why, change.reason, change.rating_before, change.rating) == ("lowered", "支票退票", "B", "C")
    assert (change.limit_before, change.limit, change.by) == (200000, 50000, company.cashier)
    alert = Alert.objects.get()
    assert alert.sign == "lowered" and alert.status == "open"
    credit.lower_rating(customer, by=company.cashier, reason="再次逾期")
    customer.refresh_from_db()
    standing.refresh_from_db()
    assert (standing.rating, standing.limit) == ("D", 0)
    assert (customer.payment_terms, customer.payment_days) == ("prepay", 0)
    assert Alert.objects.count() == 1  # one alert of this sign, and everybody was told twice why
    assert Message.objects.filter(template="credit.alert", recipient=company.seller).count() == 2
    with refused("lowest_rating"):
        credit.lower_rating(customer, by=company.cashier, reason="还有")


def test_a_lower_limit_than_the_policy_s_is_not_raised_by_lowering(company: Company) -> None:
    company.in_force(limit=Decimal("30000"))
    credit.lower_rating(company.customer, by=company.cashier, reason="拖欠")
    assert Standing.objects.get().limit == 30000


def test_the_system_lowers_without_being_refused(company: Company) -> None:
    system = system_user("credit")
    grant(system, "credit.lower_rating")
    with refused("not_rated"):
        credit.lower_rating(company.customer, by=company.cashier, reason="承诺未兑现")
    credit.lower_rating(company.customer, by=User.objects.get(pk=system.pk), reason="承诺未兑现")
    change = RatingChange.objects.get()
    assert (change.rating_before, change.rating, change.reason) == ("", "", "承诺未兑现")
    assert Alert.objects.get().sign == "lowered"
    company.in_force(operations_score=10, finances_score=10, payment_score=10)
    credit.lower_rating(company.customer, by=User.objects.get(pk=system.pk), reason="又一次")
    assert Standing.objects.get().rating == Rating.D


def grant(user: User, name: str) -> None:
    from django.contrib.auth.models import Permission

    from crm.accounts.rights import forget

    app, codename = name.split(".")
    user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    forget(user)


def test_every_score_is_between_nothing_and_a_hundred(company: Company) -> None:
    for wrong in ("101", "-1", "x"):
        data: dict[str, Any] = {**GOOD, "operations_score": wrong}
        form = ACTIONS["credit.assess_customer"].bind(by=company.seller, obj=company.customer, data=data)
        assert not form.is_valid() and list(form.errors) == ["operations_score"]
    past = {**GOOD, "valid_until": "2026-11-23"}
    form = ACTIONS["credit.assess_customer"].bind(by=company.seller, obj=company.customer, data=past)
    assert not form.is_valid() and list(form.errors) == ["valid_until"]
    assert Assessment.objects.count() == 0
