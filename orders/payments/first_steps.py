"""The steps of dunning that a new company begins with."""

from typing import Any

NAMES = ("days", "name", "name_en", "who", "channel", "text", "text_en", "suspends")
STEPS = [
    (
        3,
        "付款提醒",
        "Friendly reminder",
        "owner",
        "mail",
        "{contact}：\n\n您好！贵司有 {number} 笔货款共 {amount} 已到期，最早一笔于 {oldest} 到期。"
        "如有疏漏，烦请核对并尽快安排付款；如对账单有疑问，请与我们联系。感谢贵司一直以来的支持。",
        "Dear {contact},\n\n{number} invoices over {amount} are due, the oldest since {oldest}. Please check"
        " and arrange the payment; if anything is unclear, let us know. Thank you for your business.",
        False,
    ),
    (
        15,
        "电话催款",
        "Phone call",
        "owner",
        "call",
        "{contact}：\n\n您好！贵司逾期货款 {amount}，最早一笔已逾期 {days} 天，烦请告知预计付款日期。",
        "Dear {contact},\n\n{amount} are overdue, the oldest by {days} days. Please tell us when you will pay.",
        False,
    ),
    (
        30,
        "催款函",
        "Demand letter",
        "finance",
        "letter",
        "致：{customer}\n\n截至本函出具之日，贵司尚欠我司货款 {amount}，共 {number} 笔，最早一笔已逾期 {days} 天。"
        "请贵司于收到本函后七日内付清上述款项。逾期未付的，我司将依约暂停供货，并保留依法追究违约责任的权利。",
        "To {customer}\n\nAs of today {amount} on {number} invoices are owed to us, the oldest overdue by {days} days."
        " Please pay within seven days of receiving this letter; otherwise we shall suspend supply"
        " and reserve all rights.",
        True,
    ),
    (
        60,
        "最后催款函",
        "Final demand",
        "finance",
        "letter",
        "致：{customer}\n\n我司多次催告后，贵司仍欠我司货款 {amount}，最早一笔已逾期 {days} 天。"
        "请贵司于收到本函后三日内付清；否则我司将通过法律途径解决，由此产生的费用由贵司承担。",
        "To {customer}\n\nDespite our reminders {amount} are still owed to us, the oldest overdue by {days} days."
        " Please pay within three days of receiving this letter; otherwise we shall take legal steps at your expense.",
        True,
    ),
]


def make(model: Any) -> None:
    """Make the steps as rows of `model`, where there are none yet; `model` may be one of the past, in a migration."""
    if not model.objects.exists():
        model.objects.bulk_create([model(**dict(zip(NAMES, row, strict=True))) for row in STEPS])
