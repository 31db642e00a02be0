"""The database role as which web and worker act: it does its work, and cannot change log or history.

Nor can it change rows of models that say `written_once = True`, such as decisions on approvals, nor remove rows of
those that say `never_removed = True`, such as complaints.
"""

import logging
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.utils import ProgrammingError

from crm.records.models import ActionLog, FieldHistory

logger = logging.getLogger(__name__)


def install(**_: Any) -> None:
    """Make settings.APP_ROLE where it is missing, and grant it what it needs; called after every migrate.

    Where the owner may not make roles, an administrator does (`CREATE ROLE ziti_app NOLOGIN; GRANT ziti_app TO owner`)
    and migrates again; until then CRM_DB_ROLE cannot be used.
    """
    role = connection.ops.quote_name(settings.APP_ROLE)
    log, history = (connection.ops.quote_name(model._meta.db_table) for model in (ActionLog, FieldHistory))
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s), current_schema()", [FieldHistory._meta.db_table])
        there, schema = cursor.fetchone()
        if there is None or not _role_is_there(cursor, role):
            return
        schema = connection.ops.quote_name(schema)
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}")
        cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {log}, {history} FROM {role}")
        for model in apps.get_models():
            once, stays = getattr(model, "written_once", False), getattr(model, "never_removed", False)
            if not once and not stays:
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute("SELECT to_regclass(%s)", [model._meta.db_table])
            if cursor.fetchone()[0] is not None:
                changes = "UPDATE, DELETE, TRUNCATE" if once else "DELETE, TRUNCATE"
                cursor.execute(f"REVOKE {changes} ON {table} FROM {role}")
        cursor.execute(f"REVOKE INSERT ON {history} FROM {role}")  # only the trigger writes history
        cursor.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}"
        )
        cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}")


def _role_is_there(cursor: Any, role: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.APP_ROLE])
    there = cursor.fetchone() is not None
    cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
    may_make = cursor.fetchone()[0]
    if not there and not may_make:
        user = connection.settings_dict["USER"]
        logger.warning("%s may not make the role %s; see crm/records/grants.py", user, settings.APP_ROLE)
        return False
    if not there:
        # Two databases of one server may be migrated at once, and roles are the server's.
        cursor.execute(
            f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN;"
            f" EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
    cursor.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [settings.APP_ROLE])
    if not cursor.fetchone()[0]:
        try:
            cursor.execute(f"GRANT {role} TO CURRENT_USER")
        except ProgrammingError:
            logger.warning("the owner of the database is no member of %s and cannot become one", role)
            raise
    return True
