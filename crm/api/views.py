"""What every address of the API has in common, and the index."""

from typing import Any

from django.urls import reverse
from django.utils import translation
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm import via
from crm.api.call import Call
from crm.api.parsers import Json, TooLarge, most_bytes
from crm.api.permissions import refusal
from crm.api.resources import RESOURCES, creating
from crm.api.schema import Operations, describe_index
from crm.api.shapes import Schema
from crm.api.throttling import PerToken
from crm.web.areas import may_list
from crm.web.middleware import address_of


class ApiView(APIView):
    """A view under /api/v1/: bodies are limited, requests counted, a token's user is answered in his language."""

    parser_classes = [Json, MultiPartParser]
    throttle_classes = [PerToken]
    schema = Operations()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        most, length = most_bytes(request.content_type), request.META.get("CONTENT_LENGTH") or ""
        if length.isdigit() and int(length) > most:
            raise TooLarge(most)
        super().initial(request, *args, **kwargs)
        language = getattr(request.user, "language", "")
        if request.auth is not None and language and not request.headers.get("Accept-Language"):
            translation.activate(language)  # UserLocale, which could not know him, puts it back
            request._request.LANGUAGE_CODE = language

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Nobody on the way keeps an answer: it may hold what only this caller may see."""
        return super().default_response_headers | {"Cache-Control": "no-store"}

    def way_in(self, request: Call) -> via.Via:
        """What the log says about how this request came."""
        token = request.auth.pk if request.auth is not None else None
        return via.Via(
            door=via.Door.API,
            token=token,
            address=address_of(request._request),
            request_id=getattr(request, "id", ""),
        )


class Index(ApiView):
    """What there is for this caller: kinds of records, and verbs that begin something new."""

    name = "REST"

    def describe(self, op: Operations) -> Schema:
        return describe_index(op)

    def get(self, request: Call) -> Response:
        """List the kinds of records that the caller may read, and the verbs that need no record."""
        resources = [
            {"key": each.key, "title": each.listing.title, "url": request.build_absolute_uri(each.list_url)}
            for each in RESOURCES.values()
            if may_list(request.user, each.model)
        ]
        actions = [
            {
                "name": each.name,
                "label": each.label,
                "method": "POST",
                "url": request.build_absolute_uri(reverse(f"api:{each.name}")),
            }
            for each in creating()
            if refusal(request, each, None) is None
        ]
        return Response(
            {
                "user": {"pk": request.user.pk, "username": request.user.username, "name": str(request.user)},
                "resources": resources,
                "actions": actions,
                "schema": request.build_absolute_uri(reverse("api:schema")),
                "docs": request.build_absolute_uri(reverse("api:docs")),
            }
        )
