"""Amounts in Chinese capitals, by cases written by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.contracts.capitals import DIGITS, MYRIADS, PLACES, capitals

CASES = {
    "0": "人民币零元整",
    "0.05": "人民币伍分",
    "0.50": "人民币伍角整",
    "0.99": "人民币玖角玖分",
    "1": "人民币壹元整",
    "10": "人民币壹拾元整",
    "16.04": "人民币壹拾陆元零肆分",
    "100.10": "人民币壹佰元壹角整",
    "1001": "人民币壹仟零壹元整",
    "1010.50": "人民币壹仟零壹拾元伍角整",
    "1280.00": "人民币壹仟贰佰捌拾元整",
    "12800": "人民币壹万贰仟捌佰元整",
    "100000": "人民币壹拾万元整",
    "107000.53": "人民币壹拾万柒仟元伍角叁分",
    "200500": "人民币贰拾万零伍佰元整",
    "6007.14": "人民币陆仟零柒元壹角肆分",
    "100000001": "人民币壹亿零壹元整",
    "100010000": "人民币壹亿零壹万元整",
    "1000000000000": "人民币壹兆元整",
    "409020030.05": "人民币肆亿零玖佰零贰万零叁拾元零伍分",
    "2.345": "人民币贰元叁角伍分",
}


@pytest.mark.parametrize("amount", CASES)
def test_an_amount_in_capitals(amount: str) -> None:
    assert capitals(Decimal(amount)) == CASES[amount]


@pytest.mark.parametrize("amount", ["-0.01", "10000000000000000"])
def test_what_cannot_be_written_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="capitals"):
        capitals(Decimal(amount))


def read(text: str) -> Decimal:
    """The amount that a text in capitals means, read back by its places."""
    text = text.removeprefix("人民币").removesuffix("整")
    yuan, _mark, rest = text.partition("元") if "元" in text else ("", "", text)
    total, group, digit = 0, 0, 0
    for letter in yuan:
        if letter in DIGITS:
            digit = DIGITS.index(letter)
        elif letter in PLACES:
            group, digit = group + digit * 10 ** PLACES.index(letter), 0
        else:
            total, group, digit = total + (group + digit) * 10 ** (4 * MYRIADS.index(letter)), 0, 0
    cents = 0
    for index, letter in enumerate(rest):
        if letter in "角分":
            cents += DIGITS.index(rest[index - 1]) * (10 if letter == "角" else 1)
    return Decimal(total + group + digit) + Decimal(cents) / 100


@given(st.decimals(min_value=0, max_value=Decimal("9999999999999.99"), places=2))
def test_what_is_written_reads_back_as_the_same_amount(amount: Decimal) -> None:
    text = capitals(amount)
    assert read(text) == amount
    assert "零零" not in text
