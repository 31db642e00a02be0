"""One number for the code that shapes the database, or the pages, so that nothing is made anew that is so already."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOCK = ROOT / "requirements.lock"


def of_code() -> str:
    """A digest of all Python and SQL files of the product and of its locked requirements.

    Not only the migrations: permissions, triggers and grants are installed after migrating, from the code.
    """
    files = (file for package in packages() for file in package.rglob("*") if file.suffix in {".py", ".sql"})
    return of_files([LOCK, *files])


def of_static() -> str:
    """A digest of the product's static files and of its locked requirements, which bring some along."""
    folders = [ROOT / "static", *(folder for package in packages() for folder in package.rglob("static"))]
    return of_files([LOCK, *(file for folder in folders for file in folder.rglob("*") if file.is_file())])


def packages() -> Iterator[Path]:
    """The folders of the product's own code."""
    for folder in ROOT.iterdir():
        if (folder / "__init__.py").exists() and folder.name != "tests":
            yield folder


def of_files(files: Iterable[Path]) -> str:
    """A digest of the names and contents of the files."""
    digest = hashlib.sha256()
    for file in sorted(set(files)):
        digest.update(f"{file.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]
