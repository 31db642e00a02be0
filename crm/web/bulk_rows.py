"""What one verb means for each of many records: possible or not and why, with which input, and how it comes back."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.actions import ACTIONS, Action, Input
from crm.api.resources import is_edit
from crm.fetching import joined
from crm.forms import LinesField
from crm.once import asked_once
from crm.opposites import OPPOSITES, Opposite, cannot_return, former_values, inputs_of
from crm.records.models import ActionLog, FieldHistory
from crm.refusals import Refused
from crm.web.models import BulkRow, BulkRun

# Fields of an edit that are never set for many at once: an empty one could not be told from one left alone.
SINGLE = (forms.BooleanField, forms.FileField, LinesField)

# By verb: why a record is not done together with others, although it may be done by itself; None where it may.
ALONE: dict[str, Callable[[Any], Refused | None]] = {}


def shared_form(verb: Action, by: User, data: QueryDict | None = None) -> tuple[Input, list[str]]:
    """The verb's form as it is filled in once for many records, and the names of the fields that were filled in.

    Of an edit every field may be left empty, and stays as it is then; what identifies one record is not offered.
    """
    form: Any = verb.bind(by=by, data=data)
    if is_edit(verb):
        for name, each in list(form.fields.items()):
            if not _for_many(form, name):
                del form.fields[name]
                continue
            each.required = False
            form.initial[name] = each.initial = None
            if isinstance(each, forms.ChoiceField) and not isinstance(each, forms.ModelChoiceField):
                given: Any = each.choices
                each.choices = [("", _("stays as it is")), *(choice for choice in given if choice[0] != "")]
    names = list(form.fields)
    if is_edit(verb) and data is not None:
        names = [name for name in names if any(value.strip() for value in data.getlist(name))]
        if form.is_valid() and not names:
            form.add_error(None, forms.ValidationError(_("Fill in what is to change."), code="nothing"))
    return form, names


def _for_many(form: Any, name: str) -> bool:
    """Whether the field of an edit may be set for many records at once."""
    return name not in {*form.sensitive, *form.single} and not isinstance(form.fields[name], SINGLE)


def form_for(verb: Action, by: User, obj: Any, data: QueryDict) -> tuple[Input, list[str]]:
    """The verb's form bound for one record, and the names of what is passed on; an edit keeps what was not given."""
    if not is_edit(verb):
        form = verb.bind(by=by, obj=obj, data=data)
        return form, list(form.fields)
    blank: Any = verb.bind(by=by, obj=obj)
    names = [name for name in blank.fields if name in data and _for_many(blank, name)]
    whole = copy(data)
    for name, each in blank.fields.items():
        if name not in names and not isinstance(each, forms.FileField):
            value = each.prepare_value(blank.get_initial_for_field(each, name))
            whole.setlist(name, value if isinstance(value, list) else ["" if value is None else value])
    return verb.bind(by=by, obj=obj, data=whole), names


@dataclass
class Judged:
    """One record, why it is refused (None: possible), and whether it could be taken back afterwards."""

    obj: Any
    refusal: Refused | None
    returns: bool = False


def obstacle(verb: Action, obj: Any, by: User) -> Refused | None:
    """Why the verb is not done to this record among many, or None."""
    alone = ALONE.get(verb.name)
    return verb.refusal(obj, by) or (alone(obj) if alone else None)


def judge(verb: Action, objs: Iterable[Any], by: User) -> list[Judged]:
    """What would become of each record now."""
    found = OPPOSITES.get(verb.name)
    with asked_once():  # nothing is done meanwhile
        return [
            Judged(obj, refusal, returns=refusal is None and found is not None and _returns(verb, found, obj, by))
            for obj, refusal in ((each, obstacle(verb, each, by)) for each in objs)
        ]


