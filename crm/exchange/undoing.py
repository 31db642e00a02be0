"""Undoing an import: what it made goes again, what it changed gets its old values, unless somebody has built on it."""

import json
import logging
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from crm import via
from crm.accounts.models import Participant, User
from crm.actions import ACTIONS, Action
from crm.deadlines.models import Deadline
from crm.deadlocks import done_again, is_deadlock
from crm.exchange.checking import advance
from crm.exchange.importers import Importer
from crm.exchange.judging import stored_values, why
from crm.exchange.models import Import, ImportRow
from crm.exchange.running import SHOWN_EVERY
from crm.exchange.texts import unexpected
from crm.records.models import ActionLog

log = logging.getLogger(__name__)
State = ImportRow.State


class Kept(Exception):
    """A row that cannot be undone, with why."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code, self.sentence = code, sentence


def undo(source: Import, importer: Importer, by: User, *, until: Callable[[], bool]) -> bool:
    """Take back the rows that are in, the last first; answers whether it came to the end.

    Rows that cannot be undone are marked KEPT with the reason.
    """
    rows = ImportRow.objects.filter(source=source, state=State.DONE)
    done, shown = source.total - rows.count(), time.monotonic()
    for pk in rows.order_by("-number").values_list("pk", flat=True):
        done_again(partial(_undo_row, pk, importer, by))
        done += 1
        if time.monotonic() - shown > SHOWN_EVERY:
            advance(source, done)
            shown = time.monotonic()
        if until():
            advance(source, done)
            return not rows.exists()
    advance(source, done)
    return True


@transaction.atomic
def _undo_row(pk: int, importer: Importer, by: User) -> None:
    row = ImportRow.objects.select_for_update().get(pk=pk)
    if row.state != State.DONE:
        return
    try:
        with transaction.atomic():
            _tell_history()
            left = _remove(importer, row) if row.creates else _restore(importer, row, by)
            connection.check_constraints()  # now, and not at the end, where it would take the next rows along
        row.state, row.errors = State.UNDONE, [_plain(row, "edited", left)] if left else []
    except Exception as error:
        if is_deadlock(error):
            raise
        answer = (error.code, error.sentence) if isinstance(error, Kept) else why(error)
        if answer is None:
            log.exception("a row of an import could not be undone")
            answer = unexpected()
        row.state, row.errors = State.KEPT, [_plain(row, *answer)]
    row.save(update_fields=["state", "errors"])


def _tell_history() -> None:
    """Let the database write down who deletes, and because of what."""
    cause = via.running()
    if cause is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('crm.log', %s, true), set_config('crm.actor', %s, true)",
                [str(cause.log), str(cause.actor)],
            )


def _plain(row: ImportRow, code: str, message: str) -> dict[str, Any]:
    return {
        "part": "",
        "row": 0,
        "column": None,
        "cell": row.place,
        "label": "",
        "code": code,
        "message": message,
    }


def _remove(importer: Importer, row: ImportRow) -> str:
    """Delete what the row made, with its parts. Raises Kept where anybody has built on it."""
    model = importer.rows_of
    obj = model._base_manager.select_for_update(of=("self",)).filter(pk=row.result_pk).first()
    if obj is None:
        return ""  # somebody was faster; there is nothing left to undo
    whole = [obj, *_parts(obj, importer.parts)]
    _refuse_if_touched(obj, whole)
    for each in whole:
        _refuse_if_referred_to(each, whole)
    for each in reversed(whole):
        subject = ContentType.objects.get_for_model(each)
        Deadline.objects.filter(subject_type=subject, subject_pk=each.pk).delete()
        Participant.objects.filter(subject_type=subject, subject_pk=each.pk).delete()
        each.delete()
    return ""


def _parts(obj: models.Model, accessors: Iterable[str]) -> list[models.Model]:
    found: list[models.Model] = []
    for accessor in accessors:
        found += getattr(obj, accessor).all()
    return found


def _refuse_if_touched(obj: models.Model, whole: list[models.Model]) -> None:
    """Raise Kept where a verb was done to the record or a part of it after it was made."""
    kind = ContentType.objects.get_for_model(obj)
    made = ActionLog.objects.filter(result_type=kind, result_pk=obj.pk).order_by("pk").first()
    for each in whole:
        later = ActionLog.objects.about(each)
        if made is not None:
            later = later.filter(pk__gt=made.pk).exclude(cause_id=made.pk)
        if touch := later.select_related("actor").order_by("pk").first():
            verb = ACTIONS[touch.verb].label if touch.verb in ACTIONS else touch.verb
            raise Kept(
                "touched",
                _("Since then: %(verb)s, by %(who)s.") % {"verb": verb, "who": touch.actor.display_name},
            )


def _refuse_if_referred_to(obj: models.Model, whole: list[models.Model]) -> None:
    """Raise Kept where a record outside `whole` refers to `obj`."""
    inside = {(type(each), each.pk) for each in whole}
    for relation in obj._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or not (relation.one_to_many or relation.one_to_one):
            continue
        related: Any = relation.related_model
        rows = related._base_manager.filter(**{relation.field.name: obj})  # type: ignore[union-attr]
        for pk in rows.values_list("pk", flat=True)[: len(whole) + 1]:
            if (related, pk) not in inside:
                raise Kept("referred_to", _("“%(kind)s” refers to it by now.") % {"kind": related._meta.verbose_name})


def _restore(importer: Importer, row: ImportRow, by: User) -> str:
    """Give the changed fields their old values; answers a sentence on those that were edited since, and are left.

    Raises Kept where nothing can be restored.
    """
    action = importer.change_action
    assert action is not None
    changed: dict[str, list[Any]] = json.loads(row.before) if row.before else {}
    obj = importer.rows_of._default_manager.visible_to(by).filter(pk=row.result_pk).first()  # type: ignore[attr-defined]
    if obj is None:
        raise ObjectDoesNotExist
    present = stored_values(action, obj, by, set(changed))
    mine = {name: before for name, (before, after) in changed.items() if present[name] == after}
    edited = [name for name in changed if name not in mine]
    if mine:
        _change(action, obj, mine, by)
    if not edited:
        return ""
    fields = action.form.base_fields
    names = ", ".join(str(fields[name].label or name) if name in fields else name for name in edited)
    sentence = _("Edited since then, and left as it is: %(fields)s.") % {"fields": names}
    if not mine:
        raise Kept("edited", sentence)
    return sentence


def _change(action: Action, obj: models.Model, values: dict[str, Any], by: User) -> None:
    blank = action.form(by=by, obj=obj)
    data = {name: field.prepare_value(blank.get_initial_for_field(field, name)) for name, field in blank.fields.items()}
    form = action.bind(by=by, obj=obj, data={**data, **values})
    if not form.is_valid():
        messages = [each["message"] for found in form.problems().values() for each in found]
        raise Kept("invalid", " ".join(messages))
    action(obj, by=by, version=getattr(obj, "version", None), **{name: form.cleaned_data[name] for name in values})
