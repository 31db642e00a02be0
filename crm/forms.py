"""Forms as every door uses them: a verb's input, lists of lines, pickers that know who is asking."""

import re
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.forms.renderers import TemplatesSetting
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.small import whole
from crm.statements import chosen

LOST = re.compile("[\ufffd\ud800-\udfff]")


def readable(text: object) -> None:
    """Refuse text that cannot be kept, and text of which a part was lost before it came here.

    What a browser or a program sends in another encoding than UTF-8 is decoded with U+FFFD for each byte that is
    none; kept, it would be a name that nobody can mend. Raises ValidationError.
    """
    if "\0" in str(text):
        raise ValidationError(_("Null characters are not allowed."), code="null_characters_not_allowed")
    if LOST.search(str(text)):
        raise ValidationError(_("A part of this text arrived unreadable. Please type it again."), code="unreadable")


FIRST_YEAR, LAST_YEAR = 1900, 9998


def in_calendar(when: date) -> None:
    """Refuse a day or a moment that no calendar of ours holds. Raises ValidationError.

    In another time zone the first and the last moments that can be written lie in years that cannot be read any more:
    one row with such a moment is kept by the database, and every page that reads it fails. The very last year is
    allowed for a day alone, as 9999-12-31 is what papers say that never expire.
    """
    last = LAST_YEAR if isinstance(when, datetime) else LAST_YEAR + 1
    if not FIRST_YEAR <= when.year <= last:
        raise ValidationError(
            _("Only years from %(first)s to %(last)s are possible."),
            "out_of_calendar",
            {"first": FIRST_YEAR, "last": last},
        )


class Renderer(TemplatesSetting):
    """Renders fields with templates/django/forms/."""


def by_key(field: forms.Field) -> bool:
    """Whether the field chooses a record by its primary key, as nearly all do."""
    if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
        return False
    return field.to_field_name in (None, "pk", field.queryset.model._meta.pk.name)


class AskedBy:
    """What every form of a verb knows: who fills it in (`by`) and what it is done to (`obj`).

    Every choice of a record is limited to what `by` may see.
    """

    sensitive: ClassVar[Iterable[str]] = ()  # fields of which the log keeps only the last four characters
    single: ClassVar[Iterable[str]] = ()  # fields that are never set to the same for many records at once
    fieldsets: ClassVar[Any] = ()  # headings on the page: (title, fields)
    preface: ClassVar[str] = ""  # a template for what the dialog shows before the fields
    fields: dict[str, forms.Field]
    errors: Any
    data: Any
    is_bound: bool

    def know(self, by: Any, obj: Any) -> None:
        """Remember who asks, and narrow the choices to what he may see."""
        self.by, self.obj = by, obj
        for field in self.fields.values():
            if isinstance(field, forms.CharField):  # Django's own check knows null characters only
                known = field.validators
                field.validators = [
                    readable if isinstance(each, ProhibitNullCharactersValidator) else each for each in known
                ]
            elif isinstance(field, (forms.DateField, forms.DateTimeField)):
                field.validators = [*field.validators, in_calendar]
            elif isinstance(field, LinesField):
                field.by = by
            elif isinstance(field, forms.ModelChoiceField):
                rows = field.queryset
                if rows is not None and hasattr(rows, "visible_to"):
                    rows = rows.visible_to(by)
                field.queryset = field.rows(rows, by) if getattr(field, "rows", None) else rows  # type: ignore[attr-defined]
                if isinstance(field, PickField) and field.creates and by.has_perm(field.creates[0]):
                    field.widget.creates = {"url": reverse("do", args=[field.creates[0]]), "label": field.creates[1]}

    def take(self, data: Any) -> None:
        """Read `data` instead of what the form was bound to."""
        self.data, self.is_bound, self._errors = data, True, None

    def full_clean(self) -> None:
        """Check everything. Python reads 1_0 as ten, in a number and in a key; nobody who writes it means that."""
        super().full_clean()  # type: ignore[misc]
        for name, field in self.fields.items() if self.is_bound else ():
            number = isinstance(field, forms.IntegerField)  # and what is derived from it: decimals and fractions
            if (number or by_key(field)) and "_" in str(self[name].data) and name not in self.errors:  # type: ignore[index]
                code = "invalid" if number else "invalid_choice"
                given = {"value": self[name].data, "pk": self[name].data}  # type: ignore[index]
                self.add_error(name, ValidationError(field.error_messages[code], code, given))  # type: ignore[attr-defined]

    def problems(self) -> dict[str, list[dict[str, str]]]:
        """Every error as `{"lines[2].quantity": [{"code", "message"}]}`; the empty name is the form as a whole."""
        found: dict[str, list[dict[str, str]]] = {}
        for name, errors in self.errors.as_data().items():
            for error in errors:
                path = getattr(error, "path", "" if name == NON_FIELD_ERRORS else name)
                message = error.messages[0]  # a plural chooses its form only with its number in hand
                found.setdefault(path, []).append({"code": error.code or "invalid", "message": message})
        return found


