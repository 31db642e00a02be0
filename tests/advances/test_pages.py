"""The pages, prints, REST and figures of advances: what they show, to whom, and what they cost."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from crm import clock
from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.records.models import ActionLog
from crm.reports.charts import reports_for
from crm.web.areas import menu
from orders.advances import actions as advances
from orders.advances.figures import advances_by_month, promises_broken
from orders.advances.models import Advance
from orders.models import Order
from tests.advances.conftest import FORM, Company
from tests.api.conftest import Api
from tests.world import shanghai

S = Advance.Status


def client_of(user: User, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


def page(user: User, path: str, language: str = "en") -> str:
    answer = client_of(user, language).get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_page_shows_the_account_and_each_record_that_used_it(company: Company) -> None:
    advance = company.used()
    shown = page(company.seller, f"/advances/{advance.pk}/")
    for text in ("AD2026-000001", "¥640.00", "¥140.00", "¥360.00", "PR2026-000001", "工地停工待料。"):
        assert text in shown, text


def test_the_dialog_shows_what_is_paid_and_has_left(company: Company) -> None:
    order = company.order(paid="640.00", goods="5")
    company.hand_over(order)
    shown = page(company.seller, f"/do/advances.apply_advance/{order.pk}/")
    assert shown.count("¥640.00") == 3 and "¥1,280.00" in shown  # paid, left, and what is not paid yet
    assert 'name="ceiling" value="640.00"' in shown  # all that is not paid, unless somebody writes less


def test_it_is_applied_for_revised_and_asked_on_pages(company: Company) -> None:
    order = company.order()
    client = client_of(company.seller)
    given = {**FORM, "expires_on": "2026-12-01", "promised_on": "2026-12-04", "route": "usual", "_key": "k1"}
    assert client.post(f"/do/advances.apply_advance/{order.pk}/", given).status_code == 302
    advance = Advance.objects.get()
    more = {**given, "ceiling": "600.00", "_key": "k2"}
    assert client.post(f"/do/advances.revise_advance/{advance.pk}/", more).status_code == 302
    assert client.post(f"/do/advances.ask_grant_advance/{advance.pk}/", {"_key": "k3"}).status_code == 302
    company.sign(company.boss, company.cashier)
    advance.refresh_from_db()
    assert (advance.status, advance.ceiling) == (S.GRANTED, Decimal("600.00"))


@pytest.mark.parametrize("day", ["2026-11-22", "2099-01-01"])
def test_a_day_that_is_past_or_that_nobody_plans_for_is_refused_at_its_field(company: Company, day: str) -> None:
    order = company.order()
    for name in ("expires_on", "promised_on"):
        form = advances.apply_advance.bind(by=company.seller, obj=order, data={**FORM, name: day})
        assert not form.is_valid() and set(form.errors) == {name}


def test_the_order_shows_its_advance_and_offers_one(company: Company) -> None:
    order = company.order()
    assert "advances.apply_advance" in page(company.seller, f"/orders/{order.pk}/")
    company.applied(order)
    assert "AD2026-000001" in page(company.seller, f"/orders/{order.pk}/")


def test_a_broken_promise_stands_in_red_on_the_customer_until_it_is_lifted(company: Company) -> None:
    advance = company.broken()
    path = f"/customers/{advance.customer_id}/"
    warning = "The promise of advance AD2026-000001 to pay until 2026-12-04 was broken."
    assert warning in page(company.chief, path)
    advances.lift_block(advance, by=company.chief, reason="承兑汇票")
    shown = page(company.chief, path)
    assert warning not in shown and "AD2026-000001" in shown


def test_a_contract_whose_shipment_waits_for_money_offers_an_advance(company: Company) -> None:
    from orders.contracts import actions as contracts

    order = company.order(paid="0")
    root = company.world.root
    contract = contracts.record_acceptance(Order.objects.get(pk=order.pk), by=root, accepted_by="phone")
    type(contract).objects.filter(pk=contract.pk).update(status="in_force", payment_terms="prepay")
    contract = type(contract).objects.get(pk=contract.pk)
    given = {"said": "周五来车", "transport": "渝A12345", "ships_on": clock.today()}
    request = contracts.arrange_shipment(contract, by=root, **given)
    shown = page(root, f"/contracts/{contract.pk}/")
    assert f"Request for shipment {request.number} waits for the money." in shown
    assert f"/do/advances.apply_advance/{order.pk}/" in shown


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_application_is_printed_with_its_decisions(company: Company, language: str) -> None:
    advance = company.used()
    shown = page(company.seller, f"/advances/{advance.pk}/print/", language)
    for text in ("AD2026-000001", "¥500.00", "人民币伍佰元整", "PR2026-000001", "同意", "工地停工待料。"):
        assert text in shown, text
    assert company.boss.name in shown and company.cashier.name in shown


def test_an_application_that_nobody_was_asked_about_is_printed_too(company: Company) -> None:
    assert "It was not sent to approval yet." in page(company.seller, f"/advances/{company.applied().pk}/print/")


def test_a_stranger_finds_nothing(company: Company) -> None:
    advance = company.broken()
    client = client_of(company.world.charlie)
    for path in (f"/advances/{advance.pk}/", f"/advances/{advance.pk}/print/"):
        assert client.get(path).status_code == 404
    assert client.get(f"/do/advances.revoke_advance/{advance.pk}/").status_code == 404
    api = Api(company.world.charlie)
    assert api.get(f"advances/{advance.pk}/").status_code == 404
    assert api.post(f"advances/{advance.pk}/advances.withdraw_advance/", {"reason": "x"}).status_code == 404
    assert api.get("advances/").json()["results"] == []
    assert page(company.world.charlie, "/advances/").count("AD2026-") == 0


@pytest.mark.parametrize(("user", "seen"), [("seller", 1), ("boss", 1), ("cashier", 1), ("chief", 1)])
def test_who_sees_an_advance(company: Company, user: str, seen: int) -> None:
    company.applied()
    assert Advance.objects.visible_to(getattr(company, user)).count() == seen
    assert "contracts" in {each["key"] for each in menu(getattr(company, user), "/", {})}


def test_it_is_found_by_its_number_and_in_the_list(company: Company) -> None:
    advance = company.used()
    assert advance.number in page(company.seller, "/advances/?q=AD2026-000001")
    assert advance.number not in page(company.seller, "/advances/?q=AD2026-000009")
    shown = page(company.seller, "/advances/?tab=owing")
    assert advance.number in shown and "¥140.00" in shown
    assert advance.number not in page(company.seller, "/advances/?tab=broken")


def test_rest_reads_and_does_the_same(company: Company) -> None:
    advance = company.used()
    api = Api(company.cashier)
    [row] = api.get("advances/?tab=owing").json()["results"]
    assert (row["number"], row["taken"], row["owed"]) == (advance.number, "140.00", "140.00")
    one = api.get(f"advances/{advance.pk}/").json()
    assert one["account"] == {
        "total": "1280.00",
        "paid": "500.00",
        "left": "640.00",
        "owed": "140.00",
        "free": "360.00",
    }
    assert [(each["reference"], each["amount"]) for each in one["uses"]] == [("PR2026-000001", "140.00")]
    done = api.post(f"advances/{advance.pk}/advances.revoke_advance/", {"reason": "涉诉"})
    assert (done.status_code, done.json()["status"]) == (200, "revoked")


def test_its_timeline_tells_what_was_done_by_whom(company: Company) -> None:
    advance = company.used()
    verbs = set(ActionLog.objects.about(advance).values_list("verb", flat=True))
    assert {"advances.note_use", "advances.grant_advance", "advances.ask_grant_advance"} <= verbs
    with override("zh-hans"):
        label = str(ACTIONS["advances.note_use"].label)
    assert label in page(company.seller, f"/advances/{advance.pk}/", "zh-hans")


def asked_for(client: Any, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_list_and_record_ask_as_often_for_many_as_for_one(company: Company) -> None:
    client = client_of(company.seller)
    advance = company.used()
    for path in ("/advances/", f"/advances/{advance.pk}/"):
        client.get(path)
    one, record = asked_for(client, "/advances/"), asked_for(client, f"/advances/{advance.pk}/")
    for _each in range(3):
        company.applied(company.order(paid="0"))
    company.world.receive("2", batch="B7")
    company.check(advance.order)
    company.hand_over(advance.order)
    assert advance.uses.count() == 2
    assert asked_for(client, "/advances/") == one <= 12
    assert asked_for(client, f"/advances/{advance.pk}/") == record <= 40


# Figures.


def test_released_and_paid_by_month(company: Company) -> None:
    company.used()
    paid = company.granted(company.order(goods="5"))
    company.hand_over(paid.order)
    company.pay(paid.order, "140.00")
    figure = advances_by_month(company.chief)
    [row] = figure.rows
    assert (row.label, [each.number for each in row.values if each]) == (
        "2026-11",
        [Decimal("140.00"), Decimal("140.00"), Decimal("0")],
    )
    assert [each.number for each in row.more if each] == [Decimal("1000.00")]
    listed = page(company.chief, row.values[0].url)  # type: ignore[union-attr]
    assert listed.count(paid.number) and "AD2026-000001" not in listed


def test_broken_promises_by_month_and_whether_they_are_paid_since(company: Company) -> None:
    advance = company.broken()
    with clock.at(shanghai(7, 10, month=12)):
        figure = promises_broken(company.chief)
        last = figure.rows[-1]
        assert (last.label, [each.number for each in last.values if each]) == ("2026-12", [0, 1])
        company.pay(advance.order, "140.00")
        last = promises_broken(company.chief).rows[-1]
        assert [each.number for each in last.values if each] == [1, 0]
        assert advance.number in page(company.chief, last.values[0].url)  # type: ignore[union-attr]
    assert len(figure.rows) == 12 and figure.rows[0].label == "2026-01"
    assert {"advances-by-month", "promises-broken"} <= {each.key for each in reports_for(company.chief)}


@pytest.mark.parametrize(("today", "first"), [(date(2026, 1, 31), "2025-02"), (date(2026, 12, 1), "2026-01")])
def test_the_last_twelve_months_reach_over_the_year(company: Company, today: date, first: str) -> None:
    with clock.at(shanghai(today.day, 9, month=today.month)):
        assert promises_broken(company.chief).rows[0].label == first
