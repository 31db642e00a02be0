"""`manage.py up`: the whole product as one tree of processes."""

import argparse
import contextlib
import os
import socket
import sys
import threading
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from crm.run import database, fingerprint
from crm.run.embedded import broker_of, postgres_of
from crm.run.failure import Failure
from crm.run.folders import ROOT, Folder, supported
from crm.run.keys import ensure_secrets
from crm.run.lent import LentUser
from crm.run.postgres import OWNER
from crm.run.services import UNUSED, Beat, Command, Web, Worker
from crm.run.tree import Stopped, Tree

APP_ROLE = "ziti_app"  # settings.APP_ROLE, which cannot be read before the environment of the children is complete


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


DEMO_COMPANY = {  # who stands on the papers of the demonstration
    "CRM_COMPANY_NAME": "渝江机电有限公司",
    "CRM_COMPANY_PHONE": "023-6780 2026",
    "CRM_COMPANY_ADDRESS": "重庆市渝北区空港大道 188 号",
}


class Supervisor:
    """The order of a start, and what the children are told."""

    def __init__(self, folder: Folder, listener: socket.socket, *, empty: bool) -> None:
        self.folder, self.listener, self.empty = folder, listener, empty
        self.host, self.port = listener.getsockname()[:2]
        self.tree = Tree()
        self.say = self.tree.say
        self.user: LentUser | None = None
        self.env: dict[str, str] = {}

    def run(self) -> int:
        """Start, watch, stop; the exit code."""
        self.tree.catch_signals()
        self.folder.announce(f"Ziti CRM at {self.url}")
        try:
            self.start()
            self.tree.watch()
        except Stopped:
            self.say("stopping")
        finally:
            self.tree.stop()
            (self.folder.path / "up.env").unlink(missing_ok=True)
        self.say("stopped")
        return 0

    def start(self) -> None:
        """Start everything, telling what was done and when."""
        self.say(f"data folder {self.folder.path}{self._lend()}")
        self._prepare_environment()
        static = self._collect_static()
        self._start_servers()
        kind = self._kind()
        self._migrate()
        if static:
            self.tree.finish(static)
            self.folder.write("static/.stamp", [fingerprint.of_static()])
            self.say("static files")
        self._start_web(demo=kind == "demo")
        self._start_background()
        self._first_steps(kind)

    # What the children are told.

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the address."""
        return ip_address(self.host.partition("%")[0]).is_loopback

    @property
    def name(self) -> str:
        """This machine's name in an address."""
        if ip_address(self.host.partition("%")[0]).is_unspecified:
            return own_address()
        return f"[{self.host}]" if ":" in self.host else str(self.host)

    @property
    def url(self) -> str:
        """Where the product is reached: `CRM_URL`, else the address that it listens on."""
        return os.environ.get("CRM_URL") or f"http://{self.name}:{self.port}"

    def _lend(self) -> str:
        """Decide what root runs as whom, and say it as a part of a sentence."""
        user = self.folder.user
        if user is None:
            return ""
        # A Python in root's home can be run by nobody else.
        if user.runs([sys.executable, "-c", "import django"]) and user.can("r", ROOT / "manage.py"):
            self.user = user
            return f"; everything runs as {user.name}"
        return f"; the database runs as {user.name}, the rest as root, since {user.name} cannot read {sys.prefix}"

    def _prepare_environment(self) -> None:
        env = {name: value for name, value in os.environ.items() if name not in {"CRM_DEMO", "PYTHONDONTWRITEBYTECODE"}}
        env |= ensure_secrets(self.folder)
        env |= {
            "CRM_DATA_DIR": str(self.folder.path),
            "CRM_URL": self.url,
            "CRM_HOST": self.host,
            "CRM_NO_BOOTSTRAP": "1",
            "DJANGO_SETTINGS_MODULE": "crm.settings",
            "HOME": str(self.folder.path),
            "PYTHONUNBUFFERED": "1",
            "PYTHONPYCACHEPREFIX": str(self.folder.path / "run" / "pycache"),
        }
        if not self.loopback:
            names = [self.name, socket.gethostname(), "127.0.0.1", "localhost", "[::1]"]
            env["CRM_ALLOWED_HOSTS"] = env.get("CRM_ALLOWED_HOSTS") or ",".join(names)
        self.env = env

    # The steps of a start.

    def _start_servers(self) -> None:
        postgres = None if self.env.get("DATABASE_URL") else postgres_of(self.folder)
        broker = None if self.env.get("CELERY_BROKER_URL") else broker_of(self.folder)
        servers = [server for server in (postgres, broker) if server]
        for server in servers:
            self.tree.start(server)
        for server in servers:
            server.wait_ready(90, self.tree.pause)
        if postgres:
            database.ensure_database(postgres.url("postgres"), OWNER)
            self.env |= postgres.addresses
        if broker:
            self.env["CELERY_BROKER_URL"] = broker.url
        version = database.version(self.env["DATABASE_URL"])
        self.say(f"database: PostgreSQL {version}, {postgres.programs.origin if postgres else 'at DATABASE_URL'}")
        self.say(f"broker: {broker.program.name if broker else 'at CELERY_BROKER_URL'}")
        names = ("DATABASE_URL", "CELERY_BROKER_URL", "CRM_URL")
        self.folder.write("up.env", [f"{name}={self.env[name]}" for name in names])

    def _kind(self) -> str:
        """What the database is, kept so that it stays so: `demo`, `empty` for a company that begins, `own` otherwise.

        A database that was there before is a company's own: it gets neither demonstration nor administrator.
        """
        kept = self.folder.read("kind")
        if kept == "demo" and self.empty:
            raise Failure(
                f"{self.folder.path} holds the demonstration company; choose another folder with --data-dir, "
                "or leave --empty away."
            )
        begun = ("empty" if self.empty else "demo") if database.is_new(self.env["DATABASE_URL"]) else "own"
        if not kept:
            self.folder.write("kind", [begun])
        return kept or begun

    def _migrate(self) -> None:
        url, code = self.env["DATABASE_URL"], fingerprint.of_code()
        if self.folder.read("migrated") == f"{code} {database.state(url)}":
            return
        command = self._command("prepare", env={"CRM_STATEMENT_TIMEOUT_MS": "0"})
        self.tree.start_command(command)
        self.tree.finish(command)
        self.folder.write("migrated", [f"{code} {database.state(url)}"])
        self.say("tables, permissions and rules")

    def _collect_static(self) -> Command | None:
        """Begin to collect the static files, if any has changed."""
        if self.folder.read("static/.stamp") == fingerprint.of_static():
            return None
        unused = [f"--ignore={pattern}" for pattern in UNUSED]
        command = self._command("collectstatic", "--noinput", "--verbosity", "0", *unused)
        self.tree.start_command(command)
        return command

    def _start_web(self, *, demo: bool) -> None:
        if demo:
            self.env |= {name: value for name, value in DEMO_COMPANY.items() if not self.env.get(name)}
        if demo and self.loopback and urlsplit(self.url).hostname in {"127.0.0.1", "localhost", "::1"}:
            self.env["CRM_DEMO"] = "1"
        elif demo:
            self.say(
                "one sign-in button per role is offered only where host and CRM_URL are this machine's (127.0.0.1)"
            )
        if database.has_role(self.env["DATABASE_URL"], APP_ROLE):
            self.env["CRM_DB_ROLE"] = APP_ROLE
        probe = ({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host), self.port)
        web = Web(self.folder, self.env, self.user, self.listener.fileno(), probe)
        self.tree.start(web)
        web.wait_ready(90, self.tree.pause)
        self.say("web server")
        print(f"\n  Ziti CRM is ready: {self.url}\n  Ctrl-C ends it.\n", flush=True)

    def _start_background(self) -> None:
        threading.Thread(target=os.sync, daemon=True).start()  # what a first start has written is now on the disk
        self.tree.start(Worker(self.folder, self.env, self.user))
        self.tree.start(Beat(self.folder, self.env, self.user))

    def _first_steps(self, kind: str) -> None:
        """Load the demonstration until it was loaded once, or print the first administrator's link."""
        owner = {"CRM_DB_ROLE": ""}
        if kind == "demo" and not self.folder.read("demo"):
            self.say("loading the demonstration company")
            self.tree.start_command(self._command("demo", env=owner), self._demo_loaded)
        elif kind == "empty" and self.folder.read("first_link") != "used":
            self.tree.start_command(self._command("first_admin_link", env=owner), self._link_made)

    def _demo_loaded(self, command: Command) -> None:
        if command.succeeded():
            self.folder.write("demo", ["loaded"])
            self.say("the demonstration company is there")
        else:
            self.say(command.failure())

    def _link_made(self, command: Command) -> None:
        if command.succeeded():
            self.folder.write("first_link", ["made"])
            self.say("that is the first administrator's link, for one use; another: manage.py first_admin_link")
        elif self.folder.read("first_link"):
            self.folder.write("first_link", ["used"])  # there is an administrator now, so no link is made any more
        else:
            self.say(command.failure())

    def _command(self, name: str, *arguments: str, env: dict[str, str] | None = None) -> Command:
        return Command(self.folder, {**self.env, **(env or {})}, self.user, name, *arguments)


def own_address() -> str:
    """The address by which others reach this machine; nothing is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        try:
            line.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(line.getsockname()[0])
