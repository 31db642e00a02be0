"""`manage.py test`: what it runs, in which order, and when it stops."""

import subprocess
import sys

import pytest

from crm.run import testing
from crm.run.folders import ROOT


@pytest.fixture
def ran(monkeypatch):
    """The commands that were run; `ran.codes` are their exit codes by a word in them."""

    class Ran(list):
        codes: dict[str, int] = {}

    made = Ran()
    monkeypatch.setattr(testing.os, "chdir", lambda path: None)

    def python(arguments):
        made.append(list(arguments))
        return next((code for word, code in made.codes.items() if word in arguments), 0)

    monkeypatch.setattr(testing, "python", python)
    monkeypatch.setattr(testing, "pytest", lambda arguments: made.append(["-m", "pytest", *arguments]) or 0)
    for name in ("CRM_NO_BOOTSTRAP", "ZITI_TEST_LONG", "DJANGO_SETTINGS_MODULE"):  # put back afterwards
        monkeypatch.setenv(name, "1")
    return made


def test_all_checks_come_before_the_tests(ran, monkeypatch):
    monkeypatch.setattr(testing.os, "cpu_count", lambda: 2)
    assert testing.run([]) == 0
    assert [command[1] for command in ran] == ["ruff", "ruff", "mypy", "ignore::RuntimeWarning", "messages", "pytest"]
    assert ran[-1] == ["-m", "pytest", "-q", "-n", "3", "--dist", "worksteal", "-m", "not long"]


def test_the_first_failure_ends_it_with_its_exit_code(ran):
    ran.codes = {"mypy": 3}
    assert testing.run([]) == 3
    assert [command[1] for command in ran] == ["ruff", "ruff", "mypy"]


def test_arguments_are_for_pytest_alone(ran, monkeypatch):
    monkeypatch.setattr(testing, "pytest", lambda arguments: ran.append(arguments) or 4)
    assert testing.run(["tests/run", "-k", "lock"]) == 4
    assert ran == [["tests/run", "-k", "lock"]]


def test_long_runs_the_long_tests_only(ran):
    assert testing.run(["--long"]) == 0
    assert ran == [["-m", "pytest", "-q", "-m", "long"]]


def test_long_takes_arguments_too(ran):
    assert testing.run(["--long", "tests/run"]) == 0
    assert ran == [["-m", "pytest", "-q", "-m", "long", "tests/run"]]


def test_the_settings_are_not_read_before_the_tests_have_prepared_them(bare):
    command = [sys.executable, ROOT / "manage.py", "test", "-q", __file__, "-k", "arguments_are_for"]
    done = subprocess.run(command, env=bare, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    early = {**bare, "DJANGO_SETTINGS_MODULE": "crm.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *command[3:]], env=early, capture_output=True, text=True, cwd=ROOT
    )
    assert "unset DJANGO_SETTINGS_MODULE" in done.stderr


@pytest.mark.parametrize(("options", "code"), [(["--long"], 0), ([], 5)])
def test_no_long_test_at_all_is_no_failure_but_no_test_at_all_is_one(bare, options, code):
    command = [sys.executable, ROOT / "manage.py", "test", *options, "tests/run/test_testing.py", "-k", "nothing"]
    assert subprocess.run(command, env=bare, capture_output=True).returncode == code
