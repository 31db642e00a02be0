"""`manage.py up`, started for real: what is killed comes back, what was kept stays, and nothing is left behind."""

import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest

from crm.run.folders import ROOT
from tests.run.conftest import Up, page

pytestmark = pytest.mark.long

CHILDREN = {
    "PostgreSQL": ("postgres", "-D"),
    "Valkey": ("valkey-server",),
    "Web server": ("gunicorn",),
    "Worker": ("celery", "worker"),
    "Beat": ("celery", "beat"),
}
COUNT = "from django.contrib.auth.models import Group; print(Group.objects.filter(name='kept').count())"
KEEP = "from django.contrib.auth.models import Group; Group.objects.create(name='kept')"


def gone(family: list[psutil.Process]) -> bool:
    return not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in family)


def shell(up: Up, code: str) -> str:
    done = up.manage("shell", "--no-imports", "--command", code)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_it_starts_serves_refuses_a_second_one_and_ends_with_ctrl_c(new_up):
    up = new_up
    up.start()
    assert "tables, permissions and rules" in up.said()
    assert page(up.port) in {200, 302}
    family = up.family()
    assert len(family) >= 5

    second = up.manage("up", "--data-dir", str(up.folder))
    address = f"http://127.0.0.1:{up.port}"
    assert second.returncode == 1
    assert second.stderr == (
        f"manage.py up: Ziti CRM at {address} (process {up.process.pid}) runs on {up.folder}. "
        "Stop that one first, or choose another folder with --data-dir.\n"
    )
    assert page(up.port) in {200, 302}

    shell(up, KEEP)  # a lone command acts on the running database
    assert up.stop() == 0
    assert gone(family)
    assert shell(up, COUNT) == "1"  # and starts the database itself where nothing runs

    up.start()
    assert "tables, permissions and rules" not in up.said()
    assert shell(up, COUNT) == "1"


@pytest.mark.parametrize("name", CHILDREN)
def test_a_killed_child_is_started_again_and_nothing_is_lost(up, eventually, name):
    up.start()
    eventually(lambda: all(up.child(*words) for words in CHILDREN.values()))
    shell(up, KEEP)
    killed = up.child(*CHILDREN[name])
    below = killed.children(recursive=True)
    killed.send_signal(signal.SIGKILL)
    eventually(lambda: f"{name} ended (signal 9); started again" in up.said())
    eventually(lambda: gone(below))
    eventually(lambda: up.child(*CHILDREN[name]).pid != killed.pid)
    eventually(lambda: page(up.port, "/healthz") == 200)
    assert shell(up, COUNT) == "1"


def test_nobody_is_refused_while_the_web_server_starts_again(up, eventually):
    up.start()
    for _ in range(3):
        eventually(lambda: up.child("gunicorn"))
        up.child("gunicorn").send_signal(signal.SIGKILL)
        assert page(up.port) in {200, 302}


def test_a_killed_supervisor_leaves_nothing_behind_and_loses_nothing(up, eventually):
    up.start()
    eventually(lambda: all(up.child(*words) for words in CHILDREN.values()))
    shell(up, KEEP)
    family = up.family()
    up.process.kill()
    up.process.wait()
    eventually(lambda: gone(family))
    up.start()
    assert shell(up, COUNT) == "1"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_signals_end_it_too(up, number):
    up.start()
    family = up.family()
    assert up.stop(number) == 0
    assert gone(family)


def test_ctrl_c_ends_it_although_a_shell_started_it_with_that_ignored(up):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        up.start()
    finally:
        signal.signal(signal.SIGINT, before)
    assert up.stop(signal.SIGINT) == 0


def test_it_can_be_stopped_while_it_starts(new_up):
    up = new_up
    with up.output.open("wb") as output:
        up.process = subprocess.Popen(up.command, env=up.env, stdout=output, stderr=output, cwd="/")
    while "PostgreSQL" not in up.said():
        time.sleep(0.01)
    family = up.family()
    assert up.stop() == 0
    assert gone(family)
    up.start()
    assert up.stop() == 0


