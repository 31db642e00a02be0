"""What was typed when it was asked, kept until the last yes: as REST would write it, and read back by the same form."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from crm.accounts.models import User
from crm.actions import ACTIONS, Input, storable
from crm.approvals.models import ApprovalRequest
from crm.forms import LinesField
from crm.records.attachments import attach, content_of
from crm.records.models import Attachment

FILE = "input:"  # the kind of an attachment is this and the field's name


def keep(request: ApprovalRequest, inputs: Mapping[str, Any], by: User) -> str:
    """The inputs as JSON; files among them become attachments of the request, which must be saved already."""
    for name, value in inputs.items():
        if isinstance(value, File):
            value.seek(0)
            attach(request, value, by=by, kind=f"{FILE}{name}"[:30])
    return json.dumps({name: storable(value) for name, value in inputs.items() if not isinstance(value, File)})


def restored(request: ApprovalRequest, subject: Any, actor: User) -> Input:
    """The verb's form, bound with what was kept, as `actor` would fill it in now."""
    verb = ACTIONS[request.verb]
    kept = json.loads(str(request.inputs) or "{}")
    fields = verb.form(by=actor, obj=subject).fields
    files: MultiValueDict[str, Any] = MultiValueDict()
    for row in Attachment.objects.about(request).filter(kind__startswith=FILE).order_by("pk"):
        upload = SimpleUploadedFile(row.name, b"".join(content_of(row)), row.content_type)
        files.setlist(row.kind.removeprefix(FILE), [upload])
    return verb.bind(by=actor, obj=subject, data=_fitting(fields, kept), files=files)


def _fitting(fields: Mapping[str, forms.Field], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Of what was kept, what the form asks for: what it worked out by itself is worked out again."""
    found: dict[str, Any] = {}
    for name, field in fields.items():
        value = kept.get(name)
        if value is None:
            continue
        if isinstance(field, LinesField):
            value = [_fitting(field.line_form.base_fields, row) for row in value]
        found[name] = value
    return found
