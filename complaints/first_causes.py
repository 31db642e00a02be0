"""The tree of causes that a new company begins with; administrators keep it afterwards."""

from typing import Any

CAUSES = [  # code, name, English name, part of
    ("material", "原材料", "Material", ""),
    ("material-supplier", "供应商来料不良", "Bad supplies", "material"),
    ("material-mixed", "混料、错料", "Wrong material", "material"),
    ("making", "生产", "Production", ""),
    ("making-process", "工艺执行不到位", "Process not kept", "making"),
    ("making-equipment", "设备故障", "Equipment failure", "making"),
    ("making-inspection", "检验漏检", "Missed at inspection", "making"),
    ("storage", "仓储与装车", "Storage and loading", ""),
    ("storage-damage", "装卸损坏", "Damaged in handling", "storage"),
    ("storage-count", "清点或计量错误", "Counted or weighed wrongly", "storage"),
    ("storage-packing", "包装不当", "Bad packing", "storage"),
    ("transport", "运输", "Transport", ""),
    ("transport-delay", "运输延误", "Late transport", "transport"),
    ("transport-damage", "运输损坏", "Damaged on the way", "transport"),
    ("service", "服务与沟通", "Service and communication", ""),
    ("service-promise", "承诺未兑现", "Promise not kept", "service"),
    ("service-order", "订单信息错误", "Wrong order data", "service"),
    ("service-attitude", "服务态度", "Attitude", "service"),
    ("billing", "价格与结算", "Price and billing", ""),
    ("outside", "客户使用或外部原因", "Use by the customer, or from outside", ""),
]


def make(model: Any) -> None:
    """Make the causes as rows of `model`, where there are none yet; `model` may be one of the past, in a migration."""
    if model.objects.exists():
        return
    made: dict[str, Any] = {}
    for code, name, name_en, parent in CAUSES:
        made[code] = model.objects.create(code=code, name=name, name_en=name_en, parent=made.get(parent))
