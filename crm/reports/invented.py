"""People, numbers and papers that nobody has: for the demonstration and for tests.

Mobile numbers are 199-0000-xxxx, ID numbers come from a district that does not exist, mail goes to example.com; check
digits are right, so that the product takes them.
"""

import re
import struct
import zlib
from datetime import date
from random import Random

from django.core.files.base import ContentFile
from pypinyin import lazy_pinyin

from crm.records.kinds import CODE_LETTERS, CODE_WEIGHTS, ID_CHECKS, ID_WEIGHTS

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴"
    "夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = re.findall(
    r"\w+",
    "伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀兰 霞 平 刚 桂英 建华 文 辉 力 志强 晓东 海燕 国庆 建国 建军 "
    "淑珍 春梅 俊 倩 婷 雪 浩 宇 子轩 思远 雨桐 佳怡 欣然 梓涵 一鸣 天佑 晨曦 永康 德华 学军 玉兰 红梅 小波 丹丹 立新 "
    "家豪 振宇 嘉欣 慧敏 晓峰 志远 海涛 文静 雅琴 立群 冬梅 少华 宗翰 启明 景行 若曦 亦凡 承志 书瑶 正阳",
)
PAPER_SIZE = (595, 842)  # A4 in points


def person(random: Random) -> str:
    """A Chinese name."""
    return random.choice(SURNAMES) + random.choice(GIVEN)


def latin(name: str) -> str:
    """A Chinese name as it is written abroad: Wang Xiaoming."""
    syllables = lazy_pinyin(name)
    return f"{syllables[0].title()} {''.join(syllables[1:]).title()}"


def mobile(random: Random) -> str:
    """A mobile number of a block that is given to nobody."""
    return f"1990000{random.randrange(10000):04d}"


def mail(name: str, random: Random) -> str:
    """A mail address that reaches nobody."""
    return f"{''.join(lazy_pinyin(name))}{random.randrange(100):02d}@example.com"


def credit_code(random: Random) -> str:
    """A unified social credit code of the right form (GB 32100-2015), of an organisation that was never registered."""
    body = f"91500000MA{''.join(random.choices('0123456789', k=7))}"
    total = sum(CODE_LETTERS.index(each) * weight for each, weight in zip(body, CODE_WEIGHTS, strict=True))
    return body + CODE_LETTERS[-total % 31]


def id_number(random: Random) -> str:
    """An ID number of the right form (GB 11643-1999), of a district that does not exist."""
    body = f"990000{random.randrange(1962, 2002)}{random.randrange(1, 13):02d}{random.randrange(1, 29):02d}"
    body += f"{random.randrange(1000):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return body + ID_CHECKS[total % 11]


def bank_account(random: Random) -> str:
    """An account number of the usual length."""
    return "62220000" + "".join(random.choices("0123456789", k=11))


def plate(random: Random) -> str:
    """A vehicle's number plate."""
    return f"渝{random.choice('ABCDFG')}·{''.join(random.choices('0123456789', k=3))}D{random.randrange(10)}"


def paper(title: str, day: date) -> ContentFile:
    """A one-page PDF that says what it stands for; `title` in Latin letters."""
    width, height = PAPER_SIZE
    words = f"BT /F1 22 Tf 72 {height - 120} Td ({title}) Tj 0 -40 Td /F1 12 Tf (Demonstration, {day:%Y-%m-%d}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(words)} >>\nstream\n{words}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    text, places = "%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(text))
        text += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(text)}\n%%EOF\n"
    text += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}"
    return ContentFile(text.encode("ascii"), name=f"{title.lower().replace(' ', '-')}.pdf")


def signature(random: Random) -> ContentFile:
    """A signature as the counter's screen draws it: a line that wanders over a small white PNG."""
    width, height = 240, 90
    rows = [bytearray(b"\xff" * width) for _row in range(height)]
    x, y, slope = 15.0, height / 2, 0.0
    while x < width - 15:
        slope += random.uniform(-0.9, 0.9) - (y - height / 2) * 0.012
        slope = max(-3.0, min(3.0, slope))
        x, y = x + 0.5, min(max(y + slope, 6), height - 7)
        for dx in (0, 1):
            for dy in (0, 1, 2):
                rows[int(y) + dy][int(x) + dx] = 30
    data = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))

    def piece(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", data) + piece(b"IEND", b"")
    return ContentFile(png, name="signature.png")
