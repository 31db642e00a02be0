"""What the supervisor says of a command that failed."""

from types import SimpleNamespace

import pytest

from crm.run.services import Command


@pytest.mark.parametrize(
    ("errors", "why"),
    [
        ("CommandError: There is no demonstration.\n", "CommandError: There is no demonstration."),
        (
            'Traceback (most recent call last):\n  File "x.py", line 1\n'
            'django.db.utils.ProgrammingError: column "a" does not exist\nLINE 1: SELECT a\n               ^\n',
            'django.db.utils.ProgrammingError: column "a" does not exist',
        ),
        ("Killed\n", "Killed"),
        ("", "without a word"),
    ],
)
def test_a_failed_command_names_its_error_in_one_line(tmp_path, errors, why):
    folder = SimpleNamespace(log=lambda name: tmp_path / f"{name}.log", keep=())
    command = Command(folder, {}, None, "demo")
    command.errors.write_text(errors)
    assert command.failure() == f"`manage.py demo` failed: {why} (more in {tmp_path / 'demo.errors.log'})"
