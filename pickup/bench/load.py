"""Load on a served address: wrk where it is installed, else threads of this process."""

import http.client
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

TIMEOUT = 30  # seconds


@dataclass(frozen=True)
class Ask:
    """One request: its path with parameters, and a body where it is a POST."""

    path: str
    body: str = ""

    @property
    def method(self) -> str:
        """POST where there is a body."""
        return "POST" if self.body else "GET"


@dataclass
class Series:
    """Requests to one server. Those that can be done only `once` are used up run by run; others go round."""

    base: str
    asks: Sequence[Ask]
    headers: dict[str, str] = field(default_factory=dict)
    holds: str = ""  # a text that each good answer contains
    once: bool = False
    used: int = 0

    @property
    def left(self) -> Sequence[Ask]:
        """What can still be sent."""
        return self.asks[self.used :] if self.once else self.asks


@dataclass(frozen=True)
class Measured:
    """What one run answered in how many seconds."""

    answers: int
    failed: int
    seconds: float
    connections: int
    cpu: float = 0.0  # milliseconds of processor time that the servers took for one answer
    others: float = 0.0  # cores that other work on the machine took meanwhile
    said: str = ""  # the first answer that was not right

    @property
    def ms(self) -> float:
        """Milliseconds between asking and having the answer, with all connections always asking."""
        return 1000 * self.seconds * self.connections / max(self.answers, 1)


class Wrk:
    """The generator that costs least; `bench.lua` of the floor's folder tells it what to send."""

    def __init__(self, script: Path) -> None:
        self.script = script

    def run(self, series: Series, seconds: int, connections: int) -> Measured:
        """Ask for so many seconds over so many connections."""
        with tempfile.NamedTemporaryFile("w") as asks, tempfile.NamedTemporaryFile("w") as headers:
            asks.writelines(f"{ask.method} {ask.path}\t{ask.body}\n" for ask in series.left)
            headers.writelines(f"{name}: {value}\n" for name, value in series.headers.items())
            asks.flush()
            headers.flush()
            command: list[str | Path] = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", f"--timeout={TIMEOUT}s"]
            command += ["-s", self.script, series.base, "--", asks.name, headers.name]
            command += ["once" if series.once else "cycle", series.holds]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + 90)  # noqa: S603
        found = re.search(r"RESULT (\{.*\})", done.stdout)
        if not found:
            raise RuntimeError(f"wrk answered nothing to be read: {done.stdout[-300:]} {done.stderr[-300:]}")
        told = json.loads(found[1])
        series.used += told["sent"]
        failed = told["bad"] if series.holds else told["http_err"]
        return Measured(told["n"], failed + told["sock_err"], told["secs"], connections, said=done.stderr[:300])


class Threads:
    """The generator where wrk is missing. It takes a core itself, so that it understates what a fast server can do."""

    def run(self, series: Series, seconds: int, connections: int) -> Measured:
        """Ask for so many seconds over so many connections."""
        asks = iter(list(series.left)) if series.once else cycle(series.left)
        lock, begun = Lock(), time.monotonic()

        def following() -> Ask | None:
            with lock:
                return next(asks, None)

        def client(_number: int) -> tuple[int, int, int]:
            line = http.client.HTTPConnection(urlsplit(series.base).netloc, timeout=TIMEOUT)
            sent = answers = failed = 0
            while time.monotonic() - begun < seconds and (ask := following()):
                sent += 1
                try:
                    line.request(ask.method, ask.path, ask.body.encode() or None, series.headers)
                    response = line.getresponse()
                    body = response.read().decode(errors="replace")
                except (OSError, http.client.HTTPException):
                    line.close()
                    failed += 1
                    continue
                answers += 1
                failed += response.status >= 400 or series.holds not in body
            line.close()
            return sent, answers, failed

        with ThreadPoolExecutor(connections) as pool:
            sent, answers, failed = (sum(each) for each in zip(*pool.map(client, range(connections)), strict=True))
        series.used += sent
        return Measured(answers, failed, time.monotonic() - begun, connections)


class Generator:
    """The best way to ask that there is; it also reads how much processor time the `servers` took to answer."""

    def __init__(self, floor: Path) -> None:
        self.tool = Wrk(floor / "bench.lua") if shutil.which("wrk") else Threads()
        self.servers: list[int] = []

    def run(self, series: Series, seconds: int, connections: int) -> Measured:
        """Ask for so many seconds over so many connections."""
        begun, before, busy = time.monotonic(), self._used(), busy_seconds()
        measured = self.tool.run(series, seconds, connections)
        after, passed = self._used(), time.monotonic() - begun
        took = after[0] - before[0]
        others = max(0.0, busy_seconds() - busy - took - (after[1] - before[1])) / passed
        return replace(measured, cpu=1000 * took / max(measured.answers, 1), others=others)

    def _used(self) -> tuple[float, float]:
        """Seconds of processor time that the servers have used so far, and those of this process and of who asks."""
        return sum(map(processor_seconds, self.servers)), sum(os.times()[:4])


def processor_seconds(root: int) -> float:
    """What a process and all below it have used of the processor so far; where it cannot be read, a constant."""
    children: dict[int, list[int]] = {}
    used: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        pid = int(entry.name)
        children.setdefault(int(told[1]), []).append(pid)
        used[pid] = sum(map(int, told[11:15]))
    total, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        total += used.get(pid, 0)
        waiting += children.get(pid, [])
    return total / os.sysconf("SC_CLK_TCK")


def busy_seconds() -> float:
    """What all processes of the machine have used of its processors so far; where it cannot be read, a constant."""
    try:
        user, nice, system, _idle, _waiting, *rest = map(
            int, Path("/proc/stat").read_text().split("\n")[0].split()[1:9]
        )
    except OSError:
        return 0.0
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")