class VerbForm(AskedBy, forms.Form):
    """The input of one verb, the same on a page, in REST and in the OpenAPI schema."""

    def __init__(self, data: Any = None, files: Any = None, *, by: Any, obj: Any = None, **options: Any) -> None:
        super().__init__(data, files, **options)
        self.know(by, obj)


class RecordForm(AskedBy, forms.ModelForm):
    """The input of a verb that makes or edits one record: its fields are the model's.

    The record itself is left alone (the gate locks and reloads it); the form checks a copy.
    """

    def __init__(self, data: Any = None, files: Any = None, *, by: Any, obj: Any = None, **options: Any) -> None:
        instance = copy(obj) if isinstance(obj, self._meta.model) else None
        super().__init__(data, files, instance=instance, **options)
        self.know(by, obj)

    def take(self, data: Any) -> None:
        super().take(data)
        self.instance = self._meta.model()

    def _post_clean(self) -> None:
        """Check the values as the model does, but for two things that Django would do for nothing.

        That the chosen records exist is not asked once more, since they were just read; and conditions that speak of
        columns which the form has not are left to the database at once, rather than tried and given up.
        """
        picked = {name for name, field in self.fields.items() if isinstance(field, forms.ModelChoiceField)}
        checked, model = self.instance, type(self.instance)
        spoken_of = [(each, self._concerning(rules)) for each, rules in checked.get_constraints()]
        checked.clean_fields = lambda exclude=None: model.clean_fields(checked, picked | set(exclude or ()))
        checked.get_constraints = lambda: spoken_of
        super()._post_clean()  # type: ignore[misc]
        del checked.clean_fields, checked.get_constraints

    def _concerning(self, constraints: Iterable[models.BaseConstraint]) -> list[models.BaseConstraint]:
        return [
            each
            for each in constraints
            if not (isinstance(each, models.CheckConstraint) and isinstance(each.condition, models.Q))
            or each.condition.referenced_base_fields <= self.fields.keys()
        ]


FURTHEST = 5  # years


def not_too_far(day: date) -> None:
    """Refuse a day that nobody plans for: a slip of the hand, of which time limits and lists would be full."""
    today = clock.today()
    if day > today.replace(year=today.year + FURTHEST, day=min(today.day, 28)):
        raise ValidationError(_("This day lies more than %(years)s years ahead."), "too_far", {"years": FURTHEST})


LONGEST_AGO = 10  # years


def happened(when: Any) -> Any:
    """Answer a day or a moment of our own business that is over, as people type it in afterwards.

    Raises ValidationError for one to come, and for one so long ago that it is a slip of the hand. Papers of others, and
    what is taken over from an earlier system, may be older: it is not for them.
    """
    now = clock.now() if isinstance(when, datetime) else clock.today()
    if when > now:
        raise ValidationError(_("This lies in the future."), code="future")
    if when < now.replace(year=now.year - LONGEST_AGO, day=min(now.day, 28)):
        raise ValidationError(
            _("This lies more than %(years)s years back; check the year."), "too_long_ago", {"years": LONGEST_AGO}
        )
    return when


class NearDateField(forms.DateField):
    """A day for which something is planned or promised."""

    default_validators = [not_too_far]


PICKABLE: set[str] = set()  # the models that some form picks from, and only they are offered while one types


