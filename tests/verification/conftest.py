"""The company of the complaints, with people who test, weigh and carry, and a scale at the warehouse."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from complaints.models import Complaint
from complaints.verification import actions
from complaints.verification.models import Scale, Verification
from crm import clock
from crm.accounts.models import User
from tests.complaints.conftest import Room, world
from tests.world import scan, shanghai

__all__ = ["world"]

ITEMS = [
    {"name": "漆膜厚度", "standard": "≥ 60 µm", "measured": "42 µm", "conforms": False},
    {"name": "附着力", "standard": "0 级", "measured": "0 级", "conforms": True},
]


@dataclass
class Bench(Room):
    """What tests of verifications begin with."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.tester = self.world.person("tester", "quality", department=self.heads["quality"].department)
        self.weigher = self.world.person("weigher", "warehouse", department=self.heads["warehouse"].department)
        self.driver = self.world.person("driver", "logistics", department=self.heads["logistics"].department)
        self.maker = self.world.person("maker", "production", department=self.heads["production"].department)
        self.shipper = self.world.person("shipper", "logistics", department=self.heads["logistics"].department)

    def scale(self, **facts: Any) -> Scale:
        given = {
            "number": "DB-01",
            "place": "一号门",
            "kind": "truck",
            "capacity": Decimal(80000),
            "division": Decimal(20),
            "warehouse": self.world.warehouse,
            **facts,
        }
        return actions.register_scale(by=self.weigher, **given)

    def certify(self, scale: Scale, begins: date, ends: date, number: str = "JD-2026-1") -> Any:
        given = {"number": number, "issued_by": "重庆市计量院", "issued_on": begins, "valid_until": ends}
        return actions.enter_certificate(scale, by=self.weigher, file=scan("certificate.pdf"), **given)

    def certified(self) -> Scale:
        scale = self.scale()
        self.certify(scale, date(2026, 3, 1), date(2027, 2, 28))
        return self.fresh(scale)

    def opened(self, kind: str = "quality", complaint: Complaint | None = None) -> Verification:
        category = "quality" if kind == "quality" else "shortage"
        complaint = complaint or self.investigating(category=category)
        return actions.open_verification(complaint, by=self.world.alice, kind=kind)

    def test(self, verification: Verification, **facts: Any) -> Verification:
        given = {
            "number": "HY-0001",
            "tested_on": clock.today(),
            "tester": self.tester,
            "items": ITEMS,
            "conclusion": "漆膜厚度不合格",
            **facts,
        }
        return actions.record_test(verification, by=self.tester, **given)

    def word(self, verification: Verification, accepted: bool) -> Verification:
        words = "认可" if accepted else "不认可"
        return actions.record_word(verification, by=self.world.alice, accepted=accepted, channel="phone", words=words)

    def sample(self, verification: Verification, **facts: Any) -> Verification:
        given = {
            "number": "YP-01",
            "what": "柜门 B1",
            "amount": "两块",
            "place": "渝北客户仓库",
            "taken_at": clock.now() - timedelta(hours=1),
            "tester": self.tester,
            "witness": "赵师傅",
            "seal": "FT-778",
            "sealed": True,
            **facts,
        }
        return actions.take_sample(verification, by=self.tester, **given)

    def disputed(self) -> Verification:
        """Tested at once, sampled on site and tested again; the customer accepts neither."""
        verification = self.word(self.test(self.opened()), False)
        return self.word(self.test(self.sample(verification), number="HY-0002"), False)

    def at_laboratory(self) -> Verification:
        given = {"laboratory": "重庆市质检院", "channel": "mail", "words": "同意由质检院检验"}
        return actions.name_laboratory(self.disputed(), by=self.tester, **given)

    def weigh(
        self, verification: Verification, stage: str, net: str | int, *, at: datetime | None = None, **facts: Any
    ) -> Any:
        given = {
            "stage": stage,
            "place": "一号门",
            "gross": Decimal(net) + 12000,
            "tare": Decimal(12000),
            "at": at or shanghai(20, 10),
            "weigher": "司磅员老李",
            "vehicle": "渝A12345",
            "whose": "" if facts.get("scale") else "客户地磅",
            **facts,
        }
        return actions.note_weighing(verification, by=self.world.alice, **given)

    def both(self) -> dict[str, User]:
        return {"logistics": self.driver, "sales": self.world.alice}

    def traced(self) -> Verification:
        """A delivery: loaded, weighed on the way and at the customer's, and explained by production."""
        verification, scale, both = self.opened("delivery"), self.certified(), self.both()
        self.weigh(verification, "loaded", 30000, scale=scale, at=shanghai(20, 9), **both)
        self.weigh(verification, "on_the_way", 29900, at=shanghai(20, 12), place="高速入口", **both)
        self.weigh(verification, "arrived", 29550, at=shanghai(20, 16), place="客户厂区", **both)
        return actions.explain_weight(
            self.fresh(verification), by=self.maker, explanation="当日暴雨，出厂前吸潮约 0.3%"
        )

    def stated(self, meets: bool = True) -> Verification:
        """A pickup whose scale is stated to meet the standard, or not."""
        verification, scale = self.opened("pickup"), self.certified()
        self.weigh(verification, "loaded", 30000, scale=scale)
        self.weigh(verification, "arrived", 29800, at=shanghai(20, 15))
        given = {"meets_standard": meets, "statement": "检定合格，误差在允许范围内"}
        return actions.state_scale(self.fresh(verification), by=self.weigher, scale=scale, **given)

    def signed(self) -> Verification:
        verification = self.word(self.test(self.opened()), True)
        return actions.sign_verification(verification, by=self.heads["quality"], sealed=True)


@pytest.fixture
def bench(world: Any) -> Bench:
    """The company, with nothing verified yet."""
    return Bench(world)
