"""What log and history say of a record: each verb with who did it, what he wrote, and what it changed."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.accounts.audit import EVENTS
from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.fetching import joined
from crm.records.addresses import Addresses
from crm.records.changes import Namer, lines_of
from crm.records.entries import Entry, entry
from crm.records.fields import IdentifierField
from crm.records.history import model_of_table
from crm.records.looks import LOOKS
from crm.records.models import ActionLog, FieldHistory
from crm.via import Door

DOOR_ICONS = {Door.LINK: "user-check", Door.TASK: "robot", Door.IMPORT: "file-import", Door.API: "webhook"}
TYPED = (forms.CharField,)
NOT_TYPED = (forms.ChoiceField, IdentifierField)


def verb_label(verb: str) -> Any:
    """A verb of the log in words."""
    if verb in ACTIONS:
        return ACTIONS[verb].label
    return LOOKS.get(verb) or EVENTS.get(verb) or verb


class Seen:
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
                self.found[model] = joined(rows.visible_to(user), parents).in_bulk(pks)

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


def entry_of_log(
    log: ActionLog,
    obj: models.Model,
    seen: Seen,
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


def changed(obj: models.Model, rows: Iterable[FieldHistory], namer: Namer) -> list[dict[str, Any]]:
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


def entry_of_row(row: FieldHistory, obj: models.Model, seen: Seen, people: dict[int, User], namer: Namer) -> Entry:
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
        changes=changed(obj, [row], namer),
    )
