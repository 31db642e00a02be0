"""Looks that are logged: nothing changes, but somebody saw what not everybody sees."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm import via
from crm.accounts.models import User
from crm.records.models import ActionLog

REVEAL = "records.reveal"
DOWNLOAD = "records.download"
LOOKS = {REVEAL: _("Looked at in clear"), DOWNLOAD: _("Opened a file")}


def note(verb: str, *, by: User, subject: models.Model, customer_id: int | None, inputs: dict[str, Any]) -> ActionLog:
    """Write the log row of a look at `subject`. `inputs` must hold no identifier."""
    return ActionLog.objects.create(
        verb=verb,
        actor=by,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_pk=subject.pk,
        customer_id=customer_id,
        inputs=inputs,
        **via.as_logged(),
    )
