"""What can be imported: each app declares its importers in `imports.py`, one per list.

    Importer(
        key="customers",
        label=_("Customers"),
        verb="customers.create_customer",
        change="customers.change_customer",
        match_by=("code",),
        parts=("contacts", "addresses"),
        columns=[
            ImportColumn("code", _("customer number"), aliases=("customerID", "客户编号"), example="C0001"),
            ImportColumn("contacts.phone", _("phone"), aliases=("电话",), example="021-5555 1234"),
        ],
    )

A row is the input of the verb's own form, so the rules of page, REST and import are one. A column is a field of that
form, or of the lines in it (`lines.quantity`); without a `kind` it is read as its field asks.
"""

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.utils import translation

from crm.accounts.models import User
from crm.actions import ACTIONS, Action
from crm.exchange.sheets import normalised
from crm.forms import LinesField
from crm.records.fields import IdentifierField

IMPORTERS: dict[str, "Importer"] = {}

COUNTRY = "_country"  # a column of this name is no field: it says in which country the row's phones are
JOIN = "lines._join"  # in a table of lines of its own: the column that names the header row

HEAD, LINES = "head", "lines"


@dataclass(frozen=True)
class ImportColumn:
    """One column that a file may have.

    `name` is a field of the verb's form, `lines.field` one of a line (whatever the list of lines is called), or begins
    with `_` where only the importer's own reading needs it. `aliases` are headers of other systems. `find` are the
    lookups by which a record is chosen, tried in turn (`("code", "name")`). `joins` lets several headers be given to
    it; their values are joined by it (an address out of street and city). `kind` is text, number, integer, percent,
    date, datetime, bool, choice, choices, record, phone or country, and follows from the field where it is left out;
    percent has to be said: it takes 13, `13%` and 0.13 for the same rate. `check(value)` raises ValidationError for
    what cannot stand in it, where no form sees it.
    """

    name: str
    label: Any
    aliases: Sequence[str] = ()
    example: str = ""
    help: Any = ""
    kind: str = ""
    find: Sequence[str] = ()
    joins: str = ""
    check: Callable[[Any], None] | None = None

    @property
    def in_lines(self) -> bool:
        """Whether it stands in the lines rather than in the header."""
        return "." in self.name

    @property
    def part(self) -> str:
        """HEAD or LINES."""
        return LINES if self.in_lines else HEAD

    @property
    def field_name(self) -> str:
        """The name of its form field."""
        return self.name.rpartition(".")[2]

    @property
    def known_as(self) -> set[str]:
        """Every header that means this column for sure: its name, its label in all languages, its aliases."""
        return {normalised(each) for each in (self.name, self.field_name, *in_all_languages(self.label), *self.aliases)}


@dataclass
class Importer:
    """How files become records of one kind.

    `verb` creates one, `change` edits one that exists already, found by the columns `match_by` (fields of `model`).
    `lines` names the form's LinesField where a record has lines; rows of one file that agree in the column `group_by`
    are one record, and a file of its own for the lines is joined by the same column. `parts` are the accessors of what
    comes into being together with the record, and goes with it when the import is undone. `options` are further inputs
    of the verb that are chosen once for the whole file. `arrange(values, options)` may reshape what was read of one
    record before the form sees it; it gets and answers a dict of the form's fields. `existing` is what becomes of
    records that exist already where nobody chose ("refuse", "skip", "change"). `leaves_out(values)` says of what was
    arranged why the row is none of these records, such as money that went out; it is left out, and the page says so.
    """

    key: str
    label: Any
    verb: str
    columns: Sequence[ImportColumn]
    change: str = ""
    match_by: Sequence[str] = ()
    model: type[models.Model] | None = None
    lines: str = ""
    group_by: str = ""
    parts: Sequence[str] = ()
    options: Mapping[str, forms.Field] = field(default_factory=dict)
    arrange: Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]] | None = None
    existing: str = "refuse"
    leaves_out: Callable[[dict[str, Any]], str] | None = None
    by_name: dict[str, ImportColumn] = field(init=False)

    def __post_init__(self) -> None:
        self.by_name = {column.name: column for column in self.columns}
        if self.group_by:
            key = self.by_name[self.group_by]
            self.by_name[JOIN] = ImportColumn(JOIN, key.label, key.aliases, key.example, key.help, kind="text")
        if not self.lines:
            self.lines = next((c.name.partition(".")[0] for c in self.columns if c.in_lines), "")
        IMPORTERS[self.key] = self

    @property
    def action(self) -> Action:
        """The verb that a new row is done by."""
        return ACTIONS[self.verb]

    @property
    def change_action(self) -> Action | None:
        """The verb that a row of an existing record is done by."""
        return ACTIONS[self.change] if self.change else None

    @property
    def rows_of(self) -> type[models.Model]:
        """The model of the records."""
        model = self.model or (self.change_action.model if self.change_action else None)
        if model is None:
            raise TypeError(f"The importer {self.key} needs `model` or `change`.")
        return model

    @property
    def takes_lines_file(self) -> bool:
        """Whether the lines may come in a table of their own."""
        return bool(self.lines and self.group_by)

    def allowed(self, user: User) -> bool:
        """Whether `user` may import these at all: whoever may the verb."""
        return user.has_perm(self.verb) or bool(self.change and user.has_perm(self.change))

    def form_field(self, column: ImportColumn) -> forms.Field | None:
        """The field of the form that a column goes to."""
        return self._fields.get(column.name)

    def kind_of(self, column: ImportColumn) -> str:
        """How the column's cells are read."""
        return column.kind or kind_of(self.form_field(column))

    def is_required(self, column: ImportColumn) -> bool:
        """Whether a row cannot do without it: its field is required and begins with nothing.

        What belongs to lines is needed where there are lines.
        """
        found = self.form_field(column)
        lines = self._fields.get(self.lines)
        if column.name == JOIN:
            return True
        needed = found is not None and found.required and found.initial in (None, "", [])
        return needed and (not column.in_lines or (lines is not None and lines.required))

    def option_fields(self) -> dict[str, forms.Field]:
        """The fields of the options, to be put into a form."""
        return {name: copy.deepcopy(each) for name, each in self.options.items()}

    @cached_property
    def _fields(self) -> dict[str, forms.Field]:
        fields = dict(self.action.form.base_fields)
        lines = fields.get(self.lines)
        if isinstance(lines, LinesField):
            for name, each in lines.line_form.base_fields.items():
                fields[f"{self.lines}.{name}"] = each
        return fields


def kind_of(found: forms.Field | None) -> str:
    """How cells for a form field are read."""
    if isinstance(found, IdentifierField):
        return "phone" if found.kind == "phone" else "text"
    for kinds, name in (
        (forms.BooleanField, "bool"),
        (forms.DateTimeField, "datetime"),
        (forms.DateField, "date"),
        ((forms.DecimalField, forms.FloatField), "number"),
        (forms.IntegerField, "integer"),
        (forms.ModelMultipleChoiceField, "records"),
        (forms.ModelChoiceField, "record"),
        (forms.MultipleChoiceField, "choices"),
        (forms.ChoiceField, "choice"),
    ):
        if isinstance(found, kinds):
            return name
    return "text"


def in_all_languages(text: Any) -> list[str]:
    """A lazily translated text in every language of the product."""
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append(str(text))
    return found


def importers_for(user: User, model: type[models.Model] | None = None) -> Iterable[Importer]:
    """The importers that `user` may use, of one model where it is given."""
    for importer in IMPORTERS.values():
        if importer.allowed(user) and (model is None or importer.rows_of is model):
            yield importer
