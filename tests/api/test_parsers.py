"""What a JSON body may be."""

from decimal import Decimal

import pytest
from rest_framework.exceptions import ParseError

from crm.api.parsers import loads


def test_fractions_are_exact():
    assert loads(b'{"price": 0.1}') == {"price": Decimal("0.1")}


def test_whole_numbers_stay_whole():
    assert loads(b"[12]") == [12]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'{"a": 1, "a": 2}', "“a” stands twice in one object."),
        (b"[NaN]", "NaN is not a number."),
        (b"[-Infinity]", "-Infinity is not a number."),
        (b"[1e999999999]", "The number 1e999999999 is out of range."),
        (b"[" + b"9" * 5000 + b"]", "The number 99999999999999999999… is out of range."),
        (b"[" * 100000, "The JSON is nested too deeply."),
        (b'["\\ud800"]', "A text holds half a character or a null character."),
        (b'{"\\u0000": 1}', "A text holds half a character or a null character."),
    ],
)
def test_what_is_ambiguous_is_refused(body, sentence):
    with pytest.raises(ParseError) as refused:
        loads(body)
    assert str(refused.value.detail) == sentence


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"{'a': 1}", b"[1,]"])
def test_what_is_no_json_is_refused(body):
    with pytest.raises(ParseError) as refused:
        loads(body)
    assert str(refused.value.detail).startswith("This is not JSON: ")


def test_rare_characters_are_kept():
    assert loads('["𠮷野家 😀 \\ud83d\\ude00"]'.encode()) == ["𠮷野家 😀 😀"]
