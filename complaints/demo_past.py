"""What the demonstration's customers complained of in the last two years: how often, what caused it, what was done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from complaints.models import Category, Complaint, Finding, Plan
from crm.reports.demo import Demo

C, SEVERITY = Category, Complaint.Severity
FROM, UNTIL = 725, 40  # days ago, when the first and the last of them came in
SUMMER = (6, 7, 8)  # months with twice as many
CHECKED, TWICE = 90, 130  # days ago; what came in before that has had its effect checked, and checked again


NOT_OURS = (Finding.Fault.CUSTOMER, Plan.Outcome.NO_FAULT)


@dataclass(frozen=True)
class Kind:
    """Complaints of one kind; `times` is how many of them there were."""

    times: int
    category: str
    cause: str
    responsible: str
    content: str
    solution: str
    improvement: str
    fault: str = Finding.Fault.OURS
    outcome: str = Plan.Outcome.APOLOGY


KINDS = (
    Kind(15, C.APPEARANCE, "storage-damage", "warehouse", "柜体碰伤，漆面划痕", "补漆并致歉", "叉车通道加装护角"),
    Kind(7, C.APPEARANCE, "transport-damage", "logistics", "到货时侧板凹陷", "更换侧板", "装车加固，增加缓冲垫"),
    Kind(4, C.APPEARANCE, "making-inspection", "quality", "铭牌歪斜，字迹模糊", "更换铭牌", "出厂检验增加铭牌项"),
    Kind(9, C.QUALITY, "material-supplier", "quality", "断路器合闸不到位", "更换断路器", "供应商来料加严抽检"),
    Kind(7, C.QUALITY, "making-process", "production", "接线端子松动，通电发热", "上门紧固并复检", "力矩扳手定期校准"),
    Kind(3, C.QUALITY, "making-equipment", "production", "折弯超差，门板关不严", "更换门板", "折弯机每班首件检验"),
    Kind(8, C.SHORTAGE, "storage-count", "warehouse", "实收数量比交接单少一台", "当日补发", "装车双人复核清点"),
    Kind(4, C.SHORTAGE, "storage-packing", "warehouse", "附件箱少两只接线端子", "补寄附件", "附件封箱前拍照"),
    Kind(6, C.PACKAGING, "storage-packing", "warehouse", "外箱受潮破损，泡沫缺失", "重新包装", "雨季改用防潮膜"),
    Kind(3, C.STRUCTURE, "making-process", "production", "安装孔位与图纸不符", "现场开孔补强", "图纸变更同步工序卡"),
    Kind(7, C.DELIVERY, "transport-delay", "logistics", "晚到一天，现场停工", "致歉并调整车次", "按月考核准点率"),
    Kind(4, C.SERVICE, "service-attitude", "order_desk", "电话多次无人接听", "指定专人对接", "热线增加值班安排"),
    Kind(3, C.PROMISE, "service-promise", "order_desk", "交期一再推迟", "每周通报进度", "交期承诺经订单部确认"),
    Kind(2, C.PRICE, "billing", "finance", "结算单价与合同不一致", "更正结算单", "结算前核对合同单价"),
    Kind(1, C.PAYMENT, "billing", "finance", "扣款没有说明依据", "说明依据并致歉", "扣款通知附明细"),
    Kind(2, C.QUALITY, "outside", "quality", "漏电保护频繁跳闸", "指导用户整改接线", "说明书增加接线图示", *NOT_OURS),
)
COUNT = sum(each.times for each in KINDS)


def past(demo: Demo) -> Iterator[tuple[int, float, dict[str, Any]]]:
    """How many days ago each came in, how fast it was handled, and what became of it; the oldest first.

    A few went round once more, two of them twice; of some the improvements did not work, and of the latest nobody
    knows yet.
    """
    chance = demo.random("complaints-past")
    days = range(FROM, UNTIL, -1)
    weights = [2 if (demo.today - timedelta(days=day)).month in SUMMER else 1 for day in days]
    kinds = [kind for kind in KINDS for _time in range(kind.times)]
    chance.shuffle(kinds)
    came = sorted(chance.choices(days, weights, k=demo.some(COUNT)), reverse=True)
    for number, (day, kind) in enumerate(zip(came, kinds, strict=False)):
        facts = {
            "category": kind.category,
            "content": kind.content,
            "cause": kind.cause,
            "responsible": kind.responsible,
            "solution": kind.solution,
            "improvement": kind.improvement,
            "fault": kind.fault,
            "outcome": kind.outcome,
            "proven": kind.fault != Finding.Fault.OURS or number % 3 == 0,
            "severity": chance.choices(SEVERITY.values, (6, 3, 1))[0],
            "rounds": 3 if number % 40 == 17 else 2 if number % 13 == 5 else 1,
            "effective": number % 12 != 4 or day < TWICE if day > CHECKED else None,
        }
        yield day, chance.uniform(0.5, 1.6), facts
