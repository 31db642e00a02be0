"""Bytes of any charset, and HTML, as plain text that can be kept."""

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header
from html import unescape

MOST_HTML = 300_000  # characters that are looked at; what people write is far below
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "cp950", "big5-hkscs": "big5hkscs"}
UNNAMED = {"", "us-ascii", "ascii", "unknown-8bit", "8bit", "binary", "x-unknown", "iso-8859-1", "latin-1"}
BREAKS = {"address", "article", "blockquote", "br", "div", "dl", "dt", "dd", "form", "h1", "h2", "h3", "h4", "h5", "h6"}
BREAKS |= {"hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"}
TAG = re.compile("<(/?)([a-z][a-z0-9]{0,20})")
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


def of_html(html: str) -> str:
    """What an HTML text says, as plain text: nothing is loaded, and no address is kept that is not written out.

    It is read once from its beginning to its end, so that no text takes long: the library's parser begins anew at each
    mark that does not end, for minutes where somebody means it.
    """
    html = html[:MOST_HTML]
    lower, said, place = html.lower(), [], 0
    open_marks, open_comments = True, True  # whether there is an end to any further one
    while (start := html.find("<", place)) >= 0:
        said.append(_spoken(html[place:start]))
        place, found = start + 1, TAG.match(lower, start)
        if open_comments and lower.startswith("<!--", start):
            end = lower.find("-->", start + 4)
            open_comments = end >= 0
            place = end + 3 if open_comments else place
            continue
        if found is None and not lower.startswith(("<!", "<?"), start):
            said.append("<")
            continue
        end = lower.find(">", start) if open_marks else -1
        open_marks = end >= 0
        if not open_marks:
            said.append("<")
            continue
        place, name = end + 1, found.group(2) if found else ""
        if name in BREAKS:
            said.append("\n")
        elif name in ("td", "th"):
            said.append("\t")
        elif name in SILENT and found is not None and not found.group(1):
            end = lower.find(f"</{name}", place)
            place = end if end >= 0 else len(html)
    said.append(_spoken(html[place:]))
    return tidy("".join(said))


def _spoken(text: str) -> str:
    """Text between two marks as a browser shows it."""
    return re.sub(r"\s+", " ", unescape(text))


def tidy(text: str) -> str:
    """The text without spaces at the ends of its lines, and with at most one empty line at a time."""
    lines = [line.strip(" \t\u00a0\u3000") for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
