"""A request that comes again after it was done, where the gate no longer gets to see it.

Doing a verb may make the same input impossible (the goods are gone from the choices) or the record invisible (it was
passed on). A retry must be answered with what it did all the same.
"""

from django.db import models

from crm.accounts.models import User
from crm.actions import Action
from crm.records.models import ActionLog, RequestKey, record_of
from crm.refusals import KeyReused


def earlier(verb: Action, by: User, pk: int | None, key: str | None, digest: str = "") -> models.Model | None:
    """What came of the same verb on the same record under the same key, or None where it was not done yet.

    Raises KeyReused where the request differs from the earlier one, which shows by its `digest`.
    """
    if not key:
        return None
    used = RequestKey.objects.filter(scope=verb.key_scope(pk, by), key=key).first()
    if used and digest and used.fingerprint != verb.fingerprint(pk, digest):
        raise KeyReused
    log = used and ActionLog.objects.filter(pk=used.log_id, verb=verb.name).first()
    if not log or (verb.model is not None and log.subject_pk != pk):
        return None
    kind, found = (log.result_type, log.result_pk) if log.result_pk else (log.subject_type, log.subject_pk)
    return record_of(kind, found)
