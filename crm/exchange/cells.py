"""From a cell to what a form field takes: dates, numbers, yes and no, choices, records and phones as people write them.

Every function answers text (or a list of texts) for the form, which then judges it by its own rules, or raises
ValidationError with what is wrong with the cell.
"""

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.exchange.importers import in_all_languages
from crm.exchange.sheets import BROKEN
from crm.records.kinds import normalise

EMPTY_WORDS = "NULL, n/a, N/A, -, --, —, 无, 空"
YES = {"1", "yes", "y", "true", "t", "x", "✓", "√", "是", "有", "对", "真", "on"}
NO = {"0", "no", "n", "false", "f", "否", "无", "不", "假", "off", "×"}
SERIALS = (1, 2_958_465)  # 1900-01-01 to 9999-12-31 as Excel counts days
EPOCH = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows no zones
EXACT = 10**15  # from here on Excel has rounded a number's last digits away
MONEY = re.compile(r"(CNY|RMB|USD|EUR|GBP|HK\$|US\$|[¥￥$€£元])", re.IGNORECASE)
LIST = re.compile(r"[;,、，；/|\n]+")

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?=\D|$)")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*[-/.]\s*(\d{4})(?=\D|$)")
_ZONE = re.compile(r"(?<=\d)(?:Z|[+-]\d{2}:?\d{2})$")
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})(?=\D|$)")
_TIME = re.compile(
    r"[T\s,]*(上午|下午|AM|PM)?\s*(\d{1,2})[:点时](\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(AM|PM)?\s*", re.IGNORECASE
)


@dataclass
class Reading:
    """What was chosen once for the whole file. `order` is "dmy" or "mdy" for dates that end in the year, "" unknown."""

    empty: frozenset[str] = frozenset()
    country: str = ""
    order: str = ""
    comma: bool = False

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "Reading":
        """The reading of an import's options."""
        words = options.get("empty_words", EMPTY_WORDS)
        return cls(
            frozenset(word.strip().casefold() for word in words.split(",") if word.strip()),
            options.get("country", ""),
            options.get("date_order", ""),
            options.get("decimal", "point") == "comma",
        )


def text_of(cell: Any) -> str:
    """A cell as text: whole numbers without `.0`, days and moments as ISO writes them."""
    if isinstance(cell, str):
        return "".join(each for each in cell if each in "\n\t" or unicodedata.category(each) != "Cc").strip(
            " \t\r\n\u3000\xa0\ufeff\u200b"
        )
    if cell is None:
        return ""
    if cell is BROKEN:
        raise ValidationError(_("The cell shows an error instead of a value."), code="cell_error")
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, (int, float)):
        return _number_text(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, (datetime.date, datetime.time)) else str(cell)


def is_empty(cell: Any, reading: Reading) -> bool:
    """Whether a cell says nothing: blank, or one of the words that mean empty here."""
    if cell is BROKEN:
        return False
    text = text_of(cell)
    return not text or text.casefold() in reading.empty


