"""Bodies in JSON: numbers are exact, what is ambiguous is refused."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser

from crm.api.renderers import Json as JsonRenderer

LONGEST_NUMBER = 60  # characters; also keeps 1e999999999 from becoming a number with a billion digits
LARGEST_EXPONENT = 30
ESCAPED = re.compile(rb"\\u(0000|[dD][89a-fA-F])")  # may be NUL or half a character, which no column can hold
HALF_OR_NUL = re.compile("[\0\ud800-\udfff]")


class TooLarge(APIException):
    """The body is larger than what is read."""

    status_code = 413
    default_code = "too_large"

    def __init__(self, most: int) -> None:
        super().__init__(_("A request may have at most %(most)s MB.") % {"most": most // (1024 * 1024)})


def loads(text: bytes | str) -> Any:
    """`text` as JSON with Decimal for fractions. Raises ParseError, also for doubled keys, NaN and Infinity."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")  # json.loads would also take UTF-16, past the check of characters below
        except UnicodeDecodeError as error:
            raise ParseError(_("This is not JSON: %(error)s") % {"error": error}) from None
    try:
        value = json.loads(
            text, parse_float=_decimal, parse_int=_integer, parse_constant=_not_a_number, object_pairs_hook=_once
        )
    except ParseError:
        raise
    except RecursionError:
        raise ParseError(_("The JSON is nested too deeply.")) from None
    except ValueError as error:
        raise ParseError(_("This is not JSON: %(error)s") % {"error": error}) from None
    if ESCAPED.search(text.encode(errors="replace")):
        _whole_characters(value)
    return value


def _decimal(text: str) -> Decimal:
    number = Decimal(_short(text))
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > LARGEST_EXPONENT:
        raise ParseError(_("The number %(number)s is out of range.") % {"number": text})
    return number


def _integer(text: str) -> int:
    return int(_short(text))


def _short(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        raise ParseError(_("The number %(number)s is out of range.") % {"number": text[:20] + "…"})
    return text


def _not_a_number(text: str) -> None:
    raise ParseError(_("%(text)s is not a number.") % {"text": text})


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise ParseError(_("“%(name)s” stands twice in one object.") % {"name": doubled})
    return found


def _whole_characters(value: Any) -> None:
    match value:
        case str() if HALF_OR_NUL.search(value):
            raise ParseError(_("A text holds half a character or a null character."))
        case dict():
            for name, each in value.items():
                _whole_characters(name)
                _whole_characters(each)
        case list():
            for each in value:
                _whole_characters(each)


class Json(BaseParser):
    """Reads a JSON object in UTF-8."""

    media_type = "application/json"
    renderer_class = JsonRenderer  # the browsable page writes examples with it

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        _kind, parameters = parse_header_parameters(media_type or "")
        if parameters.get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
            raise UnsupportedMediaType(media_type or "")
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(most + 1)
        if len(body) > most:
            raise TooLarge(most)
        value = loads(body) if body.strip() else {}
        if not isinstance(value, dict):
            raise ParseError(_("The body must be a JSON object."))
        return value


def most_bytes(content_type: str) -> int:
    """How large a body of this content type may be: one file of the largest size and its form, or the JSON alone."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return most + settings.MAX_UPLOAD_BYTES if content_type.startswith("multipart/") else most
