"""The demonstration's inbox: a mail with a photo, a stranger's form, and an answer that a machine wrote."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import EmailMessage
from functools import partial

from django.core.files.base import ContentFile

from complaints.inbox.actions import Private, receive_incoming
from complaints.inbox.receiving import receive
from complaints.models import Category
from crm.accounts.models import User
from crm.reports.demo import Demo, Story, chapter
from customers.models import Contact

WIDTH, HEIGHT = 240, 160


@chapter(63, "inbox")
def inbox(demo: Demo) -> Iterator[Story]:
    """One of each kind, a few working hours old."""
    kinds: tuple[tuple[str, float, Callable[[datetime], None]], ...] = (
        ("mail", 2.5, _mail),
        ("web", 1.0, _form),
        ("machine", 5.0, _machine),
    )
    for key, ago, tell in kinds:
        begins = demo.ago(ago)
        yield Story(f"inbox-{key}", begins, partial(tell, begins))


def _mail(begins: datetime) -> None:
    """A buyer whose address is known writes, and sends a photo."""
    contact = Contact.objects.filter(active=True, main=True).exclude(email_index=None).order_by("pk").first()
    address = contact.email if contact else "buyer@example.com"
    name = contact.name if contact else "王小明"
    message = _letter(f"{name} <{address}>", "到货两台配电箱外壳变形", "demo-mail")
    message.set_content(
        "你好：\n\n昨天自提的配电箱，回厂开箱发现两台外壳变形、门关不严，照片见附件。\n请尽快安排更换，工地后天要用。谢谢！",
        charset="gb18030",
    )
    message.add_attachment(picture(), maintype="image", subtype="png", filename="外壳变形.png")
    receive(io.BytesIO(message.as_bytes()))


def _form(begins: datetime) -> None:
    """Somebody whom nobody knows fills in the form on the website."""
    words = {
        "name": "陈建国",
        "company": "巴南陈记水电安装",
        "phone": "13983001234",
        "email": "chen.jianguo@example.com",
        "said_number": "不记得了",
        "subject": str(Category.SHORTAGE.label),
        "text": "上周托朋友在你们自提点提的电缆，量下来每盘短了三米多，怎么处理？",
    }
    receive_incoming(
        by=User.objects.system("web"),
        channel="web",
        message=Private(words),
        category=Category.SHORTAGE,
        language="zh-hans",
        files=[ContentFile(picture(), name="卷尺.png")],
    )


def _machine(begins: datetime) -> None:
    """A buyer is on holiday."""
    message = _letter("采购部 <caigou@example.com>", "自动回复：您的投诉处理方案请您确认", "demo-machine")
    message["Auto-Submitted"] = "auto-replied"
    message.set_content("您好，我正在休假，下周一回复您的邮件。")
    receive(io.BytesIO(message.as_bytes()))


def _letter(sender: str, subject: str, key: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = sender, subject, f"<{key}@example.com>"
    return message


def picture() -> bytes:
    """A small picture of a dented door, drawn point by point: the demonstration brings no photos along."""
    rows = b""
    for y in range(HEIGHT):
        rows += b"\0"
        for x in range(WIDTH):
            dent = max(0, 60 - abs(x - 150) - abs(y - 90))
            edge = 40 if x < 12 or x > WIDTH - 13 or y < 10 or y > HEIGHT - 11 else 0
            rows += bytes((185 - dent - edge, 190 - dent - edge, 198 - dent // 2 - edge))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + body