def plain_text(cell: Any) -> str:
    """Text for a text field; a number that Excel has rounded is refused, because it is not what was typed."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= EXACT:
        raise ValidationError(
            _("Excel keeps only 15 digits of a number. Format the column as text and enter this again."), code="rounded"
        )
    return text_of(cell)


def number(cell: Any, reading: Reading) -> str:
    """A number with a point and without grouping; `13%` is 0.13."""
    if isinstance(cell, bool):
        raise ValidationError(_("This is no number."), code="number")
    if isinstance(cell, (int, float)):
        return _number_text(cell)
    text = unicodedata.normalize("NFKC", text_of(cell))
    text = re.sub(r"[\s_']", "", MONEY.sub("", text)).replace("\N{MINUS SIGN}", "-")
    if match := re.fullmatch(r"\((.+)\)", text):  # as accountants write what is below zero
        text = f"-{match.group(1)}"
    percent = text.endswith("%")
    text = text.rstrip("%")
    point, group = (",", ".") if reading.comma else (".", ",")
    whole = rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+|\d{{1,4}}(?:{re.escape(group)}\d{{4}})+|\d*"
    if not re.fullmatch(rf"[+-]?(?:{whole})(?:{re.escape(point)}\d+)?(?:[eE][+-]?\d+)?", text) or not re.search(
        r"\d", text
    ):
        raise ValidationError(_("This is no number."), code="number")
    try:
        value = Decimal(text.replace(group, "").replace(point, "."))
    except InvalidOperation:
        raise ValidationError(_("This is no number."), code="number") from None
    return f"{value / 100 if percent else value:f}"


def percent(cell: Any, reading: Reading) -> str:
    """A rate in percent: 13, `13%` and the 0.13 that Excel keeps of a cell formatted so are the same."""
    value = Decimal(number(cell, reading))
    whole = not 0 < abs(value) < 1
    return f"{value if whole else (value * 100).normalize():f}"


def integer(cell: Any, reading: Reading) -> str:
    """A whole number; `5.00` is one."""
    text = number(cell, reading)
    value = Decimal(text)
    if value != value.to_integral_value():
        raise ValidationError(_("This must be a whole number."), code="integer")
    return f"{value.to_integral_value():f}"


def day(cell: Any, reading: Reading) -> str:
    """A date as `2026-09-21`; a time of day beside it is left out."""
    return moment_of(cell, reading).date().isoformat()


def moment(cell: Any, reading: Reading) -> str:
    """A moment as `2026-09-21 14:30:00`, where the company is."""
    return moment_of(cell, reading).isoformat(" ", "seconds")


def moment_of(cell: Any, reading: Reading) -> datetime.datetime:
    """The moment in a cell: a real date, Excel's number of days, or text of any usual form. Raises ValidationError."""
    if isinstance(cell, datetime.datetime):
        return cell
    if isinstance(cell, datetime.date):
        return datetime.datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _from_number(cell)
    text = unicodedata.normalize("NFKC", text_of(cell))
    try:
        return _from_text(text, reading)
    except (ValueError, OverflowError):
        raise ValidationError(_("There is no such day."), code="date") from None


def order_of(texts: Sequence[str]) -> str:
    """Whether dates that end in the year begin with the day or the month: "dmy", "mdy", "ask", or "" for no such date.

    Dots are the day first everywhere; a slash is decided by the first number above 12.
    """
    open_question = False
    for text in texts:
        found = _YEAR_LAST.match(unicodedata.normalize("NFKC", text))
        if not found or found.group(2) == ".":
            continue
        first, second = int(found.group(1)), int(found.group(3))
        if first > 12:
            return "dmy"
        if second > 12:
            return "mdy"
        open_question = open_question or first != second
    return "ask" if open_question else ""


def comma_in(texts: Sequence[str]) -> bool:
    """Whether numbers have a decimal comma: some end in one or two digits after it, or group by points before it."""
    commas = sum(bool(re.search(r"\d,\d{1,2}$", text)) and "." not in text.rpartition(",")[2] for text in texts)
    points = sum(bool(re.search(r"\d\.\d{1,2}$", text)) for text in texts)
    return commas > points


def yes_or_no(cell: Any) -> str:
    """True or False as a checkbox reads it."""
    text = text_of(cell).casefold()
    if text in YES:
        return "True"
    if text in NO:
        return "False"
    raise ValidationError(_("Write yes or no."), code="bool")


def phone(cell: Any, country: str) -> str:
    """A phone in its normal form, read as one of `country` where it has no country code."""
    return normalise("phone", plain_text(cell), country=country)


def country(cell: Any) -> str:
    """The two letters of a country, from its letters or its name in any of many languages."""
    text = text_of(cell)
    if len(text) == 2 and text.upper() in _regions():
        return text.upper()
    found = _countries().get(text.casefold())
    if found is None:
        raise ValidationError(_("This country is not known; its two letters (DE, US) always are."), code="country")
    return found


@lru_cache
def _regions() -> frozenset[str]:
    return frozenset(
        region
        for regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.values()
        for region in regions
        if region.isalpha()
    )


@lru_cache
def _countries() -> dict[str, str]:
    """Names of countries in all languages that the table of phone numbers has."""
    # The table alone is wanted: importing its package compiles the area codes of the whole world, for seconds.
    file = Path(phonenumbers.__file__).parent / "geodata" / "locale.py"
    spec = spec_from_file_location("phonenumbers.alone.locale", file)
    assert spec is not None
    assert spec.loader is not None
    table = module_from_spec(spec)
    spec.loader.exec_module(table)
    names = {"uk": "GB", "usa": "US", "u.s.a.": "US", "united states of america": "US", "prc": "CN", "p.r. china": "CN"}
    for region, by_language in table.LOCALE_DATA.items():
        for name in by_language.values():
            if not name.startswith("*"):
                names.setdefault(name.casefold(), region)
    return names


