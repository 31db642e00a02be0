"""How a quotation ends: expired with its last day, withdrawn, or begun anew with its next version (KF 3.1.9)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from crm import clock
from crm.deadlines.models import Deadline
from crm.deadlines.sweep import sweep
from crm.links.models import Link
from crm.outbox.models import Message
from crm.records.models import ActionLog
from orders.quotations import actions as verbs
from orders.quotations.models import Quotation, QuotationVersion
from tests.mailed import path_of
from tests.quotations.conftest import House
from tests.world import MORNING, nothing_moves, refused, scan, shanghai

S, OUTCOME = Quotation.Status, QuotationVersion.Outcome


def test_the_owner_is_reminded_before_it_expires_and_the_clock_ends_it(house: House) -> None:
    quotation = house.sent(valid_until=date(2026, 11, 27))
    path = path_of("quotations.offer")
    row = Deadline.objects.open().about(quotation).get()
    assert (row.rule, row.responsible) == ("quotation.answer", house.alice)
    assert row.due_at.astimezone(MORNING.tzinfo).date() == date(2026, 11, 27)
    with clock.at(shanghai(26, 9, 30)):
        sweep()
    assert Message.objects.filter(template="deadlines.warn", recipient=house.alice).exists()
    with clock.at(shanghai(27, 17, 0)):
        sweep()
        quotation.refresh_from_db()
        assert quotation.status == S.SENT
    with clock.at(shanghai(28, 0, 5)):
        early = Client().get(path, {"lang": "en"}).content.decode()  # nobody has swept yet
        assert "valid until 2026-11-27" in early and 'value="quotations.accept_quotation"' not in early
        sweep()
    quotation.refresh_from_db()
    assert (quotation.status, quotation.current.outcome) == (S.EXPIRED, OUTCOME.EXPIRED)
    assert ActionLog.objects.get(verb="quotations.expire_quotation").actor.username == "clock"
    with clock.at(shanghai(29, 10, 0)):
        page = Client().get(path, {"lang": "en"}).content.decode()
    assert "This quotation is not valid any more. Please call us if you would like a new one." in page
    assert house.alice.display_name in page
    assert 'value="quotations.accept_quotation"' not in page


def test_on_its_last_day_it_is_accepted_and_the_day_after_not(house: House) -> None:
    first, second = house.sent(valid_until=date(2026, 11, 27)), house.sent(valid_until=date(2026, 11, 27))
    with clock.at(shanghai(27, 23, 59)):
        assert verbs.accept_quotation(first, by=house.links, signed_by="王小明").status == S.ACCEPTED
    with clock.at(shanghai(28, 0, 0)):
        for verb, inputs in (
            (verbs.accept_quotation, {"signed_by": "王小明"}),
            (verbs.ask_quotation_changes, {"changes": "x"}),
            (verbs.decline_quotation, {"reason": "x"}),
        ):
            with refused("quotation_over"):
                verb(second, by=house.links, **inputs)
        with refused("signed_too_late"):
            verbs.record_acceptance(second, by=house.alice, paper=scan(), signed_by="王", signed_on=date(2026, 11, 28))
        with refused("quotation_over"):
            verbs.send_quotation(second, by=house.alice)


def test_what_is_still_valid_does_not_expire(house: House) -> None:
    quotation = house.sent()
    with refused("still_valid"):
        verbs.expire_quotation(quotation, by=house.world.root)


def test_an_expired_quotation_begins_anew_with_its_next_version(house: House) -> None:
    quotation = house.sent(valid_until=date(2026, 11, 27))
    with clock.at(shanghai(30, 9, 0)):
        verbs.expire_quotation(quotation, by=house.world.root)
        verbs.revise_quotation(quotation, by=house.alice, **house.offer())
        verbs.send_quotation(quotation, by=house.alice)
    assert (quotation.status, quotation.latest, quotation.valid_until) == (S.SENT, 2, date(2026, 12, 30))
    assert quotation.offered_at == MORNING
    assert list(quotation.versions.order_by("number").values_list("outcome", flat=True)) == ["expired", "sent"]


def test_a_draft_is_mended_in_place(house: House) -> None:
    quotation = house.draft()
    verbs.revise_quotation(quotation, by=house.alice, **house.offer(lines=[house.line("1")], project="二期厂房"))
    assert (quotation.latest, quotation.total, quotation.project) == (1, Decimal("128.00"), "二期厂房")
    assert quotation.versions.count() == quotation.current.lines.count() == 1


def test_a_withdrawn_quotation_is_not_answered_any_more(house: House) -> None:
    quotation = house.sent()
    path = path_of("quotations.offer")
    verbs.withdraw_quotation(quotation, by=house.alice, reason="原材料涨价")
    assert (quotation.status, quotation.current.outcome) == (S.WITHDRAWN, OUTCOME.WITHDRAWN)
    with nothing_moves():
        page = Client().get(path, {"lang": "en"})
    assert page.status_code == 410 and "We have withdrawn this quotation." in page.content.decode()
    with refused("wrong_state"):
        verbs.accept_quotation(quotation, by=house.links, signed_by="王小明")


@pytest.mark.parametrize("days", [0, 1])
def test_the_link_says_that_it_is_over_for_two_months(house: House, days: int) -> None:
    quotation = house.sent()
    link = Link.objects.get()
    assert link.expires_at.astimezone(MORNING.tzinfo).date() == quotation.valid_until + timedelta(days=60)
    with clock.at(link.expires_at + timedelta(seconds=-1 + days)):
        assert link.is_open is (days == 0)


def test_an_accepted_quotation_that_comes_to_nothing_is_withdrawn(house: House) -> None:
    quotation = verbs.withdraw_quotation(house.accepted(), by=house.alice, reason="项目取消")
    assert (quotation.status, quotation.current.outcome) == (S.WITHDRAWN, OUTCOME.ACCEPTED)
    other = house.accepted()
    verbs.order_quotation(other, by=house.alice, **house.order_facts())
    with refused("ordered"):
        verbs.withdraw_quotation(other, by=house.alice, reason="项目取消")
