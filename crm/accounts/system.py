"""System users, read by one query together with the stamp under which their rights are kept."""

from functools import cache

from django.db import connection

from crm.accounts.models import RightsStamp, User
from crm.accounts.sessions import user_columns, user_from


def system_user(username: str) -> User:
    """What `User.objects.system` answers. Raises User.DoesNotExist."""
    with connection.cursor() as cursor:
        cursor.execute(_query(), [username, User.Kind.SYSTEM])
        row = cursor.fetchone()
    if row is None:
        raise User.DoesNotExist(username)
    stamp, *values = row
    return user_from(values, stamp)


@cache
def _query() -> str:
    return (
        # Names of our own tables and columns.
        f"SELECT (SELECT stamp FROM {RightsStamp._meta.db_table}), {user_columns('system')}"  # noqa: S608
        f" FROM {User._meta.db_table} system WHERE username = %s AND kind = %s"
    )
