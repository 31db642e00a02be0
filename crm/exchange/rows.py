"""From the tables of a file to the input of a verb: one record per row, or per header with its lines."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.exchange import cells
from crm.exchange.cells import Choices, Finder, Reading
from crm.exchange.importers import COUNTRY, HEAD, JOIN, LINES, ImportColumn, Importer
from crm.exchange.sheets import BROKEN, Table
from crm.exchange.xlsx import address
from crm.forms import LinesField, RecordForm, VerbForm

MESSAGE = 300  # characters of a message that are kept


@dataclass
class Problem:
    """What is wrong in one cell, or in the row as a whole where `column` is None."""

    part: str
    row: int
    column: int | None
    cell: str
    label: str
    code: str
    message: str

    def as_json(self) -> dict[str, Any]:
        """As an ImportRow keeps it."""
        return vars(self) | {"message": self.message[:MESSAGE]}


@dataclass
class Place:
    """One row of a table: which, its number, its cells."""

    part: str
    number: int
    cells: list[Any]


@dataclass
class Record:
    """What becomes one record: the row of its header, and the rows of its lines (the same row where there is one)."""

    number: int
    head: Place
    lines: list[Place] = field(default_factory=list)
    trouble: tuple[str, str] | None = None  # (code, message) that makes it unusable before it is read
    data: dict[str, Any] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)  # the form's fields for which the file says something
    problems: list[Problem] = field(default_factory=list)

    @property
    def places(self) -> list[Place]:
        """All its rows, each once."""
        found = [self.head]
        return found + [each for each in self.lines if each is not self.head]


class Reader:
    """Reads the records of an import as `by` would enter them, with one mapping and one set of options."""

    def __init__(
        self, importer: Importer, tables: dict[str, Table], plan: dict[str, Any], options: dict[str, Any], by: User
    ):
        self.importer, self.tables, self.options, self.by = importer, tables, options, by
        self.reading = Reading.of(options)
        self.values: dict[str, str] = plan.get("values", {})
        self.sources: dict[str, dict[str, list[int]]] = {}  # part: column: indexes in the table
        for part, table in tables.items():
            found: dict[str, list[int]] = {}
            for header, name in plan.get(part, {}).items():
                if header in table.columns:
                    found.setdefault(name, []).append(table.columns[header])
            self.sources[part] = {name: sorted(indexes) for name, indexes in found.items()}
        self.line_part = LINES if LINES in tables else HEAD
        self.refresh()

    def refresh(self) -> None:
        """Forget which records there are, as others may have made new ones."""
        form = self.importer.action.form(by=self.by)
        self.fields: dict[str, forms.Field] = dict(form.fields)
        lines = form.fields.get(self.importer.lines)
        if isinstance(lines, LinesField):
            for name, each in lines.line_form(by=self.by).fields.items():
                self.fields[f"{self.importer.lines}.{name}"] = each
        self.finders: dict[str, Finder | Choices] = {}

    def records(self) -> Iterator[Record]:
        """The records of the file in its order, unread: `read` fills them."""
        if LINES in self.tables:
            yield from self._joined()
        elif self.importer.group_by in self.sources[HEAD] and self._has_lines():
            yield from self._grouped()
        else:
            for number, place in enumerate(self._places(HEAD), 1):
                yield Record(number, place, [place])

    def read(self, record: Record) -> None:
        """Turn the cells into the form's input; what cannot be read goes into `problems`."""
        record.data, record.given, record.problems = {}, set(), []
        if record.trouble:
            code, message = record.trouble
            record.problems.append(self.problem(record.head, None, code, message))
            return
        country = self._country(record)
        for name in self._mapped():
            column = self.importer.by_name[name]
            if name in (JOIN, COUNTRY) or column.in_lines:
                continue
            self._take(record, record.head, column, record.data, country)
        if self._has_lines():
            record.data[self.importer.lines] = self._lines(record, country)
            record.given.add(self.importer.lines)
        for name in self.importer.options:
            if name in self.options:
                record.data[name] = self.options[name]
        if self.importer.arrange:
            record.data = self.importer.arrange(record.data, self.options)

    def text(self, place: Place, name: str) -> str:
        """The cell of a column as text, "" where it says nothing."""
        value = self._cell(place, self.importer.by_name[name])
        return "" if value is None or value is BROKEN else cells.text_of(value)

    def problem(self, place: Place, name: str | None, code: str, message: str) -> Problem:
        """A problem with the cell of a column, or with the row where the column is not in the file."""
        column = self.importer.by_name.get(name or "")
        indexes = self.sources[place.part].get(name or "") or [None]  # type: ignore[list-item]
        index = indexes[0]
        cell = address(index, place.number) if index is not None else str(place.number)
        if LINES in self.tables:
            cell = f"{self.tables[place.part].name}!{cell}"
        return Problem(place.part, place.number, index, cell, str(column.label) if column else "", code, str(message))

    def place_of(self, record: Record) -> str:
        """Where a record begins, as people say it."""
        return self.problem(record.head, None, "", "").cell

    def add_problems(self, record: Record, form: VerbForm | RecordForm) -> None:
        """Put the form's errors to the cells that they come from, without the value of any identifier."""
        for path, found in form.problems().items():
            place, name = self._whence(record, path)
            hidden = self._value_at(record, path) if _is_identifier(self.fields.get(name or ""), name, form) else ""
            for each in found:
                message = each["message"].replace(hidden, "…") if hidden else each["message"]
                problem = self.problem(place, name, each["code"], message)
                if not problem.label and path:
                    field_ = form.fields.get(path.partition("[")[0])
                    problem.label = str(field_.label or "") if field_ else ""
                record.problems.append(problem)

    def _mapped(self) -> list[str]:
        names = {name for found in self.sources.values() for name in found} | set(self.values)
        return [name for name in self.importer.by_name if name in names]

    def _has_lines(self) -> bool:
        return any(self.importer.by_name[name].in_lines and name != JOIN for name in self._mapped())

    def _places(self, part: str) -> Iterator[Place]:
        table = self.tables[part]
        example = [self.importer.by_name[name].example for name in self.sources[part]]
        for number, row in table.numbered():
            place = Place(part, number, row)
            if any(example) and [self._raw_text(place, name) for name in self.sources[part]] == example:
                continue  # the example of our own template
            yield place

    def _raw_text(self, place: Place, name: str) -> str:
        cell = self._raw(place, self.sources[place.part][name][0])
        return "" if cell is BROKEN else cells.text_of(cell)

    def _joined(self) -> Iterator[Record]:
        lines: dict[str, list[Place]] = {}
        for place in self._places(LINES):
            lines.setdefault(self._key(place, JOIN), []).append(place)
        seen: dict[str, Place] = {}
        number = 0
        label = str(self.importer.by_name[self.importer.group_by].label)
        for place in self._places(HEAD):
            number += 1
            key = self._key(place, self.importer.group_by)
            trouble = None
            if not key:
                trouble = ("required", _("“%(column)s” is empty, so its lines cannot be found.") % {"column": label})
            elif key in seen:
                trouble = self._same_as(seen[key])
            yield Record(number, place, [] if trouble else lines.pop(key, []), trouble)
            seen.setdefault(key, place)
        for key, places in lines.items():
            number += 1
            trouble = (
                self._same_as(seen[key])
                if key in seen
                else (
                    "no_header_row",
                    _("No row of the first table has this “%(column)s”.") % {"column": label},
                )
            )
            yield Record(number, places[0], places, trouble)

    def _grouped(self) -> Iterator[Record]:
        groups: dict[str, list[Place]] = {}
        for place in self._places(HEAD):
            key = self._key(place, self.importer.group_by)
            groups.setdefault(key or f"\0{place.number}", []).append(place)
        for number, places in enumerate(groups.values(), 1):
            yield Record(number, places[0], places)

    def _same_as(self, place: Place) -> tuple[str, str]:
        return "twice", _("The same stands in row %(row)d already.") % {"row": place.number}

    def _key(self, place: Place, name: str) -> str:
        return self.text(place, name) if name in self.sources[place.part] else ""

    def _country(self, record: Record) -> str:
        column = self.importer.by_name.get(COUNTRY)
        if column is not None and (value := self._cell(record.head, column)) is not None:
            record.data[COUNTRY] = "" if value is BROKEN else cells.text_of(value)
            try:
                return cells.country(value)
            except ValidationError as error:
                record.problems.append(self.problem(record.head, COUNTRY, error.code or "", error.messages[0]))
        return self.reading.country

    def _lines(self, record: Record, country: str) -> list[dict[str, Any]]:
        """The lines; where head and lines share a row, the rows of one record must agree in the head's columns."""
        lines = []
        columns = [self.importer.by_name[name] for name in self._mapped() if self.importer.by_name[name].in_lines]
        for place in record.lines:
            if place.part == HEAD and place is not record.head:
                self._compare(record, place)
            line: dict[str, Any] = {}
            for column in columns:
                if column.name != JOIN:
                    self._take(record, place, column, line, country)
            if any(value not in ("", []) for value in line.values()):
                lines.append((place, line))
        record.lines = [place for place, _line in lines]
        return [line for _place, line in lines]

    def _compare(self, record: Record, place: Place) -> None:
        for name in self.sources[HEAD]:
            column = self.importer.by_name[name]
            if column.in_lines:
                continue
            mine = self.text(place, name)
            if mine and mine != self.text(record.head, name):
                message = _("Row %(row)d of the same record says something else.") % {"row": record.head.number}
                record.problems.append(self.problem(place, name, "differs", message))

    def _take(self, record: Record, place: Place, column: ImportColumn, into: dict[str, Any], country: str) -> None:
        value = self._cell(place, column)
        if value is None:
            return
        record.given.add(column.field_name if not column.in_lines else self.importer.lines)
        try:
            converted = self._convert(column, value, country)
            if column.check:
                column.check(converted)
            into[column.field_name] = converted
        except ValidationError as error:
            message = " ".join(error.messages)
            record.problems.append(self.problem(place, column.name, error.code or "invalid", message))

    def _raw(self, place: Place, index: int) -> Any:
        return place.cells[index] if index < len(place.cells) else ""

    def _cell(self, place: Place, column: ImportColumn) -> Any:
        """The value of a column in a row: out of its cells, else the one for all rows, else None."""
        indexes = self.sources[place.part].get(column.name, [])
        found = [self._raw(place, index) for index in indexes]
        found = [cell for cell in found if not cells.is_empty(cell, self.reading)]
        if column.joins and len(found) > 1 and BROKEN not in found:
            return column.joins.join(cells.text_of(cell) for cell in found)
        if found:
            return found[0]
        return self.values.get(column.name) or None

    def _convert(self, column: ImportColumn, value: Any, country: str) -> Any:
        if value is BROKEN:
            cells.text_of(value)
        match self.importer.kind_of(column):
            case "number":
                return cells.number(value, self.reading)
            case "percent":
                return cells.percent(value, self.reading)
            case "integer":
                return cells.integer(value, self.reading)
            case "date":
                return cells.day(value, self.reading)
            case "datetime":
                return cells.moment(value, self.reading)
            case "bool":
                return cells.yes_or_no(value)
            case "phone":
                return cells.phone(value, country)
            case "choice":
                return self._finder(column).read(value)
            case "choices":
                finder = self._finder(column)
                return finder.read_many(value) if isinstance(finder, Choices) else []
            case "record":
                return self._finder(column).read(value)
        return cells.plain_text(value)

    def _finder(self, column: ImportColumn) -> Finder | Choices:
        if column.name not in self.finders:
            found = self.fields.get(column.name)
            if isinstance(found, forms.ModelChoiceField):
                self.finders[column.name] = Finder(found, column.find)
            else:
                self.finders[column.name] = Choices.of(found)
        return self.finders[column.name]

    def _whence(self, record: Record, path: str) -> tuple[Place, str | None]:
        """The row and column that a form's path comes from: `lines[2].quantity` stands in the third line's row."""
        name, bracket, rest = path.partition("[")
        if not bracket:
            return record.head, name if name in self.importer.by_name else None
        index, _close, inner = rest.partition("]")
        place = record.lines[int(index)] if int(index) < len(record.lines) else record.head
        column = f"{name}{inner}"
        return place, column if column in self.importer.by_name else None

    def _value_at(self, record: Record, path: str) -> str:
        name, bracket, rest = path.partition("[")
        if not bracket:
            return str(record.data.get(name, ""))
        index, _close, inner = rest.partition("].")
        lines = record.data.get(name) or []
        return str(lines[int(index)].get(inner, "")) if int(index) < len(lines) else ""


def _is_identifier(found: forms.Field | None, name: str | None, form: VerbForm | RecordForm) -> bool:
    """Whether the value must not show up in a message."""
    from crm.records.fields import IdentifierField

    return isinstance(found, IdentifierField) or (name or "").rpartition(".")[2] in set(form.sensitive)
