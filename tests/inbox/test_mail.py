"""Mail that comes in: whatever it is, it becomes one item, with a clear answer to those who may get one."""

import io
import os
import subprocess
import sys
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as real
from django.core.management import call_command
from django.db import OperationalError

from complaints import actions as complaints
from complaints.inbox import receiving
from complaints.inbox.models import Incoming
from complaints.models import Complaint, Evidence
from crm import clock
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.outbox.sender import _mail_of
from crm.records.models import ActionLog, Attachment, FieldHistory
from tests.inbox.conftest import MAILBOX, PNG, answers, arrive, close, letter
from tests.world import World, nothing_moves

HOTLINE = {"channel": "hotline", "category": "quality", "content": "柜门划伤"}


def files(record: Any) -> list[str]:
    return [each.name for each in Attachment.objects.about(record).order_by("pk")]


def test_a_stranger_s_mail_waits_for_somebody_to_look_at_it(world: World) -> None:
    item = arrive(letter())
    assert (item.status, item.channel, item.name, item.email) == ("new", "mail", "李强", "li@example.com")
    assert (item.subject, item.text, item.language) == ("柜门划伤", "到货两台柜门划伤，请处理。", "zh-hans")
    assert (item.customer, item.contact, item.owner, item.department) == (None, None, None, world.sales)
    deadline = Deadline.objects.about(item).get(rule="complaint.inbox")
    assert deadline.department == world.sales
    assert clock.now() + timedelta(hours=4) <= deadline.due_at <= clock.now() + timedelta(hours=7)
    bell = Message.objects.get(template="inbox.new")
    assert bell.recipient == world.boss


def test_a_known_address_suggests_the_customer_and_says_no_more(world: World) -> None:
    item = arrive(letter(From="随便谁 <WANG@example.com>"))
    assert (item.customer, item.contact, item.owner) == (world.customer, world.contact, world.root)
    assert item.status == "new"
    answer = answers()[0]
    text = str(answer.text("zh-hans"))
    assert item.number in text
    for secret in (world.customer.name, world.contact.name, world.customer.code):
        assert secret not in text


def test_an_address_that_two_customers_have_suggests_neither(world: World) -> None:
    world.new_customer()
    item = arrive(letter(From="wang@example.com"))
    assert (item.customer, item.contact) == (None, None)


def test_the_same_mail_twice_is_one(world: World) -> None:
    first = arrive(letter())
    with nothing_moves():
        again = arrive(letter())
    assert again == first
    assert len(answers()) == 1


def test_a_mail_without_message_id_is_known_by_all_that_it_says(world: World) -> None:
    assert arrive(letter(Message_ID="")) == arrive(letter(Message_ID=""))
    assert arrive(letter("别的事", Message_ID="")) != arrive(letter(Message_ID=""))
    assert Incoming.objects.count() == 2


def test_of_two_that_come_at_once_the_second_finds_the_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = arrive(letter())
    real_filter = Incoming.objects.filter
    calls = []

    def blind(*args: Any, **which: Any) -> Any:
        calls.append(which)
        return Incoming.objects.none() if len(calls) == 1 else real_filter(*args, **which)

    monkeypatch.setattr(receiving.Incoming.objects, "filter", blind)
    found, new = receiving.receive(io.BytesIO(letter().as_bytes()))
    assert (found, new) == (first, False)


@pytest.mark.parametrize("charset", ["gb18030", "gbk", "gb2312", "big5", "utf-8"])
def test_a_mail_is_read_in_every_usual_charset(world: World, charset: str) -> None:
    words = "貨物損壞" if charset == "big5" else "货物损坏"
    raw = (
        f"From: li@example.com\r\nMessage-ID: <{charset}@example.com>\r\nSubject: ".encode()
        + words.encode(charset)  # raw bytes in the head, as old programs write them
        + f"\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n".encode()
        + words.encode(charset)
    )
    item = arrive(raw)
    assert item.text == words
    assert item.subject == words or charset == "big5"  # a head names no charset


