"""The gate: a verb is one function in its app's `actions`; what must surround every verb is written here once.

Calling the function is running the whole thing: transaction, request key, lock, scope, version, refusal, body, state,
save, deadlines and log row. Page, REST, back office, customers' links and tasks all call the function, so no two doors
can disagree, and no flag skips a check.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from functools import partial, update_wrapper
from typing import Any, Protocol

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, models, transaction

from crm import clock, via
from crm.accounts.models import User
from crm.accounts.scopes import covers, seen
from crm.deadlines.turn import turn
from crm.deadlocks import done_again
from crm.forms import RecordForm, VerbForm
from crm.records.models import ActionLog, RequestKey
from crm.refusals import Forbidden, KeyReused, Refused, Stale, WrongState, from_constraint
from crm.statements import hold, insert, one, share, take_over, update

ACTIONS: dict[str, "Action"] = {}
WATCHERS: list[Callable[[models.Model], None]] = []  # told of each record that a verb has changed, in its transaction
Input = VerbForm | RecordForm


class Consent(Protocol):
    """That others must agree before a verb is done, as crm.approvals declares it."""

    def join(self, verb: "Action") -> None:
        """Learn of the verb that needs it."""

    def obstacle(self, verb: "Action", obj: Any, by: User) -> Refused | None:
        """Why the verb cannot be done yet, before its input is known."""

    def spend(self, verb: "Action", obj: Any, by: User, inputs: dict[str, Any], log_id: int) -> None:
        """Use up the consent to exactly this input. Raises Refused where there is none."""


class Action:
    """A function that changes one object, and everything that must surround it.

    `model` is what it is done to (None where there is nothing yet), `source` the states it may be done in (None: any),
    `target` the state that it leads to (None: unchanged; a set: the body returns the one it chose), `form` its input at
    every door, `unless` a guard that needs no input: `unless(obj, by)` answers a Refused, or None. It is asked by
    buttons, by the API's list of verbs, and again under the lock. `label` is the button's text. `approval` says that
    others must agree first (crm.approvals.declare.Approval).
    """

    do_not_call_in_templates = True  # or {{ action.name }} would run it

    def __init__(
        self,
        body: Callable[..., Any],
        model: type[models.Model] | None,
        *,
        label: Any,
        source: Iterable[str] | None = None,
        target: str | set[str] | None = None,
        form: type[VerbForm] | type[RecordForm] = VerbForm,
        unless: Callable[[Any, User], Refused | None] | None = None,
        approval: Consent | None = None,
    ) -> None:
        update_wrapper(self, body)
        self.approval = approval
        self.body, self.model, self.label, self.form, self.unless = body, model, label, form, unless
        self.source = None if source is None else frozenset(source)
        self.target = target
        # The states that it may lead to; none where it leaves the state as it is.
        self.targets = frozenset(target) if isinstance(target, set) else frozenset([target] if target else [])
        self.ends_in = self.targets  # the same, but of a verb that asks for another it is where that one leads
        config = apps.get_containing_app_config(body.__module__)
        if config is None:
            raise TypeError(f"{body.__module__} belongs to no installed app")
        self.app_label, self.codename = config.label, body.__name__
        self.name = f"{self.app_label}.{self.codename}"  # also its permission, URL, API path and log entry
        if self.name in ACTIONS:
            raise TypeError(f"two verbs are named {self.name}")
        ACTIONS[self.name] = self
        if approval is not None:
            approval.join(self)

    def __repr__(self) -> str:
        return f"<Action {self.name}>"

    def refusal(self, obj: Any, by: User) -> Refused | None:
        """Why `by` may not do this to `obj` now, or None. Buttons and endpoints ask the same question."""
        if not by.has_perm(self.name):
            return Forbidden(self.name, self.label)
        if self.source is not None and obj.status not in self.source:
            return WrongState(obj)
        if self.unless and (refused := self.unless(obj, by)):
            return refused
        return self.approval.obstacle(self, obj, by) if self.approval else None

    def bind(self, *, by: User, obj: Any = None, data: Any = None, files: Any = None) -> Input:
        """The verb's form for `by` and `obj`, bound where `data` is given."""
        return self.form(data, files, by=by, obj=obj)

    def __call__(
        self,
        obj: Any = None,
        *,
        by: User,
        key: str | None = None,
        digest: str = "",
        version: int | None = None,
        **inputs: Any,
    ) -> Any:
        """Do it as `by`, and answer the object, or what was made of it.

        `key` makes a repetition harmless; `digest` is that of the request as it was sent, where the door makes one, and
        tells another request under the same key (else the inputs are compared). `version` is the version that the actor
        saw. Raises Refused (its subclasses say which kind), the model's DoesNotExist where `by` may not see `obj`, and
        ValidationError from bodies.
        """
        if not isinstance(by, User):
            raise TypeError("a verb needs an actor")
        run = partial(self._run, obj, by, key, digest, version, inputs)
        try:
            return run() if connection.in_atomic_block else done_again(run)
        except IntegrityError as error:
            refusal = from_constraint(error, () if via.running() else self.form.base_fields)
            if refusal is None:
                raise
            raise refusal from error

    @transaction.atomic
    def _run(
        self, obj: Any, by: User, key: str | None, digest: str, version: int | None, inputs: dict[str, Any]
    ) -> Any:
        log_id = _open_log(by)
        if key:
            earlier = self._claim(obj, by, key, digest or storable(inputs), log_id)
            if earlier is not None:
                return _answer_of(earlier, obj)
        if obj is not None:
            self._lock(obj, by)
            if version is not None and version != obj.version:
                raise Stale(obj.version)
        if refusal := self.refusal(obj, by):
            raise refusal
        if self.approval is not None:
            self.approval.spend(self, obj, by, inputs, log_id)
        before = getattr(obj, "status", "")
        kept = storable(inputs, hide=self.form.sensitive)  # as they came, whatever the body makes of them
        with via.caused_by(log_id, by.pk):
            outcome = self.body(obj, by=by, **inputs) if self.model else self.body(by=by, **inputs)
            result = self._settle(obj, outcome)
        self._log(log_id, obj, by, before, result, kept)
        _close_log()
        return result if result is not None else obj

    def _lock(self, obj: Any, by: User) -> None:
        """Lock the object, its root first, and reload it: what the body sees is the truth.

        What the model names in `lock_under` stays as it is meanwhile, but others may be at work under it, too.
        """
        if above := getattr(obj, "lock_under", None):
            field = obj._meta.get_field(above)
            share(field.related_model, getattr(obj, field.attname))
        root = getattr(obj, "lock_through", None)
        if root:
            field = obj._meta.get_field(root)
            hold(field.related_model, getattr(obj, field.attname))
        found = seen(type(obj)._default_manager.all(), by, obj.pk, lock=True)
        if found is None:
            raise type(obj).DoesNotExist
        take_over(obj, found)

    def fingerprint(self, pk: int | None, content: Any) -> str:
        """What tells a request under a key from another one: the verb, its object, and what was sent."""
        return hashlib.sha256(json.dumps([self.name, pk, content], sort_keys=True).encode()).hexdigest()

    def key_scope(self, pk: int | None, by: User) -> str:
        """Within what a request key is unique: the actor's own, or at counters the record's, whoever sends it."""
        return f"{self.name}:{pk}" if getattr(self.model, "device_keys", False) else f"user:{by.pk}"

    def _claim(self, obj: Any, by: User, key: str, content: Any, log_id: int) -> ActionLog | None:
        """Take the key, or wait for the twin that has it and answer the log row of what it did."""
        fingerprint = self.fingerprint(getattr(obj, "pk", None), content)
        scope = self.key_scope(getattr(obj, "pk", None), by)
        row = RequestKey(scope=scope, key=key, fingerprint=fingerprint, log_id=log_id)
        if insert([row], or_nothing=True):
            return None
        kept = RequestKey.objects.get(scope=scope, key=key)
        if kept.fingerprint != fingerprint:
            raise KeyReused
        return ActionLog.objects.get(pk=kept.log_id)

    def _settle(self, obj: Any, outcome: Any) -> models.Model | None:
        """Write the state and turn the deadlines; answers the record that the body made, if it made one."""
        chosen = self.target
        if isinstance(self.target, set):
            if outcome not in self.target:
                raise TypeError(f"{self.name} chose {outcome!r}, which is not among its targets")
            chosen, outcome = outcome, None
        if obj is not None:
            if chosen is not None:
                obj.status = chosen
            if hasattr(obj, "version"):
                obj.version += 1
            update(obj)
            turn(obj, verb=self.name)
            for watch in WATCHERS:
                watch(obj)
            if root := getattr(obj, "lock_through", None):
                # What stands on the record depends on it: an order without a pickup must be planned again.
                field = obj._meta.get_field(root)
                above = one(field.related_model._base_manager.all(), getattr(obj, field.attname))
                turn(above, verb=self.name)
                for watch in WATCHERS:
                    watch(above)
        if outcome is None:
            return None
        if obj is None or outcome.pk != obj.pk or type(outcome) is not type(obj):
            turn(outcome, verb=self.name)
        return outcome

    def _log(
        self, log_id: int, obj: Any, by: User, before: str, result: models.Model | None, kept: dict[str, Any]
    ) -> None:
        subject = obj if obj is not None else result
        row = ActionLog(
            pk=log_id,
            verb=self.name,
            actor=by,
            on_behalf_of_id=_represented(obj, by),
            subject_type=_type_of(subject),
            subject_pk=getattr(subject, "pk", None),
            customer_id=customer_of(subject),
            before=before,
            after=getattr(subject, "status", ""),
            inputs=kept,
            result_type=_type_of(result),
            result_pk=getattr(result, "pk", None),
            **via.as_logged(),
        )
        insert([row])


