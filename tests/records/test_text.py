"""Names as they are compared."""

import pytest

from crm.records.tables import TRADITIONAL
from crm.records.text import fold, readings


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Ａｃｍｅ　公司 ", "acme公司"),
        ("3M 中国 有限公司", "3m中国有限公司"),
        ("Málaga  TEA", "malaga tea"),
        ("Straße", "strasse"),
        ("華為技術", "华为技术"),
        ("东方（北京）", "东方北京"),
        ("A.B_C-D&E|F", "abcdef"),
        ("🐼 熊猫", "🐼熊猫"),
        ("", ""),
        ("。。。", ""),
    ],
)
def test_width_case_accents_and_punctuation_are_levelled(text, folded):
    assert fold(text) == folded


def test_pinyin_of_what_is_not_chinese_is_nothing():
    assert readings("acme") == []
    assert readings("acme公司") == [["gong", "si"]]
    assert readings("𠮷野") == [["ye"]]


def test_two_surname_readings_are_both_kept():
    assert readings("覃辉", person=True) == [["qin", "hui"], ["tan", "hui"]]
    assert readings("令狐冲", person=True) == [["ling", "hu", "chong"]]


def test_the_table_of_traditional_forms_holds_pairs_and_nothing_twice():
    forms = TRADITIONAL[::2]
    assert len(TRADITIONAL) % 2 == 0
    assert len(forms) == len(set(forms)) > 500
    assert not set(forms) & set(TRADITIONAL[1::2])
