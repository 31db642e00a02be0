"""Line amounts: half up to the fen, tax contained in the price (含税单价, 税额)."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.catalog.money import fen, line_amounts

QUANTITIES = st.decimals("0.001", "999999", places=3)
PRICES = st.decimals("0", "99999.99", places=2)
RATES = st.sampled_from([Decimal(rate) for rate in ("0", "1", "3", "6", "9", "13", "12.5")])


@pytest.mark.parametrize(
    ("quantity", "price", "rate", "gross", "tax", "net"),
    [
        ("10", "128.00", "13", "1280.00", "147.26", "1132.74"),  # 147.2566…
        ("3", "33.33", "13", "99.99", "11.50", "88.49"),  # 11.5033…
        ("7", "19.90", "9", "139.30", "11.50", "127.80"),  # 11.5018…
        ("0.5", "0.01", "13", "0.01", "0.00", "0.01"),  # 0.005 is 0.01
        ("1.5", "0.03", "13", "0.05", "0.01", "0.04"),  # 0.045 is 0.05, to the even one it would be 0.04
        ("2.5", "0.09", "13", "0.23", "0.03", "0.20"),  # 0.225 is 0.23
        ("0.125", "1.00", "6", "0.13", "0.01", "0.12"),  # 0.125
        ("0.499", "0.01", "13", "0.00", "0.00", "0.00"),
        ("1", "0.04", "60", "0.04", "0.02", "0.02"),  # the tax is 0.015
        ("1", "0.12", "60", "0.12", "0.05", "0.07"),  # the tax is 0.045
        ("1", "100.00", "0", "100.00", "0.00", "100.00"),
        ("1", "100.00", "12.5", "100.00", "11.11", "88.89"),
        ("1000000", "99999.99", "13", "99999990000.00", "11504423628.32", "88495566371.68"),
        ("5", "0", "13", "0.00", "0.00", "0.00"),
    ],
)
def test_a_line_by_hand(quantity: str, price: str, rate: str, gross: str, tax: str, net: str) -> None:
    found = line_amounts(Decimal(quantity), Decimal(price), Decimal(rate))
    assert [str(each) for each in found] == [gross, tax, net]


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.005", "0.01"), ("0.0049999", "0.00"), ("1.115", "1.12"), ("2.675", "2.68"), ("-0.005", "-0.01")],
)
def test_half_a_fen_goes_up(amount: str, rounded: str) -> None:
    assert str(fen(Decimal(amount))) == rounded


@given(QUANTITIES, PRICES, RATES)
def test_net_and_tax_are_the_gross(quantity: Decimal, price: Decimal, rate: Decimal) -> None:
    gross, tax, net = line_amounts(quantity, price, rate)
    assert net + tax == gross
    assert abs(gross - quantity * price) <= Decimal("0.005")
    assert abs(tax - gross * rate / (100 + rate)) <= Decimal("0.005")
    assert all(each == each.quantize(Decimal("0.01")) for each in (gross, tax, net))
    assert tax >= 0 and net >= 0


@given(st.lists(st.tuples(QUANTITIES, PRICES, RATES), min_size=1, max_size=20))
def test_totals_are_the_sums_of_the_lines(lines: list[tuple[Decimal, Decimal, Decimal]]) -> None:
    amounts = [line_amounts(*line) for line in lines]
    gross, tax, net = (sum(column) for column in zip(*amounts, strict=True))
    assert net + tax == gross
    assert gross == sum((q * p).quantize(Decimal("0.01"), ROUND_HALF_UP) for q, p, _rate in lines)
