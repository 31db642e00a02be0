"""`manage.py up`: the whole product as one tree of processes, started, watched and stopped together."""

import argparse
import contextlib
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from ipaddress import ip_address

from crm.run import database, fingerprint
from crm.run.broker import Broker
from crm.run.failure import Failure
from crm.run.folders import ROOT, Folder, has_command, supported
from crm.run.keys import ensure_secrets
from crm.run.postgres import OWNER, Postgres
from crm.run.processes import Process, rotate
from crm.run.services import Beat, Command, Web, Worker

APP_ROLE = "ziti_app"  # settings.APP_ROLE, which cannot be read before the environment of the children is complete
LONGEST_DELAY = 30.0
HEALTHY_AFTER = 60.0


class Stopped(Exception):
    """A signal asked the supervisor to end."""


def run(arguments: Sequence[str]) -> int:
    """Start everything, stay until a signal, stop everything; the exit code."""
    options = parse(arguments)
    supported()
    folder = Folder(options.data_dir)
    folder.make()
    folder.hold("manage.py up")
    try:
        with contextlib.closing(listen(options.host, options.port)) as listener:
            return Supervisor(folder, listener, empty=options.empty).run()
    finally:
        folder.release()


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(
        prog="manage.py up", description="Start Ziti CRM and all it needs; Ctrl-C ends it."
    )
    parser.add_argument("--empty", action="store_true", help="without the demonstration company")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (%(default)s)")
    parser.add_argument("--data-dir", metavar="FOLDER", help="where database, files, keys and logs lie (var)")
    return parser.parse_args(arguments)