def test_a_port_in_use_is_one_sentence_and_nothing_is_started(new_up):
    up = new_up
    with socket.socket() as other:
        other.bind(("127.0.0.1", up.port))
        other.listen()
        done = subprocess.run(up.command, env=up.env, capture_output=True, text=True, cwd="/", timeout=30)
    assert done.returncode == 1
    assert done.stderr.startswith(f"manage.py up: Port {up.port} on 127.0.0.1 cannot be used (")
    assert not (up.folder / "pg").exists()


def test_a_folder_that_was_begun_empty_stays_so(up):
    up.start()
    up.stop()
    up.command.remove("--empty")
    up.start()
    assert (up.folder / "kind").read_text() == "empty\n"
    assert "demonstration" not in up.said()
    environment = up.child("gunicorn").environ()
    assert "CRM_DEMO" not in environment
    assert environment["CRM_DB_ROLE"] == "ziti_app"


def test_the_demonstration_loads_behind_the_first_page_and_only_once(folder, bare, eventually):
    up = Up(folder, bare)
    up.start()
    try:
        assert up.child("gunicorn").environ()["CRM_DEMO"] == "1"
        eventually(lambda: "demonstration company is there" in up.said() or "failed" in up.said(), seconds=900)
        assert "the demonstration company is there" in up.said(), up.said()
        assert up.stop() == 0
        up.start()
        assert (folder / "kind").read_text() == "demo\n"
        assert "demonstration" not in up.said()
        up.stop()
        up.command.append("--empty")
        refused = subprocess.run(up.command, env=bare, capture_output=True, text=True, cwd="/", timeout=60)
        assert refused.returncode == 1
        assert refused.stderr == (
            f"manage.py up: {folder} holds the demonstration company; choose another folder with --data-dir, "
            "or leave --empty away.\n"
        )
    finally:
        if up.process.poll() is None:
            up.stop(signal.SIGTERM)


def test_the_demonstration_has_no_sign_in_buttons_where_others_can_come(begun, folder, bare):
    subprocess.run(["cp", "-a", begun, folder], check=True)
    (folder / "kind").write_text("demo\n")
    (folder / "demo").write_text("loaded\n")
    for options, address in ((["--host", "0.0.0.0"], None), ([], "https://crm.example.com")):
        up = Up(folder, bare | ({"CRM_URL": address} if address else {}), *options)
        up.start()
        try:
            assert "CRM_DEMO" not in up.child("gunicorn").environ()
        finally:
            assert up.stop() == 0


def test_a_database_with_migrations_to_come_is_dumped_first(up):
    up.start()
    up.stop()
    assert not list((up.folder / "backups").iterdir())
    assert up.manage("migrate", "web", "zero").returncode == 0
    up.start()
    (dump,) = (up.folder / "backups").iterdir()
    assert f"backup before migrating: {dump}" in up.said()
    assert dump.stat().st_mode & 0o777 == 0o600
    programs = os.path.dirname(up.child("postgres", "-D").exe())
    listing = subprocess.run([f"{programs}/pg_restore", "--list", dump], capture_output=True, text=True)
    assert "TABLE DATA public django_migrations" in listing.stdout


def test_the_doctor_finds_a_running_house_well_and_a_stopped_one_ill(up, eventually):
    up.start()
    eventually(lambda: "ILL   worker" not in up.manage("doctor").stdout)
    well = up.manage("doctor").stdout
    for part in ("versions", "data folder", "secrets", "supervisor", "database", "migrations", "web server", "worker"):
        assert f"well  {part}: " in well
    up.stop()
    stopped = up.manage("doctor")
    assert stopped.returncode == 1
    assert "ILL   web server: " in stopped.stdout
    assert "well  database: " in stopped.stdout


def test_secrets_and_sockets_are_closed_to_others(up):
    up.start()
    for name in ("secrets.env", "up.env", "run", "pg", "files", "logs", "backups"):
        assert not (up.folder / name).stat().st_mode & 0o077


def test_a_missing_database_is_one_sentence(folder, bare):
    env = {**bare, "CRM_DATA_DIR": str(folder), "DATABASE_URL": "postgres://ziti@127.0.0.1:1/ziti"}
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "showmigrations"], env=env, capture_output=True, text=True, cwd="/"
    )
    assert done.returncode == 1
    assert done.stderr.startswith("manage.py showmigrations: The database does not answer: ")
    assert done.stderr.endswith("Start it by `manage.py up`.\n")
