"""The stamp of all rights: renewed by the database with every change of a role, so that rights read once can be kept.

A trigger sees what no code of ours can miss: the back office, a command, raw SQL. The stamp is a random value in a row,
not a counter: one that is rolled back never comes again, and what was read under it is never taken for the truth.
"""

from typing import Any

from django.apps import apps
from django.db import connection

from crm.postgresql.functions import install_function

NAME = "accounts_renew_rights_stamp"  # of the function and of its trigger on each table
# Everything that `crm.accounts.rights` reads beside the user's own row.
READ = (
    "accounts.User_groups",
    "accounts.User_user_permissions",
    "accounts.RoleReach",
    "auth.Group",
    "auth.Group_permissions",
    "auth.Permission",
    "contenttypes.ContentType",
)
BODY = """
BEGIN
    IF to_regclass('{schema}.{stamp}') IS NOT NULL THEN
        INSERT INTO {schema}.{stamp} (id, stamp) VALUES (1, gen_random_uuid())
        ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp;
    END IF;
    RETURN NULL;
END
"""


def install(**_: Any) -> None:
    """Put the trigger on every table that rights are read from; called after every migrate.

    The row comes last: without it nobody keeps rights, so that none are kept where no trigger would renew it.
    """
    stamp = apps.get_model("accounts.RightsStamp")._meta.db_table
    tables = [apps.get_model(label)._meta.db_table for label in READ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), to_regclass(%s)", [stamp])
        schema, there = cursor.fetchone()
        if there is None:
            return
        body = BODY.format(schema=connection.ops.quote_name(schema), stamp=connection.ops.quote_name(stamp))
        install_function(cursor, NAME, body, returns="trigger")
        cursor.execute(
            "SELECT class.relname::text FROM pg_trigger trigger JOIN pg_class class ON class.oid = tgrelid"
            " WHERE tgname = %s AND relnamespace = current_schema()::regnamespace",
            [NAME],
        )
        triggered = {table for (table,) in cursor.fetchall()}
        for table in sorted(set(tables) - triggered):
            cursor.execute(
                f"CREATE TRIGGER {NAME} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE"
                f" ON {connection.ops.quote_name(table)} FOR EACH STATEMENT EXECUTE FUNCTION {NAME}()"
            )
        cursor.execute(
            f"INSERT INTO {connection.ops.quote_name(stamp)} (id, stamp) VALUES (1, gen_random_uuid())"  # noqa: S608
            " ON CONFLICT (id) DO NOTHING"
        )