def encoded(text: str, charset: str) -> str:
    return f"=?{charset}?B?{b64encode(text.encode(charset)).decode()}?="


def test_a_gb18030_mail_with_encoded_words_is_read(world: World) -> None:
    raw = (
        f"From: {encoded('李强', 'gb18030')} <li@example.com>\r\nMessage-ID: <e@example.com>\r\n"
        f"Subject: {encoded('柜门划伤，', 'GB2312')}\r\n {encoded('请处理䶮', 'GB18030')}\r\n"
        "Content-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{b64encode('事故：两台𠮷柜'.encode('gb18030')).decode()}\r\n"
    ).encode()
    item = arrive(raw)
    assert (item.name, item.subject, item.text) == ("李强", "柜门划伤，请处理䶮", "事故：两台𠮷柜")


def test_a_wrong_charset_and_a_charset_that_nobody_knows_are_read_all_the_same(world: World) -> None:
    for number, charset in enumerate(["us-ascii", "x-nobody-knows", "utf-8"]):
        raw = (
            f"From: li@example.com\r\nMessage-ID: <{number}@x>\r\nContent-Type: text/plain; charset={charset}\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\n"
        ).encode() + "货物损坏".encode("gb18030")
        assert arrive(raw).text == "货物损坏"


def test_an_html_mail_becomes_plain_text_and_loads_nothing(world: World) -> None:
    message = letter()
    message.set_content(
        "<html><head><title>x</title><style>p{color:red}</style></head><body><p>少了<b>两台</b></p>"
        '<script>alert(1)</script><img src="http://track.example/1.gif"><p>请&nbsp;补发 &lt;急&gt;</p></body></html>',
        subtype="html",
    )
    item = arrive(message)
    assert item.text == "少了两台\n\n请 补发 <急>"


def test_of_two_forms_the_plain_one_is_read_and_pictures_within_are_kept(world: World) -> None:
    message = letter("明文")
    message.add_alternative('<p>超文本 <img src="cid:p1"></p>', subtype="html")
    message.get_payload()[1].add_related(PNG, "image", "png", cid="<p1>", filename="现场.jpg")  # type: ignore[index,union-attr]
    item = arrive(message)
    assert item.text == "明文"
    assert files(item) == ["现场.png"]  # what the name says is put right


def test_files_keep_their_chinese_names_however_they_are_written(world: World) -> None:
    message = letter()
    message.add_attachment(PNG, maintype="image", subtype="png", filename="柜门 划伤.png")  # RFC 2231
    item = arrive(message)
    raw = (
        b"From: li@example.com\r\nMessage-ID: <n@x>\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\n"
        b'Content-Type: text/plain; name="=?gb2312?B?ufHDxS50eHQ=?="\r\nContent-Disposition: attachment;\r\n'
        b' filename="=?gb2312?B?ufHDxS50eHQ=?="\r\n\r\nhello\r\n--b\r\nContent-Disposition: attachment; filename="'
        + "清单.txt".encode("gbk")
        + b'"\r\n\r\nhello\r\n--b--\r\n'
    )
    assert files(item) == ["柜门 划伤.png"]
    assert files(arrive(raw)) == ["柜门.txt", "清单.txt"]


