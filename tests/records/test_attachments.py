"""Files of records: judged by their content, sealed on disk, opened by whoever may see the record."""

import hashlib
import io
import os
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from crm.exchange.sheets import check_upload
from crm.records import crypto
from crm.records.attachments import (
    IN_DATABASE,
    UploadField,
    attach,
    attach_all,
    check,
    content_of,
    remove_orphans,
    visible,
)
from crm.records.models import ActionLog, Attachment, SealedContent
from crm.records.sniff import CONTENTS, safe_name

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n" + b"x" * 500
BIG = b"%PDF-1.7\n" + b"x" * IN_DATABASE  # lies on the disk
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 500
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 100
WEBP = b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 100
HEIC = b"\0\0\0\x18ftypheic" + b"\0" * 100
EXE = b"MZ\x90\0\x03\0\0\0" + b"\0" * 500


def archive(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
    return file.getvalue()


XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
DOCX = archive("[Content_Types].xml", "word/document.xml")


def upload(content, name):
    return SimpleUploadedFile(name, content, content_type="application/x-anything")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def paper(huawei, alice):
    return attach(huawei, upload(PDF, "licence.pdf"), by=alice, kind="licence")


@pytest.fixture
def big(huawei, alice):
    return attach(huawei, upload(BIG, "licence.pdf"), by=alice, kind="licence")


def stored(folder):
    return sorted(path for path in Path(folder).rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("content", "name", "content_type"),
    [
        (PDF, "a.pdf", "application/pdf"),
        (PDF, "A.PDF", "application/pdf"),
        (PDF, "without a type", "application/pdf"),
        (PNG, "a.png", "image/png"),
        (JPEG, "a.jpg", "image/jpeg"),
        (JPEG, "a.jpeg", "image/jpeg"),
        (WEBP, "a.webp", "image/webp"),
        (HEIC, "a.heic", "image/heic"),
        (XLSX, "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (DOCX, "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (archive("OFD.xml"), "fapiao.ofd", "application/ofd"),
        ("名称,电话\n华为,1".encode("gb18030"), "a.csv", "text/csv"),
        ("名称".encode(), "a.txt", "text/plain"),
        ("名".encode() * 2000, "cut within a character.txt", "text/plain"),
        ("名称".encode("utf-16"), "a.txt", "text/plain"),
    ],
)
def test_what_a_file_is_its_content_says(huawei, alice, content, name, content_type):
    found = attach(huawei, upload(content, name), by=alice)
    assert (found.content_type, found.size) == (content_type, len(content))
    assert b"".join(content_of(found)) == content


KIND = "Files of this kind are not taken. Possible are PDF, pictures, Excel, Word, text and CSV."
MACROS = "This document holds macros. Save it without them, as .xlsx or .docx."


@pytest.mark.parametrize(
    ("content", "name", "code", "sentence"),
    [
        (b"", "a.pdf", "empty", "The file is empty."),
        (EXE, "a.pdf", "kind", KIND),
        (PNG, "a.pdf", "name_lies", "The name ends in .pdf, but the content is PNG."),
        (b"just text", "a.pdf", "name_lies", "The name ends in .pdf, but the content is TEXT."),
        (b"<script>alert(1)</script>", "a.html", "name_lies", "The name ends in .html, but the content is TEXT."),
        (b"<svg onload='alert(1)'/>", "a.svg", "name_lies", "The name ends in .svg, but the content is TEXT."),
        (archive("a.exe"), "a.zip", "kind", KIND),
        (b"PK\x03\x04 broken", "a.xlsx", "kind", KIND),
        (archive("xl/workbook.xml", "xl/vbaProject.bin"), "a.xlsm", "macros", MACROS),
        (PDF * 3, "a.pdf", "too_big", "The file has 1.5\xa0KB; at most 1.0\xa0KB are taken."),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_refused_with_the_reason_and_nothing_is_stored(
    huawei, alice, settings, folder, content, name, code, sentence
):
    settings.MAX_UPLOAD_BYTES = 1024
    given = upload(content, name)
    for door in (lambda: attach(huawei, given, by=alice), lambda: UploadField().clean(given)):
        with pytest.raises(ValidationError) as refused:
            door()
        assert [(each.code, each.messages) for each in [refused.value]] == [(code, [sentence])]
    assert not Attachment.objects.exists() and stored(folder) == []


def many_parts(count):
    """A workbook by its name whose table of contents names the same part again and again."""
    once = archive("xl/workbook.xml")
    start = once.index(b"PK\x01\x02")
    end = once.index(b"PK\x05\x06")
    table = once[start:end] * count
    sizes = (count % 65536).to_bytes(2, "little") * 2 + len(table).to_bytes(4, "little")
    return once[:start] + table + once[end : end + 8] + sizes + once[end + 16 :]


@pytest.mark.parametrize("door", [check, check_upload])
def test_a_workbook_of_endless_parts_is_refused_before_its_table_of_contents_is_read(door, monkeypatch):
    read = []
    monkeypatch.setattr(zipfile.ZipInfo, "_decodeExtra", lambda self, *rest: read.append(self.filename))
    door(upload(many_parts(1000), "a.xlsx"))
    assert len(read) == 1000
    with pytest.raises(ValidationError) as refused:
        door(upload(many_parts(20_000), "a.xlsx"))
    assert refused.value.code in ("kind", "broken")
    assert len(read) == 1000


def test_a_form_takes_a_good_file_and_no_file_where_none_is_needed():
    given = upload(PDF, "a.pdf")
    assert UploadField().clean(given) is given
    assert UploadField(required=False).clean(None) is None
    with pytest.raises(ValidationError, match="required"):
        UploadField().clean(None)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("营业执照.pdf", "营业执照.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\papers\\a.pdf", "a.pdf"),
        ("gpj\u202efdp.pdf", "gpjfdp.pdf"),
        ("a\nb\0.pdf", "ab.pdf"),
        ("x" * 300 + ".pdf", "x" * 144 + ".pdf"),
        (".pdf", "file.pdf"),
        ("", "file.pdf"),
        ("a.PDF", "a.pdf"),
        ("𠮷🐼.pdf", "𠮷🐼.pdf"),
        ("a<b>.pdf", "a_b_.pdf"),
    ],
)
def test_a_name_is_made_safe(name, safe):
    assert safe_name(name, CONTENTS["pdf"]) == safe
    assert len(safe) <= 150


def test_on_disk_nothing_is_readable(big, folder):
    (file,) = stored(folder)
    assert "licence" not in str(file) and "pdf" not in str(file)
    content = file.read_bytes()
    assert b"PDF" not in content and b"xxxx" not in content
    assert big.sha256 == hashlib.sha256(BIG).hexdigest()
    assert b"".join(content_of(big)) == BIG
    assert not SealedContent.objects.exists()


def test_a_small_file_lies_unreadable_in_the_database_and_not_on_the_disk(paper, folder):
    content = bytes(SealedContent.objects.get(attachment=paper).data)
    assert b"PDF" not in content and b"xxxx" not in content
    assert b"".join(content_of(paper)) == PDF
    assert paper.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (paper.kind, paper.customer_id, paper.by.username) == ("licence", paper.subject_pk, "alice")
    assert paper.subject.name == "华为技术有限公司"


@pytest.mark.parametrize("content", [PDF, BIG])
def test_some_files_at_once_are_kept_in_two_queries(huawei, alice, content, django_assert_num_queries):
    ContentType.objects.get_for_model(huawei)  # is asked for once in the life of a process
    given = [upload(content + bytes([number]), "a.pdf") for number in range(4)]
    with django_assert_num_queries(2 if content == PDF else 1):
        rows = attach_all(huawei, given, by=alice, kind="licence")
    assert [b"".join(content_of(Attachment.objects.get(pk=row.pk)))[-1] for row in rows] == [0, 1, 2, 3]


def test_a_small_file_goes_with_its_transaction_and_a_big_one_is_swept_later(huawei, alice, folder):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        attach_all(huawei, [upload(PDF, "a.pdf"), upload(BIG, "b.pdf")], by=alice)
        raise ZeroDivisionError
    assert not Attachment.objects.exists() and not SealedContent.objects.exists()
    (left_over,) = stored(folder)
    long_ago = time.time() - timedelta(days=2).total_seconds()
    os.utime(left_over, (long_ago, long_ago))
    assert remove_orphans() == 1


@pytest.mark.parametrize("content", [PDF, BIG])
def test_a_file_on_the_disk_is_there_before_its_row_is_written(huawei, alice, folder, monkeypatch, content):
    synced = []
    monkeypatch.setattr("crm.records.attachments._sync", synced.append)
    attach(huawei, upload(content, "a.pdf"), by=alice)
    assert synced == [place for file in stored(folder) for place in (file, file.parent, file.parent.parent)]
    assert len(synced) == (0 if content == PDF else 3)


@pytest.mark.parametrize("size", [1, 65535, 65536, 65537, 131072, 300000])
def test_sealing_keeps_every_byte_of_every_size(size):
    content, key, sealed = os.urandom(size), crypto.new_file_key(), io.BytesIO()
    crypto.seal(iter([content[:70000], content[70000:]]), sealed, key)
    sealed.seek(0)
    assert b"".join(crypto.unseal(sealed, key)) == content


@pytest.mark.parametrize("damage", ["cut", "swapped", "flipped", "lengthened", "other key", "no file of ours"])
def test_a_damaged_file_is_told_and_not_answered(damage):
    key, sealed = crypto.new_file_key(), io.BytesIO()
    crypto.seal(iter([os.urandom(200000)]), sealed, key)
    data, chunk, start = sealed.getvalue(), crypto.CHUNK + crypto.TAG, len(crypto.MAGIC) + crypto.SALT
    match damage:
        case "cut":
            data = data[: start + chunk]
        case "swapped":
            data = (
                data[:start]
                + data[start + chunk : start + 2 * chunk]
                + data[start : start + chunk]
                + data[start + 2 * chunk :]
            )
        case "flipped":
            data = data[:-1] + bytes([data[-1] ^ 1])
        case "lengthened":
            data += data[-chunk:]
        case "other key":
            key = crypto.new_file_key()
        case _:
            data = b"x" * 100
    with pytest.raises(crypto.WrongKey):
        list(crypto.unseal(io.BytesIO(data), key))


def test_the_key_of_a_file_is_itself_encrypted(paper):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM records_attachment")
        assert paper.key not in cursor.fetchone()[0]


class TestOpening:
    def url(self, paper):
        return reverse("attachment", args=[paper.pk])

    def test_whoever_sees_the_record_opens_it_and_the_look_is_logged(self, client, paper, alice):
        client.force_login(alice)
        answer = client.get(self.url(paper))
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Length"] == str(len(PDF))
        assert answer["Content-Disposition"] == 'inline; filename="licence.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        policy = answer["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'") and policy.endswith("; sandbox")
        assert "no-store" in answer["Cache-Control"]
        row = ActionLog.objects.get(verb="records.download")
        assert (row.actor, row.subject_pk, row.inputs) == (
            alice, paper.subject_pk, {"file": paper.pk, "kind": "licence"},
        )  # fmt: skip

    def test_a_picture_is_shown_too(self, client, huawei, alice):
        client.force_login(alice)
        answer = client.get(self.url(attach(huawei, upload(PNG, "a.png"), by=alice)))
        assert answer["Content-Disposition"] == 'inline; filename="a.png"'

    def test_all_else_is_saved_under_its_name(self, client, huawei, alice, paper):
        client.force_login(alice)
        sheet = attach(huawei, upload(XLSX, "价格.xlsx"), by=alice)
        assert (
            client.get(self.url(sheet))["Content-Disposition"] == "attachment; filename*=utf-8''%E4%BB%B7%E6%A0%BC.xlsx"
        )
        assert client.get(self.url(paper) + "?download")["Content-Disposition"].startswith("attachment")

    def test_a_stranger_who_guesses_the_number_finds_nothing(self, client, paper, charlie):
        client.force_login(charlie)
        assert client.get(self.url(paper)).status_code == 404
        assert client.get(reverse("attachment", args=[paper.pk + 1])).status_code == 404
        assert not ActionLog.objects.filter(verb="records.download").exists()

    def test_nobody_opens_it_without_signing_in(self, client, paper):
        answer = client.get(self.url(paper))
        assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/")

    def test_an_altered_file_is_an_error_and_not_half_a_download(self, client, big, alice, folder):
        (file,) = stored(folder)
        file.write_bytes(file.read_bytes()[:-1])
        client.force_login(alice)
        with pytest.raises(crypto.WrongKey):
            client.get(self.url(big))

    def test_so_is_an_altered_row(self, client, paper, alice):
        row = SealedContent.objects.get()
        row.data = bytes(row.data)[:-1]
        row.save()
        client.force_login(alice)
        with pytest.raises(crypto.WrongKey):
            client.get(self.url(paper))

    def test_of_several_files_each_sees_his(self, paper, huawei, alice, bob, charlie):
        assert visible([paper], alice) == [paper]
        assert visible([paper], charlie) == []


def test_a_file_that_belongs_to_nothing_is_removed_after_a_day(big, folder, alice, huawei):
    left_over = attach(huawei, upload(BIG, "b.pdf"), by=alice)
    Attachment.objects.filter(pk=left_over.pk).delete()
    assert remove_orphans() == 0  # its transaction may still run
    long_ago = time.time() - timedelta(days=2).total_seconds()
    for file in stored(folder):
        os.utime(file, (long_ago, long_ago))
    assert remove_orphans() == 1
    assert [str(file.relative_to(settings.MEDIA_ROOT)) for file in stored(folder)] == [big.path]


def test_without_any_file_there_is_nothing_to_remove(db):
    assert remove_orphans() == 0
