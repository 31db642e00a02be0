"""Bytes of any charset, and HTML, as plain text that can be kept."""

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header
from html.parser import HTMLParser

MOST_HTML = 300_000  # characters that are looked at; what people write is far below
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "cp950", "big5-hkscs": "big5hkscs"}
UNNAMED = {"", "us-ascii", "ascii", "unknown-8bit", "8bit", "binary", "x-unknown", "iso-8859-1", "latin-1"}
BREAKS = {"address", "article", "blockquote", "br", "div", "dl", "dt", "dd", "form", "h1", "h2", "h3", "h4", "h5", "h6"}
BREAKS |= {"hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"}
SILENT = {"script", "style", "title", "template", "noscript", "object", "svg"}


def decoded(data: bytes, charset: str) -> str:
    """`data` as text: in the charset that is named where that fits, else in UTF-8 or GB18030, the most likely ones.

    A charset that any bytes fit in is believed last, since programs name it for want of another.
    """
    named = charset.strip().strip("'\"").lower()
    tries = ["utf-8", "gb18030"] if named in UNNAMED else [WIDER.get(named, named), "utf-8", "gb18030"]
    for each in tries:
        try:
            return clean(data.decode(each))
        except (LookupError, UnicodeError, ValueError):
            continue
    return clean(data.decode("utf-8", "replace"))


def head(raw: object) -> str:
    """A line of a message's head in clear: encoded words, and raw bytes in the charset that is likely."""
    text = str(raw)
    if re.search("[\udc80-\udcff]", text):
        text = decoded(text.encode("utf-8", "surrogateescape"), "")
    try:
        pieces = decode_header(text)
    except (HeaderParseError, ValueError, LookupError):
        return one_line(text)
    words = [decoded(part, charset or "") if isinstance(part, bytes) else part for part, charset in pieces]
    return one_line("".join(words))


def one_line(text: str) -> str:
    """The text in one line."""
    return " ".join(clean(text).split())


def clean(text: str) -> str:
    """The text without what no column keeps and no page shows: control characters, halves of characters, tricks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffd", "?")  # no form takes what was lost
    kept = (each for each in text if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cs", "Co", "Cf"))
    return unicodedata.normalize("NFC", "".join(kept))


class _Text(HTMLParser):
    """Gathers what a reader would see; nothing is loaded, and no address that is not written out is kept."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
        elif tag in BREAKS:
            self.words.append("\n")
        elif tag in ("td", "th"):
            self.words.append("\t")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in BREAKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(re.sub(r"\s+", " ", data))


def of_html(html: str) -> str:
    """What an HTML text says, as plain text."""
    reader = _Text()
    reader.feed(html[:MOST_HTML])
    reader.close()
    return tidy("".join(reader.words))


def tidy(text: str) -> str:
    """The text without spaces at the ends of its lines, and with at most one empty line at a time."""
    lines = [line.strip(" \t\u00a0\u3000") for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
