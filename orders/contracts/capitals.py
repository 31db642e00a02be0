"""Amounts in Chinese capitals (人民币大写), as contracts and receipts write them so that nobody alters a figure."""

from decimal import Decimal

from orders.catalog.money import fen

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
MYRIADS = ("", "万", "亿", "兆")


def capitals(amount: Decimal) -> str:
    """`amount` of yuan in capitals, rounded half up to the fen: 1,010.50 is 人民币壹仟零壹拾元伍角整.

    A gap of zeros reads 零 once; whole jiao and yuan end with 整 (支付结算办法, annex 1). Raises ValueError for an
    amount that is negative or has more than sixteen digits before the point.
    """
    rounded = fen(amount)
    if rounded < 0 or rounded >= 10**16:
        raise ValueError(f"{amount} cannot be written in capitals")
    yuan, rest = divmod(int(rounded * 100), 100)
    jiao, cents = divmod(rest, 10)
    text = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"人民币{text or '零元'}整"
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif yuan:
        text += DIGITS[0]
    return f"人民币{text}{DIGITS[cents] + '分' if cents else '整'}"


def _whole(number: int) -> str:
    """A whole number above zero: groups of four digits, each with its 万, 亿 or 兆."""
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text, gap = "", False
    for index in reversed(range(len(groups))):
        group = groups[index]
        if group == 0:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += DIGITS[0]
        text += _group(group) + MYRIADS[index]
        gap = False
    return text


def _group(number: int) -> str:
    """A number of at most four digits, without a zero before it."""
    text, gap = "", False
    for place in reversed(range(4)):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(text)
            continue
        if gap:
            text += DIGITS[0]
        text += DIGITS[digit] + PLACES[place]
        gap = False
    return text
