"""The words of a supplementary agreement on a compensation; it is written in Chinese, whoever draws it up."""

from complaints.models import Plan
from crm.words import money
from orders.contracts.capitals import capitals
from orders.contracts.models import Contract

ARTICLES = (
    "鉴于需方就{basis}项下货物提出客户投诉（投诉编号 {complaint}），经查明情况并由双方协商一致，订立本补充协议：",
    "一、处理办法：{solution}",
    "{compensation}",
    "{money}",
    "{last}、除上述约定外，{original}其余条款不变；本协议与{original}具有同等效力。需方确认就上述投诉事项不再另行主张赔偿。",
    "{end}、本协议一式两份，双方各执一份，自双方签字盖章之日起生效。",
)
NUMERALS = "一二三四五六"
PAID = (
    "、赔偿金额：￥{amount}（{capitals}，含税），由供方从订单 {order} 的应付货款中扣减；"
    "需方已付清货款的，由供方退还。已开具发票的，供方就该金额开具红字发票。"
)


def text_of(plan: Plan, contract: Contract | None) -> str:
    """The agreement on what an approved plan promises: what is compensated, how much, and how it is given."""
    order = plan.complaint.order
    basis = f"合同 {contract.number}（订单 {order}）" if contract else f"订单 {order} " if order else "双方往来"
    place, compensation, paid = 1, "", ""
    if plan.compensation:
        compensation = f"{NUMERALS[place]}、赔偿内容：{plan.compensation}"
        place += 1
    if plan.amount:
        words = PAID.format(amount=money(plan.amount).lstrip("¥￥"), capitals=capitals(plan.amount), order=order)
        paid = f"{NUMERALS[place]}{words}"
        place += 1
    values = {
        "basis": basis,
        "complaint": plan.complaint.number,
        "solution": plan.solution,
        "compensation": compensation,
        "money": paid,
        "original": "原合同" if contract else "原订单",
        "last": NUMERALS[place],
        "end": NUMERALS[place + 1],
    }
    return "\n".join(filter(None, (each.format(**values) for each in ARTICLES)))
