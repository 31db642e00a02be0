"""docker-compose.yml: what it starts is what `manage.py up` starts, and it runs as plain processes too."""

import os
import re
import sys
from pathlib import Path

import psycopg2
import pytest
import yaml

from crm.celery import app
from crm.run.folders import ROOT
from crm.run.keys import MAKERS
from crm.run.postgres import Postgres
from crm.run.processes import Process, tail
from crm.run.services import WEB, WORKER
from tests.run.conftest import free_port, page

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")


def variables(value) -> set[str]:
    """The variables that a part of the file asks for."""
    return set(re.findall(r"\$\{([A-Z_]+)", yaml.safe_dump(value)))


def test_it_has_every_part_of_the_product():
    assert set(SERVICES) == {"postgres", "valkey", "migrate", "web", "worker", "beat", "front"}


@pytest.mark.parametrize("name", ["web", "worker"])
def test_web_and_worker_can_be_scaled_by_number(name):
    assert not {"container_name", "ports", "network_mode"} & set(SERVICES[name])


def test_only_the_front_is_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["front"]


def test_every_variable_is_in_the_example():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert all(f"\n{name}=" in example for name in variables(COMPOSE))


def test_web_and_worker_cannot_change_log_and_history():
    assert SERVICES["web"]["environment"]["CRM_DB_ROLE"] == "ziti_app"
    assert SERVICES["worker"]["environment"]["CRM_DB_ROLE"] == "ziti_app"
    assert "CRM_DB_ROLE" not in SERVICES["migrate"]["environment"]


def test_an_empty_line_of_the_env_file_does_not_undo_what_the_image_says():
    for name in OURS:
        assert SERVICES[name]["environment"]["CRM_DATA_DIR"] == "/data"
        assert SERVICES[name]["environment"]["CRM_NO_BOOTSTRAP"] == "1"


def test_the_commands_are_those_of_the_supervisor():
    assert [word for word in WEB if word not in SERVICES["web"]["command"]] == []
    assert [word for word in WORKER if word not in SERVICES["worker"]["command"]] == []


def test_nothing_runs_as_root_in_the_image():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert "USER ziti" in lines
    assert lines.index("USER ziti") < next(number for number, line in enumerate(lines) if line.startswith("CMD"))


class Service(Process):
    """A service of the compose file as a plain process: its command and its environment, on our own servers."""

    def __init__(self, name: str, env: dict[str, str], folder: Path, number: int = 1, port: int = 0) -> None:
        command = [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in SERVICES[name]["command"]]
        command = [word.replace("/tmp/beat", str(folder / "beat")) for word in command]
        program = sys.executable if command[0] == "python" else Path(sys.executable).with_name(command[0])
        env = {**env, **{key: env.get(key, value) for key, value in SERVICES[name]["environment"].items()}}
        if name == "worker":
            command += ["--hostname", f"worker{number}@test"]
        log = folder / f"{name}{number}.log"
        super().__init__(name, [program, *command[1:]], log=log, env=env, cwd=ROOT)
        self.word = {"worker": b" ready.", "beat": b"beat: Starting", "web": b"Booting worker"}.get(name, b"")

    def ready(self) -> bool:
        return self.word in self.log.read_bytes()


@pytest.mark.long
def test_the_services_run_as_plain_processes_and_scale(folder, bare, broker, eventually):
    (folder / "data").mkdir(parents=True)
    own = Postgres(folder, sockets=folder, log=folder / "pg.log", user=None, throwaway=True) if os.geteuid() else None
    base = own.url("postgres") if own else os.environ["DATABASE_URL"]
    name = "ziti_compose"
    if own:
        own.start()
        own.wait_ready(30)
    with_server(base, f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
    port = free_port()
    env = bare | {key: make() for key, make in MAKERS.items()}
    env |= {
        "DATABASE_URL": f"{base.rpartition('/')[0]}/{name}",
        "CELERY_BROKER_URL": broker.url,
        "CRM_DATA_DIR": str(folder / "data"),
        "CRM_URL": "https://crm.example.com",
        "CRM_TRUSTED_PROXIES": "127.0.0.1",
    }
    started: list[Process] = []
    try:
        migrate = Service("migrate", env, folder)
        migrate.start()
        assert migrate.popen.wait(120) == 0, tail(migrate.log, 30)
        started += [Service("web", env, folder, port=port), Service("beat", env, folder)]
        started += [Service("worker", env, folder, number) for number in (1, 2)]
        for service in started:
            service.start()
        for service in started:
            service.wait_ready(60)
        assert page(port, "/healthz") == 200
        assert page(port, "/") == 301  # to https, which the front speaks
        eventually(lambda: len(app.control.ping(timeout=1) or []) == 2, log=started[2].log)
        for service in started:
            service.interrupt()
        assert [service.popen.wait(40) for service in started] == [0, 0, 0, 0]
    finally:
        for service in started:
            service.stop()
        with_server(base, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        if own:
            own.stop()


def with_server(url: str, *statements: str) -> None:
    """Run statements that are not allowed in a transaction."""
    line = psycopg2.connect(url)
    line.autocommit = True
    with line.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    line.close()
