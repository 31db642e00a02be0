"""The data folder: where it lies, what is in it, and who holds it."""

import fcntl
import hashlib
import os
import pwd
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from crm.run.failure import Failure
from crm.run.lent import lent_user

ROOT = Path(__file__).resolve().parent.parent.parent
SUBFOLDERS = ("run", "logs", "static", "files", "backups")
OURS = ("up.lock", "secrets.env", "pg")  # any of these says that a folder is a data folder
BESIDES = {*SUBFOLDERS, "lost+found"}  # may lie in one that was never started
SOCKET_PATH_BYTES = 85  # of the 104 that macOS allows, PostgreSQL adds 19 to the folder


class Folder:
    """A data folder, ready to be used by this process: made where it is missing, and held by a lock.

    `given` is what the user named. Without it, it is `var` in the checkout; where the user that root lends cannot reach
    that, a folder under the system's state directory, named by the checkout.
    """

    def __init__(self, given: str | None = None) -> None:
        given = given or os.environ.get("CRM_DATA_DIR")
        self.path = Path(given).absolute() if given else ROOT / "var"
        self.user = lent_user(near=[self.path / "pg", ROOT])
        if not given and self.user and not self.user.can("x", ROOT):
            self.path = Path("/var/lib") / f"ziti-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"
        self.sockets = self.path / "run"
        if len(os.fsencode(self.sockets)) > SOCKET_PATH_BYTES:
            name = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:8]
            self.sockets = Path(tempfile.gettempdir()) / f"ziti-{self.uid}-{name}"
        self.lock: int | None = None
        self.children_lock: int | None = None

    @property
    def uid(self) -> int:
        """Whose the contents are."""
        return self.user.uid if self.user else os.geteuid()

    def make(self) -> None:
        """Make the folder and what it holds. Raises Failure where this user, or the lent one, may not."""
        try:
            self._refuse_foreign()
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            folders = [self.path / name for name in SUBFOLDERS]
            for folder in {*folders, self.sockets}:
                folder.mkdir(mode=0o700, exist_ok=True)
                if folder.is_symlink() or folder.stat().st_uid not in {0, self.uid}:
                    raise Failure(f"{folder} belongs to {owner(folder)}; choose another folder with --data-dir.")
            if self.user:
                self.user.own([self.path, *folders, self.sockets])
                if not self.user.can("w", self.path):
                    raise Failure(
                        f"The user {self.user.name}, that root lends to the database, cannot reach {self.path}; choose "
                        "another folder with --data-dir, or another user with CRM_RUN_USER."
                    )
        except OSError as error:
            raise Failure(f"The data folder {self.path} cannot be used: {error.strerror}.") from error

    def _refuse_foreign(self) -> None:
        """A folder that holds something else was named by mistake."""
        if not self.path.exists() or any((self.path / name).exists() for name in OURS):
            return
        if strange := {entry.name for entry in self.path.iterdir()} - BESIDES:
            raise Failure(
                f"{self.path} holds other things ({sorted(strange)[0]}); choose an empty folder or a new one."
            )

    def hold(self, who: str) -> None:
        """Take the folder for this process; `who` is what a second one is told. Raises Failure with the holder."""
        file = self.path / "up.lock"
        try:
            self.lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Failure(f"The data folder {self.path} cannot be used: {error.strerror}.") from error
        if not taken(self.lock, seconds=0.5):
            raise Failure(f"{holder(self.path)} Stop that one first, or choose another folder with --data-dir.")
        self.announce(who)
        if self.user:
            self.user.own([file])
        self._await_children()

    def announce(self, who: str) -> None:
        """Say who holds the folder, to a second one that would like to."""
        assert self.lock is not None
        os.ftruncate(self.lock, 0)
        os.pwrite(self.lock, f"{who} (process {os.getpid()})".encode(), 0)

    def _await_children(self) -> None:
        """Wait for what an earlier holder left: its children inherit this second lock, and end soon after it."""
        file = self.path / "run" / "children.lock"
        self.children_lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        if taken(self.children_lock):
            return
        print(f"waiting for the end of an earlier start on {self.path}", flush=True)
        if not taken(self.children_lock, seconds=20):
            raise Failure(f"Processes of an earlier start still use {self.path}; end them (see `fuser {file}`).")

    def release(self) -> None:
        """Give the folder free again."""
        for lock in (self.children_lock, self.lock):
            if lock is not None:
                os.close(lock)
        self.lock = self.children_lock = None

    @property
    def keep(self) -> tuple[int, ...]:
        """The descriptors that children inherit."""
        return () if self.children_lock is None else (self.children_lock,)

    def log(self, name: str) -> Path:
        """The log file of a child."""
        return self.path / "logs" / f"{name}.log"

    def read(self, name: str) -> str:
        """A small file of the folder; empty where there is none."""
        try:
            return (self.path / name).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""

    def write(self, name: str, lines: Sequence[str]) -> None:
        """Write a small file that only its owner reads, whole or not at all."""
        fresh = self.path / f"{name}.new"
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
        if self.user:
            self.user.own([fresh])
        fresh.rename(self.path / name)

    def held(self) -> bool:
        """Whether a running `manage.py up` holds the folder."""
        try:
            lock = os.open(self.path / "up.lock", os.O_RDWR)
        except FileNotFoundError:
            return False
        except PermissionError as error:
            raise Failure(f"The data folder {self.path} belongs to {owner(self.path)}; act as that user.") from error
        try:
            return not taken(lock)
        finally:
            os.close(lock)


def taken(lock: int, *, seconds: float = 0) -> bool:
    """Whether this process got the lock within that time."""
    limit = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= limit:
                return False
            time.sleep(0.05)


def holder(path: Path) -> str:
    """Who holds the folder, as a sentence."""
    return f"{(path / 'up.lock').read_text() or 'Another process'} runs on {path}."


def owner(path: Path) -> str:
    """The name of a file's owner."""
    uid = path.stat().st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def supported() -> None:
    """Raise Failure on a system for which there are no embedded servers."""
    if sys.platform not in {"linux", "darwin"}:
        from crm.run.postgres import OTHER_WAYS

        raise Failure(f"The embedded database runs on Linux and macOS; here, {OTHER_WAYS}.")
