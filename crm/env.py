"""The environment, read once: what the settings take from outside the code."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent


def data_dir() -> Path:
    """The folder of everything that is not code: database, uploads, secrets, logs."""
    return Path(os.environ.get("CRM_DATA_DIR") or BASE_DIR / "var")


def load_secrets(folder: Path) -> None:
    """Put the lines `NAME=value` of `folder/secrets.env` into the environment, where it does not name them already.

    The supervisor writes that file on the first start (mode 0600), so that every later process of the same data
    folder, also a lone `manage.py shell`, has the same keys. Real deployments set the variables instead.
    """
    file = folder / "secrets.env"
    if not file.is_file():
        return
    for line in file.read_text(encoding="utf-8").splitlines():
        name, separator, value = line.partition("=")
        if separator and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip())


def text(name: str, default: str = "") -> str:
    """The variable as text; `default` where it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """The variable as yes or no: 1, true, yes and on mean yes."""
    value = text(name).lower()
    return default if not value else value in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    """The variable as a whole number. Raises ValueError that names the variable."""
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise ValueError(f"{name} must be a whole number, not {value!r}") from None


def words(name: str, default: str = "") -> list[str]:
    """The variable as a list, separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]
