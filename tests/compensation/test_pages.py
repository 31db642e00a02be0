"""The doors of compensations: pages, print, list, REST, the customer's link, and the form of the plan."""

import json
from decimal import Decimal
from typing import Any

from django.test import Client

from complaints.actions import change_plan
from complaints.compensation import actions
from complaints.forms import PlanForm
from crm import clock
from crm.api.tokens import issue
from tests.compensation.conftest import Desk, figures
from tests.mailed import hidden, path_of
from tests.world import everything, scan

AMOUNT = Decimal("120.00")
VERB = "compensation.hand_in_agreement"


def enter(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_pages_show_agreement_and_money_before_and_after(desk: Desk) -> None:
    complaint = desk.decided("compensation", amount=AMOUNT, compensation="补偿返工费")
    agreement = desk.agreement(complaint)
    client = enter(desk.world.root)
    page = client.get(complaint.get_absolute_url())
    for words in (agreement.number, "1,280.00", "1,160.00", "compensation.sign_agreement"):
        assert words in page.text, words
    desk.in_force(complaint)
    order = desk.order(complaint)
    for url, words in (
        (complaint.get_absolute_url(), ("1,160.00", "王小明")),
        (agreement.get_absolute_url(), ("补偿返工费", "1,160.00")),
        (order.get_absolute_url(), (agreement.number, "1,160.00", "120.00")),
        (f"/complaints/agreements/{agreement.pk}/print/", ("合同补充协议", "壹佰贰拾元整", "已盖章", "王小明")),
        (f"/complaints/{complaint.pk}/report/", (agreement.number, "120.00")),
        ("/complaints/agreements/", (agreement.number,)),
    ):
        page = client.get(url)
        assert page.status_code == 200, url
        for each in words:
            assert each in page.text, (url, each)


def test_the_pages_of_a_replacement_lead_to_each_other(desk: Desk) -> None:
    complaint = desk.decided("replacement")
    client = enter(desk.world.alice)
    assert "compensation.order_replacement" in client.get(complaint.get_absolute_url()).text
    dialog = client.get(f"/do/compensation.order_replacement/{complaint.pk}/")
    assert dialog.status_code == 200 and 'name="lines-0-product"' in dialog.text
    data = {
        **hidden(dialog),
        "lines-0-product": desk.world.product.pk,
        "lines-0-quantity": "2",
        "wanted_on": (clock.today()).isoformat(),
    }
    assert client.post(f"/do/compensation.order_replacement/{complaint.pk}/", data).status_code == 302
    order = complaint.replacements.get().order
    root = enter(desk.world.root)
    assert order.number in root.get(complaint.get_absolute_url()).text
    assert complaint.number in root.get(order.get_absolute_url()).text
    assert order.number in root.get(desk.order(complaint).get_absolute_url()).text
    assert order.number in root.get(f"/complaints/{complaint.pk}/report/").text


def test_the_customer_hands_his_copy_in_by_his_link_once(desk: Desk) -> None:
    complaint = desk.decided("compensation", amount=AMOUNT)
    agreement = actions.sign_agreement(desk.agreement(complaint), by=desk.world.boss)
    actions.seal_agreement(agreement, by=desk.support, scan=scan("ours.pdf"))
    actions.send_agreement(agreement, by=desk.world.alice)
    path = path_of("compensation.sign")
    customer = Client(headers={"Accept-Language": "zh-Hans"})
    page = customer.get(path)
    assert page.status_code == 200
    for words in ("合同补充协议", "壹佰贰拾元整", complaint.number, "ours.pdf"):
        assert words in page.text, words
    sent = {**hidden(page), "_verb": VERB, "name": "王小明", "scan": scan("his.pdf")}
    assert customer.post(path, sent).status_code == 303
    agreement = desk.fresh(agreement)
    assert (agreement.his_name, agreement.status) == ("王小明", "sealed")
    assert figures(desk.order(complaint))["due"] == "1280.00"
    before = everything()
    assert customer.post(path, {**sent, "scan": scan("again.pdf"), "_key": "another"}).status_code == 200
    assert everything() == before


def test_a_withdrawn_agreement_is_not_signed_by_its_old_link(desk: Desk) -> None:
    complaint = desk.decided("compensation", amount=AMOUNT)
    actions.send_agreement(desk.sealed(complaint), by=desk.world.alice)
    path = path_of("compensation.sign")
    sent = {**hidden(Client().get(path)), "_verb": VERB, "name": "王小明", "scan": scan("his.pdf")}
    change_plan(desk.fresh(complaint), by=desk.world.boss, reason="客户改主意")
    before = everything()
    assert Client().post(path, sent).status_code in (200, 404, 410)
    assert everything() == before


def test_rest_shows_the_agreement_and_what_may_be_done(desk: Desk) -> None:
    complaint = desk.decided("compensation", amount=AMOUNT)
    agreement = desk.agreement(complaint)
    _token, secret = issue(desk.world.boss, "test", ("read", "write"), days=None)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    found = json.loads(client.get(f"/api/v1/agreements/{agreement.pk}/").content)
    assert (found["number"], found["status"], found["amount"]) == (agreement.number, "drafted", "120.00")
    answer = client.post(f"/api/v1/agreements/{agreement.pk}/compensation.sign_agreement/")
    assert answer.status_code == 200
    assert desk.fresh(agreement).status == "signed"


def test_a_percentage_is_of_the_complaints_product(desk: Desk) -> None:
    complaint = desk.found()
    given = {
        "outcome": "discount",
        "solution": "折让",
        "percent": "5",
        "department": desk.world.sales.pk,
        "person": desk.world.alice.pk,
        "measures": [{"what": "道歉", "due_on": clock.today().isoformat()}],
    }
    form = PlanForm(given, by=desk.world.alice, obj=complaint)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["amount"] == Decimal("64.00")
    assert "percent" not in form.cleaned_data
    both = PlanForm({**given, "amount": "10.00"}, by=desk.world.alice, obj=complaint)
    assert not both.is_valid() and "percent" in both.errors


def test_who_sees_nothing_of_the_complaint_sees_nothing_of_its_agreement(desk: Desk) -> None:
    agreement = desk.agreement(desk.decided("compensation", amount=AMOUNT))
    client = enter(desk.world.stranger)
    assert client.get(agreement.get_absolute_url()).status_code == 404
    assert client.get(f"/complaints/agreements/{agreement.pk}/print/").status_code == 404
