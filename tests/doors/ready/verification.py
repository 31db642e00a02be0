"""What the verbs of verifications and scales can be done to, and input that they accept."""

from decimal import Decimal
from typing import Any

from complaints import actions as complaints
from complaints.models import Complaint
from complaints.parties import required
from complaints.verification import actions
from complaints.verification.models import Scale, Verification
from crm import clock
from crm.accounts.models import Department
from tests.doors.ready.house import TODAY, Ready
from tests.world import World, scan

ITEM = {"name": "漆膜厚度", "standard": "≥ 60 µm", "measured": "42 µm", "conforms": "no"}
WORD = {"channel": "phone", "words": "认可"}
WEIGHED_AT = "2026-11-20T10:00:00+08:00"
WEIGHING = {
    "stage": "loaded",
    "place": "一号门",
    "whose": "客户地磅",
    "gross": "42000",
    "tare": "12000",
    "at": WEIGHED_AT,
    "weigher": "老李",
}
SAMPLE = {
    "number": "YP-01",
    "what": "柜门 B1",
    "amount": "两块",
    "place": "客户仓库",
    "taken_at": WEIGHED_AT,
    "witness": "赵师傅",
    "seal": "FT-778",
    "sealed": True,
}
SCALE = {
    "number": "DB-01",
    "kind": "truck",
    "place": "一号门",
    "capacity": "80000",
    "division": "20",
    "accuracy": "III",
}
CERTIFICATE = {
    "number": "JD-1",
    "issued_by": "重庆市计量院",
    "issued_on": "2026-03-01",
    "valid_until": "2027-02-28",
}


def _investigating(world: World, category: str) -> Complaint:
    for code in ("quality", "production", "logistics", "finance"):
        Department.objects.get_or_create(code=code, defaults={"name": code})
    Department.objects.filter(head=None).update(head=world.root)  # who does and signs for all of them
    given = {"channel": "hotline", "category": category, "content": "少货或划伤"}
    complaint = complaints.receive_complaint(world.customer, by=world.root, **given)
    facts = {"category": category, "severity": "minor", "wish": "apology", "content": "少货或划伤"}
    complaints.register_complaint(complaint, by=world.root, **facts)
    tasks = [{"department": each, "what": "查明", "due_on": clock.today()} for each in required(category)]
    return complaints.form_team(complaint, by=world.root, lead=world.root, tasks=tasks)


def _opened(world: World, kind: str = "quality") -> Verification:
    category = "quality" if kind == "quality" else "shortage"
    return actions.open_verification(_investigating(world, category), by=world.root, kind=kind)


def _tested(world: World, verification: Verification | None = None) -> Verification:
    verification = verification or _opened(world)
    item = {**ITEM, "conforms": False}
    tester = world.person("tester", "quality", department=Department.objects.get(code="quality"))
    given = {"number": "HY-1", "tested_on": clock.today(), "tester": tester, "conclusion": "不合格"}
    return actions.record_test(verification, by=tester, items=[item], **given)


def _said(world: World, accepted: bool, verification: Verification | None = None) -> Verification:
    return actions.record_word(_tested(world, verification), by=world.root, accepted=accepted, **WORD)


def _sampled(world: World) -> Verification:
    given = {**SAMPLE, "taken_at": clock.now(), "tester": world.root}
    return actions.take_sample(_opened(world), by=world.root, **given)


def _at_laboratory(world: World) -> Verification:
    disputed = _said(world, False, _sampled(world))
    return actions.name_laboratory(disputed, by=world.root, laboratory="质检院", **WORD)


def _weighed(world: World, kind: str = "pickup", **facts: Any) -> Verification:
    verification = _opened(world, kind)
    amounts = {"gross": Decimal(42000), "tare": Decimal(12000), "at": clock.now()}
    for stage in ("loaded", "arrived"):
        given = {**WEIGHING, "stage": stage, **amounts, "logistics": world.root, "sales": world.root, **facts}
        actions.note_weighing(verification, by=world.root, **given)
    return Verification.objects.get(pk=verification.pk)


def _scale(world: World) -> Scale:
    numbers = {"capacity": Decimal(80000), "division": Decimal(20)}
    return actions.register_scale(by=world.root, **{**SCALE, **numbers})


def _on_scale(world: World) -> tuple[Any, dict[str, Any]]:
    scale = _scale(world)
    given = {"scale": scale.pk, "meets_standard": "no", "statement": "没有证书"}
    return _weighed(world, scale=scale), given


def _stated(world: World) -> Verification:
    scale = _scale(world)
    verification = _weighed(world, scale=scale)
    given = {"scale": scale, "meets_standard": False, "statement": "没有证书"}
    return actions.state_scale(verification, by=world.root, **given)


def _explained(world: World) -> Verification:
    return actions.explain_weight(_weighed(world, "delivery"), by=world.root, explanation="暴雨")


def _strike(world: World) -> tuple[Any, dict[str, Any]]:
    verification = _weighed(world)
    return verification, {"weighing": verification.weighings.earliest("pk").pk, "reason": "抄错"}


READY: dict[str, Ready] = {
    "verification.open_verification": lambda w: (_investigating(w, "shortage"), {"kind": "delivery"}),
    "verification.record_test": lambda w: (
        _opened(w),
        {"number": "HY-1", "tested_on": TODAY, "tester": w.root.pk, "items": [ITEM], "conclusion": "不合格"},
    ),
    "verification.take_sample": lambda w: (_opened(w), {**SAMPLE, "tester": w.root.pk, "file": scan()}),
    "verification.record_word": lambda w: (_tested(w), {"accepted": "yes", **WORD}),
    "verification.name_laboratory": lambda w: (
        _said(w, False, _sampled(w)),
        {"laboratory": "质检院", **WORD},
    ),
    "verification.record_certificate": lambda w: (
        _at_laboratory(w),
        {"number": "ZJ-1", "tested_on": TODAY, "conforms": "no", "conclusion": "不合格", "file": scan()},
    ),
    "verification.note_weighing": lambda w: (_opened(w, "pickup"), {**WEIGHING, "file": scan()}),
    "verification.strike_weighing": _strike,
    "verification.state_scale": _on_scale,
    "verification.state_recount": lambda w: (_opened(w, "pickup"), {"statement": "复点少两台"}),
    "verification.explain_weight": lambda w: (_weighed(w, "delivery"), {"explanation": "暴雨"}),
    "verification.report_weighings": lambda w: (_explained(w), {"statement": "少 100 kg"}),
    "verification.sign_verification": lambda w: (_said(w, True), {"sealed": True, "file": scan()}),
    "verification.take_back_statement": lambda w: (_stated(w), {"reason": "抄错"}),
    "verification.drop_verification": lambda w: (_opened(w), {"reason": "重复"}),
    "verification.register_scale": lambda w: (None, SCALE),
    "verification.change_scale": lambda w: (_scale(w), {**SCALE, "place": "二号门"}),
    "verification.enter_certificate": lambda w: (_scale(w), {**CERTIFICATE, "file": scan()}),
    "verification.retire_scale": lambda w: (_scale(w), {"reason": "报废"}),
    "verification.reinstate_scale": lambda w: (
        actions.retire_scale(_scale(w), by=w.root, reason="检修"),
        {},
    ),
}
