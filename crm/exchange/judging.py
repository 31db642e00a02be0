"""What a record of a file is to become, whether it may, and doing it: the same for the check and for the import."""

import inspect
import logging
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, connection, models
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.actions import Action, storable
from crm.exchange.importers import Importer
from crm.exchange.models import Import, ImportRow
from crm.exchange.rows import Reader, Record
from crm.forms import RecordForm, VerbForm
from crm.refusals import Refused

log = logging.getLogger(__name__)

REFUSE, SKIP, CHANGE = "refuse", "skip", "change"  # what to do with a record that exists already
State = ImportRow.State


@dataclass
class Prepared:
    """A record that was read: what is to be done with it, to which object, with which input."""

    record: Record
    action: Action
    obj: models.Model | None = None
    form: VerbForm | RecordForm | None = None
    state: str = ""  # already settled: BAD, SAME, SKIPPED or LEFT_OUT

    @property
    def creates(self) -> bool:
        """Whether it makes a new record."""
        return self.obj is None

    @property
    def inputs(self) -> dict[str, Any]:
        """What the verb is called with: of an edit only what the file says, so that nothing else is overwritten."""
        assert self.form is not None
        if self.obj is not None and _takes_some(self.action):
            return {name: value for name, value in self.form.cleaned_data.items() if name in self.record.given}
        return self.form.cleaned_data


class Judge:
    """Judges the records of one import as its user would enter them."""

    def __init__(self, importer: Importer, reader: Reader, by: User, existing: str) -> None:
        self.importer, self.reader, self.by, self.existing = importer, reader, by, existing
        self.seen: dict[tuple[str, ...], str] = {}
        self.refresh()

    def refresh(self) -> None:
        """Forget what was looked up, as others may have made new records meanwhile."""
        self.reader.refresh()
        self.beginning = self._initial(self.importer.action, None)

    def _initial(self, action: Action, obj: models.Model | None) -> dict[str, Any]:
        """What the form begins with, as a person who leaves a field alone would send it."""
        blank = action.form(by=self.by, obj=obj)
        values = {
            name: field.prepare_value(blank.get_initial_for_field(field, name))
            for name, field in blank.fields.items()
            if not isinstance(field, forms.FileField)
        }
        return {name: value for name, value in values.items() if value is not None}

    def prepare(self, record: Record) -> Prepared:
        """Read the record and bind its form; the state is set where that settles it."""
        self.reader.read(record)
        prepared = Prepared(record, self.importer.action)
        leaves_out = self.importer.leaves_out
        if record.trouble is None and leaves_out is not None and (why_not := leaves_out(record.data)):
            record.problems = [self.reader.problem(record.head, None, "left_out", why_not)]
            prepared.state = State.LEFT_OUT
            return prepared
        if record.trouble is None:
            self._match(prepared)
            if not prepared.state:
                self._bind(prepared)
        if record.problems:
            prepared.state = State.BAD
        return prepared

    def note(self, record: Record) -> None:
        """Remember a record that was judged earlier, so that a later one with the same number is found."""
        self.reader.read(record)
        self._twin(record)

    def perform(self, prepared: Prepared, *, key: str | None = None, version: int | None = None) -> models.Model:
        """Do the verb. Raises whatever it refuses by; `why` puts that into words."""
        result = prepared.action(prepared.obj, by=self.by, key=key, version=version, **prepared.inputs)
        connection.check_constraints()  # now, so that what does not fit is this row's error and nobody else's
        return result

    def _twin(self, record: Record) -> str:
        """The place of an earlier record of the file with the same key, "" where there is none."""
        values = self._key(record)
        if not values:
            return ""
        earlier = self.seen.setdefault(values, self.reader.place_of(record))
        return "" if earlier == self.reader.place_of(record) else earlier

    def _key(self, record: Record) -> tuple[str, ...]:
        values = tuple(str(record.data.get(name, "")) for name in self.importer.match_by)
        return values if values and all(values) else ()

    def _match(self, prepared: Prepared) -> None:
        record = prepared.record
        values = self._key(record)
        if not values:
            return
        name = self.importer.match_by[0]
        if earlier := self._twin(record):
            message = _("The same stands in row %(place)s already.") % {"place": earlier}
            record.problems.append(self.reader.problem(record.head, name, "twice", message))
            return
        rows = self.importer.rows_of._default_manager.visible_to(self.by)  # type: ignore[attr-defined]
        found = rows.filter(**dict(zip(self.importer.match_by, values, strict=True))).first()
        if found is None:
            return
        change = self.importer.change_action
        if self.existing == SKIP:
            prepared.obj, prepared.state = found, State.SKIPPED
        elif self.existing == CHANGE and change is not None:
            prepared.action, prepared.obj = change, found
        else:
            message = _("This exists already: %(what)s.") % {"what": found}
            record.problems.append(self.reader.problem(record.head, name, "exists", message))

    def _bind(self, prepared: Prepared) -> None:
        record, action, obj = prepared.record, prepared.action, prepared.obj
        beginning = self.beginning if obj is None else self._initial(action, obj)
        form = prepared.form = action.bind(by=self.by, obj=obj, data={**beginning, **record.data})
        if form.is_valid():
            if obj is not None and not set(form.changed_data) & record.given:
                prepared.state = State.SAME
            return
        unread = {(each.part, each.row, each.column) for each in record.problems}
        known = len(record.problems)
        self.reader.add_problems(record, form)
        # A cell that could not be read is empty for the form; that it is missing is no second error.
        record.problems[known:] = [
            each for each in record.problems[known:] if (each.part, each.row, each.column) not in unread
        ]


def why(error: Exception) -> tuple[str, str] | None:
    """Code and sentence for what a verb refused by, None where the error is no answer to the input."""
    match error:
        case Refused():
            return error.code, str(error)
        case ValidationError():
            return "invalid", " ".join(error.messages)
        case ObjectDoesNotExist():
            return "gone", _("It is no longer there, or no longer for you to see.")
        case DatabaseError():
            log.warning("the database refused a row of an import: %s", type(error).__name__)
            return "database", _("The database did not accept this row.")
    return None


def stored_values(action: Action, obj: models.Model, by: User, names: set[str]) -> dict[str, Any]:
    """The present values of the fields `names` as JSON, as the form of `action` shows them."""
    blank = action.form(by=by, obj=obj)
    return {
        name: storable(blank.get_initial_for_field(field, name))
        for name, field in blank.fields.items()
        if name in names
    }


def judge_of(source: Import, reader: Reader, importer: Importer, by: User) -> Judge:
    """The judge of an import, with the options chosen for it."""
    return Judge(importer, reader, by, source.options.get("existing", REFUSE))


def _takes_some(action: Action) -> bool:
    """Whether the verb takes whatever changes, as an edit does."""
    return any(each.kind is each.VAR_KEYWORD for each in inspect.signature(action.body).parameters.values())
