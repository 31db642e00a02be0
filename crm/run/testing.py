"""`manage.py test`: the checks in order, then the tests; the first failure ends it with its exit code."""

import os
import subprocess
import sys
from collections.abc import Sequence

from crm.run.folders import ROOT

LONG = "--long"
NEW_MIGRATIONS = ["-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run"]
CHECKS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy"],
    "makemigrations": NEW_MIGRATIONS,
    "messages": ["manage.py", "messages", "--check"],
}


def run(arguments: Sequence[str]) -> int:
    """Run what the arguments ask for: all checks and the tests, `--long` the long tests, else pytest with them.

    pytest takes the place of this process, so its closing line is the last one, and a signal reaches it.
    """
    os.chdir(ROOT)
    os.environ["CRM_NO_BOOTSTRAP"] = "1"
    # Importing the package has set it. pytest-django would read the settings by it before the tests have prepared them.
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    rest = [argument for argument in arguments if argument != LONG]
    if LONG in arguments:
        os.environ["ZITI_TEST_LONG"] = "1"  # tests/conftest.py: none at all is no failure then
        return pytest(["-q", "-m", "long", *rest])
    if rest:
        return pytest(rest)
    for name, command in CHECKS.items():
        print(f"== {name}", flush=True)
        if code := python(command):
            print(f"== {name} failed", flush=True)
            return code
    print("== pytest", flush=True)
    # One worker more than there are processors, since each waits for its database now and then.
    workers = (os.cpu_count() or 1) + 1
    return pytest(["-q", "-n", f"{workers}", "--dist", "worksteal", "-m", "not long"])


def python(arguments: Sequence[str]) -> int:
    """Run this Python with the arguments; the exit code."""
    return subprocess.run([sys.executable, *arguments], check=False).returncode


def pytest(arguments: Sequence[str]) -> int:
    """Become pytest."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])
