"""The demonstration company, small: everything occurs in it, its books agree, and a second run does nothing."""

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from django.utils.translation import override

from complaints.demo_past import COUNT, past
from complaints.feedback.models import Feedback
from complaints.models import Category, Complaint, Measure
from complaints.returns.models import ReturnNotice
from complaints.verification.models import Scale, Verification
from crm import clock
from crm.accounts.deputies import stand_in
from crm.accounts.models import Department, User
from crm.accounts.roles import EVERYONE, ROLES, defaults
from crm.approvals.models import ApprovalRequest, Condition, Task
from crm.deadlines.check import check
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.records.models import ActionLog
from crm.reports import demo
from customers.models import Contact, Customer
from orders.advances.models import Advance
from orders.applications.models import SentForm
from orders.contracts.models import Contract, Supplement
from orders.findings import findings
from orders.inquiries.models import Inquiry
from orders.models import Order
from orders.payments import spreading
from orders.payments.models import Dunning, Invoice, Receipt, Reminder
from orders.quotations.models import Quotation, Sample
from pickup.models import Authority, Pickup, Record, Window
from pickup.stock.ledger import disagreements
from satisfaction.models import Campaign, Correction, Invitation
from satisfaction.report import compared, earlier
from satisfaction.results import result_of
from satisfaction.scoring import shown
from satisfaction.told import we_did
from satisfaction.visits.models import Visit
from tests.demo.recomputing import recomputed

