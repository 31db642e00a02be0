"""Child processes that end with their parent, whatever ends the parent."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from crm.run.failure import Failure
from crm.run.lent import LentUser, identity

PR_SET_PDEATHSIG = 1
MAX_LOG_BYTES = 20 * 1024 * 1024
GUARD = Path(__file__).with_name("guard.py")


class Guard:
    """A helper process that signals the children when this process is gone, where the kernel cannot (macOS)."""

    def __init__(self) -> None:
        self.watched: dict[int, int] = {}
        self._start()

    def _start(self) -> None:
        """Start the helper; it lives as long as its end of the pipe."""
        command = [sys.executable, "-I", "-S", str(GUARD)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True, bufsize=1, start_new_session=True)
        for pid, death_signal in self.watched.items():
            self._say(f"+ {pid} {death_signal}\n")

    def watch(self, pid: int, death_signal: int) -> None:
        """Have `pid` signalled when this process ends."""
        self.watched[pid] = death_signal
        self._say(f"+ {pid} {death_signal}\n")

    def forget(self, pid: int) -> None:
        """Have `pid` left alone, since it has ended and its number may be given away again."""
        self.watched.pop(pid, None)
        self._say(f"- {pid}\n")

    def _say(self, line: str) -> None:
        assert self.process.stdin
        try:
            self.process.stdin.write(line)
        except BrokenPipeError:  # somebody killed the helper
            self._start()


_guard: Guard | None = None


def guard() -> Guard | None:
    """The helper of this process; None on Linux, where the kernel sends the death signal."""
    global _guard
    if sys.platform != "linux" and _guard is None:
        _guard = Guard()
    return _guard


class Process:
    """One child in a session of its own, so that Ctrl-C reaches only the parent; its output goes to one file.

    `death_signal` is what it gets when the parent dies without stopping it. `keep` are file descriptors it inherits.
    Must be started from the main thread: Linux counts the end of the starting thread as the death of the parent.
    """

    stop_signal = signal.SIGTERM
    death_signal = signal.SIGTERM

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        user: LentUser | None = None,
        cwd: Path = Path("/"),
        keep: Sequence[int] = (),
    ) -> None:
        self.name, self.log, self.user, self.cwd, self.keep = name, log, user, cwd, tuple(keep)
        self.errors = log
        self.command = [str(part) for part in command]
        self.env = dict(os.environ if env is None else env)
        self.popen: subprocess.Popen[bytes] | None = None
        self.asked = False

    def start(self) -> None:
        """Start the child; returns at once."""
        libc = ctypes.CDLL(None) if sys.platform == "linux" else None
        parent, death_signal = os.getpid(), int(self.death_signal)

        def begin() -> None:
            """Runs in the child, after it has changed its user, which would clear the death signal."""
            if libc:
                tie(libc, parent, death_signal)

        self.asked = False
        rotate(self.log)
        with self.log.open("ab") as log, self.errors.open("ab") as errors:
            self.popen = subprocess.Popen(
                self.command,
                env=self.env,
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=errors,
                start_new_session=True,
                pass_fds=self.keep,
                preexec_fn=begin,
                **identity(self.user),
            )
        if helper := guard():
            helper.watch(self.popen.pid, death_signal)

    def ready(self) -> bool:
        """Whether it serves; a child that has nothing to say about it is ready once it runs."""
        return self.running()

    def running(self) -> bool:
        """Whether the child was started and lives."""
        return self.popen is not None and self.popen.poll() is None

    def lingers(self) -> bool:
        """Whether somebody else asked it to end, and it waits for its callers to leave, who never will."""
        return False

    def wait_ready(self, seconds: float, pause: Callable[[float], None] = time.sleep) -> None:
        """Wait until it serves. Raises Failure, with the end of its log, when it ends or takes longer."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit and self.running():
            if self.ready():
                return
            pause(0.01)
        raise Failure(f"{self.name} did not start within {seconds:.0f} s:\n{tail(self.log)}\nMore in {self.log}")

    def interrupt(self) -> None:
        """Ask it to stop, once: some children take a second signal as haste."""
        if self.popen and self.running() and not self.asked:
            self.asked = True
            self.popen.send_signal(self.stop_signal)

    def stop(self, seconds: float = 15) -> None:
        """Ask it to stop, wait, and kill what is left of its session after `seconds`."""
        self.interrupt()
        if self.popen:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(seconds)
            self.clear()

    def clear(self) -> None:
        """Kill the child, and reap it; what it left in its session may first finish what it does, for two seconds."""
        if not self.popen:
            return
        left_behind = not self.running() and not self._signal_session(signal.SIGTERM, 2)
        if left_behind or self.running():
            self._signal_session(signal.SIGKILL, 1)
        self.popen.wait()
        if helper := guard():
            helper.forget(self.popen.pid)
        self.popen = None

    def _signal_session(self, number: int, seconds: float) -> bool:
        """Signal all that is left of the child's session; whether it was gone within that time."""
        assert self.popen
        limit = time.monotonic() + seconds
        try:
            os.killpg(self.popen.pid, number)
            while time.monotonic() < limit:
                self.popen.poll()
                os.killpg(self.popen.pid, 0)
                time.sleep(0.02)
        except (ProcessLookupError, PermissionError):  # macOS says the latter of a session of zombies
            return True
        return False


def tie(libc: ctypes.CDLL, parent: int, death_signal: int) -> None:
    """Have Linux send this process, a new child of `parent`, that signal when its parent ends, or has ended already."""
    libc.prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:
        os._exit(1)


def rotate(log: Path) -> None:
    """Keep one older part of a log that has grown large.

    The file is cut in place, because a running child holds it open (for appending, so it goes on at the new end).
    """
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > MAX_LOG_BYTES:
            log.with_suffix(".1.log").write_bytes(log.read_bytes())
            os.truncate(log, 0)


def tail(log: Path, lines: int = 8) -> str:
    """The last lines of a log, for a message."""
    try:
        text = log.read_bytes()[-8000:].decode(errors="replace")
    except OSError:
        return "(no log)"
    return "\n".join("  " + line for line in text.strip().splitlines()[-lines:])
