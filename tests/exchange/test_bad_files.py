"""Every kind of wrong file is refused with one clear sentence, at the upload or when it is read."""

import io
import zipfile

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.exchange import sheets
from crm.exchange.models import Import
from crm.exchange.sheets import check_upload, read_tables
from tests.exchange.conftest import csv, xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(content: bytes, name: str = "customers.xlsx") -> str:
    """The code that the upload is refused with."""
    with pytest.raises(ValidationError) as caught:
        check_upload(SimpleUploadedFile(name, content))
    return caught.value.code


def reading(content: bytes, kind: str = "xlsx") -> str:
    """The code that reading is refused with."""
    with pytest.raises(ValidationError) as caught:
        read_tables(content, kind, {"name"})
    return caught.value.code


def zipped(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def book(*rows: list) -> bytes:
    return xlsx(rows).read()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 ...", "wrong_kind"),
        (b"\x89PNG\r\n\x1a\n", "wrong_kind"),
        (b"<html><table></table></html>", "wrong_kind"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "wrong_kind"),
        (b"\x00\x01\x02\x03 binary", "wrong_kind"),
        (OLE + b"Workbook", "old_format"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04 not a zip at all", "broken"),
        (zipped({"word/document.xml": b"<a/>"}), "wrong_kind"),
    ],
)
def test_a_wrong_file_is_refused_by_its_content(content, code):
    assert refusal(content) == code


def test_a_file_above_the_limit_is_refused_unread(settings):
    settings.MAX_UPLOAD_BYTES = 1000
    assert refusal(b"a" * 1001) == "too_large"


def test_a_zip_bomb_is_refused_by_its_directory():
    assert refusal(zipped({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b" " * (30 << 20)})) == "zip_bomb"


def test_a_zip_of_thousands_of_parts_is_refused():
    parts = {f"xl/p{number}.xml": b"" for number in range(2001)}
    assert refusal(zipped({"xl/workbook.xml": b"<a/>", **parts})) == "zip_bomb"


def test_a_directory_that_lies_about_a_size_is_found_out():
    """The part unpacks to more than its entry says; nothing reads on beyond that."""
    content = bytearray(zipped({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b"<row/>" * 1000}))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (60).to_bytes(4, "little")
    assert reading(bytes(content)) == "broken"


def test_a_damaged_workbook_is_refused():
    content = bytearray(book(["Name"], ["x"]))
    content[200:260] = bytes(60)
    assert reading(bytes(content)) == "broken"


def test_a_document_type_is_refused_because_its_entities_could_expand():
    sheet = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'
    assert reading(zipped({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": sheet})) == "broken"


def test_one_cell_far_out_does_not_make_the_reader_fill_the_memory():
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "Name"
    workbook.active["A99999"] = "x"
    workbook.active["IV2"] = "far"
    target = io.BytesIO()
    workbook.save(target)
    assert reading(target.getvalue()) == "too_many_cells"


def test_more_columns_than_anybody_uses_are_refused():
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "Name"
    workbook.active["XFD1"] = "far"
    target = io.BytesIO()
    workbook.save(target)
    assert reading(target.getvalue()) == "too_many_columns"


def test_more_rows_than_the_limit_are_refused(monkeypatch):
    monkeypatch.setattr(sheets, "ROWS", 3)
    assert reading(b"name\n1\n2\n3\n4\n", "csv") == "too_many_rows"
    assert len(read_tables(b"name\n1\n2\n3\n", "csv", {"name"})[0].rows) == 4


def test_a_file_without_headers_is_refused():
    assert reading(b"1,2\n3,4\n", "csv") == "no_header"
    assert reading(book([1, 2], [3, 4])) == "no_header"


def test_a_file_of_blanks_is_refused():
    assert reading(b"\n\n , \n", "csv") == "empty"
    assert reading(book([None])) == "empty"


def test_two_columns_of_the_same_name_are_refused_with_their_letters():
    with pytest.raises(ValidationError) as caught:
        read_tables(b"name,phone,name\n1,2,3\n", "csv", {"name"})
    assert caught.value.code == "duplicate_header"
    assert caught.value.params == {"name": "name", "first": "A", "second": "C"}


def test_a_quotation_mark_that_is_never_closed_names_its_row():
    with pytest.raises(ValidationError) as caught:
        read_tables(b'name\na\n"b\n', "csv", {"name"})
    assert (caught.value.code, caught.value.params) == ("quotes", {"row": 3})


@pytest.mark.parametrize("cell", ["x" * 10_000_000, '"' + "x\n" * 60_000, "x" * 100_001])
def test_a_cell_that_is_too_long_is_called_so(cell: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read_tables(f"name\na\n{cell}\n".encode(), "csv", {"name"})
    assert (caught.value.code, caught.value.params) == ("long_cell", {"row": 3, "most": 100_000})
    assert "more than 100000 characters" in caught.value.messages[0]


def test_the_header_is_found_below_a_title():
    table = read_tables(book(["客户清单 2026"], [], ["Code", "Name"], ["C1", "x"]), "xlsx", {"name", "code"})[0]
    assert (table.header_row, table.names) == (3, ["Code", "Name"])
    assert list(table.numbered()) == [(4, ["C1", "x"])]


@pytest.mark.django_db
def test_what_only_reading_finds_is_told_on_the_import(upload):
    source = upload(csv("1,2\n3,4\n"))
    assert source.status == Import.Status.UNUSABLE
    assert "header row" in source.problem or "表头" in source.problem


@pytest.mark.django_db
def test_nothing_is_kept_of_a_refused_upload(alice):
    from crm.exchange.actions import upload_import

    files = {"file": SimpleUploadedFile("x.xlsx", b"%PDF")}
    form = upload_import.bind(by=alice, data={"kind": "customers"}, files=files)
    assert not form.is_valid()
    assert form.problems()["file"][0]["code"] == "wrong_kind"
    assert not Import.objects.exists()
