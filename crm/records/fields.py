"""A model field whose value is encrypted in the database and still found by exact match."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models.expressions import Col
from django.db.models.functions import Cast, NullIf
from django.db.models.lookups import Exact, In, IsNull
from django.db.models.query_utils import DeferredAttribute
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

from crm.records import crypto
from crm.records.kinds import KINDS, mask, normal_or_plain, normalise, shown, tail_of

NORMAL_LENGTH = 200  # no identifier is longer; confidential text may be


@deconstructible
class IdentifierValidator:
    """Checks one kind of identifier, and says what is wrong with it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __call__(self, value: str) -> None:
        normalise(self.kind, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, IdentifierValidator) and self.kind == other.kind

    def __hash__(self) -> int:
        return hash(self.kind)


class IdentifierInput(forms.TextInput):
    """A text input of the right type (tel, email), which browsers and phones know how to fill."""

    def __init__(self, kind: str) -> None:
        super().__init__({"autocomplete": "off"})
        self.input_type = KINDS[kind].input_type


class IdentifierField(forms.CharField):
    """An identifier in a form, cleaned to its normal form.

    A form that edits a record shows the mask of what is stored, and a mask that comes back unchanged means: as before.
    So one can edit a record whose identifiers one may not see, and no dialog shows in clear what nobody logs.
    """

    kept: tuple[str, str] | None = None  # the mask shown, and the clear value it stands for

    def __init__(self, *, kind: str, country: str = "", **options: Any) -> None:
        options.setdefault("max_length", NORMAL_LENGTH)
        options.setdefault("widget", IdentifierInput(kind))
        super().__init__(**options)
        self.kind, self.country = kind, country

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        instance = getattr(form, "instance", None)
        if instance is not None and instance.pk:
            clear = form.get_initial_for_field(self, field_name)
            self.kept = (mask(self.kind, clear), clear) if clear else None
        return super().get_bound_field(form, field_name)

    def prepare_value(self, value: Any) -> Any:
        if self.kept and value == self.kept[1]:
            return self.kept[0]
        return shown(self.kind, value) if isinstance(value, str) and value[:1] == "+" else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != (initial or "")
        except ValidationError:
            return True

    def clean(self, value: Any) -> str:
        if self.kept and isinstance(value, str) and value.strip() == self.kept[0]:
            return self.kept[1]
        return normalise(self.kind, super().clean(value), country=self.country)


class EncryptedField(models.TextField):
    """Text that the database holds encrypted; '' stays ''.

    `kind` is one of crm.records.kinds.KINDS and decides normal form, checks and mask. Beside the column stand two
    that the database derives from it, whoever writes it and how: `<name>_index`, a keyed blind index (UUID, NULL for
    ''), and `<name>_tail`, the last characters for masks. `filter(name=...)` and `filter(name__in=...)` compare normal
    forms by the index; every other comparison raises FieldError. The kind "text" has neither column and cannot be
    looked up. A model whose phones are written without country code elsewhere than here has a `phone_country`.

    The value is written in its normal form: after `save()` the attribute holds it too. Reading raises
    crm.records.crypto.WrongKey where the key is not among settings.FIELD_KEYS.
    """

    description = _("Encrypted text")

    def __init__(self, verbose_name: Any = None, *, kind: str, companions: bool = True, **options: Any) -> None:
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no kind of identifier")
        if options.get("unique") or options.get("null") or options.get("db_index"):
            raise ValueError("An encrypted column is never unique, null or indexed; constrain its _index column.")
        super().__init__(verbose_name, **options)
        self.kind, self.companions = kind, companions and kind != "text"

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        # A migration lists the companion columns itself.
        return name, path, args, options | {"kind": self.kind, "companions": False}

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if self.companions:
            for column in (IndexColumn(name), TailColumn(name)):
                cls.add_to_class(f"{name}_{column.suffix}", column)

    @property
    def validators(self) -> list[Any]:
        return [*super().validators, IdentifierValidator(self.kind)]

    def clean(self, value: Any, model_instance: Any) -> Any:
        country = getattr(model_instance, "phone_country", "") if self.kind == "phone" else ""
        return super().clean(normalise(self.kind, self.to_python(value) or "", country=country), model_instance)

    def to_python(self, value: Any) -> Any:
        return "" if value is None else super().to_python(value)

    def normal(self, value: Any, country: str = "") -> str:
        """The form in which `value` is stored and looked up; what cannot be normalised is kept as it is."""
        return normal_or_plain(self.kind, value, country=country) if value else ""

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if not hasattr(value, "resolve_expression"):
            country = getattr(model_instance, "phone_country", "") if self.kind == "phone" else ""
            value = self.normal(value, country)
            setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        normal = self.normal(value)
        if self.kind == "text" or not normal:
            return crypto.encrypt(normal)
        index = crypto.blind_index(self.kind, normal)
        return crypto.encrypt(normal, index=index, tail=tail_of(self.kind, normal))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        return crypto.decrypt(value) if value else ""

    def index_of(self, value: str) -> UUID:
        """The blind index under which `value` is stored."""
        return UUID(crypto.blind_index(self.kind, self.normal(value)))

    def get_lookup(self, lookup_name: str) -> Any:
        return LOOKUPS.get(lookup_name, Unreadable)

    def get_transform(self, lookup_name: str) -> Any:
        return None

    def formfield(self, **options: Any) -> Any:
        if self.kind == "text":
            return super().formfield(**options)
        defaults: dict[str, Any] = {"form_class": IdentifierField, "kind": self.kind, "max_length": NORMAL_LENGTH}
        # TextField would give a text area, which is no place for a phone number.
        return models.Field.formfield(self, **(defaults | options))


