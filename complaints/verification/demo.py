"""The demonstration's scales, and the verifications of its complaints."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from django.core.files.base import ContentFile

from complaints.demo import PROOF, PROVEN_BY, Life
from complaints.models import Category, Complaint
from complaints.verification import actions as verbs
from complaints.verification.models import Scale, Verification
from complaints.verification.needed import kinds_for, unverified
from complaints.verification.who import LOGISTICS, QUALITY, WAREHOUSE, department
from crm import clock
from crm.accounts.models import User
from crm.reports.demo import Demo, Story, chapter
from pickup.models import Record
from pickup.stock.models import Warehouse

K = Verification.Kind
YEAR = timedelta(days=365)
OVERLAP = timedelta(days=9)  # so long before a certificate ends the next one is there
MOST_UNDER_WAY = 5


class Place(NamedTuple):
    """A scale, where it stands, and in how many days its certificate ends."""

    number: str
    warehouse: str
    place: str
    capacity: int
    division: int
    ends: int


SCALES = (
    Place("DB-01", "yubei", "渝北自提点一号门", 80000, 20, 210),
    Place("DB-02", "nanan", "南岸自提点出口", 60000, 20, 20),
    Place("DB-03", "jlp", "九龙坡总仓东门", 100000, 20, -9),
)
ITEMS: dict[str, tuple[tuple[str, str, str, bool], ...]] = {
    Category.QUALITY: (
        ("动作特性", "按产品标准", "超出允许范围", False),
        ("绝缘电阻", "≥ 20 MΩ", "86 MΩ", True),
        ("外观与标志", "完整、清晰", "完整、清晰", True),
    ),
    Category.APPEARANCE: (
        ("漆膜外观", "无划伤、无脱落", "有划伤", False),
        ("漆膜厚度", "≥ 60 µm", "68 µm", True),
    ),
    Category.STRUCTURE: (
        ("安装孔距", "600 ± 0.5 mm", "603.2 mm", False),
        ("外形尺寸", "符合图样", "符合图样", True),
    ),
}


@chapter(26, "scales")
def scales(demo: Demo) -> Iterator[Story]:
    """One at each warehouse: one is calibrated, of one the certificate ends soon, of one it has ended."""
    for number, place in enumerate(SCALES):
        begins = demo.now - timedelta(days=760 - number)
        yield Story(f"scale-{place.number}", begins, partial(_scale, demo, place))


def _scale(demo: Demo, place: Place) -> None:
    by = _head(demo, WAREHOUSE)
    scale = verbs.register_scale(
        by=by,
        number=place.number,
        kind=Scale.Kind.TRUCK,
        warehouse=Warehouse.objects.get(code=place.warehouse),
        place=place.place,
        capacity=Decimal(place.capacity),
        division=Decimal(place.division),
        accuracy=Scale.Accuracy.MEDIUM,
    )
    last = demo.today + timedelta(days=place.ends)
    for years in (2, 1, 0):
        ends = last - years * (YEAR - OVERLAP)
        issued = ends - YEAR + timedelta(days=1)
        with demo.at(max(clock.now(), demo.after(demo.now - (demo.today - issued), 1))):
            verbs.enter_certificate(
                scale,
                by=by,
                number=f"渝检衡 {issued.year}-{place.number[-2:]}{issued.month:02d}",
                issued_by="重庆市计量质量检测研究院",
                issued_on=issued,
                valid_until=ends,
                file=ContentFile(PROOF, f"检定证书 {issued.year}.pdf"),
            )


@chapter(63, "verifications")
def verifications(demo: Demo) -> Iterator[Story]:
    """Of what is being investigated, the verification has been opened and its first step done."""
    waiting = Complaint.objects.filter(status=Complaint.Status.INVESTIGATING, verifications__isnull=True)
    for complaint in waiting.order_by("pk")[:MOST_UNDER_WAY]:
        if kinds_for(complaint):
            begins = demo.after(complaint.team_at or complaint.received_at, 1)
            yield Story(f"verification-{complaint.number}", begins, partial(_begin, demo, complaint))


def _begin(demo: Demo, complaint: Complaint) -> None:
    if complaint.category == Category.SHORTAGE:
        _weigh(demo, _open(demo, complaint, K.PICKUP))
    else:
        _test(demo, _open(demo, complaint, K.QUALITY), "HY")


def prove(life: Life) -> None:
    """Carry the verification of a complaint through, where its category asks for one and it has none."""
    complaint = life.complaint
    if unverified(complaint) is None:
        return
    if complaint.category == Category.SHORTAGE:
        _prove_shortage(life.demo, complaint)
    else:
        _prove_quality(life.demo, complaint, disputed=complaint.severity == Complaint.Severity.CRITICAL)


PROVEN_BY.append(prove)


def _head(demo: Demo, code: str) -> User:
    found = department(code)
    return demo.user(found.head_id if found else None)


def _open(demo: Demo, complaint: Complaint, kind: str) -> Verification:
    return verbs.open_verification(complaint, by=demo.user(complaint.owner_id), kind=kind)


def _test(demo: Demo, verification: Verification, series: str) -> None:
    """The tester enters the report, item by item."""
    tester, complaint = demo.people("quality")[0], verification.complaint
    names = ("name", "standard", "measured", "conforms")
    verbs.record_test(
        verification,
        by=tester,
        number=f"{series}{complaint.number[-4:]}",
        tested_on=clock.today(),
        tester=tester,
        items=[dict(zip(names, item, strict=True)) for item in ITEMS[complaint.category]],
        conclusion=f"经检验，{ITEMS[complaint.category][0][0]}不符合要求，客户反映属实。",
        file=ContentFile(PROOF, "化验单.pdf"),
    )


def _say(demo: Demo, verification: Verification, accepted: bool) -> None:
    words = "认可检验结果。" if accepted else "对检验结果有异议，要求重新取样。"
    by = demo.user(verification.complaint.owner_id)
    verbs.record_word(verification, by=by, accepted=accepted, channel="phone", words=words)


def _prove_quality(demo: Demo, complaint: Complaint, *, disputed: bool) -> None:
    """Proven at once; what is critical is disputed, sampled on site, and decided by a laboratory."""
    verification = _open(demo, complaint, K.QUALITY)
    _test(demo, verification, "HY")
    _say(demo, verification, not disputed)
    tester = demo.people("quality")[0]
    if disputed:
        verbs.take_sample(
            verification,
            by=tester,
            number=f"YP{complaint.number[-4:]}",
            what=str(complaint.product or "投诉货物"),
            amount="1 台",
            place=f"{complaint.customer.name}仓库",
            taken_at=clock.now() - timedelta(minutes=20),
            tester=tester,
            witness=complaint.contact.name if complaint.contact else "客户代表",
            seal="FT-0618",
            sealed=True,
            file=ContentFile(PROOF, "封样照片.pdf"),
        )
        _test(demo, verification, "XC")
        _say(demo, verification, False)
        agreed: dict[str, Any] = {"laboratory": "国家低压电器质检中心", "channel": "phone"}
        verbs.name_laboratory(verification, by=tester, words="同意送国家低压电器质检中心检验。", **agreed)
        verbs.record_certificate(
            verification,
            by=tester,
            number=f"ZJ-{complaint.number[-4:]}",
            tested_on=clock.today(),
            conforms=False,
            conclusion="所检项目中动作特性不符合标准要求。",
            file=ContentFile(PROOF, "检验结果证明单.pdf"),
        )
    verbs.sign_verification(verification, by=_head(demo, QUALITY), sealed=True, opinion="情况属实")


def _weigh(demo: Demo, verification: Verification) -> Scale | None:
    """What the pickup weighed when it left, and on which of our scales."""
    pickup = verification.complaint.pickup
    record = Record.objects.filter(pickup=pickup, kind=Record.Kind.HANDOVER).order_by("-pk").first()
    scale = Scale.objects.filter(warehouse=pickup.warehouse_id).first() if pickup else None
    chance = demo.random(f"weighing-{verification.complaint.number}")
    tare = Decimal(chance.randrange(300, 600) * 20)
    verbs.note_weighing(
        verification,
        by=_head(demo, LOGISTICS),
        stage="loaded",
        place=scale.place if scale else "装车点",
        scale=scale,
        whose="" if scale else "第三方地磅",
        gross=tare + chance.randrange(40, 200) * 20,
        tare=tare,
        at=record.at if record else clock.now(),
        weigher="司磅员",
        vehicle=record.vehicle if record else "",
        file=ContentFile(PROOF, "磅单.pdf"),
    )
    return scale


def _prove_shortage(demo: Demo, complaint: Complaint) -> None:
    """On pickup: weighed on our scale, whose head states that it meets the standard; elsewhere it is counted again."""
    verification = _open(demo, complaint, K.PICKUP)
    if complaint.pickup is None or not Scale.objects.filter(warehouse=complaint.pickup.warehouse_id).exists():
        head = _head(demo, WAREHOUSE)
        verbs.state_recount(verification, by=head, statement="复点库存并核对装车记录，少发属实。")
        verbs.sign_verification(verification, by=head, sealed=True)
        return
    scale = _weigh(demo, verification)
    assert scale is not None  # there is one where he collected
    keeper = demo.user(scale.owner_id)
    certified = not verification.weighings.filter(certificate=None).exists()
    verbs.state_scale(
        verification,
        by=keeper,
        scale=scale,
        meets_standard=certified,
        statement="检定证书在有效期内，误差在允许范围内，磅秤符合国家标准。" if certified else "当日无有效检定证书。",
    )
    verbs.sign_verification(verification, by=keeper, sealed=True)
