"""One record as REST answers it: what stands in it, its version, and what this caller can do to it now."""

from typing import Any

from django.db import models

from crm.accounts.scopes import opens
from crm.actions import Action
from crm.api.call import Call
from crm.api.permissions import may_read, refusal
from crm.api.resources import Resource, resource_of
from crm.refusals import Refused


def detail(resource: Resource, obj: Any, request: Call) -> dict[str, Any]:
    """The record with its version, the verbs possible now with their addresses, the refused ones with the reason."""
    url = request.build_absolute_uri(resource.url_of(obj.pk))
    actions, refused = [], []
    for verb in resource.verbs:
        if why := refusal(request, verb, obj):
            refused.append({"name": verb.name, "label": verb.label, **reason(why)})
        else:
            actions.append({"name": verb.name, "label": verb.label, **door(resource, verb, url)})
    content = resource.writer.to_representation(obj)
    version = {"version": obj.version} if hasattr(obj, "version") else {}
    return {**content, "pk": obj.pk, "url": url, **version, "actions": actions, "refused": refused}


def door(resource: Resource, verb: Action, url: str) -> dict[str, str]:
    """Where a verb of a record is done: an edit by PATCH to the record itself, everything else by POST."""
    if verb is resource.change:
        return {"method": "PATCH", "url": url}
    return {"method": "POST", "url": f"{url}{verb.name}/"}


def reason(refusal: Refused) -> dict[str, str]:
    """Why a verb is refused."""
    return {"code": refusal.code, "sentence": refusal.sentence, "remedy": refusal.remedy}


def outcome(obj: models.Model, request: Call) -> dict[str, Any]:
    """What came of a verb: the record's detail, or only what it is where the caller may not read it (any more)."""
    resource = resource_of(type(obj))
    if resource is not None and may_read(request, resource.model) and opens(request.user, resource.model, obj.pk):
        record = resource.record(request.user, obj.pk)
        if record is not None:
            return detail(resource, record, request)
    return {"pk": obj.pk, "type": obj._meta.label_lower, "url": None}


def etag(version: int | None) -> dict[str, str]:
    """The version as a header, to be sent back as If-Match."""
    return {} if version is None else {"ETag": f'"{version}"'}
