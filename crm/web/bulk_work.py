"""Doing a bulk action: one record after the other, each through the gate, with what became of it written down."""

import logging
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.db.models import F
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from crm import clock, via
from crm.actions import ACTIONS, Action
from crm.deadlines.locks import only_one
from crm.deadlocks import done_again
from crm.exchange.texts import unexpected
from crm.opposites import not_as_before
from crm.records.models import RequestKey
from crm.refusals import Refused
from crm.replays import earlier
from crm.web.bulk_rows import ALONE, Backs, form_for
from crm.web.models import BulkRow, BulkRun

log = logging.getLogger(__name__)
State = BulkRow.State
ATTEMPTS = 3  # begun so often without coming to its end, it is given up


def work(pk: int) -> None:
    """Do what is left of a bulk action, unless another process is at it. What was done is not done again."""
    with only_one(f"bulk {pk}") as mine:
        runs = BulkRun.objects.select_related("by", "takes_back")
        run = runs.filter(pk=pk, finished_at=None).first() if mine else None
        if run is None:
            return
        BulkRun.objects.filter(pk=pk).update(attempts=F("attempts") + 1)
        waiting = run.rows.filter(state=State.WAITING)
        with translation.override(run.language or None), via.caused_by(run.log, run.by_id):
            if run.attempts >= ATTEMPTS:
                text = _("This was given up after several attempts; the log says why.")
                waiting.update(state=State.REFUSED, code="given_up", sentence=text)
            for row in waiting.order_by("pk"):
                _settle(run, row)
        BulkRun.objects.filter(pk=pk).update(finished_at=clock.now())


def _settle(run: BulkRun, row: BulkRow) -> None:
    """Do it to one record, and write down what became of it."""
    verb, key = ACTIONS[run.verb], f"bulk-{run.pk}-{row.subject_pk}"
    why: tuple[str, str] | None = None
    try:
        # A run that is taken up again may have done the row before it could say so.
        if not run.attempts or earlier(verb, run.by, row.subject_pk, key) is None:
            (_take_back if run.takes_back else _do)(run, verb, row, key)
    except Refused as refusal:
        why = refusal.code, str(refusal)
    except ValidationError as error:
        why = "invalid", " ".join(error.messages)
    except ObjectDoesNotExist:
        why = "unseen", _("It is no longer there, or not for you to see.")
    except Exception:
        log.exception("a record of the bulk action %s could not be done", run.pk)
        why = unexpected()
    if why is None:
        row.state, row.log = State.DONE, _log_of(run, verb, row, key)
    else:
        row.state, row.code, row.sentence = State.REFUSED, why[0], why[1][:600]
    row.save(update_fields=["state", "code", "sentence", "log"])
    BulkRun.objects.filter(pk=run.pk).update(done=F("done") + 1)


def _do(run: BulkRun, verb: Action, row: BulkRow, key: str) -> None:
    """Do the verb with the input that was given for all."""
    obj = _seen(run, verb, row)
    if verb.name in ALONE and (refusal := ALONE[verb.name](obj)):
        raise refusal
    form, names = form_for(verb, run.by, obj, QueryDict(run.inputs))
    if not form.is_valid():
        if refusal := verb.refusal(obj, run.by):
            raise refusal
        raise ValidationError([message for errors in form.errors.values() for message in errors])
    verb(obj, by=run.by, key=key, **{name: form.cleaned_data[name] for name in names})


def _take_back(run: BulkRun, verb: Action, row: BulkRow, key: str) -> None:
    """Do the opposite with the former values, where the record is still as the bulk action left it."""
    assert run.takes_back is not None
    made = run.takes_back.rows.get(subject_pk=row.subject_pk)
    back = Backs(run.takes_back, run.by, [made]).back(made)
    if back.refusal:
        raise back.refusal
    data = QueryDict(mutable=True)
    for name, value in back.inputs.items():
        data.setlist(name, value if isinstance(value, list) else ["" if value is None else value])
    form, names = form_for(verb, run.by, back.obj, data)
    if not form.is_valid():
        raise ValidationError([message for errors in form.errors.values() for message in errors])
    given = {name: form.cleaned_data[name] for name in names}

    @transaction.atomic
    def do() -> None:
        obj = verb(back.obj, by=run.by, key=key, version=back.version, **given)
        if wrong := not_as_before(back.opposite, obj, back.former):
            labels = ", ".join(str(obj._meta.get_field(name).verbose_name) for name in wrong)
            raise Refused("not_as_before", _("It would not be as it was before: %(fields)s.") % {"fields": labels})

    done_again(do)


def _seen(run: BulkRun, verb: Action, row: BulkRow) -> Any:
    """The record, where whoever asked for it may see it. Raises the model's DoesNotExist."""
    return verb.model._default_manager.visible_to(run.by).get(pk=row.subject_pk)  # type: ignore[union-attr]


def _log_of(run: BulkRun, verb: Action, row: BulkRow, key: str) -> int | None:
    """The entry of the action log under which the record was changed."""
    used = RequestKey.objects.filter(scope=verb.key_scope(row.subject_pk, run.by), key=key)
    return used.values_list("log_id", flat=True).first()
