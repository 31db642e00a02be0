"""Answers as JSON, made by orjson: money as strings, times in ISO with their zone."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson
from django.db.models import QuerySet
from django.utils.duration import duration_iso_string
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def plain(value: Any) -> Any:
    """What orjson does not know by itself: exact numbers, translated texts, spans of time, rows."""
    match value:
        case Decimal():
            return format(value, "f")
        case Promise():
            return str(value)
        case timedelta():
            return duration_iso_string(value)
        case Mapping():
            return dict(value)
        case set() | frozenset() | QuerySet():
            return list(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def dumps(data: Any, *, indent: bool = False) -> bytes:
    """`data` as JSON."""
    return orjson.dumps(data, plain, OPTIONS | (orjson.OPT_INDENT_2 if indent else 0))


class Json(BaseRenderer):
    """The renderer of the whole API."""

    media_type = "application/json"
    format = "json"
    charset = None  # JSON is UTF-8

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        if data is None:
            return b""
        return dumps(data, indent=bool((renderer_context or {}).get("indent")))
