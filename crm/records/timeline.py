"""What happened to a record, newest first: verbs, changes of fields, files, and what other apps add."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.accounts.audit import EVENTS
from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.records.addresses import Addresses
from crm.records.attachments import visible
from crm.records.changes import Namer, lines_of
from crm.records.fields import IdentifierField
from crm.records.history import model_of_table
from crm.records.looks import LOOKS
from crm.records.models import ActionLog, Attachment, FieldHistory
from crm.via import Door

Entry = dict[str, Any]
Source = Callable[[Any, User, int], Iterable[Entry]]

SOURCES: dict[type[models.Model] | None, list[Source]] = defaultdict(list)
DOOR_ICONS = {Door.LINK: "user-check", Door.TASK: "robot", Door.IMPORT: "file-import", Door.API: "webhook"}
TYPED = (forms.CharField,)
NOT_TYPED = (forms.ChoiceField, IdentifierField)


def register_timeline(model: type[models.Model] | None, source: Source) -> None:
    """Add `source(obj, user, limit)` to the timelines of `model` (None: of every record).

    It answers entries as `entry` makes them, which `user` may see, in a constant number of queries.
    """
    SOURCES[model].append(source)


def entry(
    at: Any,
    title: Any,
    *,
    actor: Any = "",
    icon: str = "point",
    colour: str = "neutral",
    body: str = "",
    body_html: SafeString | str = "",
    changes: Iterable[dict[str, Any]] = (),
    internal: bool = False,
) -> Entry:
    """One entry of a timeline. `body` is plain text, `body_html` the same with links where there are any."""
    shown = body_html or (format_html('<span class="wrap">{}</span>', body) if body else "")
    return {
        "at": at,
        "actor": actor,
        "icon": icon,
        "colour": colour,
        "title": title,
        "body": body,
        "body_html": shown,
        "changes": list(changes),
        "internal": internal,
    }


def timeline(obj: models.Model, user: User, limit: int = 60, addresses: Addresses | None = None) -> list[Entry]:
    """The last `limit` entries about `obj` that `user` may see; a customer's gather what belongs to him.

    The number of queries depends on how many kinds of records occur, not on how many entries. Records are linked where
    `addresses` say that their page may be opened.
    """
    addresses = addresses or Addresses(user)
    logs = _logs(obj, limit)
    history = _history(obj, limit)
    missing = {row.log_id for row in history if row.log_id} - {log.pk for log in logs}
    origins = {log.pk: log for log in [*logs, *ActionLog.objects.filter(pk__in=missing)]}
    seen = _Seen(obj, user, logs, history)
    for found in seen.found.values():
        addresses.know(found.values())
        addresses.expect(found.values())
    shown = [row for row in history if seen.row(row)]
    people = User.objects.in_bulk(
        {log.actor_id for log in origins.values()}
        | {log.on_behalf_of_id for log in logs if log.on_behalf_of_id}
        | {row.by_id for row in shown if row.by_id}
    )
    namer = Namer(shown)
    changes: dict[int | None, list[FieldHistory]] = defaultdict(list)
    for row in shown:
        changes[row.log_id].append(row)
    entries = [
        _entry_of_log(log, obj, seen, people, _lines(obj, changes.pop(log.pk, []), namer), addresses)
        for log in logs
        if seen.log(log)
    ]
    for log_id, rows in changes.items():
        if log_id in origins:
            lines = _lines(obj, rows, namer)
            if lines:
                entries.append(_entry_of_log(origins[log_id], obj, seen, people, lines, addresses))
        else:
            entries += [_entry_of_row(row, obj, seen, people, namer) for row in rows]
    entries += _files(obj, user, limit)
    for source in [*SOURCES[None], *SOURCES[type(obj)]]:
        entries += source(obj, user, limit)
    entries.sort(key=lambda each: each["at"], reverse=True)
    return entries[:limit]


def verb_label(verb: str) -> Any:
    """A verb of the log in words."""
    if verb in ACTIONS:
        return ACTIONS[verb].label
    return LOOKS.get(verb) or EVENTS.get(verb) or verb


def _is_customer(obj: models.Model) -> bool:
    return obj._meta.label == "customers.Customer"


def _newest(rows: Iterable[QuerySet], limit: int) -> list[Any]:
    """The last rows of several queries, each of which its own index serves."""
    first, *others = [each.order_by("-id")[:limit] for each in rows]
    return list(first.union(*others).order_by("-id")[:limit] if others else first)


def _logs(obj: models.Model, limit: int) -> list[ActionLog]:
    kind = ContentType.objects.get_for_model(obj)
    rows = ActionLog.objects.exclude(verb__in=LOOKS)
    queries = [
        rows.filter(subject_type=kind, subject_pk=obj.pk),
        rows.filter(result_type=kind, result_pk=obj.pk),
    ]
    if _is_customer(obj):
        queries.append(rows.filter(customer_id=obj.pk))
    return _newest(queries, limit)


def _history(obj: models.Model, limit: int) -> list[FieldHistory]:
    queries = [FieldHistory.objects.filter(table_name=obj._meta.db_table, pk_value=obj.pk)]
    if _is_customer(obj):
        queries.append(FieldHistory.objects.filter(customer_id=obj.pk))
    return _newest(queries, limit)


class _Seen:
    """The records that log and history speak of, as far as the reader may see them: one query for each kind."""

    def __init__(
        self, obj: models.Model, user: User, logs: Iterable[ActionLog], history: Iterable[FieldHistory]
    ) -> None:
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        for log in logs:
            for type_id, pk in ((log.subject_type_id, log.subject_pk), (log.result_type_id, log.result_pk)):
                if type_id and pk and (model := ContentType.objects.get_for_id(type_id).model_class()):
                    wanted[model].add(pk)
        for row in history:
            if (model := model_of_table(row.table_name)) and row.pk_value:
                wanted[model].add(row.pk_value)
        self.found: dict[type[models.Model], dict[int, Any]] = {}
        self.own = (type(obj), obj.pk)
        for model, pks in wanted.items():
            rows = model._default_manager.all()
            if model is type(obj) and pks == {obj.pk}:
                self.found[model] = {obj.pk: obj}
            elif hasattr(rows, "visible_to"):
                named = {"customer", "contact", getattr(model, "seen_through", None)}  # what names and addresses need
                parents = [field.name for field in model._meta.concrete_fields if field.name in named]
                rows = rows.visible_to(user)
                self.found[model] = (rows.select_related(*parents) if parents else rows).in_bulk(pks)

    def get(self, type_id: int | None, pk: int | None) -> Any:
        """The record, or None."""
        model = ContentType.objects.get_for_id(type_id).model_class() if type_id else None
        return self.found.get(model, {}).get(pk) if model and pk else None

    def log(self, log: ActionLog) -> bool:
        """Whether the reader may know of the action."""
        return bool(self.get(log.subject_type_id, log.subject_pk) or self.get(log.result_type_id, log.result_pk))

    def row(self, row: FieldHistory) -> bool:
        """Whether the reader may know of the change; that a part was removed is shown with the whole."""
        model = model_of_table(row.table_name)
        if model is None:
            return False
        if row.op == FieldHistory.Op.DELETE and getattr(model, "seen_through", None):
            return True
        return (model, row.pk_value) == self.own or row.pk_value in self.found.get(model, {})


def _entry_of_log(
    log: ActionLog,
    obj: models.Model,
    seen: _Seen,
    people: dict[int, User],
    changes: list[dict[str, Any]],
    addresses: Addresses,
) -> Entry:
    actor = str(people[log.actor_id])
    if log.on_behalf_of_id:
        names = {"name": actor, "other": people[log.on_behalf_of_id]}
        actor = _("%(name)s on behalf of %(other)s") % names
    subject = seen.get(log.subject_type_id, log.subject_pk)
    result = seen.get(log.result_type_id, log.result_pk)
    links = [each for each in (subject, result) if each is not None and each != obj]
    # A change here may follow from a verb on a record that the reader does not see: no word of what was said there.
    hidden = {change["name"] for change in changes}
    if result == obj and log.verb in ACTIONS and ACTIONS[log.verb].model is not type(obj):
        hidden |= {field.name for field in obj._meta.fields}  # what it began with stands in its facts, or was changed
    typed = _typed(log, hidden, {str(each) for each in links}) if seen.log(log) else []
    model = type(subject) if subject is not None else None
    colours = getattr(model, "STATUS_COLOURS", {})
    return entry(
        log.at,
        verb_label(log.verb),
        actor=actor,
        icon=DOOR_ICONS.get(log.door, "bolt"),  # type: ignore[call-overload]
        colour=colours.get(log.after, "neutral") if log.after != log.before else "neutral",
        body="\n".join(
            [
                *(str(each) for each in links),
                *(_("%(label)s: %(value)s") % {"label": label, "value": value} for label, value in typed),
            ]
        ),
        body_html=_body(links, typed, addresses),
        changes=changes,
    )


def _body(links: list[Any], typed: list[tuple[str, str]], addresses: Addresses) -> SafeString:
    parts = [
        format_html('<a href="{}">{}</a>', url, each) if (url := addresses.of(each)) else format_html("{}", each)
        for each in links
    ]
    parts += [
        format_html(_("%(label)s: %(value)s") % {"label": "{}", "value": '<span class="wrap">{}</span>'}, label, value)
        for label, value in typed
    ]
    return format_html_join(SafeString("<br>"), "{}", ((part,) for part in parts))


def _typed(log: ActionLog, shown: set[str], named: set[str]) -> list[tuple[str, str]]:
    """What the actor wrote in words (a reason, a remark): label and text; choices and identifiers are left out.

    Left out are also the fields that are `shown` otherwise, and the names of the records that are `named` beside it.
    """
    if log.verb not in ACTIONS:
        return []
    form: Any = ACTIONS[log.verb].form
    hidden = {*form.sensitive, *shown}
    found = []
    for name, field in form.base_fields.items():
        text = log.inputs.get(name)
        if name in hidden or not isinstance(field, TYPED) or isinstance(field, NOT_TYPED):
            continue
        if not getattr(field, "in_words", True):
            continue
        if isinstance(text, str) and text.strip() and text not in named:
            found.append((capfirst(str(field.label or name.replace("_", " "))), text))
    return found


def _lines(obj: models.Model, rows: Iterable[FieldHistory], namer: Namer) -> list[dict[str, Any]]:
    """The changed fields of several rows, oldest first; those of another record name it."""
    found = []
    for row in sorted(rows, key=lambda each: each.pk):
        model = model_of_table(row.table_name)
        if row.op == FieldHistory.Op.UPDATE and model is not None:
            lines = lines_of(row, model, namer)
            if (model, row.pk_value) != (type(obj), obj.pk):
                for line in lines:
                    names = {"record": model._meta.verbose_name, "field": line["label"]}
                    line["label"] = _("%(record)s: %(field)s") % names
            found += lines
    return found


def _entry_of_row(row: FieldHistory, obj: models.Model, seen: _Seen, people: dict[int, User], namer: Namer) -> Entry:
    """A change that no verb made: an import's, the back office's, somebody's in the database."""
    actor = people.get(row.by_id) if row.by_id else None
    model = model_of_table(row.table_name)
    own = (model, row.pk_value) == (type(obj), obj.pk)
    title = {"I": _("Added"), "U": _("Changed"), "D": _("Removed"), "T": _("Emptied")}[row.op]
    if not own and model is not None:
        title = f"{title}: {seen.found.get(model, {}).get(row.pk_value or 0) or model._meta.verbose_name}"
    return entry(
        row.at,
        title,
        actor=str(actor) if actor else _("Database account %(name)s") % {"name": row.db_user},
        icon={"I": "plus", "U": "pencil", "D": "trash", "T": "trash"}[row.op],
        changes=_lines(obj, [row], namer),
    )


def _files(obj: models.Model, user: User, limit: int) -> list[Entry]:
    queries = [Attachment.objects.about(obj)]
    if _is_customer(obj):
        queries.append(Attachment.objects.filter(customer_id=obj.pk))
    found = visible(_newest(queries, limit), user)
    people = User.objects.in_bulk({each.by_id for each in found})
    return [
        entry(
            file.at,
            _("File added"),
            actor=str(people[file.by_id]),
            icon="paperclip",
            body=file.name,
            body_html=format_html('<a href="{}">{}</a>', file.get_absolute_url(), file.name),
        )
        for file in found
    ]