@dataclass
class Choices:
    """The choices of a field by value and by label in every language."""

    values: dict[str, str]

    @classmethod
    def of(cls, found: Any) -> "Choices":
        """The choices of a form field, groups included."""
        values: dict[str, str] = {}
        for value, label in _flat(found.choices):
            if value in ("", None):
                continue
            values.setdefault(str(value).casefold(), str(value))
            for each in in_all_languages(label):
                values.setdefault(each.casefold(), str(value))
        return cls(values)

    def read(self, cell: Any) -> str:
        """The value that a cell means."""
        text = plain_text(cell)
        if text.casefold() not in self.values:
            raise ValidationError(_("“%(value)s” is none of the choices."), code="choice", params={"value": text[:60]})
        return self.values[text.casefold()]

    def read_many(self, cell: Any) -> list[str]:
        """The values of a cell that lists several, separated by commas or the like."""
        return [self.read(each) for each in LIST.split(plain_text(cell)) if each.strip()]


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            found += _flat(label)
        else:
            found.append((value, label))
    return found


@dataclass
class Finder:
    """Finds the record that a cell names, among those that the form's field offers. Answers are remembered."""

    field_: forms.ModelChoiceField
    lookups: Sequence[str] = ()
    known: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.lookups:
            self.lookups = [name for name in ("code", "number", "username", "name") if self._has(name)]

    def _has(self, name: str) -> bool:
        try:
            return bool(self.field_.queryset.model._meta.get_field(name).concrete)  # type: ignore[union-attr]
        except FieldDoesNotExist:
            return False

    def read(self, cell: Any) -> str:
        """The primary key of the record, as text."""
        text = plain_text(cell)
        if text not in self.known:
            self.known[text] = self._find(text)
        return self.known[text]

    def _find(self, text: str) -> str:
        rows = self.field_.queryset
        assert rows is not None
        for lookup in self.lookups:
            pks = list(rows.filter(**{lookup: text}).order_by("pk").values_list("pk", flat=True)[:2])
            if len(pks) == 1:
                return str(pks[0])
            if pks:
                raise ValidationError(
                    _("There is more than one “%(value)s”."), code="ambiguous", params={"value": text[:60]}
                )
        raise ValidationError(
            _("There is no “%(value)s”, or you may not see it."), code="unknown", params={"value": text[:60]}
        )


def _number_text(value: float) -> str:
    """A number as Excel shows it, with at most 15 digits."""
    if isinstance(value, int) or float(value).is_integer():
        return str(int(value))
    return f"{Decimal(format(value, '.15g')):f}"


def _from_number(value: float) -> datetime.datetime:
    whole = int(value)
    if 19_000_101 <= whole <= 99_991_231 and whole == value:  # 20260921 typed as a number
        try:
            return datetime.datetime.strptime(str(whole), "%Y%m%d")  # noqa: DTZ007
        except ValueError:
            pass
    if SERIALS[0] <= value <= SERIALS[1]:
        return EPOCH + datetime.timedelta(seconds=round(value * 86400))
    raise ValidationError(_("This is no date."), code="date")


def _from_text(text: str, reading: Reading) -> datetime.datetime:
    if found := _YEAR_FIRST.match(text) or _PLAIN.match(text):
        year, month, number_ = (int(each) for each in found.groups())
    elif found := _YEAR_LAST.match(text):
        first, second, year = int(found.group(1)), int(found.group(3)), int(found.group(4))
        order = "dmy" if found.group(2) == "." or first > 12 else reading.order
        if not order and first != second and second <= 12:
            raise ValidationError(_("Day or month first? Choose it for the whole file."), code="date_order")
        month, number_ = (first, second) if order == "mdy" or (not order and second > 12) else (second, first)
    else:
        raise ValidationError(_("This is no date; write it as 2026-09-21."), code="date")
    rest, zone = text[found.end() :].strip(), None
    if marked := _ZONE.search(rest):
        rest, zone = rest[: marked.start()], datetime.datetime.strptime(marked.group().replace(":", ""), "%z").tzinfo
    hour = minute = second_ = 0
    if rest:
        clock = _TIME.fullmatch(rest)
        if not clock:
            raise ValidationError(_("This is no date; write it as 2026-09-21."), code="date")
        hour, minute, second_ = int(clock.group(2)), int(clock.group(3)), int(clock.group(4) or 0)
        half = (clock.group(1) or clock.group(5) or "").upper()
        if half in ("下午", "PM") and hour < 12:
            hour += 12
        elif half in ("上午", "AM") and hour == 12:
            hour = 0
    result = datetime.datetime(year, month, number_, hour, minute, second_, tzinfo=zone)
    return timezone.make_naive(result) if zone else result
