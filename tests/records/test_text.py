"""Names as they are compared."""

import pytest

from crm.records.tables import TRADITIONAL
from crm.records.text import core_name, fold, readings


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


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("深圳市华为技术有限公司", "华为技术"),
        ("华为技术（深圳）有限公司", "华为技术"),
        ("华为技术有限公司", "华为技术"),
        ("广东省深圳市华为技术股份有限公司", "华为技术"),
        ("北京小米科技有限责任公司", "小米科技"),
        ("杭州西湖区龙井茶叶店（有限合伙）", "龙井茶叶店"),
        ("中国石油天然气集团有限公司", "石油天然气"),
        ("华联超市", "华联超市"),
        ("大都市传媒有限公司", "大都市传媒"),
        ("北京公司", "北京"),
        ("上海", "上海"),
        ("Alfreds Futterkiste GmbH", "alfreds futterkiste"),
        ("Tea Trading Co., Ltd.", "tea trading"),
        ("AG", "ag"),
        ("", ""),
    ],
)
def test_a_company_is_compared_without_place_and_legal_form(name, core):
    assert core_name(name) == core


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
