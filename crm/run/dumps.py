"""Dumps of the database with the programs that belong to its server."""

import os
import subprocess
from pathlib import Path

from django.conf import settings
from django.db import connection
from psycopg2.extensions import make_dsn

from crm import clock
from crm.run.failure import Failure
from crm.run.postgres import find_programs

KEPT = 5  # dumps for the same reason
NOT_FOR_DUMPS = {"password", "options", "cursor_factory", "context"}  # of what Django tells psycopg


def dump(reason: str) -> Path:
    """Dump the database into the data folder's `backups`, readable by its owner only; the file.

    Of the dumps for the same reason the newest five stay.

    Raises Failure where there is no `pg_dump`, or it fails; an older one refuses a newer server.
    """
    program = find_programs().folder / "pg_dump"
    if not program.exists():
        raise Failure(f"There is no pg_dump beside {program.parent}; set PG_BIN to the programs of your PostgreSQL.")
    folder = Path(settings.DATA_DIR) / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"{clock.now():%Y%m%d-%H%M%S}-{reason}.dump"
    told = connection.get_connection_params()
    env = dict(os.environ)
    if "password" in told:
        env["PGPASSWORD"] = told["password"]  # not in the command line, which everybody on the machine can read
    address = make_dsn(**{name: value for name, value in told.items() if name not in NOT_FOR_DUMPS})
    command: list[str | Path] = [program, "--format=custom", f"--file={file}", f"--dbname={address}", "--no-password"]
    before = os.umask(0o077)
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    finally:
        os.umask(before)
    if done.returncode:
        file.unlink(missing_ok=True)
        raise Failure(f"The backup failed, so nothing was migrated: {done.stderr.strip()}")
    keep_newest(folder, reason)
    return file


def keep_newest(folder: Path, reason: str) -> None:
    """Remove all but the newest dumps that were made for `reason`; what somebody put there himself stays."""
    for old in sorted(folder.glob(f"????????-??????-{reason}.dump"))[:-KEPT]:
        old.unlink(missing_ok=True)
