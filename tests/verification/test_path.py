"""The procedures step by step, and what each refuses (KC 5.2.1.3-5.2.1.5)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from complaints import actions as complaints
from complaints.models import Complaint
from complaints.unfinished import unfinished
from complaints.verification import actions
from complaints.verification.differences import overall, stretches
from complaints.verification.models import TestReport, Verification
from crm import clock
from crm.accounts.actions import report_absence
from crm.accounts.models import Department
from crm.accounts.scopes import involve
from crm.actions import ACTIONS
from crm.outbox.models import Message
from crm.refusals import Forbidden
from customers.models import ContactEntry
from tests.verification.conftest import ITEMS, Bench
from tests.world import nothing_moves, refused, scan, shanghai


def told(username: str, news: str) -> int:
    """How often somebody was told this of a verification."""
    rows = Message.objects.filter(template="verification.next", recipient__username=username)
    return rows.filter(key__contains=f":verification-{news}-").count()


def test_quality_proves_it_at_once_and_the_head_signs_and_seals(bench: Bench) -> None:
    verification = bench.opened()
    assert (verification.number, verification.status, verification.kind) == ("HC2026-000001", "opened", "quality")
    assert told("head_quality", "opened") == 1
    bench.test(verification, file=scan("report.pdf"))
    report = verification.testreports.get()
    assert (report.stage, report.conforms, report.tester) == ("at_once", False, bench.tester.name)
    assert [(each.name, each.conforms) for each in report.items.all()] == [("漆膜厚度", False), ("附着力", True)]
    assert report.evidence is not None and report.evidence.status == "unjudged"
    assert told("alice", "tested") == 1
    bench.word(verification, True)
    entry = ContactEntry.objects.get(customer=verification.complaint.customer, what__contains="HY-0001")
    assert "认可" in entry.what
    assert (verification.status, told("head_quality", "ready")) == ("ready", 1)
    actions.sign_verification(verification, by=bench.heads["quality"], sealed=True, opinion="属实")
    assert (verification.status, verification.sealed) == ("signed", True)
    assert (verification.signed_by, verification.signed_at) == (bench.heads["quality"], clock.now())
    piece = verification.complaint.evidences.get()
    assert (piece.status, piece.judged_by.username) == ("accepted", "verification")
    assert verification.number in piece.reason


def test_all_items_conform_means_the_goods_conform(bench: Bench) -> None:
    verification = bench.test(bench.opened(), items=ITEMS[1:])
    assert verification.testreports.get().conforms is True


def test_a_disputed_result_goes_on_to_a_sample_and_then_to_a_laboratory_that_both_accept(bench: Bench) -> None:
    verification = bench.word(bench.test(bench.opened()), False)
    assert verification.status == "disputed"
    given = {"laboratory": "重庆市质检院", "channel": "mail", "words": "同意"}
    with refused("no_sample"):
        actions.name_laboratory(verification, by=bench.tester, **given)
    with refused("not_sealed"):
        bench.sample(verification, sealed=False)
    bench.sample(verification, file=scan("seal.pdf"))
    sample = verification.samples.get()
    assert (sample.number, sample.witness, sample.seal, sample.tester) == ("YP-01", "赵师傅", "FT-778", bench.tester)
    bench.word(bench.test(verification, number="HY-0002"), False)
    assert list(verification.testreports.order_by("pk").values_list("stage", "accepted")) == [
        ("at_once", False),
        ("site", False),
    ]
    actions.name_laboratory(verification, by=bench.tester, **given)
    assert (verification.status, verification.laboratory_how) == ("laboratory", "mail")
    paper = {"number": "ZJ-88", "tested_on": clock.today(), "conclusion": "不合格", "file": scan("zj.pdf")}
    with refused("contradiction"):
        actions.record_certificate(verification, by=bench.tester, conforms=True, items=ITEMS, **paper)
    actions.record_certificate(verification, by=bench.tester, conforms=False, items=ITEMS, **paper)
    report = verification.testreports.get(stage=TestReport.Stage.LABORATORY)
    assert (report.tester, report.number, report.conforms, verification.status) == (
        "重庆市质检院",
        "ZJ-88",
        False,
        "ready",
    )
    assert report.evidence is not None and report.evidence.file is not None


def test_only_quality_tests_and_only_its_head_signs(bench: Bench) -> None:
    verification = bench.opened()
    given = {"number": "1", "tested_on": clock.today(), "tester": bench.tester, "items": ITEMS, "conclusion": "x"}
    with refused("not_asked"):
        actions.record_test(verification, by=bench.world.root, **given)
    with nothing_moves(), pytest.raises(Forbidden):
        actions.record_test(verification, by=bench.driver, **given)
    bench.word(bench.test(verification), True)
    with refused("not_head"):
        actions.sign_verification(verification, by=bench.tester, sealed=True)
    with refused("not_sealed"):
        actions.sign_verification(verification, by=bench.heads["quality"], sealed=False)


def test_opinions_and_finding_wait_for_the_signed_verification(bench: Bench) -> None:
    complaint = bench.investigating()
    with refused("not_verified"):
        complaints.sign_opinion(complaint, by=bench.heads["quality"], text="属实")
    verification = bench.word(bench.test(bench.opened(complaint=complaint)), True)
    with refused("verification_open") as caught:
        complaints.sign_opinion(complaint, by=bench.heads["quality"], text="属实")
    assert verification.number in str(caught.value.sentence)
    actions.sign_verification(verification, by=bench.heads["quality"], sealed=True)
    complaint = bench.fresh(complaint)
    complaints.sign_opinion(complaint, by=bench.heads["quality"], text="属实")
    again = actions.open_verification(complaint, by=bench.world.alice, kind="quality")
    with refused("verification_open"):
        complaints.sign_opinion(complaint, by=bench.heads["production"], text="同意")
    actions.drop_verification(again, by=bench.world.alice, reason="重复开立")
    complaints.sign_opinion(bench.fresh(complaint), by=bench.heads["production"], text="同意")


def test_a_signed_verification_stays_valid_in_the_next_round(bench: Bench) -> None:
    complaint = bench.visited(satisfied=False)
    assert (complaint.round, complaint.verifications.get().status) == (2, "signed")
    complaints.sign_opinion(complaint, by=bench.heads["quality"], text="仍属实")
    again = actions.open_verification(bench.fresh(complaint), by=bench.world.alice, kind="quality")
    assert again.round == 2
    with refused("verification_open"):
        complaints.sign_opinion(bench.fresh(complaint), by=bench.heads["production"], text="同意")


def test_other_categories_need_no_procedure(bench: Bench) -> None:
    complaint = bench.investigating(category="service")
    with refused("no_procedure"):
        actions.open_verification(complaint, by=bench.world.alice, kind="quality")
    complaints.sign_opinion(complaint, by=bench.heads["order_desk"], text="属实")


def test_one_verification_at_a_time_and_only_one_that_fits(bench: Bench) -> None:
    complaint, early = bench.investigating(category="shortage"), bench.registered()
    with refused("unfit"):
        actions.open_verification(complaint, by=bench.world.alice, kind="quality")
    actions.open_verification(complaint, by=bench.world.alice, kind="pickup")
    with refused("under_way"):
        actions.open_verification(complaint, by=bench.world.alice, kind="delivery")
    with refused("wrong_state"):
        actions.open_verification(early, by=bench.world.alice, kind="quality")


def test_the_weighbridge_head_states_and_signs_that_the_scale_meets_the_standard(bench: Bench) -> None:
    verification, scale = bench.opened("pickup"), bench.certified()
    given = {"scale": scale, "meets_standard": True, "statement": "检定合格"}
    with refused("not_weighed"):
        actions.state_scale(verification, by=bench.weigher, **given)
    bench.weigh(verification, "loaded", 30000, scale=scale)
    weighing = verification.weighings.get()
    assert (weighing.net, weighing.certificate.number, weighing.uncertified) == (Decimal(30000), "JD-2026-1", False)
    other = bench.world.person("other_keeper", "warehouse")
    complaint = verification.complaint
    involve(complaint, user=other, why="test")
    with refused("not_keeper"):
        actions.state_scale(verification, by=other, **given)
    actions.state_scale(verification, by=bench.weigher, **given)
    assert (verification.status, verification.meets_standard) == ("ready", True)
    with refused("not_keeper"):
        actions.sign_verification(verification, by=bench.heads["logistics"], sealed=True)
    actions.sign_verification(verification, by=bench.weigher, sealed=True)
    assert verification.status == "signed"
    complaints.sign_opinion(bench.fresh(complaint), by=bench.heads["warehouse"], text="磅秤合格")


def test_a_scale_without_certificate_at_that_time_cannot_be_said_to_meet_the_standard(bench: Bench) -> None:
    verification, scale = bench.opened("pickup"), bench.scale()
    bench.certify(scale, date(2025, 11, 1), date(2026, 10, 31))
    bench.weigh(verification, "loaded", 30000, scale=bench.fresh(scale), at=shanghai(20, 10))
    assert verification.weighings.get().uncertified is True
    given = {"scale": scale, "statement": "证书过期"}
    with refused("no_certificate") as caught:
        actions.state_scale(verification, by=bench.weigher, meets_standard=True, **given)
    assert "2026-11-20" in str(caught.value.sentence)
    bench.certify(bench.fresh(scale), date(2026, 11, 1), date(2027, 10, 31), "JD-2026-2")
    assert verification.weighings.get().certificate.number == "JD-2026-2"
    actions.state_scale(bench.fresh(verification), by=bench.weigher, meets_standard=True, **given)
    assert bench.fresh(verification).meets_standard is True


def test_a_scale_with_an_expired_certificate_is_stated_not_to_meet_it(bench: Bench) -> None:
    verification, scale = bench.opened("pickup"), bench.scale()
    bench.weigh(verification, "loaded", 30000, scale=scale)
    given = {"scale": scale, "statement": "没有证书"}
    actions.state_scale(verification, by=bench.weigher, meets_standard=False, **given)
    assert (verification.status, verification.meets_standard) == ("ready", False)


def test_a_delivery_is_traced_explained_reported_and_signed_by_logistics(bench: Bench) -> None:
    verification = bench.traced()
    assert told("head_logistics", "explained") == 1
    difference = overall(verification.weighings.all())
    assert difference is not None
    assert (difference.lost, difference.percent) == (Decimal(450), Decimal("1.50"))
    each = [(found.lost, found.percent) for found in stretches(verification.weighings.all()).values()]
    assert each == [(Decimal(100), Decimal("0.33")), (Decimal(350), Decimal("1.17"))]
    with refused("not_asked"):
        actions.report_weighings(verification, by=bench.world.root, statement="x")
    actions.report_weighings(verification, by=bench.driver, statement="途中无异常，到货少 450 kg")
    with refused("not_head"):
        actions.sign_verification(verification, by=bench.driver, sealed=True)
    actions.sign_verification(verification, by=bench.heads["logistics"], sealed=True)
    assert verification.status == "signed"


def test_weighings_of_a_delivery_name_logistics_and_sales(bench: Bench) -> None:
    verification = bench.opened("delivery")
    with refused("both_needed"):
        bench.weigh(verification, "loaded", 30000, logistics=bench.driver)
    with refused("not_of_logistics"):
        bench.weigh(verification, "loaded", 30000, logistics=bench.world.bob, sales=bench.world.alice)
    with refused("not_of_sales"):
        bench.weigh(verification, "loaded", 30000, logistics=bench.driver, sales=bench.maker)
    with refused("gross_below_tare"):
        bench.weigh(verification, "loaded", 30000, tare=Decimal(90000), **bench.both())
    with refused("no_scale"):
        bench.weigh(verification, "loaded", 30000, whose="", **bench.both())
    with refused("not_weighed_twice"):
        actions.report_weighings(verification, by=bench.driver, statement="少货")
    bench.weigh(verification, "loaded", 30000, **bench.both())
    bench.weigh(verification, "arrived", 29550, at=shanghai(20, 16), **bench.both())
    with refused("not_explained"):
        actions.report_weighings(verification, by=bench.driver, statement="少货")
    with refused("not_asked"):
        actions.explain_weight(verification, by=bench.world.root, explanation="x")


def test_a_weighing_that_was_struck_out_stays_and_counts_no_more(bench: Bench) -> None:
    verification = bench.traced()
    wrong = verification.weighings.get(stage="arrived")
    actions.strike_weighing(verification, by=bench.driver, weighing=wrong, reason="毛重抄错")
    wrong.refresh_from_db()
    assert (wrong.struck_by, wrong.struck_because, wrong.net) == (bench.driver, "毛重抄错", Decimal(29550))
    assert overall(verification.weighings.all()) is None
    with refused("not_there"):
        actions.strike_weighing(verification, by=bench.driver, weighing=wrong, reason="再划")
    other = bench.opened("delivery")
    theirs = bench.weigh(other, "loaded", 100, **bench.both())
    with refused("not_there"):
        actions.strike_weighing(verification, by=bench.driver, weighing=theirs, reason="别的")


def test_verbs_of_another_procedure_are_refused(bench: Bench) -> None:
    quality, pickup = bench.opened(), bench.opened("pickup")
    with refused("other_procedure"):
        bench.weigh(quality, "loaded", 100)
    with refused("wrong_state"):
        actions.take_back_statement(quality, by=bench.world.root, reason="x")
    with refused("other_procedure"):
        actions.explain_weight(pickup, by=bench.maker, explanation="x")
    for name in ("record_test", "take_sample", "report_weighings"):
        answer = ACTIONS[f"verification.{name}"].refusal(pickup, bench.world.root)
        assert answer is not None and answer.code == "other_procedure", name


def test_a_statement_is_taken_back_before_it_is_signed_and_not_afterwards(bench: Bench) -> None:
    verification = bench.stated()
    actions.take_back_statement(verification, by=bench.weigher, reason="磅单抄错")
    assert (verification.status, verification.scale, verification.meets_standard) == ("opened", None, None)
    scale = bench.fresh(verification).weighings.exclude(scale=None).get().scale
    given = {"scale": scale, "meets_standard": True, "statement": "合格"}
    actions.state_scale(verification, by=bench.weigher, **given)
    actions.sign_verification(verification, by=bench.weigher, sealed=True)
    with refused("wrong_state"):
        actions.take_back_statement(verification, by=bench.weigher, reason="晚了")
    with refused("wrong_state"):
        actions.drop_verification(verification, by=bench.world.alice, reason="晚了")


def test_only_the_department_of_the_procedure_or_who_carries_the_complaint_drops_it(bench: Bench) -> None:
    verification = bench.opened()
    involve(verification.complaint, user=bench.weigher, why="test")
    with nothing_moves(), refused("not_carrying"):
        actions.drop_verification(verification, by=bench.weigher, reason="不要了")
    assert actions.drop_verification(verification, by=bench.tester, reason="开错了").status == "dropped"


def test_quality_does_not_say_itself_that_the_customer_accepts_its_test(bench: Bench) -> None:
    verification = bench.test(bench.opened())
    word = {"accepted": True, "channel": "phone", "words": "认可"}
    with nothing_moves(), pytest.raises(Forbidden):
        actions.record_word(verification, by=bench.heads["quality"], **word)
    with nothing_moves(), refused("not_carrying"):
        actions.record_word(verification, by=bench.world.root, **word)
    verification.testreports.update(made_by=bench.world.alice)
    with nothing_moves(), refused("own_report"):
        actions.record_word(verification, by=bench.world.alice, **word)
    assert actions.record_word(verification, by=bench.world.boss, **word).status == "ready"


def test_the_deputy_of_the_head_signs(bench: Bench) -> None:
    verification = bench.word(bench.test(bench.opened()), True)
    head, today = bench.heads["quality"], clock.today()
    report_absence(by=head, first_day=today, last_day=today + timedelta(days=2), deputy=bench.tester)
    actions.sign_verification(verification, by=bench.tester, sealed=True)
    assert verification.signed_by == bench.tester


def test_strangers_see_no_verification(bench: Bench) -> None:
    verification = bench.opened()
    for user in (bench.world.bob, bench.world.charlie, bench.world.stranger):
        assert not Verification.objects.visible_to(user).exists(), user
    for user in (bench.world.alice, bench.tester, bench.executive):
        assert list(Verification.objects.visible_to(user)) == [verification], user
    assert Complaint.objects.visible_to(bench.tester).get() == verification.complaint


def test_goods_that_are_counted_are_recounted_and_not_weighed(bench: Bench) -> None:
    keeper = bench.world.person("keeper", "warehouse")
    Department.objects.filter(code="warehouse").update(head=keeper)
    verification = bench.opened("pickup")
    with refused("not_asked"):
        actions.state_recount(verification, by=bench.world.root, statement="少两台")
    weighing = bench.weigh(verification, "loaded", 100)
    with refused("weighed"):
        actions.state_recount(verification, by=bench.weigher, statement="少两台")
    actions.strike_weighing(verification, by=bench.world.alice, weighing=weighing, reason="不计重")
    actions.state_recount(verification, by=bench.weigher, statement="盘点多出两台")
    assert (verification.status, verification.statement, verification.scale) == ("ready", "盘点多出两台", None)
    with refused("not_head"):
        actions.sign_verification(verification, by=bench.heads["logistics"], sealed=True)
    actions.sign_verification(verification, by=keeper, sealed=True)
    assert verification.status == "signed"


def test_a_verification_that_is_under_way_is_unfinished_until_it_is_dropped(bench: Bench) -> None:
    verification = bench.opened()
    complaint = verification.complaint
    found = unfinished(complaint)
    assert found is not None and (found.code, verification.number in found.sentence) == ("verification_open", True)
    actions.drop_verification(verification, by=bench.world.alice, reason="开错了")
    assert unfinished(complaint) is None