def listen(host: str, port: int) -> socket.socket:
    """The socket that the web server will serve. Raises Failure where the address cannot be had."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(1024)
    except (OSError, OverflowError) as error:
        raise Failure(f"Port {port} on {host} cannot be used ({error}); choose another with --port.") from error
    return made


class Supervisor:
    """Starts the children in order, starts again what dies, and ends them in the reverse order."""

    def __init__(self, folder: Folder, listener: socket.socket, *, empty: bool) -> None:
        self.folder, self.listener, self.empty = folder, listener, empty
        self.port = listener.getsockname()[1]
        self.begun = time.monotonic()
        self.env: dict[str, str] = {}
        self.children: list[Process] = []  # in the order of their start
        self.commands: list[tuple[Command, Callable[[bool], None]]] = []
        self.delays: dict[Process, float] = {}
        self.started: dict[Process, float] = {}
        self.stopping = False
        self.wakeup, self._signals = os.pipe()

    def run(self) -> int:
        """Start, watch, stop; the exit code."""
        self._catch_signals()
        self.folder.announce(f"Ziti CRM at {self.url}")
        try:
            self.start()
            self.watch()
        except Stopped:
            self.say("stopping")
        finally:
            self.stop()
        self.say("stopped")
        return 0

    # The order of a start.

    def start(self) -> None:
        """Start everything, telling what was done and when."""
        self.say(f"data folder {self.folder.path}" + self._lent())
        self._prepare_environment()
        static = self._collect_static()
        self._start_servers()
        kind = self._kind()
        self._migrate()
        if static:
            self._finish(static)
            self._write_static_stamp()
        self._start_web(demo=kind == "demo")
        self._start_background()
        self._first_steps(kind)

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the address."""
        return ip_address(self.listener.getsockname()[0].partition("%")[0]).is_loopback

    @property
    def url(self) -> str:
        """Where the product is reached: `CRM_URL`, else the address that it listens on."""
        return os.environ.get("CRM_URL") or f"http://{self._own_name()}:{self.port}"

    def _own_name(self) -> str:
        host = self.listener.getsockname()[0]
        if ip_address(host.partition("%")[0]).is_unspecified:
            return own_address()
        return f"[{host}]" if ":" in host else str(host)

    def _lent(self) -> str:
        """How root runs the children, as a part of a sentence; also decides which of them drop root."""
        user = self.folder.user
        self.user = user
        if user is None:
            return ""
        # A Python in root's home can be run by nobody else.
        if not user.runs([sys.executable, "-c", "import django"]) or not user.can("r", ROOT / "manage.py"):
            self.user = None
            return f"; the database runs as {user.name}, the rest as root, since {user.name} cannot read {sys.prefix}"
        return f"; everything runs as {user.name}"

    def _prepare_environment(self) -> None:
        env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        env |= ensure_secrets(self.folder)
        env |= {
            "CRM_DATA_DIR": str(self.folder.path),
            "CRM_URL": self.url,
            "CRM_HOST": self.listener.getsockname()[0],
            "CRM_NO_BOOTSTRAP": "1",
            "DJANGO_SETTINGS_MODULE": "crm.settings",
            "HOME": str(self.folder.path),
            "PYTHONUNBUFFERED": "1",
            "PYTHONPYCACHEPREFIX": str(self.folder.path / "run" / "pycache"),
        }
        env.pop("CRM_DEMO", None)
        if not self.loopback:
            names = [self._own_name(), socket.gethostname(), "127.0.0.1", "localhost", "[::1]"]
            env["CRM_ALLOWED_HOSTS"] = env.get("CRM_ALLOWED_HOSTS") or ",".join(names)
        self.env = env

    def _start_servers(self) -> None:
        folder = self.folder
        keep = folder.keep
        servers: list[Process] = []
        if not self.env.get("DATABASE_URL"):
            postgres = Postgres(
                folder.path, sockets=folder.sockets, log=folder.log("postgres"), user=folder.user, keep=keep
            )
            self.env |= postgres.addresses
            servers.append(postgres)
        if not self.env.get("CELERY_BROKER_URL"):
            broker = Broker(folder.path, sockets=folder.sockets, log=folder.log("valkey"), user=folder.user, keep=keep)
            self.env["CELERY_BROKER_URL"] = broker.url
            servers.append(broker)
        for server in servers:
            self._start(server)
        for server in servers:
            server.wait_ready(90, self.pause)
            if isinstance(server, Postgres):
                database.ensure_database(server.url("postgres"), OWNER)
                self.say(f"database: PostgreSQL {server.programs.version} ({server.programs.origin})")
            else:
                self.say("broker: Valkey")
        if not any(isinstance(server, Postgres) for server in servers):
            self.say(f"database: PostgreSQL {database.version(self.env['DATABASE_URL'])} at DATABASE_URL")
        names = ("DATABASE_URL", "CELERY_BROKER_URL", "CRM_URL")
        self.folder.write("up.env", [f"{name}={self.env[name]}" for name in names])

    def _kind(self) -> str:
        """What the database holds: `demo`, or `empty` for a company's own data; kept, so that it stays so.

        A database that was there before counts as a company's own.
        """
        kept = self.folder.read("kind")
        if kept == "demo" and self.empty:
            raise Failure(
                f"{self.folder.path} holds the demonstration company; choose another folder with --data-dir, "
                "or leave --empty away."
            )
        new = database.is_new(self.env["DATABASE_URL"])
        kind = kept or ("demo" if new and not self.empty else "empty")
        if kind != kept:
            self.folder.write("kind", [kind])
        return kind

    def _migrate(self) -> None:
        url = self.env["DATABASE_URL"]
        code = fingerprint.of_code()
        if self.folder.read("migrated") == f"{code} {database.state(url)}":
            return
        command = self._command("prepare", env={"CRM_STATEMENT_TIMEOUT_MS": "0"})
        self._finish(command)
        self.folder.write("migrated", [f"{code} {database.state(url)}"])
        self.say("tables, permissions and rules")

    def _collect_static(self) -> Command | None:
        """Begin to collect the static files, if any has changed."""
        if self.folder.read("static/.stamp") == fingerprint.of_static():
            return None
        return self._command("collectstatic", "--noinput", "--verbosity", "0")

    def _write_static_stamp(self) -> None:
        self.folder.write("static/.stamp", [fingerprint.of_static()])
        self.say("static files")

    def _start_web(self, *, demo: bool) -> None:
        if demo and self.loopback:
            self.env["CRM_DEMO"] = "1"
        elif demo:
            self.say("one sign-in button per role is offered only on this machine's own address (127.0.0.1)")
        if database.has_role(self.env["DATABASE_URL"], APP_ROLE):
            self.env["CRM_DB_ROLE"] = APP_ROLE
        host, port = self.listener.getsockname()[:2]
        probe = ({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)
        web = Web(self.folder, self.env, self.user, self.listener.fileno(), probe)
        self._start(web)
        web.wait_ready(90, self.pause)
        self.say("web server")
        print(f"\n  Ziti CRM is ready: {self.url}\n  Ctrl-C ends it.\n", flush=True)

    def _start_background(self) -> None:
        threading.Thread(target=os.sync, daemon=True).start()  # what a first start has written is now on the disk
        self._start(Worker(self.folder, self.env, self.user))
        self._start(Beat(self.folder, self.env, self.user))

    def _first_steps(self, kind: str) -> None:
        """Load the demonstration until it was loaded once, or print the first administrator's link."""
        owner = {"CRM_DB_ROLE": ""}
        if kind == "demo" and not self.folder.read("demo") and has_command("demo"):
            self.say("loading the demonstration company")
            self.commands.append((self._command("demo", env=owner), self._demo_loaded))
        elif kind == "empty" and has_command("first_admin_link"):
            self.commands.append((self._command("first_admin_link", env=owner), lambda well: None))

    def _demo_loaded(self, well: bool) -> None:
        if well:
            self.folder.write("demo", ["loaded"])
            self.say("the demonstration company is there")

    # Children.

    def _start(self, child: Process) -> None:
        self.children.append(child)
        self._begin(child)

    def _begin(self, child: Process) -> None:
        self.started[child] = time.monotonic()
        if isinstance(child, Worker):
            self._give_back()
        child.start()

    def _command(self, name: str, *arguments: str, env: dict[str, str] | None = None) -> Command:
        command = Command(self.folder, {**self.env, **(env or {})}, self.user, name, *arguments)
        command.start()
        return command

    def _finish(self, command: Command) -> None:
        """Wait for a command. Raises Failure, with what it said, when it fails."""
        while command.running():
            self._show(command)
            self.pause(0.02)
        self._show(command)
        if command.popen and command.popen.returncode:
            raise Failure(command.failure())

    def _show(self, command: Command) -> None:
        for line in command.lines():
            self.say(f"  {line}")

    # Watching and stopping.

    def watch(self) -> None:
        """Start again what dies, with a growing delay, until a signal comes."""
        checked = time.monotonic()
        while True:
            for child in self.children:
                self._tend(child)
            for command, done in list(self.commands):
                self._show(command)
                if not command.running() and command.popen:
                    self.commands.remove((command, done))
                    well = command.popen.returncode == 0
                    if not well:
                        self.say(command.failure())
                    command.clear()
                    done(well)
            if time.monotonic() > checked + HEALTHY_AFTER:
                checked = time.monotonic()
                for child in self.children:
                    rotate(child.log)
            self.pause(0.5)

    def _tend(self, child: Process) -> None:
        now = time.monotonic()
        if child.running():
            if now > self.started[child] + HEALTHY_AFTER:
                self.delays.pop(child, None)
            return
        delay = self.delays.get(child, 0.0)
        if child.popen:
            self.say(
                f"{child.name} ended ({how(child.popen.returncode)}); started again"
                + f" in {delay:.0f} s" * bool(delay)
            )
            child.clear()
            self.started[child] = now
        if now < self.started[child] + delay:
            return
        self.delays[child] = min(max(delay * 2, 1.0), LONGEST_DELAY)
        try:
            self._begin(child)
        except Failure as failure:
            self.say(str(failure))

    def _give_back(self) -> None:
        """Have the broker deliver again what a killed worker had taken; this product's only worker is the one here."""
        for child in self.children:
            if isinstance(child, Broker):
                child.give_back()

    def stop(self) -> None:
        """End all children: first who works, then the broker, then the database."""
        servers = [child for child in self.children if isinstance(child, Postgres | Broker)]
        workers = [child for child in self.children if child not in servers] + [command for command, _ in self.commands]
        for child in reversed(workers):
            child.interrupt()
        for child in [*reversed(workers), *reversed(servers)]:
            child.stop()
        (self.folder.path / "up.env").unlink(missing_ok=True)

    def _catch_signals(self) -> None:
        # Set all of them: a shell that starts a job in the background has SIGINT ignored.
        os.set_blocking(self._signals, False)
        signal.set_wakeup_fd(self._signals, warn_on_full_buffer=False)
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


def how(code: int) -> str:
    """How a process ended."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def own_address() -> str:
    """The address by which others reach this machine; nothing is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        try:
            line.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(line.getsockname()[0])
