"""What we write is what another program reads, and nothing in it runs."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
import python_calamine

from crm.exchange import csvs
from crm.exchange import xlsx as xlsx_
from crm.exchange.xlsx import WRONG, Book, Cell, Outlet, address, column_letters

DANGEROUS = ["=1+1", "+49 30", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0"]
DANGEROUS += ["＝1+1", "＋1", "－1", "＠SUM(A1)", "\n=1"]  # wide signs are formulas to a Chinese Excel


def written(*rows, header=("A",), name="Sheet") -> bytes:
    target = io.BytesIO()
    with Book(target) as book:
        book.sheet(name, header)
        book.append(rows)
    return target.getvalue()


def by_openpyxl(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data)).active


def by_calamine(data: bytes) -> list[list]:
    return python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula(text):
    data = written([text])
    cell = by_openpyxl(data)["A2"]
    assert cell.data_type == "s"
    assert cell.value == text.replace("\r", "\n")
    assert cell.quotePrefix
    assert "<f>" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("text", DANGEROUS)
def test_in_csv_such_text_gets_an_apostrophe_which_the_import_takes_off(text):
    assert csvs.safe(text) == f"'{text}"
    assert csvs._unprefixed(csvs.safe(text)) == text


def test_a_negative_number_in_csv_stays_a_number():
    assert csvs.safe(Decimal("-2.50")) == "-2.50"


@pytest.mark.parametrize(
    "text", ["𠮷野家𣗋", "😀👩‍👩‍👧", "مرحبا \u202eabc", "a" * 5000, "x & <y> \"z\" 'q'", "_x0041_", " x \n y "]
)
def test_rare_characters_and_long_texts_are_kept(text):
    assert by_calamine(written([text])) == [["A"], [text]]


def test_control_characters_are_dropped():
    assert by_openpyxl(written(["a\x00b\x0bc\ud800d"]))["A2"].value == "abcd"


def test_types_come_back_as_they_were():
    moment = datetime(2026, 9, 21, 6, 30, tzinfo=UTC)  # half past two in the afternoon in Shanghai
    row = ["00123", Decimal("12.50"), 7, True, date(2026, 9, 21), moment, None, Decimal("0.1")]
    header = ["a", "b", "c", "d", "e", "f", "g", "h"]
    assert by_calamine(written(row, header=header))[1] == [
        "00123",
        12.5,
        7,
        True,
        date(2026, 9, 21),
        datetime(2026, 9, 21, 14, 30),
        "",
        0.1,
    ]


def test_a_number_that_excel_would_round_is_written_as_text():
    assert by_calamine(written([Decimal("1234567890123456.78")], [12345678901234567890]))[1:] == [
        ["1234567890123456.78"],
        ["12345678901234567890"],
    ]


def test_floats_have_no_place_in_a_sheet():
    with pytest.raises(TypeError):
        written([1.5])


def test_a_full_sheet_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(xlsx_, "ROWS", 3)
    book = openpyxl.load_workbook(io.BytesIO(written([1], [2], [3], [4], name="客户/x")))
    assert book.sheetnames == ["客户 x", "客户 x (2)"]
    assert [[cell.value for cell in row] for row in book.worksheets[1].rows] == [["A"], [3], [4]]


def test_the_header_stays_in_sight_and_wrong_cells_are_coloured():
    sheet = by_openpyxl(written([Cell("x", WRONG)]))
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.b
    assert sheet["A2"].fill.fgColor.rgb == "FFF9C9C4"


def test_a_book_is_handed_on_in_pieces():
    outlet, pieces = Outlet(), []
    with Book(outlet) as book:
        book.sheet("x", ["a"])
        for number in range(3):
            book.append([[number]])
            pieces.append(outlet.take())
    pieces.append(outlet.take())
    assert by_calamine(b"".join(pieces)) == [["a"], [0], [1], [2]]


def test_cells_are_named_as_excel_names_them():
    assert [column_letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert address(1, 7) == "B7"