class PickWidget(forms.Select):
    """A search-as-you-type choice: the chosen row's id in a hidden input, what the user sees beside it."""

    template_name = "django/forms/widgets/pick.html"
    rows: Any = None  # what is chosen from, where the field itself does not know it
    creates: Any = None  # address and label of the verb that makes one that is not there yet
    only: Mapping[str, Any] = {}  # of which record those are that are offered while one types, by column

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super(forms.Select, self).get_context(name, value, attrs)
        queryset = self.choices.queryset if isinstance(self.choices, forms.models.ModelChoiceIterator) else self.rows
        context["widget"]["chosen"] = self.named(queryset, value)
        context["widget"]["creates"] = self.creates
        context["widget"]["url"] = ""
        if queryset is not None:
            only = f"?{urlencode(self.only)}" if self.only else ""
            context["widget"]["url"] = reverse("pick", args=[queryset.model._meta.label_lower]) + only
        return context

    def named(self, rows: Any, value: Any) -> Any:
        """The record of this key, or None where there is none among `rows`."""
        return rows.filter(pk=value).first() if rows is not None and whole(value) is not None else None

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> list[Any]:
        return []


class ToldWidget(forms.Select):
    """What a line is about: the words of its choice to be read, its value in a hidden input."""

    template_name = "django/forms/widgets/told.html"


