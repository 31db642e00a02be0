"""The groups of remarks that a new company begins with; administrators change them in the back office (S4)."""

from typing import Any

GROUPS = [  # code, name, English name
    ("goods", "产品质量", "Quality of the goods"),
    ("delivery", "交货时间", "Time of delivery"),
    ("pickup", "提货与等候", "Picking up and waiting"),
    ("papers", "单据、对账与开票", "Papers, statements and invoices"),
    ("price", "价格与付款", "Price and payment"),
    ("people", "人员与服务", "People and service"),
    ("complaints", "投诉处理", "Handling of complaints"),
    ("praise", "表扬", "Praise"),
    ("other", "其他", "Something else"),
]


def make(groups: Any) -> None:
    """Make those that are not there; the model may be a migration's."""
    for position, (code, name, name_en) in enumerate(GROUPS, 1):
        given = {"name": name, "name_en": name_en, "position": position}
        groups.objects.get_or_create(code=code, defaults=given)
