"""The processes of one `manage.py up`: started in order, started again when they die, ended in the reverse order."""

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable

from crm.run.broker import Broker
from crm.run.failure import Failure
from crm.run.postgres import Postgres
from crm.run.processes import Process, rotate
from crm.run.services import Command, Worker

LONGEST_DELAY = 30.0
HEALTHY_AFTER = 60.0


class Stopped(Exception):
    """A signal asked to end."""


class Tree:
    """The children of this process, and the signals that end them."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.children: list[Process] = []  # in the order of their start
        self.commands: dict[Command, Callable[[Command], None] | None] = {}  # that run, and what to do at their end
        self.delays: dict[Process, float] = {}
        self.started: dict[Process, float] = {}
        self.stopping = False
        self.wakeup, self.signals = os.pipe()

    def catch_signals(self) -> None:
        """End by SIGINT, SIGTERM and SIGHUP from now on.

        All are set, because a shell that starts a job in the background has SIGINT ignored.
        """
        os.set_blocking(self.signals, False)
        signal.set_wakeup_fd(self.signals, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)  # only wakes `pause`

    def _ask_to_stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def pause(self, seconds: float) -> None:
        """Wait that long, or until a child ends. Raises Stopped when a signal asks to."""
        if not self.stopping and select.select([self.wakeup], [], [], seconds)[0]:
            os.read(self.wakeup, 512)
        if self.stopping:
            raise Stopped

    def say(self, text: str) -> None:
        """Show one line of what happens; a terminal that is gone must not keep the rest from being stopped."""
        with contextlib.suppress(OSError):
            print(f"{time.monotonic() - self.begun:6.1f} s  {text}", flush=True)

    def start(self, child: Process) -> None:
        """Start a child that is to run until the end."""
        self.children.append(child)
        self._begin(child)

    def start_command(self, command: Command, done: Callable[[Command], None] | None = None) -> None:
        """Start a command whose lines are shown while the others run; `done` is called when it has ended.

        One without `done` is waited for by `finish`.
        """
        self.commands[command] = done
        command.start()

    def finish(self, command: Command) -> None:
        """Wait for a command that was started. Raises Failure with its last word when it fails."""
        while command.running():
            self._show(command)
            self.pause(0.02)
        self._show(command)
        del self.commands[command]
        if not command.succeeded():
            raise Failure(command.failure())

    def _begin(self, child: Process) -> None:
        self.started[child] = time.monotonic()
        if isinstance(child, Worker):
            # No other worker of this product runs, so what is taken and not finished was a killed one's.
            for server in self.children:
                if isinstance(server, Broker):
                    server.give_back()
        child.start()

    def _show(self, command: Command) -> None:
        for line in command.lines():
            self.say(f"  {line}")

    def watch(self) -> None:
        """Start again what dies, with a growing delay, until a signal comes."""
        checked = time.monotonic()
        while True:
            self.tend()
            for command, done in list(self.commands.items()):
                self._show(command)
                if done and not command.running():
                    self._show(command)
                    del self.commands[command]
                    done(command)
                    command.clear()
            if time.monotonic() > checked + HEALTHY_AFTER:
                checked = time.monotonic()
                for child in self.children:
                    rotate(child.log)
            self.pause(0.5)

    def tend(self) -> None:
        """Look after every child once: start again who died, when its time has come, and end who lingers."""
        for child in self.children:
            self._tend(child)

    def _tend(self, child: Process) -> None:
        now = time.monotonic()
        if child.running():
            if child.lingers():
                child.interrupt()
            if now > self.started[child] + HEALTHY_AFTER:
                self.delays.pop(child, None)
            return
        delay = self.delays.get(child, 0.0)
        if child.popen:
            when = f" in {delay:.0f} s" if delay else ""
            self.say(f"{child.name} ended ({how(child.popen.returncode)}); started again{when}")
            child.clear()
            self.started[child] = now
        if now < self.started[child] + delay:
            return
        self.delays[child] = min(max(delay * 2, 1.0), LONGEST_DELAY)
        try:
            self._begin(child)
        except Failure as failure:
            self.say(str(failure))

    def stop(self) -> None:
        """End all children: first who works, then the broker, then the database."""
        servers = [child for child in self.children if isinstance(child, Postgres | Broker)]
        workers = [child for child in self.children if child not in servers] + list(self.commands)
        for child in reversed(workers):
            child.interrupt()
        for child in [*reversed(workers), *reversed(servers)]:
            child.stop()


def how(code: int) -> str:
    """How a process ended."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"