class PickField(forms.ModelChoiceField):
    """One record out of those that the asking user may see, found by typing.

    `rows(queryset, by)` narrows the choice further. `creates` is the verb that makes one that is not there yet, with
    its label; who may do it has a link to it, in another window, so that what he typed here stays.
    """

    widget = PickWidget

    def __init__(
        self,
        model: type[models.Model],
        *,
        rows: Callable[[Any, Any], Any] | None = None,
        creates: tuple[str, Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(model._default_manager.all(), **options)
        self.rows, self.creates = rows, creates
        PICKABLE.add(model._meta.label_lower)

    def to_python(self, value: Any) -> Any:
        """The record, by a query made once where the user sees them all; Django's way finds or refuses the others."""
        key = whole(value) if by_key(self) else None
        rows: Any = self.queryset
        return (key and chosen(rows, [key]).get(key)) or super().to_python(value)


def narrow(field: Any, **which: Any) -> None:
    """Let the choice of a record take only those that fit `which`, and offer only those while one types.

    `which` are lookups; of them a picker asks with the foreign keys, whose value is a record or its key, and with
    whether it is still in use.
    """
    field.queryset = field.queryset.filter(**which)
    if isinstance(field.widget, PickWidget):
        model = field.queryset.model
        keys = {name: int(getattr(value, "pk", value)) for name, value in which.items() if picks_by(model, name)}
        field.widget.only = {**field.widget.only, **keys}


def picks_by(model: type[models.Model], name: str) -> bool:
    """Whether a picker may narrow the records of `model` down by this column: a foreign key, or `active`, by 1 or 0."""
    return any(
        each.name == name and each.concrete and (each.many_to_one or name == "active")
        for each in model._meta.get_fields()
    )


class PickManyField(forms.ModelMultipleChoiceField):
    """Several records out of those that the asking user may see."""

    def __init__(self, model: type[models.Model], **options: Any) -> None:
        super().__init__(model._default_manager.all(), **options)


class LinesWidget(forms.Widget):
    """Reads lines from JSON (a list of objects) or from a page's inputs (`lines-0-product`)."""

    template_name = "django/forms/widgets/lines.html"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        if name in data:
            return data[name]
        rows: dict[int, MultiValueDict] = {}
        for key in data:
            if key.startswith(f"{name}-"):
                index, _dash, field = key[len(name) + 1 :].partition("-")
                if whole(index) is not None and field:
                    values = data.getlist(key) if hasattr(data, "getlist") else [data[key]]
                    rows.setdefault(int(index), MultiValueDict()).setlist(field, values)
        return [rows[index] for index in sorted(rows) if any(str(each).strip() for each in rows[index].values())]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and not any(key.startswith(f"{name}-") for key in data)


class LinesField(forms.Field):
    """A list of lines, each checked by `line_form`; an error names its cell, as in `lines[2].quantity`.

    The lines of a `fixed` list are those that the form begins with: its page adds none, and takes none away.
    """

    widget = LinesWidget
    default_error_messages = {
        "not_a_list": _("This must be a list of lines."),
        "too_few": _("At least %(least)s line is needed."),
        "too_many": _("At most %(most)s lines are possible at once."),
        "unknown": _("There is no such field."),
    }

    def __init__(
        self,
        line_form: "type[VerbForm] | type[RecordForm]",
        *,
        least: int = 1,
        most: int = 200,
        fixed: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(required=least > 0, **options)
        self.line_form, self.least, self.most, self.fixed = line_form, least, most, fixed
        self.by: Any = None
        self.rows: Any = None

    def clean(self, value: Any) -> list[dict[str, Any]]:
        if value in (None, ""):
            value = []
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            raise ValidationError(self.error_messages["not_a_list"], code="not_a_list")
        if len(value) < self.least:
            raise ValidationError(self.error_messages["too_few"], code="too_few", params={"least": self.least})
        if len(value) > self.most:
            raise ValidationError(self.error_messages["too_many"], code="too_many", params={"most": self.most})
        if not value:
            return []
        cleaned, errors = [], []
        form = self._line()  # reads all lines: making its fields for each would cost more than reading with them
        self._choose_at_once(form, value)
        for index, row in enumerate(value):
            form.take(row)
            for name in row.keys() - form.fields.keys() - {"DELETE"}:
                errors.append(self._at(index, name, ValidationError(self.error_messages["unknown"], code="unknown")))
            if form.is_valid():
                cleaned.append(form.cleaned_data)
            for name, found in form.errors.as_data().items():
                errors += [self._at(index, "" if name == "__all__" else name, each) for each in found]
        if errors:
            raise ValidationError(errors)
        return cleaned

    def _line(self) -> "VerbForm | RecordForm":
        """The form of one line, as this form may fill it in."""
        return self.narrowed(self.line_form(by=self.by))

    def narrowed(self, form: Any) -> Any:
        """A line's form; `rows` are the records that its `line` offers and takes, where the whole form says which."""
        if self.rows is not None:
            form.fields["line"].queryset = self.rows
        return form

    def _choose_at_once(self, form: "VerbForm | RecordForm", rows: list[Mapping[str, Any]]) -> None:
        """Read the records that the lines name with one query for each field, instead of one for each line."""
        for name, field in form.fields.items():
            if by_key(field) and not isinstance(field, forms.ModelMultipleChoiceField):
                sent = (field.widget.value_from_datadict(row, {}, name) for row in rows)
                if keys := {key for each in sent if (key := whole(each)) is not None}:
                    _know(field, chosen(field.queryset, keys))  # type: ignore[attr-defined]

    def _at(self, index: int, name: str, error: ValidationError) -> ValidationError:
        where = f"{self.name}[{index}]" + (f".{name}" if name else "")
        error.path = where  # type: ignore[attr-defined]
        return error

    name = "lines"

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> "BoundLines":
        self.name = field_name
        return BoundLines(form, self, field_name)


def _know(field: Any, rows: Mapping[Any, Any]) -> None:
    """Let the field find these rows by their keys without a question; for any other it asks, and refuses as always."""
    ask = field.to_python
    field.to_python = lambda value: rows.get(whole(value)) or ask(value)


class BoundLines(forms.BoundField):
    """Lines as the page draws them: one form per line, and an empty one for the next."""

    field: LinesField

    @property
    def own_errors(self) -> list[str]:
        """What is wrong with the list as a whole; what is wrong in a line stands at its cell."""
        errors = self.form.errors.as_data().get(self.name, [])
        return [each.messages[0] for each in errors if not hasattr(each, "path")]

    @cached_property
    def line_forms(self) -> list[forms.BaseForm]:
        """The lines that were sent, or that the form begins with, each with its errors."""
        value = self.value() or []
        forms_: list[forms.BaseForm] = []
        for index, row in enumerate(value if isinstance(value, list) else []):
            prefix = f"{self.html_name}-{index}"
            if self.form.is_bound:
                lists = row.lists() if isinstance(row, MultiValueDict) else ((name, [row[name]]) for name in row)
                data = MultiValueDict({f"{prefix}-{name}": values for name, values in lists})
                line = self.field.narrowed(self.field.line_form(data, by=self.field.by, prefix=prefix))
                forms_.append(self._told(line, index))
            else:
                line = self.field.line_form(by=self.field.by, initial=row, prefix=prefix)
                forms_.append(self.field.narrowed(line))
        return forms_

    def _told(self, line: Any, index: int) -> forms.BaseForm:
        """The line, knowing also what the whole form says about its cells."""
        where = f"{self.name}[{index}]."
        for error in self.form.errors.as_data().get(self.name, []):
            field = getattr(error, "path", "").removeprefix(where)
            if field in line.fields and field not in line.errors:
                line.add_error(field, error)
        return line

    @property
    def empty_form(self) -> forms.BaseForm:
        """A blank line; the page counts `__i__` up."""
        blank = self.field.line_form(by=self.field.by, prefix=f"{self.html_name}-__i__")
        return self.field.narrowed(blank)
