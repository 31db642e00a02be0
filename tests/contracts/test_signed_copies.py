"""The signed copy of a supplementary agreement: sent by link or paper, chased, filed with the contract (KC 5.1.10)."""

from datetime import date, timedelta

import pytest
from django.test import Client

from crm import clock
from crm.accounts.models import User
from crm.deadlines.check import check
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.records.models import ActionLog, Attachment
from customers.models import Contact
from orders.contracts import actions as contracts
from orders.contracts.models import Contract, Supplement
from tests.contracts.conftest import Company
from tests.contracts.test_supplements import agreed, drafted
from tests.mailed import hidden, path_of
from tests.world import MORNING, nothing_moves, refused, scan, shanghai


@pytest.fixture
def applied(company: Company) -> Supplement:
    """An agreement about fifteen pieces instead of ten, that counts; its contract is filed."""
    contract = contracts.archive_contract(company.in_force(), by=company.support, archive_place="A 柜 3 盒")
    return agreed(company, drafted(company, contract))


def test_its_copy_is_chased_from_the_moment_that_it_counts(company: Company, applied: Supplement) -> None:
    row = Deadline.objects.get(rule="supplement.return")
    assert (row.started_at, row.due_at, row.responsible) == (MORNING, shanghai(26, 9, 30), company.seller)
    sent = contracts.send_supplement(applied, by=company.seller, sent_how="paper")
    assert (sent.sent_at, sent.sent_how, sent.lacks_copy) == (MORNING, "paper", True)
    assert not Message.objects.filter(template="contracts.sign_supplement").exists()
    back = contracts.return_supplement(sent, by=company.support, signed_on=clock.today(), scan=scan())
    assert (back.returned_at, back.archive_place, back.lacks_copy) == (MORNING, "A 柜 3 盒", False)
    assert Attachment.objects.about(back).get().kind == "signed"
    row.refresh_from_db()
    assert row.outcome == "met"


def test_a_draft_is_neither_chased_nor_sent(company: Company) -> None:
    supplement = drafted(company)
    assert not Deadline.objects.filter(rule="supplement.return").exists()
    with refused("wrong_state"):
        contracts.send_supplement(supplement, by=company.seller)


def test_the_customer_reads_it_under_his_link_and_hands_the_copy_in_once(company: Company, applied: Supplement) -> None:
    contracts.send_supplement(applied, by=company.seller)
    path = path_of("contracts.sign_supplement")
    client = Client()
    page = client.get(path)
    text = page.content.decode()
    assert applied.number in text and "客户增量" in text and "合同补充协议" in text
    given = {**hidden(page), "_verb": "contracts.hand_in_supplement_copy", "scan": scan()}
    assert client.post(path, given).status_code == 303
    applied.refresh_from_db()
    assert applied.copy_at == MORNING
    row = ActionLog.objects.get(verb="contracts.hand_in_supplement_copy")
    assert (row.actor, row.door) == (User.objects.system("links"), "link")
    assert Message.objects.filter(template="contracts.supplement_copy", recipient=company.seller).exists()
    with nothing_moves():
        client.post(path, {**given, "scan": scan("again.pdf")})
    back = contracts.return_supplement(applied, by=company.support, signed_on=date(2026, 11, 23), archive_place="B 柜")
    assert (back.archive_place, back.lacks_copy) == ("B 柜", False)


def test_sending_it_again_ends_the_link_before(company: Company, applied: Supplement) -> None:
    contracts.send_supplement(applied, by=company.seller)
    first = path_of("contracts.sign_supplement")
    with clock.at(MORNING + timedelta(hours=1)):
        contracts.send_supplement(applied, by=company.seller)
    assert path_of("contracts.sign_supplement") != first
    assert Client().get(first).status_code == 410


def test_a_copy_without_its_scan_or_twice_is_refused(company: Company, applied: Supplement) -> None:
    with refused("no_copy"):
        contracts.return_supplement(applied, by=company.support, signed_on=clock.today())
    with refused("not_sent"):
        contracts.hand_in_supplement_copy(applied, by=User.objects.system("links"), scan=scan())
    back = contracts.return_supplement(applied, by=company.support, signed_on=clock.today(), scan=scan())
    for verb in (contracts.send_supplement, contracts.return_supplement):
        with refused("returned"):
            verb(back, by=company.support, **({"signed_on": clock.today()} if verb.codename.startswith("r") else {}))


def test_by_link_it_needs_a_mail_address(company: Company, applied: Supplement) -> None:
    Contact.objects.update(email="")
    with refused("no_mail_address"):
        contracts.send_supplement(applied, by=company.seller)
    assert contracts.send_supplement(applied, by=company.seller, sent_how="paper").sent_how == "paper"


def test_only_sales_support_marks_it_returned(company: Company, applied: Supplement) -> None:
    with refused("forbidden"):
        contracts.return_supplement(applied, by=company.seller, signed_on=clock.today(), scan=scan())


def test_the_contract_and_the_list_say_which_copies_are_missing(company: Company, applied: Supplement) -> None:
    User.objects.filter(pk=company.support.pk).update(language="en")
    client = Client()
    client.force_login(company.support)
    contract = Contract.objects.get()
    assert "Signed copy missing" in client.get(f"/contracts/{contract.pk}/").content.decode()
    assert applied.number in client.get("/contracts/supplements/?tab=copy").content.decode()
    contracts.return_supplement(applied, by=company.support, signed_on=clock.today(), scan=scan())
    assert "Signed copy missing" not in client.get(f"/contracts/{contract.pk}/").content.decode()
    assert applied.number not in client.get("/contracts/supplements/?tab=copy").content.decode()


def test_the_copy_of_a_contract_that_ended_is_chased_no_more(company: Company, applied: Supplement) -> None:
    contracts.send_supplement(applied, by=company.seller)
    path = path_of("contracts.sign_supplement")
    contracts.end_contract(Contract.objects.get(), by=User.objects.system("changes"), reason="OC2026-000001")
    assert not Deadline.objects.open().filter(rule="supplement.return").exists()
    assert not [rule for rule, _what in check() if rule == "supplement.return"]
    assert Client().get(path).status_code == 410
    assert Contract.objects.get().status == "cancelled"
