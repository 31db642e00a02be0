"""Field history: one trigger function of the database writes every change of every tracked table into one table.

A trigger sees what no code of ours can miss: bulk updates, imports, raw SQL. It is installed after migrating, and only
where it differs from what is there.
"""

from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models

from crm.postgresql.functions import install_function, mark_of
from crm.records.fields import CompanionColumn, EncryptedField
from crm.records.models import FieldHistory
from crm.records.search import TermsField

TRIGGER = "keep_history"
FUNCTION = "records_keep_history"
UNINTERESTING = {"version", "password", "last_login", "search_text"}
# Tables of others, which cannot say so themselves, and who may what, which is worth a history above all.
ALWAYS = (
    "accounts.User",
    "accounts.User_groups",
    "accounts.User_user_permissions",
    "accounts.Department",
    "accounts.RoleReach",
    "accounts.Absence",
    "accounts.Participant",
    "auth.Group",
    "auth.Group_permissions",
)

# Arguments: columns left out, encrypted columns, the key's column, the column with the customer's key ('' for none).
# It runs with its owner's rights, because the role of web and worker may not write into the history itself.
BODY = """
DECLARE
    left_out text[] := TG_ARGV[0];
    sealed text[] := TG_ARGV[1];
    old_row jsonb;
    new_row jsonb;
    this jsonb;
    was jsonb;
    becomes jsonb;
    name text;
    actor bigint := NULLIF(current_setting('crm.actor', true), '')::bigint;
    moment timestamptz := COALESCE(NULLIF(current_setting('crm.now', true), '')::timestamptz, clock_timestamp());
BEGIN
    IF TG_OP = 'UPDATE' THEN
        old_row := to_jsonb(OLD);
        new_row := to_jsonb(NEW);
        this := new_row;
        SELECT jsonb_object_agg(each.key, old_row -> each.key), jsonb_object_agg(each.key, each.value)
        INTO was, becomes
        FROM jsonb_each(new_row - left_out) AS each
        WHERE each.value IS DISTINCT FROM old_row -> each.key;
        FOREACH name IN ARRAY sealed LOOP
            IF becomes ? (name || '_index') THEN
                was := was - (name || '_index')
                    || jsonb_build_object(name, '****' || NULLIF(old_row ->> (name || '_tail'), ''));
                becomes := becomes - (name || '_index')
                    || jsonb_build_object(name, '****' || NULLIF(new_row ->> (name || '_tail'), ''));
            END IF;
        END LOOP;
        IF becomes IS NULL THEN
            RETURN NULL;
        END IF;
    ELSIF TG_OP = 'INSERT' THEN
        this := to_jsonb(NEW);
    ELSIF TG_OP = 'DELETE' THEN
        this := to_jsonb(OLD);
        was := this - left_out;
        FOREACH name IN ARRAY sealed LOOP
            was := was - (name || '_index')
                || jsonb_build_object(name, '****' || NULLIF(this ->> (name || '_tail'), ''));
        END LOOP;
    ELSE
        this := '{{}}';
    END IF;
    INSERT INTO {schema}.records_fieldhistory
        (at, table_name, pk_value, customer_id, op, by_id, log_id, db_user, version, before, after)
    VALUES (
        moment,
        TG_TABLE_NAME,
        (this ->> TG_ARGV[2])::bigint,
        (this ->> TG_ARGV[3])::bigint,
        left(TG_OP, 1),
        actor,
        NULLIF(current_setting('crm.log', true), '')::bigint,
        CASE WHEN actor IS NULL THEN session_user ELSE '' END,
        (this ->> 'version')::integer,
        was,
        becomes
    );
    RETURN NULL;
END
"""


def tracked_models() -> dict[type[models.Model], frozenset[str]]:
    """Every model whose history is kept, with the columns that it wants left out."""
    return {
        model: frozenset(getattr(model, "untracked", ()))
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "tracked", False) or model._meta.label in ALWAYS
        if model._meta.managed and not model._meta.proxy
    }


