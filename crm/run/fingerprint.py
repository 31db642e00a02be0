"""One number for the code that shapes the database, so that nothing is migrated that is so already."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ASIDE = {"tests", "docs", "static", "templates", "locale", "node_modules", "deploy"}


def of_files(files: Iterable[Path]) -> str:
    """A digest of the names and contents of the files."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def of_code() -> str:
    """A digest of all Python and SQL files of the product and of its locked requirements.

    Not only the migrations: permissions, triggers and grants are installed after migrating, from the code.
    """
    files = [ROOT / "requirements.lock"]
    for package in sorted(ROOT.iterdir()):
        if package.is_dir() and package.name not in ASIDE and (package / "__init__.py").exists():
            files += [file for file in package.rglob("*") if file.suffix in {".py", ".sql"}]
    return of_files(files)


def of_static() -> str:
    """A digest of the product's static files and of its locked requirements, which bring some along."""
    folders = [ROOT / "static", *ROOT.glob("*/static"), *ROOT.glob("*/*/static")]
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return of_files({ROOT / "requirements.lock", *(file for file in files if ".venv" not in file.parts)})
