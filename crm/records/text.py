"""Names as they are compared: one folded form, and the pinyin of it."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from crm.records.tables import SECOND_SYLLABLES, SURNAMES, TRADITIONAL

_SIMPLIFIED = str.maketrans(dict(zip(TRADITIONAL[::2], TRADITIONAL[1::2], strict=True)))

LEGAL_FORM = re.compile(
    r"(?:集团股份有限公司|集团有限责任公司|集团有限公司|股份有限公司|有限责任公司|有限公司|股份公司|集团公司|总公司|公司|集团"
    r"|个体工商户|(?:\(有限合伙\)|\(普通合伙\)|有限合伙|合伙企业)+)$"
)
SHORT = 4  # syllables of a name that one also types as the first in full and the initials of the others
# Scripts written without spaces, and symbols: every character counts by itself.
_DENSE = "〇々㐀-䶿一-鿿豈-﫿぀-ヿㇰ-ㇿ가-힯\U00020000-\U0003ffff☀-➿\U0001f000-\U0001faff"
RUN = re.compile(rf"(?P<dense>[{_DENSE}]+)|(?P<word>[^\W_{_DENSE}]+)")
_SPACE_BESIDE_DENSE = re.compile(rf"(?<=[{_DENSE}]) | (?=[{_DENSE}])")
_NEITHER = re.compile(rf"[^\w\s{_DENSE}]|_")


def fold(text: str) -> str:
    """`text` as it is compared: width, case, accents, punctuation and common traditional forms levelled."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLIFIED)
    if not text.isascii():
        parts = unicodedata.normalize("NFD", text)
        text = unicodedata.normalize("NFC", "".join(each for each in parts if not _is_accent(each)))
    text = " ".join(_NEITHER.sub("", text).split())
    return _SPACE_BESIDE_DENSE.sub("", text)


def _is_accent(character: str) -> bool:
    """A mark over a letter of ours; the vowel signs of other scripts are letters and stay."""
    return "\u0300" <= character <= "\u036f"


@cache
def _reader() -> Callable[..., list[str]]:
    """pypinyin's function; its dictionary takes a quarter of a second to load, so only who writes names loads it."""
    from pypinyin import lazy_pinyin

    return lazy_pinyin


def readings(folded: str, *, person: bool = False) -> list[list[str]]:
    """The pinyin syllables of the Chinese in `folded`, once for each way in which it is read.

    Of a `person` the surname is read as a surname: 单 is shan, 覃 both qin and tan.
    """
    if not any("㐀" <= each <= "鿿" or each >= "\U00020000" or each == "〇" for each in folded):
        return []
    surname = next((folded[:size] for size in (2, 1) if folded[:size] in SURNAMES), "") if person else ""
    rest = [each for each in _reader()(folded[len(surname) :], errors="ignore") if each]
    if not surname:
        return [rest] if rest else []
    return [[*_syllables(surname, way), *rest] for way in SURNAMES[surname].split()]


def typings(folded: str, *, person: bool = False) -> tuple[list[str], list[str]]:
    """How one types `folded` in letters: by syllables (a short name also as zhangxm for 张小明), and by initials."""
    syllabic, initial = [], []
    for syllables in readings(folded, person=person):
        initials = "".join(each[0] for each in syllables)
        initial.append(initials)
        syllabic.append("".join(syllables))
        if person or len(syllables) <= SHORT:
            syllabic.append(syllables[0] + initials[1:])
    return syllabic, initial


def _syllables(surname: str, reading: str) -> list[str]:
    """A double surname's reading as two syllables."""
    if len(surname) == 1:
        return [reading]
    tail = SECOND_SYLLABLES[surname[1]]
    return [reading[: -len(tail)], tail]
