"""The secrets of an installation, made once and kept in its data folder."""

import base64
import os
import secrets

from crm.run.failure import Failure
from crm.run.folders import Folder

FILE = "secrets.env"
HEAD = (
    "# Made by `manage.py up`. Whoever has these keys can read the encrypted fields; without them nobody can.",
    "# Keep a copy apart from the backups of the database. Variables in the environment win over this file.",
)


def field_key() -> str:
    """A fresh key for the encrypted fields: 32 random bytes in urlsafe base64."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


MAKERS = {
    "CRM_SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "CRM_FIELD_KEYS": field_key,
    "CRM_INDEX_KEY": lambda: secrets.token_urlsafe(32),
}


def ensure_secrets(folder: Folder) -> dict[str, str]:
    """The secrets for the children, made and written to the folder where neither it nor the environment has them.

    Raises Failure where there is a database whose keys are gone: new ones would make its encrypted fields unreadable.
    """
    lines = folder.read(FILE).splitlines()
    kept = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    found = {name: os.environ.get(name) or kept.get(name, "") for name in MAKERS}
    missing = [name for name, value in found.items() if not value]
    if missing and (folder.path / "pg" / "PG_VERSION").exists():
        raise Failure(
            f"{folder.path / FILE} lacks {', '.join(missing)}, and the database there was written with it. "
            "Put the file back from your copy, or set the variable."
        )
    if missing:
        made = {name: MAKERS[name]() for name in missing}
        found |= made
        folder.write(FILE, [*(lines or HEAD), *(f"{name}={value}" for name, value in made.items())])
    return found