def test_what_is_no_paper_is_named_to_clerk_and_sender(world: World) -> None:
    message = letter()
    message.add_attachment(b"MZ\x90\x00" + b"\x00" * 80, maintype="application", subtype="pdf", filename="报价.pdf")
    message.add_attachment(b"\x78\x9f\x3e\x22", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    item = arrive(message)
    assert files(item) == []
    assert sorted((name, code) for name, _size, code in item.left_out) == [
        ("winmail.dat", "tnef"),
        ("报价.pdf", "kind"),
    ]
    text = answers()[0].text("zh-hans")["body"]
    assert "报价.pdf" in text and "winmail.dat" in text


def test_a_forwarded_mail_is_read_with_its_files(world: World) -> None:
    inner = letter("里面的话", Subject="原来的主题", From="zhang@example.com")
    inner.add_attachment(PNG, maintype="image", subtype="png", filename="里.png")
    outer = letter("请看转发", Message_ID="<outer@x>")
    outer.add_attachment(inner)
    item = arrive(outer)
    for words in ("请看转发", "里面的话", "原来的主题", "zhang@example.com"):
        assert words in item.text
    assert files(item) == ["里.png"]


def test_a_mail_without_a_body_is_kept(world: World) -> None:
    item = arrive(b"From: li@example.com\r\nSubject: x\r\nMessage-ID: <nobody@x>\r\n\r\n")
    assert (item.status, item.subject, item.text) == ("new", "x", "")


def test_broken_mime_is_kept_and_says_so(world: World) -> None:
    raw = (
        b"From: li@example.com\r\nMessage-ID: <broken@x>\r\nContent-Type: multipart/mixed; boundary=never\r\n\r\n"
        b"--other\r\nContent-Type: image/png\r\n\r\n\x89PNG\x00\xff"
    )
    item = arrive(raw)
    assert (item.status, item.damaged) == ("new", True)


def test_a_nul_byte_and_half_characters_do_no_harm(world: World) -> None:
    raw = b"From: li@example.com\r\nMessage-ID: <nul@x>\r\nSubject: a\x00b\xff\r\n\r\nx\x00y\xed\xa0\x80"
    item = arrive(raw)
    assert "\x00" not in item.subject + item.text


# The attachment of 50 MB.


def _huge(path: Path, size: int) -> None:
    with path.open("wb") as out:
        out.write(
            "From: 李强 <li@example.com>\r\nMessage-ID: <huge@x>\r\nSubject: video\r\nMIME-Version: 1.0\r\n"
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\n请看视频\r\n--b\r\nContent-Type: video/mp4\r\n"
            'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="a.mp4"\r\n\r\n'.encode()
        )
        line = b"QUFB" * 19 + b"\r\n"
        for _each in range(size // (57 * 1000)):
            out.write(line * 1000)
        out.write(b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + "还有照片\r\n--b--\r\n".encode())


def test_a_mail_with_50_mb_is_kept_without_them_and_the_sender_is_told(world: World, tmp_path: Path) -> None:
    path = tmp_path / "huge.eml"
    _huge(path, 50 * 1024 * 1024)
    with path.open("rb") as source:
        item = Incoming.objects.get(pk=receiving.receive(source)[0].pk)
    assert (item.status, item.text) == ("new", "请看视频\n\n还有照片")
    assert files(item) == []
    [[name, size, why]] = item.left_out
    assert (name, why) == ("a.mp4", "too_big")
    assert size > 50 * 1024 * 1024
    text = answers()[0].text("zh-hans")["body"]
    assert "a.mp4" in text and item.number in text
    assert "a.mp4" in str(item.missing)


def test_the_memory_that_a_huge_mail_takes_is_bounded(tmp_path: Path) -> None:
    """Reading 200 MB takes little more than reading a letter, measured in a process of its own."""
    path = tmp_path / "huge.eml"
    _huge(path, 200 * 1024 * 1024)
    code = (
        "import resource, sys, django, datetime; django.setup()\n"
        "from complaints.inbox.letters import read\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "now = datetime.datetime.now(datetime.UTC)\n"
        "letter = read(open(sys.argv[1], 'rb'), most_of_a_file=20 * 1024 * 1024, now=now)\n"
        "assert letter.left_out[0].size > 200 * 1024 * 1024 and not letter.damaged\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)\n"
    )
    given = {**os.environ, "DJANGO_SETTINGS_MODULE": "crm.settings", "PYTHONPATH": str(real.BASE_DIR)}
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], env=given, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 100  # MB; the whole message has 274


def test_a_line_without_an_end_and_a_thousand_parts_are_cut(world: World) -> None:
    parts = b"".join(b"--b\r\nContent-Disposition: attachment; filename=x.txt\r\n\r\nx\r\n" for _each in range(1000))
    raw = b"From: li@example.com\r\nMessage-ID: <parts@x>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + parts
    item = arrive(raw)
    assert len(files(item)) == 20
    assert {code for _name, _size, code in item.left_out} == {"too_many"}
    long = b"From: li@example.com\r\nMessage-ID: <long@x>\r\n\r\n" + b"x" * 5_000_000
    item = arrive(long)
    assert len(item.text) == 20_000
    assert item.left_out == [["", 5_000_000, "cut"]]


# Loops, machines, and what is answered.


@pytest.mark.parametrize(
    ("heads", "why"),
    [
        ({"From": f"Ziti <{MAILBOX}>"}, "loop"),
        ({"From": real.DEFAULT_FROM_EMAIL}, "loop"),
        ({"X_Loop": MAILBOX}, "loop"),
        ({"Message_ID": f"<{'0a' * 16}@testserver>"}, "loop"),
        ({"Auto_Submitted": "auto-replied"}, "auto_reply"),
        ({"Auto_Submitted": "auto-generated (vacation); x=y"}, "auto_reply"),
        ({"X_Autoreply": "yes"}, "auto_reply"),
        ({"Precedence": "auto_reply"}, "auto_reply"),
        ({"Precedence": "bulk"}, "bulk"),
        ({"List_Id": "<news.example.com>"}, "bulk"),
        ({"Return_Path": "<>"}, "bounce"),
        ({"From": "MAILER-DAEMON@example.com"}, "bounce"),
        ({"From": "no-reply@example.com"}, "auto_reply"),
        ({"Subject": "自动回复：柜门划伤"}, "subject"),
        ({"Subject": "Out of Office: x"}, "subject"),
        ({"From": ""}, "no_sender"),
    ],
)
def test_what_a_machine_wrote_is_kept_as_automatic_and_never_answered(
    world: World, heads: dict[str, str], why: str
) -> None:
    item = arrive(letter(**heads))
    assert (item.status, item.automatic) == ("automatic", why)
    assert answers() == []
    assert not Deadline.objects.about(item).exists()
    assert not Message.objects.filter(template="inbox.new").exists()


def test_a_mail_that_goes_round_is_known_by_the_servers_that_it_passed(world: World) -> None:
    hops = b"".join(b"Received: from a by b; Mon, 23 Nov 2026 09:00:00 +0800\r\n" for _each in range(26))
    assert arrive(hops + letter().as_bytes()).automatic == "loop"
    twice = b"Delivered-To: complaints@ziti.example\r\n" * 2
    assert arrive(twice + letter(Message_ID="<2@x>").as_bytes()).automatic == "loop"


def test_a_report_that_our_mail_was_not_delivered_is_a_bounce(world: World) -> None:
    raw = (
        b"From: mta@example.com\r\nMessage-ID: <dsn@x>\r\nSubject: hm\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\n\r\nnot delivered\r\n--b\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n\r\n--b--\r\n"
    )
    assert arrive(raw).automatic == "bounce"


def test_people_who_only_write_of_automatic_answers_are_heard(world: World) -> None:
    assert arrive(letter(Subject="你们的自动回复没有用")).status == "new"
    assert arrive(letter(Auto_Submitted="no", Message_ID="<no@x>")).status == "new"


def test_an_address_is_answered_once_a_day(world: World) -> None:
    for number in range(5):
        arrive(letter(Message_ID=f"<{number}@x>"))
    assert len(answers()) == 1
    arrive(letter(Message_ID="<other@x>", From="zhang@example.com"))
    assert len(answers()) == 2
    with clock.at(clock.now() + timedelta(days=1)):
        arrive(letter(Message_ID="<tomorrow@x>"))
    assert [each.email for each in answers()] == ["li@example.com", "zhang@example.com", "li@example.com"]


def test_the_answer_says_that_a_machine_wrote_it_and_to_what(world: World) -> None:
    item = arrive(letter())
    sent = _mail_of(answers()[0], None).message()  # type: ignore[arg-type]
    assert sent["Auto-Submitted"] == "auto-replied"
    assert sent["In-Reply-To"] == sent["References"] == "<1@example.com>"
    assert (sent["X-Loop"], sent["Reply-To"]) == (MAILBOX, MAILBOX)
    assert item.number in answers()[0].subject
    back = arrive(sent.as_bytes())
    assert (back.status, back.automatic) == ("automatic", "loop")
    assert len(answers()) == 1


# Answers to our own mails.


@pytest.fixture
def complaint(world: World) -> Complaint:
    return complaints.receive_complaint(world.customer, by=world.root, **HOTLINE)


def test_the_contact_s_answer_with_the_number_is_added_as_evidence(world: World, complaint: Complaint) -> None:
    message = letter("还有第三台", Subject=f"Re: 您的投诉 [{complaint.number}]", From="wang@example.com")
    message.add_attachment(PNG, maintype="image", subtype="png", filename="三.png")
    message.add_attachment(PNG, maintype="image", subtype="png", filename="四.png")
    item = arrive(message)
    assert (item.status, item.complaint) == ("added", complaint)
    pieces = Evidence.objects.filter(complaint=complaint).order_by("pk")
    assert [(each.source, each.status, each.file and each.file.name) for each in pieces] == [
        ("customer", "unjudged", "三.png"),
        ("customer", "unjudged", "四.png"),
    ]
    assert "还有第三台" in pieces[0].what
    assert answers() == []
    log = ActionLog.objects.get(verb="complaints.add_to_complaint")
    assert log.actor.username == "links"


def test_an_answer_from_elsewhere_is_known_by_the_message_id_that_nobody_guesses(
    world: World, complaint: Complaint
) -> None:
    told = Message.objects.get(template="complaints.number")
    heads = {"Subject": f"Re: {complaint.number}", "From": "colleague@example.com", "References": told.message_id}
    assert arrive(letter(**heads)).complaint == complaint


def test_the_message_id_is_enough_where_the_subject_was_changed(world: World, complaint: Complaint) -> None:
    told = Message.objects.get(template="complaints.number")
    item = arrive(letter(Subject="另外", From="wang@example.com", In_Reply_To=told.message_id))
    assert (item.status, item.complaint) == ("added", complaint)


@pytest.mark.parametrize("reference", ["", "<00000000000000000000000000000000@testserver>"])
def test_a_stranger_who_names_a_number_adds_nothing(world: World, complaint: Complaint, reference: str) -> None:
    heads = {"Subject": f"Re: {complaint.number}", "From": "thief@example.com", "References": reference}
    item = arrive(letter("请把处理结果发给我", **heads))
    assert (item.status, item.complaint, item.named) == ("new", None, complaint)
    assert not Evidence.objects.filter(complaint=complaint).exists()
    text = str(answers()[0].text("zh-hans"))
    for secret in (world.customer.name, complaint.number, complaint.content):
        assert secret not in text


@pytest.mark.parametrize("around", ["{}1", "X{}", "0{}"])
def test_a_longer_number_names_no_complaint_that_is_a_part_of_it(
    world: World, complaint: Complaint, around: str
) -> None:
    item = arrive(letter(Subject=f"Re: {around.format(complaint.number)}", From="wang@example.com"))
    assert (item.status, item.complaint, item.named) == ("new", None, None)
    heads = {"Subject": f"投诉{complaint.number}：补充", "From": "wang@example.com", "Message_ID": "<2@example.com>"}
    assert arrive(letter(**heads)).complaint == complaint


def test_an_answer_to_a_closed_complaint_is_a_new_message_with_a_hint(world: World, complaint: Complaint) -> None:
    close(complaint)
    item = arrive(letter(Subject=complaint.number, From="wang@example.com"))
    assert (item.status, item.named) == ("new", complaint)


def test_an_automatic_answer_to_our_mail_is_no_evidence(world: World, complaint: Complaint) -> None:
    heads = {"Subject": f"自动回复 {complaint.number}", "From": "wang@example.com", "Auto_Submitted": "auto-replied"}
    item = arrive(letter(**heads))
    assert (item.status, item.complaint) == ("automatic", None)
    assert not Evidence.objects.filter(complaint=complaint).exists()


# The command.


def command(*paths: str) -> int:
    try:
        call_command("receive_complaint_mail", *paths, stdout=io.StringIO(), stderr=io.StringIO())
    except SystemExit as done:
        return int(str(done.code))
    return 0


def test_the_command_reads_what_the_mail_server_pipes_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe:
        buffer = io.BytesIO(letter().as_bytes())

    monkeypatch.setattr(sys, "stdin", Pipe())
    assert command() == 0
    assert Incoming.objects.get().name == "李强"


def test_without_a_database_the_mail_server_is_asked_to_try_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "1.eml"
    path.write_bytes(letter().as_bytes())

    def away(*args: Any) -> None:
        raise OperationalError("the server is away")

    monkeypatch.setattr("complaints.inbox.management.commands.receive_complaint_mail.receive", away)
    assert command(str(path)) == 75
    assert path.exists()
    assert not Incoming.objects.exists()


def test_a_maildir_is_read_and_its_messages_are_marked_as_read(world: World, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    for number in range(2):
        (tmp_path / "new" / f"{number}.host").write_bytes(letter(Message_ID=f"<{number}@x>").as_bytes())
    assert command(str(tmp_path)) == 0
    assert Incoming.objects.count() == 2
    assert sorted(each.name for each in (tmp_path / "cur").iterdir()) == ["0.host:2,S", "1.host:2,S"]
    assert command(str(tmp_path)) == 0
    assert Incoming.objects.count() == 2


def test_it_came_when_our_mail_server_took_it(world: World) -> None:
    hour = "Received: from a by b; Mon, 23 Nov 2026 08:10:00 +0800\r\n"
    item = arrive(hour.encode() + letter().as_bytes())
    assert item.received_at == clock.now() - timedelta(minutes=80)
    for number, claimed in enumerate(["Mon, 01 Jan 2035 08:00:00 +0800", "Mon, 01 Jan 2001 08:00:00 +0800", "rubbish"]):
        raw = f"Received: from a by b; {claimed}\r\n".encode() + letter(Message_ID=f"<{number}@x>").as_bytes()
        assert arrive(raw).received_at == clock.now()


def test_nobody_s_address_or_words_stand_in_the_log(world: World) -> None:
    arrive(letter())
    row = ActionLog.objects.get(verb="inbox.receive_incoming")
    for words in ("li@example.com", "李强", "柜门划伤", "请处理"):
        assert words not in str(row.inputs)


def test_messages_are_forgotten_when_their_time_is_over(world: World) -> None:
    from complaints.inbox import actions
    from complaints.inbox.tasks import forget

    message = letter()
    message.add_attachment(PNG, maintype="image", subtype="png", filename="a.png")
    aside = actions.set_aside(arrive(message), by=world.root, reason="广告")
    machine = arrive(letter(Message_ID="<2@x>", Auto_Submitted="auto-replied"))
    waiting = arrive(letter(Message_ID="<3@x>"))
    with clock.at(clock.now() + timedelta(days=91)):
        assert forget() == 1
    assert sorted(Incoming.objects.values_list("pk", flat=True)) == sorted([aside.pk, waiting.pk])
    with clock.at(clock.now() + timedelta(days=181)):
        assert forget() == 1
    assert list(Incoming.objects.all()) == [waiting]
    assert not Attachment.objects.exists()
    assert machine.pk is not None
    history = str(list(FieldHistory.objects.filter(table_name="inbox_incoming").values_list("before", "after")))
    for words in ("李强", "柜门划伤", "li@example.com", "请处理"):
        assert words not in history
