"""What the supervisor asks of the database before Django is there: whether it is new, and whether it is up to date."""

import hashlib
from contextlib import closing

import dj_database_url
import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from crm.run.failure import Failure


def connect(url: str) -> Connection:
    """A connection that commits each statement. Raises Failure with what the server says."""
    told = dj_database_url.parse(url)
    options = {"dbname": told["NAME"], "user": told["USER"], "password": told["PASSWORD"], "host": told["HOST"]}
    try:
        made = psycopg2.connect(
            **{name: value for name, value in options.items() if value},
            port=told["PORT"] or None,
            connect_timeout=10,
            **told.get("OPTIONS", {}),
        )
    except psycopg2.OperationalError as error:
        raise Failure(f"The database does not answer: {error}".strip()) from error
    made.autocommit = True
    return made


def ask(url: str, question: str, *values: object) -> object:
    """The first value of the first row of the answer; None where there is no row."""
    with closing(connect(url)) as line, line.cursor() as cursor:
        cursor.execute(question, values)
        row = cursor.fetchone()
    return row[0] if row else None


def ensure_database(server_url: str, name: str) -> bool:
    """Make the database on the server where it is missing; whether it was made."""
    with closing(connect(server_url)) as line, line.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone():
            return False
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return True


def version(url: str) -> str:
    """The server's version, such as 18.6."""
    return str(ask(url, "SHOW server_version")).split()[0]


def is_new(url: str) -> bool:
    """Whether nothing was ever migrated there."""
    return ask(url, "SELECT to_regclass('django_migrations')") is None


def has_role(url: str, name: str) -> bool:
    """Whether the server has that role."""
    return ask(url, "SELECT 1 FROM pg_roles WHERE rolname = %s", name) is not None


def state(url: str) -> str:
    """A digest of what was migrated; another one after a restore, or a migration by hand."""
    if is_new(url):
        return "new"
    names = ask(url, "SELECT string_agg(app || '.' || name, ' ' ORDER BY app, name) FROM django_migrations")
    return hashlib.sha256(str(names).encode()).hexdigest()[:16]
