"""CSV in whatever encoding and with whatever delimiter it comes."""

import pytest
from django.core.exceptions import ValidationError

from crm.exchange import csvs

CHINESE = "客户编号,客户名称\nC1,上海晨光照明有限公司\nC2,𠮷野家㐂\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_chinese_is_read_in_every_encoding_that_excel_writes(encoding):
    rows, found = csvs.read(CHINESE.encode(encoding), most=100)
    assert rows[1:] == [["C1", "上海晨光照明有限公司"], ["C2", "𠮷野家㐂"]]
    assert rows[0] == ["客户编号", "客户名称"]
    assert found in {encoding, "utf-8-sig"}


def test_western_letters_are_not_taken_for_chinese():
    rows, found = csvs.read("name,city\nJosé Peña,München\nZoë,Århus\n".encode("cp1252"), most=100)
    assert (rows[1], found) == (["José Peña", "München"], "cp1252")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    text = f'code{delimiter}name\nC1{delimiter}"a{delimiter}b"\nC2{delimiter}c\n'
    rows, _encoding = csvs.read(text.encode(), most=100)
    assert rows == [["code", "name"], ["C1", f"a{delimiter}b"], ["C2", "c"]]


def test_cells_may_hold_line_breaks_and_quotation_marks():
    rows, _encoding = csvs.read(b'a,b\r\n"x\r\ny","say ""hi"""\r\n', most=100)
    assert rows == [["a", "b"], ["x\r\ny", 'say "hi"']]


def test_what_is_in_no_known_encoding_is_refused():
    with pytest.raises(ValidationError) as caught:
        csvs.decode(b"name\n\xff\x81\x8d\x8f\n\x81")
    assert caught.value.code == "encoding"


def test_binary_content_is_no_text():
    assert not csvs.looks_like_text(b"abc\x00\x01\x02def")
    assert csvs.looks_like_text("a,b\n".encode("utf-16-le"))