def _returns(verb: Action, found: Opposite, obj: Any, by: User) -> bool:
    before = getattr(obj, "status", "")
    after = verb.target if isinstance(verb.target, str) else before
    values = {name: getattr(obj, obj._meta.get_field(name).attname) for name in found.restores}
    return cannot_return(found, by, before=before, after=after, values=values) is None


def rows_of(verb: Action, by: User) -> models.QuerySet:
    """The records that `by` sees, with the people, the customer and what else guards and names ask for."""
    model: Any = verb.model
    asked = {*getattr(model, "owned_by", ()), "customer", getattr(model, "seen_through", None)}
    asked.update(getattr(model, "guarded_by", ()))
    related = [each.name for each in model._meta.concrete_fields if each.name in asked]
    return joined(model._default_manager.visible_to(by), related)


@dataclass
class Back:
    """What taking one record back would need: the record, the input, the version that it must still have."""

    obj: Any
    opposite: Opposite
    inputs: dict[str, Any] = field(default_factory=dict)
    former: dict[str, Any] = field(default_factory=dict)
    version: int | None = None
    refusal: Refused | None = None


class Backs:
    """What is known of records that a bulk action changed, read with a handful of queries for all of them."""

    def __init__(self, run: BulkRun, by: User, rows: list[BulkRow]) -> None:
        self.by, self.opposite = by, OPPOSITES[run.verb]
        verb = ACTIONS[run.verb]
        model: Any = verb.model
        self.model = model
        pks = [row.subject_pk for row in rows]
        logs = [row.log for row in rows if row.log]
        self.objs = rows_of(verb, by).in_bulk(pks)
        self.status = dict(ActionLog.objects.filter(pk__in=logs).values_list("pk", "before"))
        self.history: dict[int, list[FieldHistory]] = defaultdict(list)
        changes = FieldHistory.objects.filter(log__in=logs, table_name=self.model._meta.db_table, pk_value__in=pks)
        for change in changes.order_by("pk"):
            self.history[change.pk_value or 0].append(change)
        self.later: dict[int, list[ActionLog]] = defaultdict(list)
        kind = ContentType.objects.get_for_model(self.model)
        since = ActionLog.objects.filter(subject_type=kind, subject_pk__in=pks, pk__gt=min(logs, default=0))
        for log in since.select_related("actor").order_by("pk"):
            self.later[log.subject_pk or 0].append(log)

    def back(self, row: BulkRow) -> Back:
        """What taking this record back needs, or why it cannot be taken back any more."""
        obj = self.objs.get(row.subject_pk)
        back = Back(obj, self.opposite)
        try:
            if obj is None:
                raise Refused("unseen", _("It is no longer there, or not for you to see."))
            history = self.history[row.subject_pk]
            if row.log is None or not history or history[-1].version is None:
                raise Refused("not_kept", _("What it was before was not kept."))
            back.version = history[-1].version
            if obj.version != back.version:
                raise self._changed_since(row)
            back.former = former_values(self.model, history)
            status = getattr(obj, "status", "")
            values = {name: getattr(obj, obj._meta.get_field(name).attname) for name in self.opposite.restores}
            before = self.status.get(row.log, status) if status else ""
            refusal = cannot_return(
                self.opposite, self.by, before=before, after=status, values={**values, **back.former}
            )
            if refusal := refusal or self.opposite.verb.refusal(obj, self.by):
                raise refusal
            back.inputs = inputs_of(self.opposite, obj, back.former)
        except Refused as refused:
            back.refusal = refused
        return back

    def _changed_since(self, row: BulkRow) -> Refused:
        """The first thing that was done to the record after the bulk action."""
        touch = next((log for log in self.later[row.subject_pk] if log.pk > (row.log or 0)), None)
        if touch is None:
            return Refused("stale", _("Someone has changed this in the meantime."))
        verb = ACTIONS[touch.verb].label if touch.verb in ACTIONS else touch.verb
        what = {"verb": verb, "who": touch.actor.display_name}
        return Refused("stale", _("Since then: %(verb)s, by %(who)s.") % what)
