"""Whatever strangers send, the reader answers a letter and raises nothing."""

import io
import time
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from complaints.inbox.letters import Letter, read, words
from complaints.inbox.receiving import key_of

pytestmark = pytest.mark.long
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
FEW = settings(max_examples=60, deadline=None, derandomize=True)

PIECES = st.sampled_from(
    [
        b"From: ",
        b"=?gb2312?B?",
        b"?=",
        b"Subject: ",
        b"Content-Type: ",
        b"multipart/mixed; boundary=b",
        b"--b",
        b"--b--",
        b"message/rfc822",
        b'multipart/alternative; boundary="b"',
        b"text/html; charset=",
        b"gb18030",
        b"\r\n",
        b"\r\n\r\n",
        b"Content-Disposition: attachment; filename*=gb18030''%C3",
        b"Content-Transfer-Encoding: base64",
        b"quoted-printable",
        b"<a@b>",
        b"@",
        b"<",
        b'"',
        b"(",
        b"\\",
        b";",
        b",",
        b"\x00",
        b"\xff\xfe",
        b"=?",
        b"=",
        b"%",
        b"References: ",
        b"Received: x; ",
        b"Mon, 99 Foo 2026",
        b"<p>",
        b"<script",
        b"<!--",
        b"&#x110000;",
        b"[",
        b"]",
        b":",
        b" ",
        b"\t",
        b"Message-ID: ",
        b"Date: ",
        b"x-uuencode",
        b"begin 644 a\n",
        b"application/ms-tnef",
        b"name*0*=utf-8''",
        b"Auto-Submitted: ",
    ]
)
MAILS = st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=80).map(b"".join)


def letter_of(raw: bytes) -> Letter:
    return read(io.BytesIO(raw), most_of_a_file=100_000, now=NOW)


def can_be_kept(letter: Letter) -> None:
    """No column refuses it: no NUL, no half of a character, no longer than there is room."""
    texts = [letter.name, letter.address, letter.subject, letter.text, letter.message_id]
    texts += [each.name for each in letter.files] + [each.name for each in letter.left_out]
    for text in texts:
        assert "\0" not in text
        text.encode()
    assert len(letter.text) <= 20_000 and len(letter.subject) <= 300 and len(letter.message_id) <= 250
    assert len(letter.files) <= 20
    assert len(key_of(letter)) == 64


@FEW
@given(MAILS)
@example(b"")
@example(b"\r\n")
@example(b"From: =?utf-8?Q?=FF?= <@>\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--\r\n")
@example(b"Content-Type: message/rfc822\r\n\r\n" * 40)
@example(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 60)
@example(b"Subject: =?us-ascii?B?////?= =?x?y?z?=\r\n\r\n")
@example(b"Content-Disposition: attachment; filename*0*=gb2312''%FF; filename*2=x\r\n\r\nx")
def test_any_rubbish_becomes_a_letter(raw: bytes) -> None:
    can_be_kept(letter_of(raw))


@FEW
@given(st.binary(max_size=2000))
def test_any_bytes_become_a_letter(raw: bytes) -> None:
    can_be_kept(letter_of(raw))


@FEW
@given(st.text(max_size=300))
def test_any_html_becomes_plain_text(html: str) -> None:
    text = words.of_html(html)
    assert "\0" not in words.clean(text)


@pytest.mark.parametrize("piece", ["<", "<!--", "<a ", "&", "<![", "<div>", "</", "<script>", "&#"])
def test_html_that_is_made_to_take_long_is_read_within_seconds(piece: str) -> None:
    begun = time.process_time()
    words.of_html(piece * (400_000 // len(piece)))
    assert time.process_time() - begun < 8


@pytest.mark.parametrize("piece", [b";", b"a=b; ", b"(", b"filename*0=a; ", b"=?", b"<a@b>,", b'"', b"\\", b"x@"])
@pytest.mark.parametrize(
    "name", [b"Content-Type: text/plain; ", b"From: ", b"Subject: ", b"Received: ", b"References: "]
)
def test_heads_that_are_made_to_take_long_are_read_within_seconds(name: bytes, piece: bytes) -> None:
    begun = time.process_time()
    can_be_kept(letter_of(name + piece * (60_000 // len(piece)) + b"\r\n\r\nwords"))
    assert time.process_time() - begun < 8


@pytest.mark.parametrize("depth", [5, 50, 2000])
def test_messages_within_messages_are_read_to_some_depth(depth: int) -> None:
    raw = b"Content-Type: message/rfc822\r\n\r\n" * depth + b"Subject: deep\r\n\r\nwords"
    letter = letter_of(raw)
    can_be_kept(letter)
    assert ("words" in letter.text) is (depth == 5)


def test_a_head_without_end_is_cut() -> None:
    letter = letter_of(b"From: li@example.com\r\n" + b"X-Long: " + b"x" * 3_000_000 + b"\r\nSubject: y\r\n\r\nwords")
    assert letter.address == "li@example.com"
    can_be_kept(letter)
