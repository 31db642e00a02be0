"""From a request's body to a verb's bound form: nothing unknown, nothing of the wrong kind, nothing guessed."""

import hashlib
import inspect
import json
import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from crm.actions import Action, storable
from crm.api.call import Call
from crm.api.errors import BadInput, problem
from crm.api.parsers import loads
from crm.api.resources import is_edit
from crm.api.shapes import faults
from crm.forms import LinesField

KEY_LENGTH = 80
VERSION = re.compile(r'(?:W/)?"?(\d{1,9})"?')


def key_of(request: Call) -> str | None:
    """The Idempotency-Key, by which a request that comes twice is done once. Raises BadInput."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > KEY_LENGTH or not key.isprintable():
        message = _("This must be a text of at most %(most)s characters.") % {"most": KEY_LENGTH}
        raise problem("Idempotency-Key", "invalid", message)
    return key or None


def digest_of(request: Call) -> str:
    """What the body says, in short: equal for the same request sent again, before anything in it is judged."""
    content: dict[str, Any] = dict(request.POST.lists()) if _has_parts(request) else dict(request.data)
    files = {name: [[each.name, each.size] for each in request.FILES.getlist(name)] for name in request.FILES}
    return hashlib.sha256(json.dumps([storable(content), files], sort_keys=True).encode()).hexdigest()


def _has_parts(request: Call) -> bool:
    return request.content_type.startswith("multipart/")


def version_of(request: Call, obj: Any) -> int | None:
    """The version that the caller saw, from If-Match; None where he did not say. Raises BadInput."""
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        return None
    found = VERSION.fullmatch(given)
    if not found or not hasattr(obj, "version"):
        raise problem("If-Match", "invalid", _('This must be the version of the record, as in "3".'))
    return int(found[1])


def cleaned(verb: Action, request: Call, obj: Any) -> dict[str, Any]:
    """The body as the verb's arguments. In an edit, what was not sent stays as it is.

    Raises BadInput for names that no field has, values of the wrong kind, and whatever the form finds.
    """
    multipart = _has_parts(request)
    sent: Any = request.POST.copy() if multipart else dict(request.data)
    files = request.FILES if multipart else MultiValueDict()
    names = {*sent, *files}
    form = verb.bind(by=request.user, obj=obj, data=sent, files=files)
    if found := _unfit(form.fields, sent, files) if multipart else faults(form.fields, sent):
        raise BadInput(found)
    if multipart:
        _read_lines(form.fields, sent)
    edit = is_edit(verb)
    if edit:
        _overlay(form, sent, names)
    if found := form.problems():
        raise BadInput(found)
    if edit and _takes_some(verb):
        return {name: value for name, value in form.cleaned_data.items() if name in names}
    return form.cleaned_data


def _overlay(form: Any, data: Any, names: set[str]) -> None:
    """Put the record's present values under what was sent.

    A present choice may lie beyond what the caller sees: it stays possible, and nothing else.
    """
    for name, field in form.fields.items():
        if name in names or isinstance(field, forms.FileField):
            continue
        value = field.prepare_value(form.get_initial_for_field(field, name))
        if isinstance(data, MultiValueDict):
            data.setlist(name, value if isinstance(value, list) else [value])
        else:
            data[name] = value
        if isinstance(field, forms.ModelChoiceField) and value not in (None, "", []):
            pks = value if isinstance(value, (list, tuple)) else [value]
            rows = field.queryset.model._base_manager  # type: ignore[union-attr]
            field.queryset = rows.filter(**{f"{field.to_field_name or 'pk'}__in": pks})


def _takes_some(verb: Action) -> bool:
    """Whether the verb takes whatever changes, as an edit does: then nobody else's edit is undone by old values."""
    return any(each.kind is each.VAR_KEYWORD for each in inspect.signature(verb.body).parameters.values())


def _unfit(fields: dict[str, forms.Field], data: Any, files: MultiValueDict) -> dict[str, list[dict[str, str]]]:
    found = {}
    for name in [*data, *files]:
        field = fields.get(name)
        if field is None or field.disabled:
            found[name] = [{"code": "unknown", "message": _("There is no such field.")}]
        elif isinstance(field, forms.FileField) != isinstance(files.get(name), UploadedFile):
            message = _("This must be a file.") if name not in files else _("This field takes no file.")
            found[name] = [{"code": "invalid", "message": message}]
    return found


def _read_lines(fields: dict[str, forms.Field], data: Any) -> None:
    """In a multipart form a list of lines is JSON text."""
    for name, field in fields.items():
        if isinstance(field, LinesField) and name in data:
            rows = loads(data[name])
            if wrong := faults({name: field}, {name: rows}):
                raise BadInput(wrong)
            data.setlist(name, [rows])
