"""Identifiers: one normal form each, and a sentence for what is wrong."""

import pytest
from django.core.exceptions import ValidationError

from crm.records.kinds import is_credit_code, mask, mask_of_tail, normal_or_plain, normalise, shown, tail_of


@pytest.mark.parametrize(
    ("kind", "typed", "normal"),
    [
        ("phone", "138 0013 8000", "+8613800138000"),
        ("phone", "+86-138-0013-8000", "+8613800138000"),
        ("phone", "008613800138000", "+8613800138000"),
        ("phone", "１３８００１３８０００", "+8613800138000"),
        ("phone", "\u202a13800138000\u202c", "+8613800138000"),
        ("phone", "010-12345678", "+861012345678"),
        ("phone", "(0551) 6363 1234", "+8655163631234"),
        ("phone", "0755-8888 8888 转 123", "+8675588888888;ext=123"),
        ("phone", "0755-88888888-801", "+8675588888888;ext=801"),
        ("phone", "400-820-8820", "+864008208820"),
        ("phone", "95588", "+8695588"),
        ("phone", "+49 30 123456", "+4930123456"),
        ("email", " Li.Ming@Example.COM ", "li.ming@example.com"),
        ("email", "li@例子.中国", "li@xn--fsqu00a.xn--fiqs8s"),
        ("wechat", "Li_Ming-88", "li_ming-88"),
        ("id_number", "11010519491231002x", "11010519491231002X"),
        ("id_number", "110105 19491231 002X", "11010519491231002X"),
        ("id_number", "E12345678", "E12345678"),
        ("id_number", "A123456(7)", "A1234567"),
        ("licence", "9144 0300 1922 0382 16", "914403001922038216"),
        ("licence", "440301103097413", "440301103097413"),
        ("bank", "6222 0200 0000 0000 000", "6222020000000000000"),
        ("bank", "DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("text", " as it is\n", " as it is\n"),
        ("phone", "", ""),
    ],
)
def test_each_kind_has_one_normal_form(kind, typed, normal):
    assert normalise(kind, typed) == normal
    assert normalise(kind, normal) == normal  # also of itself
    assert normal_or_plain(kind, normal) == normal


@pytest.mark.parametrize(
    ("country", "typed", "normal"),
    [
        ("DE", "030-0074321", "+49300074321"),
        ("MX", "(5) 555-4729", "+5255554729"),
        ("SE", "0921-12 34 65", "+46921123465"),
        ("FR", "88.60.15.31", "+3388601531"),
        ("GB", "(171) 555-7788", "+441715557788"),
    ],
)
def test_a_foreign_phone_is_read_by_its_country_also_an_old_one(country, typed, normal):
    assert normalise("phone", typed, country=country) == normal


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("phone", "1380013800", "A mobile phone has 11 digits; this has 10."),
        ("phone", "138001380001", "A mobile phone has 11 digits; this has 12."),
        ("phone", "12800138000", "No mobile phone begins with 128."),
        ("phone", "63631234", "Write the area code too, as in 010 1234 5678."),
        ("phone", "ask Li", "A phone number has digits, spaces, brackets, dashes and a + in front."),
        ("phone", "+", "A phone number has digits, spaces, brackets, dashes and a + in front."),
        ("phone", "1", "This is no phone number."),
        ("email", "li@", "This is no mail address; it looks like name@example.com."),
        ("email", "李@example.com", "This is no mail address; it looks like name@example.com."),
        ("email", "a@" + "b" * 250 + ".com", "This is no mail address; it looks like name@example.com."),
        ("wechat", "li", "A WeChat ID has 5 to 30 letters, digits, dashes or underscores."),
        ("id_number", "110105194912310021", "The last digit does not fit the others: one of them is mistyped."),
        ("id_number", "110105194913310025", "Digits 7 to 14 of an ID number are the date of birth; these are no date."),
        ("id_number", "1101051949123100", "An ID number has 18 digits; this has 16."),
        ("licence", "914403001922038217", "The last character does not fit the others: one of them is mistyped."),
        ("licence", "91440300192203821O", "“O” does not occur in a unified social credit code."),
        ("bank", "DE89370400440532013001", "The check digits of this IBAN do not fit: a character is mistyped."),
        ("bank", "12", "A bank account has 6 to 34 digits, or is an IBAN."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(kind, typed, sentence):
    with pytest.raises(ValidationError) as refused:
        normalise(kind, typed)
    assert refused.value.messages == [sentence]
    assert normal_or_plain(kind, typed) == typed.strip()  # looking for it raises nothing


def test_a_credit_code_is_told_from_other_numbers():
    assert is_credit_code("914403001922038216")
    assert not is_credit_code("440301103097413")


@pytest.mark.parametrize(
    ("kind", "normal", "text"),
    [
        ("phone", "+8613800138000", "138 0013 8000"),
        ("phone", "+861012345678", "010 1234 5678"),
        ("phone", "+4930123456", "+49 30 123456"),
        ("phone", "+8675588888888;ext=123", "0755 8888 8888 ext. 123"),
        ("phone", "ask Li", "ask Li"),
        ("bank", "6222020000000000000", "6222 0200 0000 0000 000"),
        ("email", "li@xn--fsqu00a.xn--fiqs8s", "li@例子.中国"),
        ("id_number", "11010519491231002X", "11010519491231002X"),
    ],
)
def test_a_normal_form_is_shown_as_people_write_it(kind, normal, text):
    assert shown(kind, normal) == text


@pytest.mark.parametrize(
    ("kind", "normal", "tail", "masked"),
    [
        ("phone", "+8613800138000", "8000", "138****8000"),
        ("phone", "+4930123456", "3456", "****3456"),
        ("phone", "+8695588", "5588", "****5588"),
        ("email", "li.ming@example.com", "ing", "l***@example.com"),
        ("email", "li@example.com", "i", "***@example.com"),
        ("id_number", "11010519491231002X", "002X", "****002X"),
        ("bank", "6222020000000001234", "1234", "****1234"),
        ("wechat", "liming", "ing", "****ing"),
        ("wechat", "x", "", "****"),
        ("phone", "", "", ""),
    ],
)
def test_a_mask_shows_at_most_four_and_never_more_than_half(kind, normal, tail, masked):
    assert tail_of(kind, normal) == tail
    assert mask(kind, normal) == masked


def test_a_mask_of_a_tail_alone():
    assert (mask_of_tail("8000"), mask_of_tail("")) == ("****8000", "")
