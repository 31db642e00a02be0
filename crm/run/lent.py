"""The user that root lends to the servers: PostgreSQL refuses root, and the others need no more than a folder."""

import os
import pwd
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm.run.failure import Failure


@dataclass(frozen=True)
class LentUser:
    """An existing user of the machine that children of root run as."""

    name: str
    uid: int
    gid: int

    def can(self, how: str, path: Path) -> bool:
        """Whether this user can reach `path`; `how` is a letter of `test`: r, w or x."""
        return self.runs(["test", f"-{how}", str(path)])

    def runs(self, command: Sequence[str]) -> bool:
        """Whether the command goes well as this user."""
        try:
            return subprocess.run(command, cwd="/", capture_output=True, check=False, **identity(self)).returncode == 0
        except OSError:
            return False

    def own(self, paths: Iterable[Path]) -> None:
        """Give the paths to this user."""
        for path in paths:
            os.chown(path, self.uid, self.gid)


def lent_user(near: Iterable[Path] = ()) -> LentUser | None:
    """The user to lend when this process is root, else None; always an existing one.

    It is `CRM_RUN_USER`; else the ordinary user who owns one of the paths `near`, so that `sudo` serves a user's own
    folder; else `postgres` or `nobody`. Raises Failure where there is none.
    """
    if os.geteuid() != 0:
        return None
    if wanted := os.environ.get("CRM_RUN_USER"):
        candidates = [named(wanted)]
    else:
        owners = [path.stat().st_uid for path in near if path.exists()]
        candidates = [*map(numbered, owners), named("postgres"), named("nobody")]
    for user in candidates:
        if user and user.uid != 0:
            return user
    raise Failure(
        f"PostgreSQL does not run as root, and there is no ordinary user {wanted or 'postgres or nobody'} to lend; "
        "name one in CRM_RUN_USER, or start as an ordinary user."
    )


def named(name: str) -> LentUser | None:
    """The user of that name."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return LentUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def numbered(uid: int) -> LentUser | None:
    """The user of that number; PostgreSQL wants one that has a name."""
    try:
        return named(pwd.getpwuid(uid).pw_name)
    except KeyError:
        return None


def identity(user: LentUser | None) -> dict[str, Any]:
    """The arguments of `subprocess` that start a process as `user`; none for the user of this process."""
    return {"user": user.uid, "group": user.gid, "extra_groups": []} if user else {}
