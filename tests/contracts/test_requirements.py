"""The requirement record: four heads, the sample, the customer's answer, shown in review and contract (KC 5.1.1)."""

from datetime import date

from django.test import Client

from orders.contracts import actions as contracts
from orders.contracts.forms import RequirementForm, SampleAnswerForm
from orders.contracts.models import Requirement
from tests.contracts.conftest import Company
from tests.world import refused

S = Requirement.Status


def noted(company: Company, order: object = None) -> Requirement:
    heads = {"stated": "月底前送到工地", "intended": "户外使用，防潮", "legal": "3C 认证", "own": "出厂前全检"}
    if order is None:
        return contracts.note_requirements(company.world.customer, by=company.world.root, goods="配电箱", **heads)
    return contracts.record_requirements(order, by=company.seller, goods="配电箱", **heads)


def test_it_is_noted_under_four_heads_before_there_is_an_order(company: Company) -> None:
    row = noted(company)
    assert (row.status, row.order, row.customer) == (S.NOTED, None, company.world.customer)
    assert (row.stated, row.intended, row.legal, row.own) == (
        "月底前送到工地",
        "户外使用，防潮",
        "3C 认证",
        "出厂前全检",
    )


def test_what_the_customer_states_is_needed_at_least(company: Company) -> None:
    form = RequirementForm({"goods": "配电箱"}, by=company.seller)
    assert list(form.problems()) == ["stated"]


def test_quality_gives_the_sample_and_the_customer_accepts_this_batch(company: Company) -> None:
    tester = company.world.person("tester", "quality")
    row = noted(company)
    row = contracts.send_sample(row, by=tester, batch="B1120", sent_how="顺丰 SF1234", sent_on=date(2026, 11, 20))
    assert (row.status, row.batch, row.taken_by, row.sent_how) == (S.SENT, "B1120", tester, "顺丰 SF1234")
    row = contracts.note_sample_answer(
        row,
        by=company.world.root,
        accepted="accepted",
        answered_on=date(2026, 11, 23),
        answered_how="wechat",
        answered_by=company.world.contact,
        answer="样品合格",
    )
    assert (row.status, row.answered_by, row.answer) == (S.ACCEPTED, company.world.contact, "样品合格")
    with refused("wrong_state"):
        contracts.send_sample(row, by=tester, batch="B2", sent_how="x", sent_on=date(2026, 11, 23))


def test_a_declined_batch_is_followed_by_another(company: Company) -> None:
    row = noted(company)
    row = contracts.note_sample_answer(
        row, by=company.world.root, accepted="declined", answered_on=date(2026, 11, 23), answered_how="phone"
    )
    assert row.status == S.DECLINED
    row = contracts.send_sample(row, by=company.world.root, batch="B1121", sent_how="自取", sent_on=date(2026, 11, 23))
    assert (row.status, row.answered_on, row.answered_how) == (S.SENT, None, "")


def test_an_answer_is_not_of_tomorrow_nor_of_another_customers_contact(company: Company) -> None:
    row = noted(company)
    stranger = company.world.new_customer().contacts.get()
    given = {"accepted": "accepted", "answered_on": "2026-11-24", "answered_how": "phone", "answered_by": stranger.pk}
    form = SampleAnswerForm(given, by=company.world.root, obj=row)
    assert sorted(form.problems()) == ["answered_by", "answered_on"]


def test_review_contract_and_form_show_what_was_required(company: Company) -> None:
    order = company.order()
    noted(company, order)
    request = company.asked(order=order)
    text = next(fact["text"] for fact in request.facts if fact["key"] == "requirements")
    for words in ("月底前送到工地", "户外使用，防潮", "3C 认证", "出厂前全检"):
        assert words in text
    client = Client()
    client.force_login(company.support)
    assert "月底前送到工地" in client.get(f"/contracts/{request.subject_pk}/").content.decode()
    assert "出厂前全检" in client.get(f"/contracts/{request.subject_pk}/review/").content.decode()


def test_what_is_required_anew_reopens_product_and_making(company: Company) -> None:
    from crm.approvals.engine import system
    from crm.approvals.healing import voided
    from crm.approvals.models import Task

    order = company.order()
    row = noted(company, order)
    company.asked(order=order)
    for user in (company.boss, company.maker, company.carrier, company.cashier):
        company.sign(user)
    contracts.change_requirement(row, by=company.seller, legal="3C 认证、防爆认证")
    assert voided(system()) == 1
    waiting = set(Task.objects.filter(status="waiting").values_list("approver__username", flat=True))
    assert waiting == {"boss", "maker"}