def action(
    model: type[models.Model] | None,
    *,
    label: Any,
    source: Iterable[str] | None = None,
    target: str | set[str] | None = None,
    form: type[VerbForm] | type[RecordForm] = VerbForm,
    unless: Callable[[Any, User], Refused | None] | None = None,
    approval: Consent | None = None,
) -> Callable[[Callable[..., Any]], Action]:
    """Declare a function as a verb; see Action for the words."""

    def declare(body: Callable[..., Any]) -> Action:
        return Action(
            body, model, label=label, source=source, target=target, form=form, unless=unless, approval=approval
        )

    return declare


def actions_of(model: type[models.Model]) -> list[Action]:
    """The verbs that are done to `model`, in the order in which it lives."""
    return [each for each in ACTIONS.values() if each.model is model]


def answers(obj: models.Model, by: User) -> list[tuple[Action, Refused | None]]:
    """Each verb of `obj` with why `by` may not do it now, or None where he may."""
    return [(each, each.refusal(obj, by)) for each in actions_of(type(obj))]


def customer_of(obj: Any) -> int | None:
    """The customer that a record belongs to, for the indexes of log, deadlines, messages and attachments."""
    if obj is None:
        return None
    return obj.pk if obj._meta.label == "customers.Customer" else getattr(obj, "customer_id", None)


