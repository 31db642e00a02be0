"""The REST door: a POST does a verb, a PATCH edits a record. Written once for all verbs."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from rest_framework.response import Response

from crm import via
from crm.accounts.scopes import opens, seen
from crm.actions import Action
from crm.api import inputs, revealing
from crm.api.answers import detail, etag, outcome, reason
from crm.api.call import Call
from crm.api.errors import BadInput
from crm.api.permissions import OutOfScope, may_read, refusal
from crm.api.resources import Resource, is_edit
from crm.api.schema import Operations, describe_detail, describe_form, describe_verb
from crm.api.shapes import Schema, schema_of
from crm.api.tokens import allows
from crm.api.views import ApiView
from crm.refusals import Stale
from crm.replays import earlier


class Door(ApiView):
    """A view that does verbs."""

    def perform(self, request: Call, verb: Action, pk: int | None) -> Response:
        """Do `verb` to the record `pk`, and answer it as it is now (200), or what was made of it (201)."""
        if not allows(request.auth, verb.name):
            raise OutOfScope(verb.name)
        key = inputs.key_of(request)
        digest = inputs.digest_of(request) if key else ""
        with via.through(self.way_in(request)):
            try:
                result = self._do(request, verb, pk, key, digest)
            except (Http404, BadInput):
                result = earlier(verb, request.user, pk, key, digest)
                if result is None:
                    raise
        return self._answer(request, verb, pk, result)

    def _do(self, request: Call, verb: Action, pk: int | None, key: str | None, digest: str) -> Any:
        obj: Any = None if verb.model is None else find(verb.model, pk, request.user)
        version = inputs.version_of(request, obj)
        try:
            given = inputs.cleaned(verb, request, obj)
        except BadInput:
            # Who may not do it, or looks at an old version, is told so rather than what is wrong with the input.
            if refused := verb.refusal(obj, request.user):
                raise refused from None
            if version is not None and version != obj.version:
                raise Stale(obj.version) from None
            raise
        try:
            return verb(obj, by=request.user, key=key, digest=digest, version=version, **given)
        except models.ObjectDoesNotExist as error:
            if verb.model is not None and isinstance(error, verb.model.DoesNotExist):  # type: ignore[attr-defined]
                raise Http404 from error
            raise

    def _answer(self, request: Call, verb: Action, pk: int | None, result: models.Model | None) -> Response:
        if result is None:
            return Response(status=204)
        made = type(result) is not verb.model or result.pk != pk
        content = outcome(result, request)
        headers = etag(content.get("version"))
        if made and content["url"]:
            headers["Location"] = content["url"]
        return Response(content, status=201 if made else 200, headers=headers)


class DetailView(Door):
    """One record; a PATCH edits it."""

    resource: Resource = None  # type: ignore[assignment]

    def get_view_name(self) -> str:
        return str(self.resource.model._meta.verbose_name)

    def describe(self, op: Operations) -> Schema | None:
        if op.method == "GET":
            return describe_detail(op, self.resource)
        return describe_verb(op, self.resource.change, self.resource.key) if self.resource.change else None

    @property
    def allowed_methods(self) -> list[str]:
        """PATCH only where the record has an edit of its own."""
        edits = self.resource is None or self.resource.change is not None
        return [each for each in super().allowed_methods if each != "PATCH" or edits]

    def get(self, request: Call, pk: int) -> Response:
        """The record with its version, the verbs that are possible now with their addresses, and the refused ones.

        `reveal=mobile,email` shows these identifiers in clear, to whom it is permitted; each such look is logged.
        """
        if not may_read(request, self.resource.model):
            raise OutOfScope("read")
        if not opens(request.user, self.resource.model, pk):
            raise PermissionDenied
        wanted = revealing.asked(self.resource.model, request)
        obj = self.resource.record(request.user, pk)
        if obj is None:
            raise Http404
        with via.through(self.way_in(request)):
            clear = revealing.reveal_all(obj, wanted, request)
        content = detail(self.resource, obj, request) | clear
        return Response(content, headers=etag(getattr(obj, "version", None)))

    def patch(self, request: Call, pk: int) -> Response:
        """Change what is sent; what is not sent stays as it is."""
        if self.resource.change is None:
            return self.http_method_not_allowed(request)
        return self.perform(request, self.resource.change, pk)


class VerbView(Door):
    """One verb: GET says what it takes and whether it is possible now, POST does it.

    A POST of a record's edit is the same as a PATCH of the record. `tag` is where it stands in the schema.
    """

    verb: Action = None  # type: ignore[assignment]
    tag = ""

    def get_view_name(self) -> str:
        return str(self.verb.label)

    def get_view_description(self, html: bool = False) -> str:
        return self.verb.__doc__ or ""

    def describe(self, op: Operations) -> Schema:
        describe = describe_form if op.method == "GET" else describe_verb
        return describe(op, self.verb, self.tag)

    def get(self, request: Call, pk: int | None = None) -> Response:
        """What the verb takes as a JSON schema with this caller's choices, and why it is refused if it is."""
        verb = self.verb
        obj = None if verb.model is None else find(verb.model, pk, request.user)
        refused = refusal(request, verb, obj)
        return Response(
            {
                "name": verb.name,
                "label": verb.label,
                "description": verb.__doc__ or "",
                "method": "POST",
                "url": request.build_absolute_uri(request.path),
                "version": getattr(obj, "version", None),
                "possible": refused is None,
                "refused": refused and reason(refused),
                "input": schema_of(verb.form(by=request.user, obj=obj).fields.items(), partial=is_edit(verb)),
            }
        )

    def post(self, request: Call, pk: int | None = None) -> Response:
        """Do it."""
        return self.perform(request, self.verb, pk)


def find(model: type[models.Model], pk: int | None, user: Any) -> Any:
    """The record that `user` may see. Raises Http404."""
    obj = seen(model._default_manager.all(), user, pk)
    if obj is None:
        raise Http404
    return obj
