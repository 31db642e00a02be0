"""Everything that goes wrong, in one shape.

    {"error": {"code", "message", "remedy", "fields": {"lines[2].quantity": [{"code", "message"}]}, "request_id"}}

`code` is stable, `message` and `remedy` are sentences in the caller's language, the empty name among `fields` is the
input as a whole. A stale version is answered with the present one as `version`.
"""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.core.signals import got_request_exception
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.log import log_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from crm import deadlocks
from crm.api.parsers import TooLarge
from crm.refusals import Refused, Stale

logger = logging.getLogger(__name__)
CANCELLED, LOCK_NOT_AVAILABLE = "57014", "55P03"
SOON = 2  # seconds after which a request that met a lock or a lost connection may come again

Fields = Mapping[str, list[dict[str, str]]]


class BadInput(Exception):
    """The body or the parameters are not right; `fields` says which and why."""

    def __init__(self, fields: Fields) -> None:
        super().__init__("invalid")
        self.fields = fields


def problem(name: str, code: str, message: Any) -> BadInput:
    """Bad input in one place."""
    return BadInput({name: [{"code": code, "message": str(message)}]})


def problems_of(error: ValidationError) -> Fields:
    """A ValidationError by field; the empty name is the input as a whole."""
    if not hasattr(error, "error_dict"):
        return {"": [_one(each) for each in error.error_list]}
    return {
        "" if name == NON_FIELD_ERRORS else name: [_one(each) for each in errors]
        for name, errors in error.error_dict.items()
    }


def _one(error: ValidationError) -> dict[str, str]:
    return {"code": error.code or "invalid", "message": " ".join(error.messages)}


def answer(exc: Exception, context: dict[str, Any]) -> Response:
    """The answer to any exception of a view; what nobody foresaw is logged and told nothing about."""
    request = context["request"]
    set_rollback()
    response = _known(exc) or _unknown(exc, request)
    response.data["error"]["request_id"] = getattr(request, "id", "")
    return response


@csrf_exempt
def nowhere(request: HttpRequest) -> JsonResponse:
    """Every other address under /api/v1/, so that a wrong one is answered in this shape too."""
    response = _known(Http404())
    response.data["error"]["request_id"] = getattr(request, "id", "")  # type: ignore[union-attr]
    return JsonResponse(response.data, status=404)  # type: ignore[union-attr]


def _shape(status: int, code: str, message: Any, remedy: Any = "", fields: Fields | None = None) -> Response:
    error = {"code": code, "message": str(message), "remedy": str(remedy), "fields": fields or {}}
    return Response({"error": error}, status=status)


def _known(exc: Exception) -> Response | None:
    match exc:
        case BadInput():
            return _shape(400, "invalid", _("Some of the input is not right."), fields=exc.fields)
        case ValidationError():
            return _shape(400, "invalid", _("Some of the input is not right."), fields=problems_of(exc))
        case Refused():
            return _refused(exc)
        case Http404() | exceptions.NotFound():
            return _shape(404, "not_found", _("There is no such thing here, or you may not see it."))
        case PermissionDenied() | exceptions.PermissionDenied():
            return _forbidden(exc)
        case RequestDataTooBig() | TooLarge():
            message = exc.detail if isinstance(exc, TooLarge) else _("The request is too large.")
            return _shape(413, "too_large", message, _("Send less at once."))
        case MultiPartParserError():
            return _shape(400, "parse_error", _("The form could not be read."))
        case SuspiciousOperation():
            return _shape(400, "bad_request", _("The request has too many fields or files, or is not well-formed."))
        case exceptions.APIException():
            return _of_the_framework(exc)
        case OperationalError() | InterfaceError():
            return _database(exc)
        case DataError():
            logger.warning("A value did not fit its column.", exc_info=exc)
            return _shape(400, "out_of_range", _("A value is too long or too large."))
    return None


def _refused(refusal: Refused) -> Response:
    response = _shape(refusal.status, refusal.code, refusal.sentence, refusal.remedy)
    if isinstance(refusal, Stale):
        response.data["error"]["version"] = refusal.version
        response["ETag"] = f'"{refusal.version}"'
    return response


def _forbidden(exc: Exception) -> Response:
    detail = str(getattr(exc, "detail", ""))
    if detail.startswith("CSRF"):
        return _shape(
            403, "csrf", _("The request did not prove that it came from our page."), _("Send the X-CSRFToken header.")
        )
    return _shape(403, "forbidden", _("You do not have the right to do this."))


def _of_the_framework(exc: exceptions.APIException) -> Response:
    code = exc.default_code
    detail = exc.detail if isinstance(exc.detail, str) else exc.default_detail
    remedy = ""
    if isinstance(exc, exceptions.NotAuthenticated):
        remedy = _("Send the header “Authorization: Bearer …” with a token.")
    elif isinstance(exc, exceptions.Throttled):
        detail, remedy = _("Too many requests."), _("Wait as many seconds as the Retry-After header says.")
    elif isinstance(exc, exceptions.UnsupportedMediaType):
        remedy = _("Send application/json, or multipart/form-data where files go along.")
    response = _shape(exc.status_code, code, detail, remedy)
    if header := getattr(exc, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(exc, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


def _database(exc: Exception) -> Response:
    code = getattr(exc.__cause__, "pgcode", None)
    if code == CANCELLED:
        return _shape(503, "too_slow", _("This took too long and was stopped."), _("Narrow the filter."))
    if code in {deadlocks.CODE, LOCK_NOT_AVAILABLE}:
        response = _shape(503, "busy", _("Others are working on the same records."), _("Try again in a moment."))
    else:
        logger.error("The database did not answer.", exc_info=exc)
        response = _shape(503, "unavailable", _("The database does not answer."), _("Try again in a moment."))
    response["Retry-After"] = str(SOON)
    return response


def _unknown(exc: Exception, request: Any) -> Response:
    response = _shape(
        500,
        "error",
        _("Something went wrong on our side."),
        _("Tell us the request_id if it happens again."),
    )
    plain = getattr(request, "_request", request)
    got_request_exception.send(sender=None, request=plain)
    log_response("%s: %s", "Error", plain.path, response=response, request=plain, exception=exc, level="error")
    return response