class EncryptedTextField(EncryptedField):
    """Confidential text of any length, kept to the letter: no normal form, no index, no look-up."""

    def __init__(
        self, verbose_name: Any = None, *, kind: str = "text", companions: bool = False, **options: Any
    ) -> None:
        super().__init__(verbose_name, kind=kind, companions=companions, **options)


class CompanionAttribute(DeferredAttribute):
    """Reads index or tail off the clear value where the object has it, so that an unsaved change shows at once."""

    field: "CompanionColumn"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        if self.field.source in instance.__dict__:
            source = instance._meta.get_field(self.field.source)
            return self.field.derive(source, getattr(instance, source.attname))
        return super().__get__(instance, cls)

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class CompanionColumn(models.GeneratedField):
    """A column that the database derives from an encrypted one beside it."""

    descriptor_class = CompanionAttribute
    suffix = ""

    def __init__(self, source: str, *, expression: Any, output_field: models.Field, **options: Any) -> None:
        self.source = source
        super().__init__(expression=expression, output_field=output_field, db_persist=True, **options)

    def deconstruct(self) -> Any:
        name, path, _args, options = super().deconstruct()
        for derived in ("expression", "output_field", "db_persist", "db_index"):
            options.pop(derived, None)
        return name, path, [self.source], options

    def derive(self, source: EncryptedField, value: str) -> Any:
        """What the database will derive from `value`."""
        raise NotImplementedError


class IndexColumn(CompanionColumn):
    """The blind index of an encrypted column, NULL where that is empty."""

    suffix = "index"

    def __init__(self, source: str, **options: Any) -> None:
        expression = Cast(NullIf(_part(source, 2), models.Value("")), models.UUIDField())
        super().__init__(
            source, expression=expression, output_field=models.UUIDField(null=True), db_index=True, **options
        )

    def derive(self, source: EncryptedField, value: str) -> UUID | None:
        return source.index_of(value) if value else None


class TailColumn(CompanionColumn):
    """The last characters of an encrypted column's normal form, for masks."""

    suffix = "tail"

    def __init__(self, source: str, **options: Any) -> None:
        super().__init__(source, expression=_part(source, 3), output_field=models.CharField(max_length=4), **options)

    def derive(self, source: EncryptedField, value: str) -> str:
        return tail_of(source.kind, source.normal(value))


def _part(source: str, number: int) -> models.Func:
    """One part of a stored value; crm.records.crypto says which stands where."""
    return models.Func(
        models.F(source),
        models.Value(":"),
        models.Value(number),
        function="split_part",
        output_field=models.CharField(max_length=32),
    )


class Unreadable:
    """Any comparison that would have to read the clear text."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        raise FieldError(
            f"{lhs.target.name} is encrypted: it can be compared by exact value (exact, in) and by isnull only."
        )


class BlindMixin:
    """Compares by the blind index. `IS NOT NULL` makes exclude() answer the empty ones too."""

    lhs: Any
    rhs: Any

    def get_prep_lookup(self) -> Any:
        if not isinstance(self.lhs, Col) or hasattr(self.rhs, "resolve_expression"):
            raise FieldError("An encrypted column can be compared with given values only.")
        source: Any = self.lhs.target
        if not source.companions and not hasattr(source.model, f"{source.name}_index"):
            raise FieldError(f"{source.name} has no blind index.")
        return self.rhs

    def sql_of(self, compiler: Any, values: Iterable[Any]) -> tuple[str, list[Any]]:
        """The condition that the column holds one of `values`."""
        source: EncryptedField = self.lhs.target
        column = ".".join(compiler.quote_name_unless_alias(each) for each in (self.lhs.alias, f"{source.column}_index"))
        wanted = [each or "" for each in values]
        indexes = [source.index_of(each) for each in wanted if source.normal(each)]
        parts, parameters = [], []
        if indexes:
            parts.append(f"({column} IN ({', '.join(['%s'] * len(indexes))}) AND {column} IS NOT NULL)")
            parameters += indexes
        if len(indexes) < len(wanted):
            parts.append(f"{column} IS NULL")
        return f"({' OR '.join(parts)})", parameters


class ExactIdentifier(BlindMixin, Exact):
    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return self.sql_of(compiler, [self.rhs])


class InIdentifiers(BlindMixin, In):
    def as_sql(self, compiler: Any, connection: Any) -> Any:
        values = list(self.rhs)
        if not values:
            return super().as_sql(compiler, connection)  # Django's way to say: nothing matches
        return self.sql_of(compiler, values)


LOOKUPS = {"exact": ExactIdentifier, "in": InIdentifiers, "isnull": IsNull}