pytestmark = pytest.mark.long
TUESDAY = datetime(2026, 11, 24, 10, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
SUNDAY_NIGHT = datetime(2026, 11, 22, 23, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
SMALL = 0.05


@pytest.fixture(scope="module")
def company(django_db_setup, django_db_blocker, tmp_path_factory):
    """The company as it is told on a Tuesday morning; taken back after this module's tests."""
    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"), OUTBOX_TEST_MODE=False)
    with django_db_blocker.unblock(), files, clock.at(TUESDAY), transaction.atomic():
        said: list[str] = []
        demo.tell(SMALL, said.append)
        yield said
        transaction.set_rollback(True)


@pytest.mark.parametrize("model", [Order, Pickup, Inquiry], ids=lambda model: model.__name__)
def test_every_state_occurs(company, model):
    assert set(model.objects.values_list("status", flat=True)) == set(model.Status.values)


def test_deadlines_stand_in_every_colour(company):
    running = Deadline.objects.filter(closed_at=None)
    assert {row.state for row in running} == {"running", "soon", "late"}
    assert {"met", "met_late"} <= {row.state for row in Deadline.objects.exclude(closed_at=None)}


def test_deadlines_are_what_the_states_imply(company):
    assert check(mend=False) == {}


def test_the_books_agree(company):
    assert disagreements() == []
    for order in Order.objects.prefetch_related("lines"):
        assert order.total == sum(line.amount for line in order.lines.all())
        assert all(0 <= line.collected <= line.base_quantity for line in order.lines.all())
    for window in Window.objects.filter(pickups__isnull=False).distinct():
        missed_or_called_off = [Pickup.Status.CANCELLED]
        assert window.taken == window.pickups.exclude(status__in=missed_or_called_off).count()


def test_somebody_is_in_every_role_and_has_a_head_above_him(company):
    for role in ROLES:
        if role != EVERYONE:
            assert User.objects.working().filter(groups__name=role).exists(), role
    assert User.objects.working().count() >= 20
    assert not Department.objects.filter(head=None).exists()
    assert not User.objects.working().filter(name_en="").exists()
    alone = User.objects.working().filter(manager=None)
    assert [user.username for user in alone] == ["zhoujianguo"]


def test_who_is_away_today_has_a_deputy(company):
    away = User.objects.get(username="wuting")
    assert stand_in(away).username == "zhaomin"


def test_each_counter_has_its_queue_of_today(company):
    today = Pickup.objects.filter(window__starts_at__date=clock.today())
    assert {"arrived", "handed_over"} <= set(today.values_list("status", flat=True))
    assert today.filter(status__in=["notified", "confirmed"]).exists()


def test_goods_were_handed_over_with_letters_signatures_and_taken_back(company):
    assert Record.objects.filter(kind="reversal").exists()
    handed = Record.objects.filter(kind="handover")
    assert not handed.filter(customer_signature=None).exists()
    assert Authority.objects.exists()


def test_application_forms_are_in_customers_hands_and_came_back(company):
    assert SentForm.objects.filter(status="sent", inquiry=None).exists()
    assert SentForm.objects.filter(status="sent").exclude(inquiry=None).exists()
    back = SentForm.objects.filter(status="filled").select_related("order")
    assert {(bool(form.wishes), form.order.status) for form in back} == {(False, "submitted"), (True, "draft")}
    assert {row.door for row in ActionLog.objects.filter(verb="applications.fill_in_application")} == {"link"}


def test_low_prices_are_asked_agreed_and_rejected(company):
    asked = ApprovalRequest.objects.filter(verb="orders.allow_price").select_related("requester")
    assert set(asked.values_list("status", flat=True)) == {"waiting", "done", "rejected"}
    for request in asked:
        order, agreed = request.subject, request.status == "done"
        assert (order.applied_by, bool(order.price_reason)) == (request.requester, agreed)
        assert any(each.code == "price_too_low" and each.stop != agreed for each in findings(order))
    asks = Task.objects.get(request__in=asked, status="waiting")
    assert asks.approver.groups.get().name == "sales_manager"
    waiting = Task.objects.filter(approver=asks.approver, status="waiting").count()
    assert f"approvals to decide: {waiting}" in defaults().waits["sales_manager"](asks.approver)


def test_samples_and_quotations_stand_in_every_state(company):
    assert set(Sample.objects.values_list("status", flat=True)) == set(Sample.Status.values)
    assert set(Quotation.objects.values_list("status", flat=True)) == set(Quotation.Status.values)
    assert Quotation.objects.get(latest=3).versions.count() == 3
    assert {row.quotation.total == row.total for row in Order.objects.filter(quotation__isnull=False)} == {True}
    assert Sample.objects.filter(order__isnull=False).exists()
    second = Sample.objects.get(round=2)
    assert list(second.rounds.order_by("number").values_list("outcome", flat=True)) == ["declined", "approved"]


def test_contracts_stand_in_every_state_and_one_waits_for_a_condition(company):
    states = set(Contract.objects.values_list("status", flat=True))
    assert states == set(Contract.Status.values) - {"filled"}
    asked = ApprovalRequest.objects.filter(verb="contracts.pass_contract")
    assert set(asked.values_list("status", flat=True)) == {"waiting", "done"}
    assert {task.part for task in Task.objects.filter(request__in=asked, status="waiting")} >= {"delivery", "funds"}
    assert Condition.objects.get().request.status == "waiting"
    for contract in Contract.objects.filter(status="in_force"):
        assert contract.signed_on is not None
        assert "{" not in contract.text
    assert Supplement.objects.get().status == "applied"


def test_complaints_stand_in_every_state_and_one_went_round_again(company):
    assert set(Complaint.objects.values_list("status", flat=True)) == set(Complaint.Status.values)
    again = Complaint.objects.filter(round=2).latest("received_at")
    assert (again.status, again.findings.count(), again.plans.count()) == ("closed", 2, 2)
    assert [each.satisfied for each in again.followups.all()] == [False, True]


def test_feedback_stands_in_every_state_and_some_was_sent_back(company):
    assert set(Feedback.objects.values_list("status", flat=True)) == set(Feedback.Status.values)
    assert Feedback.objects.get(returns=1).concerned.code == "production"
    assert set(Feedback.objects.values_list("verdict", flat=True)) == {"", *Feedback.Verdict.values}


def test_complaints_are_verified_by_a_laboratory_and_by_a_scale(company):
    verified = Verification.objects.filter(status="signed")
    assert verified.filter(kind="quality", testreports__stage="laboratory", testreports__conforms=False).exists()
    weighed = verified.filter(kind="pickup", meets_standard=True).first()
    assert weighed is not None and weighed.weighings.get().certificate is not None
    assert sorted(Scale.objects.values_list("number", flat=True)) == ["DB-01", "DB-02", "DB-03"]
    assert {row.state for row in Deadline.objects.filter(rule="scale.certificate", closed_at=None)} == {
        "running",
        "soon",
        "late",
    }


def test_complaints_of_two_years_are_closed_and_looked_at_again(company):
    old = Complaint.objects.filter(received_at__lt=clock.now() - timedelta(days=45))
    assert {each.status for each in old} == {"closed"}
    assert old.filter(effective=True, effect_by__isnull=False).exists()
    assert not old.filter(effective=False).exists()  # what did not improve anything is improved anew
    assert old.earliest("received_at").received_at < clock.now() - timedelta(days=365)
    assert not Measure.objects.filter(complaint__in=old.exclude(effective=None), status="open").exists()


def test_the_complaints_of_two_years_are_a_mix_that_figures_can_tell_of():
    told = list(past(demo.Demo()))
    assert len(told) == COUNT == 85
    assert [day for day, _pace, _facts in told] == sorted((day for day, _pace, _facts in told), reverse=True)
    rounds = Counter(facts["rounds"] for _day, _pace, facts in told)
    assert rounds == {1: 77, 2: 6, 3: 2}
    effects = Counter(facts["effective"] for day, _pace, facts in told)
    assert effects[False] >= 5 and effects[True] > 60
    causes = Counter(facts["cause"] for _day, _pace, facts in told)
    assert causes.most_common(1) == [("storage-damage", 15)]
    assert {facts["category"] for _day, _pace, facts in told} == set(Category) - {Category.MARKET}


def test_advances_are_asked_for_used_in_part_paid_and_broken(company):
    found = Advance.objects.with_figures()
    assert set(found.values_list("status", flat=True)) >= {"applied", "granted", "settled", "broken"}
    used = found.get(status="granted", used_at__isnull=False)
    assert 0 < used.taken < used.ceiling and used.taken == used.owed
    assert {row.owed for row in found.filter(status="settled")} == {0}
    assert found.get(status="broken").owed == found.get(status="broken").broken_amount > 0
    asked = ApprovalRequest.objects.get(verb="advances.grant_advance", status="waiting")
    assert asked.position == 1 and asked.tasks.get(status="approved").position == 0


def test_receivables_have_ages_money_that_nobody_knows_and_customers_who_are_reminded(company):
    assert spreading.disagreements() == []
    opening = Invoice.objects.filter(kind="opening")
    assert opening.filter(due_on__gt=clock.today()).exists() and opening.overdue().exists()
    assert {row.status for row in Receipt.objects.all()} >= {"open", "partly", "matched"}
    assert Receipt.objects.get(customer=None).left == 36000
    assert sum(row.left for row in Receipt.objects.filter(status="partly")) == 500
    assert Dunning.objects.filter(status="open").exists() and Reminder.objects.exists()


def test_what_is_said_of_a_role_waits_for_the_person_in_it(company):
    waits = defaults().waits
    for role in ("sales_support", "order_desk", "warehouse", "counter", "reception", "sales_manager"):
        person = User.objects.working().filter(groups__name=role).order_by("pk").first()
        assert any(character.isdigit() for character in waits[role](person)), role


def test_nothing_leaves_the_house_and_nobody_real_is_named(company):
    assert set(Message.objects.filter(channel="mail").values_list("status", flat=True)) == {"suppressed"}
    assert all(message.email.endswith("@example.com") for message in Message.objects.filter(channel="mail"))
    assert all(contact.mobile.startswith("+861990000") for contact in Contact.objects.all())


def test_what_was_done_is_logged_at_its_own_time_by_its_own_people(company):
    log = ActionLog.objects.filter(verb="orders.pass_review").select_related("actor")
    assert {row.actor.department.code for row in log} == {"order_desk"}
    assert min(row.at for row in ActionLog.objects.all()) < TUESDAY.replace(month=7)
    assert max(row.at for row in ActionLog.objects.all()) <= TUESDAY


def test_progress_is_said_by_chapter(company):
    assert company[0].startswith("company: ")
    assert any(line.startswith("inquiries, orders, pickups: ") for line in company)


def test_a_second_run_does_nothing_and_says_so(company, capsys):
    before = ActionLog.objects.count(), Customer.objects.count()
    call_command("demo", "--scale", str(SMALL))
    assert capsys.readouterr().out == "the demonstration company is there already; nothing was done\n"
    assert (ActionLog.objects.count(), Customer.objects.count()) == before


@pytest.mark.django_db
def test_a_run_that_was_interrupted_is_taken_up_by_the_next(monkeypatch):
    demo.autodiscover_modules("demo_company", "demo")
    monkeypatch.setattr(demo, "CHAPTERS", [each for each in demo.CHAPTERS if each.order <= 20])
    number = 0

    def stop_at_the_twentieth(story):
        nonlocal number
        number += 1
        if number == 20:
            raise KeyboardInterrupt
        return told(story)

    told = demo.Story.__call__
    monkeypatch.setattr(demo.Story, "__call__", stop_at_the_twentieth)
    with override_settings(OUTBOX_TEST_MODE=True):
        with pytest.raises(CommandError, match="goes on where it stopped"):
            call_command("demo")
        monkeypatch.setattr(demo.Story, "__call__", told)
        said: list[str] = []
        rest = demo.tell(1, said.append)
        assert demo.tell(1, said.append) == 0
    assert 19 + rest == len([s for each in demo.CHAPTERS for s in each.stories(demo.Demo())])
    assert User.objects.working().count() == 28


@pytest.mark.django_db
def test_the_demonstration_is_not_put_into_a_company_of_its_own():
    User.objects.create_user("alice", name="爱丽丝")
    with pytest.raises(CommandError, match="company of its own"):
        call_command("demo")
    assert User.objects.working().count() == 1


@pytest.mark.django_db
def test_it_can_be_tried_out_on_a_sunday_night(tmp_path):
    with override_settings(MEDIA_ROOT=tmp_path, OUTBOX_TEST_MODE=True), clock.at(SUNDAY_NIGHT):
        demo.tell(0.01, lambda line: None)
        open_now = Window.objects.filter(starts_at__lte=SUNDAY_NIGHT, ends_at__gt=SUNDAY_NIGHT)
        assert open_now.count() == 3
        here = Pickup.objects.filter(window__in=open_now)
        assert {"arrived", "handed_over"} <= set(here.values_list("status", flat=True))
        assert disagreements() == []


def test_goods_came_back_of_one_return_and_of_another_a_part(company):
    done, open_ = ReturnNotice.objects.get(status="done"), ReturnNotice.objects.get(status="expected")
    assert (done.complaint.status, open_.complaint.status) == ("told", "carrying_out")
    assert all(row.open_quantity == 0 and row.came for row in done.lines.all())
    assert done.receipts.get().amount > 0 and done.order.returned == done.receipts.get().amount
    assert open_.signed_by not in (None, open_.written_by)


def test_surveys_came_back_in_all_ways_and_some_did_not(company):
    before, last = Campaign.objects.filter(kind="annual").order_by("opens_on")
    assert [each.opens_on for each in (before, last)] == [date(2025, 7, 1), date(2026, 7, 1)]
    assert {each.status for each in (before, last)} == {"reported"}
    assert before.edition.number + 1 == last.edition.number
    for campaign in (before, last):
        assert campaign.handed_out_at < campaign.reported_at  # in the order in which the page leads through it
        asked = Counter(campaign.invitations.values_list("status", flat=True))
        assert set(asked) == set(Invitation.Status.values) - {"to_send"}
        assert sum(asked.values()) >= 24
        sheets = campaign.sheets.all()
        assert set(sheets.values_list("way", flat=True)) == {"link", "paper", "phone"}
        assert sheets.filter(counted=False).count() == asked["blank"]
        assert sheets.filter(late=True, counted=True, returned_at__gt=campaign.ended_at).exists()
        assert not sheets.exclude(way="link").filter(keyed_by=None).exists()
    answered = ActionLog.objects.filter(verb="satisfaction.answer_survey")
    assert {row.door for row in answered} == {"link"}


def test_the_index_of_both_surveys_is_what_their_rows_come_to(company):
    for campaign in Campaign.objects.filter(kind="annual").select_related("edition__questionnaire"):
        index, scores = recomputed(campaign)
        result = result_of(campaign)
        assert result.overall == index
        assert {line.wording.item.code: line.score for line in result.lines} == scores
        assert 60 < index < 100
        client = Client()
        client.force_login(User.objects.get(username="pengwei"))
        page = client.get(f"/surveys/{campaign.pk}/result/").content.decode()
        assert str(Decimal(int(index * 10**6 + Fraction(1, 2))).scaleb(-6)) in page


def test_the_two_surveys_compare_item_by_item_though_one_was_reworded(company):
    before, last = Campaign.objects.filter(kind="annual").order_by("opens_on")
    result, waves = result_of(last), earlier(last)
    assert [wave for wave, _result in waves] == [before]
    texts = {each.item.code: str(each) for each in last.edition.wordings.select_related("item")}
    assert texts["delivery-pickup"] != str(before.edition.wordings.get(item__code="delivery-pickup"))
    changes = {row["text"]: row["change"] for row in compared(result, waves)}
    scores, past = recomputed(last)[1], recomputed(before)[1]
    for code, text in texts.items():
        change = scores[code] - past[code] if code in past else None
        rounded = "" if change is None else str(shown(abs(change)))
        assert changes[text].lstrip("+−") == rounded
        assert changes[text].startswith("+" if change and change > 0 else "−" if change and change < 0 else "")
    assert [code for code in texts if code not in past] == ["other-online"]


def test_of_low_answers_one_became_a_complaint_that_is_closed_and_another_feedback(company):
    invitation = Invitation.objects.get(complaint__isnull=False)
    complaint = invitation.complaint
    assert (complaint.status, complaint.category, complaint.effective) == ("closed", "service", True)
    assert complaint.customer == invitation.customer and "电话多次无人接听" in complaint.content
    passed = Invitation.objects.get(feedback__isnull=False).feedback
    assert (passed.status, passed.channel, passed.concerned.code) == ("closed", "survey", "logistics")
    assert "早上多开一个窗口" in passed.content


def test_departments_have_entered_measures_and_some_are_done(company):
    before, last = Campaign.objects.filter(kind="annual").order_by("opens_on")
    assert set(before.measures.values_list("status", flat=True)) == {"done"}
    assert Counter(last.measures.values_list("status", flat=True)) == {"done": 2, "open": 3}
    assert last.measures.filter(status="open", due_on__lt=clock.today()).count() == 1
    correction = Correction.objects.get()
    assert correction.campaign == before and sum(line.value for line in correction.lines.all()) == 1
    with override("zh-hans"):
        assert [each["did"] for each in we_did(last)] == [
            "外箱加了防潮膜和护角",
            "上午增开一个提货窗口，等候时间缩短一半以上",
        ]
    for campaign in (before, last):
        copy = campaign.copies.get()
        assert (copy.edition, len(copy.files)) == (1, 3)
        assert [each["user"] for each in copy.people] == list(
            User.objects.in_role("executive").values_list("pk", flat=True)
        )


def test_an_anonymous_survey_is_shown_and_leads_back_to_nobody(company):
    campaign = Campaign.objects.get(anonymous=True)
    assert (campaign.status, campaign.kind) == ("ended", "between")
    used = campaign.invitations.filter(used=True).count()
    assert 5 <= used < campaign.invitations.count()
    assert campaign.sheets.filter(invitation=None, returned_at=None).count() == used == result_of(campaign).recovered


def test_short_surveys_follow_handovers_and_ask_each_contact_once(company):
    asked = Invitation.objects.filter(campaign__kind="event")
    numbers = set(Record.objects.values_list("number", flat=True)) | set(
        Complaint.objects.values_list("number", flat=True)
    )
    assert asked.exists() and {each.event for each in asked} <= numbers
    assert len({each.contact_id for each in asked}) == asked.count()


def test_one_low_answer_has_just_come_and_all_others_were_followed_up(company):
    low = Invitation.objects.filter(low_at__isnull=False, complaint=None, feedback=None)
    assert [(each.campaign.kind, each.low_at.date()) for each in low] == [("event", clock.now().date())]
    waits = Deadline.objects.open().filter(rule="survey.low")
    assert [(each.subject_pk, each.due_at > clock.now()) for each in waits] == [(low.get().pk, True)]


def test_return_visits_of_three_quarters_stand_in_every_state(company):
    quarters = Visit.objects.order_by("quarter").values_list("quarter", flat=True).distinct()
    assert list(quarters) == [date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)]
    assert set(Visit.objects.values_list("status", flat=True)) == set(Visit.Status.values)
    reached, not_yet = Visit.objects.filter(status="done"), Visit.objects.filter(status="planned", attempts__gt=0)
    assert reached.filter(attempts=1).exists() and not_yet.exists()
    assert Visit.objects.get(complaint__isnull=False).complaint.channel == "visit"
    assert not Visit.objects.filter(done_at__gt=clock.now()).exists()