@cache
def model_of_table(table: str) -> type[models.Model] | None:
    """The model whose rows stand in `table`."""
    models_ = apps.get_models(include_auto_created=True)
    return next((model for model in models_ if model._meta.db_table == table and not model._meta.proxy), None)


def customer_column(model: type[models.Model]) -> str:
    """The column that holds the key of the customer that a row belongs to, or ''."""
    if model._meta.label == "customers.Customer":
        return str(model._meta.pk.column)
    return next((str(field.column) for field in model._meta.concrete_fields if field.attname == "customer_id"), "")


def _arguments(model: type[models.Model], exclude: frozenset[str]) -> list[str]:
    """What the trigger of `model` is told."""
    left_out: list[str] = []
    sealed: list[str] = []
    for field in model._meta.concrete_fields:
        dull = bool({field.name, field.column} & (UNINTERESTING | exclude))
        tail = isinstance(field, CompanionColumn) and field.suffix == "tail"
        if dull or tail or isinstance(field, (EncryptedField, TermsField, models.BinaryField)):
            left_out.append(str(field.column))
        if isinstance(field, EncryptedField) and field.companions:
            sealed.append(str(field.column))
    if not isinstance(model._meta.pk, (models.IntegerField, models.OneToOneField, models.ForeignKey)):
        raise TypeError(f"{model._meta.label} has no whole number as its key, so no history can be kept")
    return [_literal(left_out), _literal(sealed), str(model._meta.pk.column), customer_column(model)]


def _literal(names: list[str]) -> str:
    return "{" + ",".join(f'"{name}"' for name in names) + "}"


def install(**_: Any) -> None:
    """Bring trigger function and triggers up to date; called after every migrate. Nothing is touched that fits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), to_regclass(%s)", [FieldHistory._meta.db_table])
        schema, there = cursor.fetchone()
        if there is None:
            return
        body = BODY.format(schema=connection.ops.quote_name(schema))
        install_function(cursor, FUNCTION, body, returns="trigger")
        cursor.execute(
            "SELECT class.relname, obj_description(trigger.oid, 'pg_trigger') FROM pg_class class"
            " LEFT JOIN pg_trigger trigger ON trigger.tgrelid = class.oid AND trigger.tgname = %s"
            " WHERE class.relkind IN ('r', 'p') AND class.relnamespace = current_schema()::regnamespace",
            [TRIGGER],
        )
        present = dict(cursor.fetchall())
        wanted = {model._meta.db_table: _arguments(model, exclude) for model, exclude in tracked_models().items()}
        for table, mark in present.items():
            if table in wanted:
                if mark != (new_mark := mark_of(*wanted[table])):
                    _install_trigger(cursor, table, wanted[table], new_mark)
            elif mark is not None:
                _remove_trigger(cursor, table)


def _install_trigger(cursor: Any, table: str, arguments: list[str], mark: str) -> None:
    quoted = connection.ops.quote_name(table)
    places = ", ".join(["%s"] * len(arguments))
    _remove_trigger(cursor, table)
    for name, event, level in (
        (f"{TRIGGER}_new", "AFTER INSERT OR DELETE", "FOR EACH ROW"),
        (TRIGGER, "AFTER UPDATE", "FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)"),
        (f"{TRIGGER}_all", "AFTER TRUNCATE", "FOR EACH STATEMENT"),
    ):
        cursor.execute(
            f"CREATE TRIGGER {name} {event} ON {quoted} {level} EXECUTE FUNCTION {FUNCTION}({places})", arguments
        )
    cursor.execute(f"COMMENT ON TRIGGER {TRIGGER} ON {quoted} IS %s", [mark])


def _remove_trigger(cursor: Any, table: str) -> None:
    for name in (TRIGGER, f"{TRIGGER}_new", f"{TRIGGER}_all"):
        cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {connection.ops.quote_name(table)}")


def changes_since(obj: models.Model, version: int) -> list[FieldHistory]:
    """The changes of `obj` after it had `version`, oldest first: what somebody with an older page has not seen."""
    rows = FieldHistory.objects.filter(table_name=obj._meta.db_table, pk_value=obj.pk, version__gt=version)
    return list(rows.order_by("id"))
