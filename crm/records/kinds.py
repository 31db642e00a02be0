"""The kinds of identifiers: how each is written in its one normal form, checked, shown, and cut to its tail."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
ID_CHECKS = "10X98765432"
CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015, without I, O, S, V and Z
CODE_WEIGHTS = tuple(3**place % 31 for place in range(17))
EXTENSION = re.compile(r"\s*(?:转|轉|分机|分機|;ext=|ext\.?|x|#)\s*(\d{1,8})\s*$", re.IGNORECASE)
NORMAL_PHONE = re.compile(r"\+\d{4,18}(;ext=\d{1,8})?")
DASHED_EXTENSION = re.compile(r"^(0\d{2,3}[- ]?\d{7,8})-(\d{1,6})$")  # as in 0755-88888888-801


@dataclass(frozen=True)
class Kind:
    """One kind of identifier. `normal` answers the normal form or raises ValidationError with what is wrong."""

    key: str
    label: Any
    normal: Callable[[str, str], str]
    shown: Callable[[str], str] = str
    input_type: str = "text"


def normalise(kind: str, value: str, *, country: str = "") -> str:
    """`value` in the normal form of `kind`; '' stays ''.

    `country` (two letters, settings.COUNTRY by default) is that of a phone written without a country code. Raises
    ValidationError with a sentence that says what is wrong.
    """
    if kind == "text":
        return str(value)
    text = _plain(value)
    return KINDS[kind].normal(text, country or settings.COUNTRY) if text else ""


def normal_or_plain(kind: str, value: str, *, country: str = "") -> str:
    """The normal form where there is one, else the text without odd spaces: for lookups and for old data."""
    if kind == "text" or (kind == "phone" and NORMAL_PHONE.fullmatch(value)):
        return value
    try:
        return normalise(kind, value, country=country)
    except ValidationError:
        return _plain(value)


def shown(kind: str, normal: str) -> str:
    """The normal form as people write it, as in 138 0013 8000."""
    return KINDS[kind].shown(normal) if normal else ""


def tail_of(kind: str, normal: str) -> str:
    """The characters that a mask may show: the last four, never more than half; of a mail address those before @."""
    if kind == "text":
        return ""
    text = normal.rpartition("@")[0] or normal if kind == "email" else normal
    return text[-min(4, len(text) // 2) :] if len(text) > 1 else ""


def mask_of_tail(tail: str) -> str:
    """What may be shown where only the tail is at hand, as ****8000; '' stays ''."""
    return f"****{tail}" if tail else ""


def mask(kind: str, normal: str) -> str:
    """What everybody may see of a value: 138****8000, l***@example.com, of all others the last four."""
    if kind == "phone" and re.fullmatch(r"\+861\d{10}", normal):
        return f"{normal[3:6]}****{normal[-4:]}"
    if kind == "email" and "@" in normal:
        local, _at, domain = normal.rpartition("@")
        return f"{local[0] if len(local) > 2 else ''}***@{domain}"
    return (mask_of_tail(tail_of(kind, normal)) or "****") if normal else ""


def format_phone(normal: str) -> str:
    """A phone as people here write it: 138 0013 8000 at home, +49 30 123456 abroad."""
    try:
        number = phonenumbers.parse(normal, None)
    except phonenumbers.NumberParseException:
        return normal
    home = phonenumbers.country_code_for_region(settings.COUNTRY)
    style = phonenumbers.PhoneNumberFormat
    extension, number.extension = number.extension, None
    text = phonenumbers.format_number(number, style.NATIONAL if number.country_code == home else style.INTERNATIONAL)
    return _("%(phone)s ext. %(extension)s") % {"phone": text, "extension": extension} if extension else text


def _plain(value: str) -> str:
    """Full-width letters and digits made plain, control and direction marks and outer spaces removed."""
    text = unicodedata.normalize("NFKC", str(value))
    return "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Cc")).strip()


def _phone(text: str, country: str) -> str:
    extension = ""
    if found := EXTENSION.search(text):
        text, extension = text[: found.start()], found.group(1)
    elif found := DASHED_EXTENSION.match(text):
        text, extension = found.groups()
    if re.search(r"[^\d\s+().,/\-–—·]", text) or not re.search(r"\d", text):
        raise ValidationError(_("A phone number has digits, spaces, brackets, dashes and a + in front."), "phone")
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise ValidationError(_("This is no phone number."), "phone") from None
    if not phonenumbers.is_valid_number(number):
        _judge_unusual(number)
    normal = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{normal};ext={extension}" if extension else normal


def _judge_unusual(number: phonenumbers.PhoneNumber) -> None:
    """Refuse what is mistyped for sure; numbers abroad, also old ones, are taken as they come."""
    digits = phonenumbers.national_significant_number(number)
    if not 3 <= len(digits) <= 15:
        raise ValidationError(
            _("A phone number has 3 to 15 digits; this has %(count)d."), "phone", {"count": len(digits)}
        )
    if number.country_code != 86 or len(digits) <= 6:  # short service numbers, as 95588
        return
    if digits.startswith("1"):
        if len(digits) == 11:
            raise ValidationError(_("No mobile phone begins with %(start)s."), "phone", {"start": digits[:3]})
        raise ValidationError(_("A mobile phone has 11 digits; this has %(count)d."), "phone", {"count": len(digits)})
    if len(digits) <= 8:
        raise ValidationError(_("Write the area code too, as in 010 1234 5678."), "phone")
    raise ValidationError(_("This number does not exist: check area code and digits."), "phone")


def _email(text: str, country: str) -> str:
    local, at, domain = text.lower().rpartition("@")
    try:
        normal = f"{local}{at}{domain.encode('idna').decode() if domain else ''}"
        validate_email(normal)
    except (ValidationError, UnicodeError):
        raise ValidationError(_("This is no mail address; it looks like name@example.com."), "email") from None
    if len(normal) > 254:
        raise ValidationError(_("A mail address has at most 254 characters."), "email")
    return normal


def _shown_email(normal: str) -> str:
    local, at, domain = normal.rpartition("@")
    try:
        return f"{local}{at}{domain.encode().decode('idna')}"
    except UnicodeError:
        return normal


def _wechat(text: str, country: str) -> str:
    if not re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9_-]{4,29}", text):
        raise ValidationError(_("A WeChat ID has 5 to 30 letters, digits, dashes or underscores."), "wechat")
    return text.lower()


def _id_number(text: str, country: str) -> str:
    text = re.sub(r"[\s()-]", "", text).upper()
    if re.fullmatch(r"\d{17}[\dX]", text):
        try:
            born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
        except ValueError:
            born = None
        if born is None or born.year < 1850:
            raise ValidationError(
                _("Digits 7 to 14 of an ID number are the date of birth; these are no date."), "id_number"
            )
        total = sum(int(digit) * weight for digit, weight in zip(text, ID_WEIGHTS, strict=False))
        if ID_CHECKS[total % 11] != text[17]:
            raise ValidationError(_("The last digit does not fit the others: one of them is mistyped."), "id_number")
    elif not re.fullmatch(r"[A-Z0-9]{5,20}", text) or not re.search(r"\d", text):
        raise ValidationError(_("An ID or passport number has 5 to 20 digits and letters."), "id_number")
    elif text.isdigit() and len(text) in (16, 17, 19, 20):
        raise ValidationError(_("An ID number has 18 digits; this has %(count)d."), "id_number", {"count": len(text)})
    return text


def is_credit_code(normal: str) -> bool:
    """Whether this is a unified social credit code (统一社会信用代码) whose check character fits."""
    return len(normal) == 18 and set(normal) <= set(CODE_LETTERS) and _code_check(normal) == normal[17]


def _code_check(text: str) -> str:
    total = sum(CODE_LETTERS.index(each) * weight for each, weight in zip(text, CODE_WEIGHTS, strict=False))
    return CODE_LETTERS[-total % 31]


def _licence(text: str, country: str) -> str:
    text = re.sub(r"[\s-]", "", text).upper()
    if not re.fullmatch(r"[A-Z0-9./()]{4,40}", text):
        raise ValidationError(_("A licence number has 4 to 40 digits and letters."), "licence")
    if len(text) == 18 and text.isalnum():
        if odd := set(text) - set(CODE_LETTERS):
            raise ValidationError(
                _("“%(letter)s” does not occur in a unified social credit code."), "licence", {"letter": min(odd)}
            )
        if not is_credit_code(text):
            raise ValidationError(_("The last character does not fit the others: one of them is mistyped."), "licence")
    return text


def _bank(text: str, country: str) -> str:
    text = re.sub(r"[\s-]", "", text).upper()
    if re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", text):
        if int("".join(str(int(each, 36)) for each in text[4:] + text[:4])) % 97 != 1:
            raise ValidationError(_("The check digits of this IBAN do not fit: a character is mistyped."), "bank")
        return text
    if not re.fullmatch(r"\d{6,34}", text):
        raise ValidationError(_("A bank account has 6 to 34 digits, or is an IBAN."), "bank")
    return text


def _as_it_is(text: str, country: str) -> str:
    return text


def _in_fours(normal: str) -> str:
    return " ".join(normal[start : start + 4] for start in range(0, len(normal), 4))


KINDS = {
    kind.key: kind
    for kind in (
        Kind("phone", gettext_lazy("phone"), _phone, format_phone, "tel"),
        Kind("email", gettext_lazy("mail address"), _email, _shown_email, "email"),
        Kind("wechat", gettext_lazy("WeChat ID"), _wechat),
        Kind("id_number", gettext_lazy("ID number"), _id_number),
        Kind("licence", gettext_lazy("licence number"), _licence),
        Kind("bank", gettext_lazy("bank account"), _bank, _in_fours),
        Kind("text", gettext_lazy("confidential text"), _as_it_is),
    )
}
