"""Functions of the database that act with their owner's rights, brought up to date after each migrate."""

import hashlib
from collections.abc import Mapping
from typing import Any


def mark_of(*texts: str) -> str:
    """A short mark by which what was installed is known again; it stands in the comment of function or trigger."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def install_function(
    cursor: Any, name: str, body: str, *, returns: str, takes: Mapping[str, str] | None = None
) -> None:
    """Make the function `name` of `body` (PL/pgSQL), or bring it up to date; nothing is touched where it fits.

    `takes` are its arguments with their types. It runs as its owner (SECURITY DEFINER), since the role of web and
    worker may not do what it does; so it finds nothing by the caller's search path, and the body names its schema.
    """
    takes = takes or {}
    signature, mark = f"{name}({', '.join(takes.values())})", mark_of(body)
    cursor.execute("SELECT obj_description(to_regprocedure(%s), 'pg_proc')", [signature])
    if cursor.fetchone()[0] == mark:
        return
    arguments = ", ".join(f"{each} {kind}" for each, kind in takes.items())
    cursor.execute(
        f"CREATE OR REPLACE FUNCTION {name}({arguments}) RETURNS {returns} LANGUAGE plpgsql SECURITY DEFINER"
        f" SET search_path = pg_catalog, pg_temp AS $body${body}$body$"
    )
    cursor.execute(f"COMMENT ON FUNCTION {signature} IS %s", [mark])