def storable(value: Any, hide: Iterable[str] = ()) -> Any:
    """`value` as JSON for the log: records by primary key, files by name, hidden fields by their last four."""
    if isinstance(value, dict):
        return {name: _tail(each) if name in hide and each else storable(each, hide) for name, each in value.items()}
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, File):
        return value.name
    if isinstance(value, (list, tuple, set, models.QuerySet)):
        return [storable(each, hide) for each in value]
    if value is None or isinstance(value, (str, int)):
        return value
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _represented(obj: Any, by: User) -> int | None:
    """Whose place `by` takes: the owner's, where he is away and `by` is his deputy."""
    owner = getattr(obj, "owner_id", None)
    if owner is None or owner == by.pk or by.is_system:
        return None
    return owner if covers(by, owner) else None


def _type_of(obj: models.Model | None) -> ContentType | None:
    return None if obj is None else ContentType.objects.get_for_model(obj)


def _tail(value: Any) -> str:
    return f"…{str(value)[-4:]}"


def _open_log(by: User) -> int:
    """Reserve the log row's number, and tell the database under which action, actor and time it writes history."""
    moment = clock.is_set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, set_config('crm.log', id::text, true), set_config('crm.actor', %s, true),"
            " set_config('crm.now', %s, true) FROM (SELECT nextval('records_actionlog_id_seq') AS id) AS number",
            [str(by.pk), moment.isoformat() if moment else ""],
        )
        return cursor.fetchone()[0]


def _close_log() -> None:
    """After a consequence, let history be written under the action that caused it again; after the last, under none."""
    outer = via.running()
    if outer is None and not connection.savepoint_ids:
        return  # the transaction ends now, and the settings with it
    moment = clock.is_set() if outer else None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('crm.log', %s, true), set_config('crm.actor', %s, true),"
            " set_config('crm.now', %s, true)",
            [*([str(outer.log), str(outer.actor)] if outer else ["", ""]), moment.isoformat() if moment else ""],
        )


def _answer_of(log: ActionLog, obj: Any) -> Any:
    """What a repeated request is answered with: the same object as the first time, as it is now."""
    if log.result_pk and log.result_type:
        model: Any = log.result_type.model_class()
        return model._base_manager.get(pk=log.result_pk)
    if obj is not None:
        obj.refresh_from_db()
    return obj
