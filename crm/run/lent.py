"""The user that root lends to the servers: PostgreSQL refuses root, and the others need no more than a folder."""

import os
import pwd
import subprocess
from collections.abc import Iterable
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
        return subprocess.run(["test", f"-{how}", str(path)], check=False, **identity(self)).returncode == 0

    def own(self, paths: Iterable[Path]) -> None:
        """Give the paths to this user."""
        for path in paths:
            os.chown(path, self.uid, self.gid)


def lent_user() -> LentUser | None:
    """The user to lend when this process is root, else None: `CRM_RUN_USER`, `postgres` or `nobody`, never a new one.

    Raises Failure when `CRM_RUN_USER` names nobody, or is root.
    """
    if os.geteuid() != 0:
        return None
    wanted = os.environ.get("CRM_RUN_USER")
    for name in [wanted] if wanted else ["postgres", "nobody"]:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return LentUser(name, entry.pw_uid, entry.pw_gid)
    raise Failure(
        f"PostgreSQL does not run as root, and there is no ordinary user {wanted or 'postgres or nobody'} to lend; "
        "name one in CRM_RUN_USER, or start as an ordinary user."
    )


def identity(user: LentUser | None) -> dict[str, Any]:
    """The arguments of `subprocess` that start a process as `user`; none for the user of this process."""
    return {"user": user.uid, "group": user.gid, "extra_groups": []} if user else {}
