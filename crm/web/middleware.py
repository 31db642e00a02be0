"""What surrounds every request: its id, who asks, the reader's language, and the way in for the log."""

import re
import uuid
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from ipaddress import ip_address, ip_network
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from crm import via
from crm.accounts.sessions import person_of
from crm.web import logs

GIVEN_ID = re.compile(r"[\w.-]{8,36}")
Answer = Callable[[HttpRequest], HttpResponse]


@lru_cache(maxsize=1024)
def trusted(address: str) -> bool:
    """Whether the address is that of a proxy which is believed (CRM_TRUSTED_PROXIES: addresses and networks)."""
    return within(address, settings.TRUSTED_PROXIES)


def within(address: str, networks: Iterable[str]) -> bool:
    """Whether the address lies in one of the networks; what is no address lies nowhere."""
    try:
        return any(ip_address(address) in ip_network(each, strict=False) for each in networks)
    except ValueError:
        return False


class RequestId:
    """Gives each request an id, or keeps a trusted proxy's; log lines, log rows and error pages show it."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        known = given if trusted(request.META.get("REMOTE_ADDR", "")) and GIVEN_ID.fullmatch(given) else ""
        request.id = known or uuid.uuid4().hex[:16]  # type: ignore[attr-defined]
        token = logs.request_id.set(request.id)  # type: ignore[attr-defined]
        try:
            response = self.answer(request)
        finally:
            logs.request_id.reset(token)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response


class Policy(CSPMiddleware):
    """The policy of content, put together once: it is the same for every page that does not say otherwise."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if settings.DEBUG or any(name.startswith("_csp") for name in (*request.__dict__, *response.__dict__)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, _policy())
        return response


@cache
def _policy() -> str:
    return build_policy()


class Authentication(AuthenticationMiddleware):
    """Says whose request it is: the user who was read together with the session, else as Django finds him."""

    def process_request(self, request: HttpRequest) -> None:
        def who() -> Any:
            if not hasattr(request, "_cached_user") and (person := person_of(request.session)) is not None:
                request._cached_user = person  # type: ignore[attr-defined]  # where Django keeps him
            request.user = get_user(request)  # himself: a stand-in would cost a look at each of a thousand questions
            return request.user

        super().process_request(request)
        request.user = SimpleLazyObject(who)  # type: ignore[assignment]


class UserLocale:
    """Speaks the user's own language, else what the cookie remembers, else what the browser asks for.

    An answer that is somebody's own is kept by no browser and by nobody on the way.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own = request.user.language if request.user.is_authenticated else ""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = own or (chosen if chosen in dict(settings.LANGUAGES) else "")
        with translation.override(language or translation.get_language_from_request(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.answer(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response = response.render()
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE or settings.LANGUAGE_CODE)
        if request.user.is_authenticated:  # what he was shown is not shown to who sits down at the same browser later
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


def address_of(request: HttpRequest) -> str:
    """The network address that the request came from; a proxy is believed only where it is trusted."""
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = [each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",") if each.strip()]
    while trusted(address) and forwarded:
        address = forwarded.pop()
    return address[:45]


class Via:
    """Lets the log know by which door an action came."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        door = via.Door.ADMIN if request.path.startswith("/admin/") else via.Door.PAGE
        way = via.Via(door=door, address=address_of(request), request_id=request.id)  # type: ignore[attr-defined]
        with via.through(way):
            return self.answer(request)
