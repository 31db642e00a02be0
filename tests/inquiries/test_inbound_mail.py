"""Mail that comes in becomes an inquiry."""

from email.message import EmailMessage

import pytest
from django.conf import settings

from crm.deadlines.models import Deadline
from crm.records.models import Attachment
from orders.inquiries.inbound import Ignored, receive
from orders.inquiries.models import Inquiry
from tests.world import World

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6364f8cf50"
    "0f00038601805a347d6b0000000049454e44ae426082"
)


def letter(**headers: str) -> EmailMessage:
    message = EmailMessage()
    given = {"From": "王小明 <wang@example.com>", "Subject": "配电箱询价", "Message-ID": "<1@example.com>", **headers}
    for name, value in given.items():
        message[name] = value
    message.set_content("请报 50 台的价格和交期。")
    return message


def test_a_letter_of_a_known_contact_stands_with_his_customer(db: None) -> None:
    customer = World().customer
    inquiry, left_out = receive(letter().as_bytes())
    assert inquiry.customer == customer
    assert (inquiry.channel, inquiry.contact_name, left_out) == ("mail", "王小明", [])
    assert inquiry.matter == "配电箱询价\n\n请报 50 台的价格和交期。"
    assert Deadline.objects.about(inquiry).filter(rule="inquiry.reply").exists()


def test_the_same_letter_twice_is_one_inquiry(db: None) -> None:
    first, _left_out = receive(letter().as_bytes())
    again, _left_out = receive(letter().as_bytes())
    assert again == first
    assert Inquiry.objects.count() == 1


def test_a_letter_in_gb18030_is_read(db: None) -> None:
    raw = (
        b"From: li@example.com\r\nMessage-ID: <2@example.com>\r\nSubject: hello\r\n"
        b"Content-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + "请问有货吗？".encode("gb18030")
    )
    assert receive(raw)[0].matter == "hello\n\n请问有货吗？"


def test_papers_are_kept_and_what_is_no_paper_is_named(db: None) -> None:
    message = letter()
    message.add_attachment(PNG, maintype="image", subtype="png", filename="箱体.png")
    message.add_attachment(b"MZ\x90\x00" + b"\x00" * 80, maintype="application", subtype="pdf", filename="报价.pdf")
    inquiry, left_out = receive(message.as_bytes())
    assert [each.name for each in Attachment.objects.filter(subject_pk=inquiry.pk)] == ["箱体.png"]
    assert len(left_out) == 1
    assert left_out[0].startswith("报价.pdf: ")


@pytest.mark.parametrize(
    "headers",
    [{"Auto-Submitted": "auto-replied"}, {"From": settings.DEFAULT_FROM_EMAIL}, {"From": ""}],
)
def test_what_nobody_wrote_becomes_nothing(db: None, headers: dict[str, str]) -> None:
    with pytest.raises(Ignored):
        receive(letter(**headers).as_bytes())
    assert Inquiry.objects.count() == 0
